import type { Context } from 'aws-lambda'
import { partnerNames } from '../../infra/stages.ts'
import {
  callDeadlineMaxSeconds,
  callMarginSeconds,
  payTimeoutSeconds,
} from '../../shared/domain/deadlines.ts'
import { instant } from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { contextOf, eventOf } from '../support/lambda.ts'
import type { Environment } from './environments.ts'
import { createErrands } from './errands.ts'
import {
  installClose,
  installInquire,
  installIntake,
  installPay,
  installRelease,
  type QueueHandler,
  type ScheduledHandler,
} from './functions.ts'
import { createInvocations, createPool, type Invocations, type Pool } from './invocations.ts'
import type { Operations, Worker } from './operations.ts'
import { createQueue, type Queue } from './queue.ts'
import type { Random } from './random.ts'
import { createOpening, createSchedule, type Schedule } from './schedule.ts'

type Errand = (environment: Environment, worker: Worker) => Promise<void>

/** The deployed system without AWS: functions, their queues and schedules, and who serves what. */
export type System = {
  /** Invocations that may begin now, by the name of what begins; in a fixed order. */
  startable(): readonly (() => void)[]
  /** When the next one may begin; `Infinity` when nothing is planned. */
  next(): number
  readonly queues: Readonly<Record<'intake' | 'intake-accounts', Queue>>
  /** A row is in this work list now, where it is due from then on (epoch milliseconds), or in none. */
  placed(row: string, place: { readonly list: string; readonly at: number } | undefined): void
  /** Something may have given a lane work. */
  wake(lane: PartnerName): void
  /** A lane is looked at then (epoch milliseconds), whether or not it has work. */
  appoint(lane: string, at: number): void
  /** Runs somebody's deed as an invocation of its own, until that somebody hears that it is done; `at`, in epoch
   *  milliseconds, or at once. */
  perform(errand: Errand, at?: number): void
} & Pick<Invocations, 'busy' | 'stopLate' | 'nextEnd'>

type Chances = Readonly<Record<'duplicateRate' | 'lateRate' | 'skewRate' | 'zombieRate' | 'tickRate', number>>
type Options = {
  readonly random: Random
  /** Draws what goes wrong. */
  readonly misfortune: Random
  readonly time: () => number
  readonly operations: Operations
  /** Of every work list. */
  readonly shards: number
  readonly open: (lane?: { readonly partnerName: PartnerName; readonly queue: Queue }) => Environment
  /** What goes wrong now; nothing, towards the end. */
  readonly chances: () => Chances
  readonly failed: (worker: Worker, error: unknown) => void
  /** Its handler has answered that no message with this body need come again. */
  readonly acknowledged: (worker: Worker, body: string) => void
  readonly began: (worker: Worker) => void
  /** Its time was over. */
  readonly stopped: (worker: Worker) => void
}

/** How long an invocation may take, as the stack has it; of people, nobody has said it. */
const seconds = { intake: 60, pay: payTimeoutSeconds, minutely: 55, close: 240, operator: 600 } as const
/** With less than this left, in milliseconds, whoever asks a partner may leave some of it for the next time. */
const hurriedMs = (callDeadlineMaxSeconds + callMarginSeconds) * 1_000
/** How old a tick can be, in milliseconds: it waits a minute for Lambda at the most, and as long for a machine. */
const tickMaxMs = 120_000
/** How late a message can be, in milliseconds: a minute to a day and a half. */
const latenesses = [60_000, 3_600_000, 21_600_000, 129_600_000]
/** Invocations of one function at the same time. */
const concurrency = 2

type Scheduled = {
  readonly pool: Pool<ScheduledHandler>
  readonly schedule: Schedule
  /** The lists that it looks at. */
  readonly lists: readonly string[]
}
type Consumer = { readonly pool: Pool<QueueHandler>; readonly queue: Queue }

export function createSystem(options: Options): System {
  const { random, misfortune, time, shards, open, chances } = options
  const queueOf = (visibilitySeconds: number, maxReceives: number) =>
    createQueue({
      random,
      visibilitySeconds,
      maxReceives,
      comesAgain: () => misfortune.chance(chances().duplicateRate),
      late: () => (misfortune.chance(chances().lateRate) ? misfortune.pick(latenesses) : 0),
    })
  const queues = { intake: queueOf(360, 20), 'intake-accounts': queueOf(360, 20) }
  const lanes = new Map(partnerNames.map((partner) => [partner, queueOf(720, 5)]))
  const laneQueue = (partner: PartnerName): Queue => {
    const queue = lanes.get(partner)
    if (!queue) throw new Error(`there is no lane of ${partner}`)
    return queue
  }
  const { invoke, ...invocations } = createInvocations({
    ...options,
    open: (lane) => open(lane && { partnerName: lane, queue: laneQueue(lane) }),
  })

  const consumers: readonly Consumer[] = [
    { pool: createPool('intake', seconds.intake, installIntake), queue: queues.intake },
    { pool: createPool('intake', seconds.intake, installIntake), queue: queues['intake-accounts'] },
    ...partnerNames.map((partner) => ({
      pool: createPool('pay', seconds.pay, installPay, partner),
      queue: laneQueue(partner),
    })),
  ]
  const opening = createOpening(time, shards)
  const listsOf = (list: (shard: number) => string) =>
    Array.from({ length: shards }, (_, shard) => list(shard))
  const schedules: readonly Scheduled[] = [
    ...partnerNames.flatMap((partner): Scheduled[] => [
      {
        pool: createPool('release', seconds.minutely, installRelease, partner),
        schedule: createSchedule(time, { opening }),
        lists: listsOf((shard) => lists.open(partner, shard)),
      },
      {
        pool: createPool('inquire', seconds.minutely, installInquire, partner),
        schedule: createSchedule(time, { patient: true }),
        lists: listsOf((shard) => lists.inquire(partner, shard)),
      },
    ]),
    { pool: createPool('close', seconds.close, installClose), schedule: createSchedule(time), lists: [] },
  ]

  const scheduleOf = new Map(
    schedules.flatMap(({ lists, schedule }) => lists.map((list) => [list, schedule] as const)),
  )
  /** Who works on each row now. */
  const places = new Map<string, Schedule | undefined>()
  const releaseOf = (lane: string | undefined) =>
    schedules.find(({ pool: { name, lane: own } }) => name === 'release' && own === lane)?.schedule
  const contextFor = (worker: Worker): Context => contextOf(`${worker.id}`, () => worker.endsAt - time())

  function consume({ pool, queue }: Consumer): () => void {
    return () => {
      const messages = queue.receive(time(), random.integer(1, 10))
      if (messages.length === 0) return
      const event = eventOf(messages.map(({ id, body }) => ({ messageId: `${id}`, body })))
      const work = async (handler: QueueHandler, worker: Worker, isHeard: () => boolean) => {
        const { batchItemFailures } = await handler(event, contextFor(worker))
        if (!isHeard()) return
        const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
        if (failed.length !== worker.failures)
          throw new Error(`${worker.failures} messages have failed, and ${failed.length} come back`)
        const strange = failed.find((identifier) => !messages.some(({ id }) => `${id}` === identifier))
        if (strange !== undefined)
          throw new Error(`message ${strange} has failed, which was not in the batch`)
        const back = messages.filter(({ id }) => failed.includes(`${id}`)).map(({ body }) => body)
        for (const { id, body } of messages) {
          if (failed.includes(`${id}`)) continue
          if (!back.includes(body)) options.acknowledged(worker, body)
          queue.delete(id)
        }
      }
      invoke(pool, work, () => releaseOf(pool.lane)?.stir())
    }
  }

  /** Ticks that come once more: nobody expects their answers. */
  const again = createErrands<() => void>(time)
  const isOdd = () => misfortune.chance(chances().tickRate)
  function tick({ pool, schedule }: Scheduled): () => void {
    return () => {
      schedule.begin()
      const event = { now: instant(time() - (isOdd() ? misfortune.integer(1, tickMaxMs) : 0)) }
      const twin = async (handler: ScheduledHandler, worker: Worker) =>
        void (await handler(event, contextFor(worker)))
      if (isOdd()) again.add(() => invoke(pool, twin, () => {}), time() + misfortune.integer(0, tickMaxMs))
      const work = async (handler: ScheduledHandler, worker: Worker, isHeard: () => boolean) => {
        const { next, asked = 0, sent = 0 } = await handler(event, contextFor(worker))
        if (!isHeard()) return
        const isHurried = time() > worker.endsAt - hurriedMs
        const isUnsure = asked > 0 && (worker.disturbed || isHurried)
        // Whatever was asked about is in its list again, if it is to be asked about again.
        schedule.end({
          next: asked > 0 ? null : next,
          more: sent > 0 || isUnsure || worker.misled,
        })
        if (asked > 0) releaseOf(pool.lane)?.stir()
      }
      invoke(pool, work, () => {})
    }
  }

  const beginnings = [
    ...consumers.map((consumer) => ({
      due: () => consumer.pool.busy < concurrency && consumer.queue.nextVisible() <= time(),
      begin: consume(consumer),
    })),
    ...schedules.map((scheduled) => ({
      due: () => scheduled.pool.busy < 1 && scheduled.schedule.due() <= time(),
      begin: tick(scheduled),
    })),
  ]
  const operators = createPool('operator', seconds.operator, (environment) => environment)
  const errands = createErrands<Errand>(time)
  function run(errand: Errand): () => void {
    return () => {
      errands.begin(errand)
      const work = async (environment: Environment, worker: Worker, isHeard: () => boolean) => {
        await errand(environment, worker)
        if (isHeard()) errands.done(errand)
      }
      invoke(operators, work, () => {})
    }
  }
  return {
    queues,
    placed(row, place) {
      const schedule = place && scheduleOf.get(place.list)
      const before = places.get(row)
      if (before !== schedule) before?.unlisted(row)
      if (place) schedule?.listed(row, place.at)
      places.set(row, schedule)
    },
    wake: (lane) => releaseOf(lane)?.wake(),
    appoint: (lane, at) => releaseOf(lane)?.appoint(at),
    startable() {
      const begins = errands.due().map(run)
      for (const tickAgain of again.due()) {
        begins.push(() => {
          again.done(tickAgain)
          tickAgain()
        })
      }
      for (const { due, begin } of beginnings) if (due()) begins.push(begin)
      return begins
    },
    next: () =>
      Math.min(
        ...consumers.map(({ queue }) => queue.nextVisible()),
        ...schedules.map(({ schedule }) => schedule.due()),
        errands.next(),
        again.next(),
      ),
    perform: errands.add,
    ...invocations,
  }
}
