import type { LaneMessage } from '../../functions/release/release.ts'
import { partnerNames } from '../../infra/stages.ts'
import { payTimeoutSeconds } from '../../shared/domain/deadlines.ts'
import { lists } from '../../shared/domain/row.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { drawClock } from './clock.ts'
import { type Environment, serving } from './environments.ts'
import { createErrands } from './errands.ts'
import { type Failure, serveClose, serveInquire, serveIntake, servePay, serveRelease } from './functions.ts'
import { createLaneQueue } from './lane-queue.ts'
import type { Operations, Worker } from './operations.ts'
import { createQueue, type Queue } from './queue.ts'
import type { Random } from './random.ts'
import { createOpenings, createSchedule, type Looked, type Schedule } from './schedule.ts'

type Errand = (environment: Environment, worker: Worker) => Promise<void>

/** The deployed system without AWS: functions, their queues and schedules, and who serves what. */
export type System = {
  /** Invocations that may begin now, by the name of what begins; in a fixed order. */
  startable(): readonly (() => void)[]
  /** When the next one may begin; `Infinity` when nothing is planned. */
  next(): number
  readonly queues: Readonly<Record<'intake' | 'intake-accounts', Queue>>
  /** A row was put into a work list, where it is due from then on (epoch milliseconds). */
  listed(list: string, row: string, at: number): void
  /** Something may have given a lane work. */
  wake(lane: PartnerName): void
  /** A lane is looked at then (epoch milliseconds), whether or not it has work. */
  appoint(lane: string, at: number): void
  /** Runs somebody's deed as an invocation of its own, until that somebody hears that it is done; `at`, in epoch
   *  milliseconds, or at once. */
  perform(errand: Errand, at?: number): void
  /** Whether invocations are under way. */
  busy(): boolean
  /** Ends what has run out of time. */
  stopLate(): void
}

type Chances = Readonly<Record<'duplicateRate' | 'lateRate' | 'skewRate' | 'zombieRate', number>>
type Options = {
  readonly random: Random
  /** Draws what goes wrong. */
  readonly misfortune: Random
  readonly time: () => number
  readonly configurations: Readonly<Record<PartnerName, PartnerConfiguration>>
  readonly operations: Operations
  /** Of every work list. */
  readonly shards: number
  readonly open: (lane?: PartnerName) => Environment
  /** What goes wrong now; nothing, towards the end. */
  readonly chances: () => Chances
  readonly failed: (worker: Worker, error: unknown) => void
  readonly began: (worker: Worker) => void
  /** Its time was over. */
  readonly stopped: (worker: Worker) => void
  readonly sent: (message: LaneMessage) => void
}

const scheduledSeconds = 55
const operatorSeconds = 600
/** How late a message can be, in milliseconds: a minute to a day and a half. */
const latenesses = [60_000, 3_600_000, 21_600_000, 129_600_000]
/** Invocations of one function at the same time. */
const concurrency = 2

/** A function with its environments. */
type Pool = { readonly name: string; readonly lane?: PartnerName; readonly idle: Environment[]; busy: number }
type Scheduled = {
  readonly pool: Pool
  readonly schedule: Schedule
  readonly serve: (environment: Environment, worker: Worker) => Promise<Looked & { readonly asked?: number }>
  /** The lists that it looks at. */
  readonly lists: readonly string[]
}
type Consumer = {
  readonly pool: Pool
  readonly queue: Queue
  readonly serve: (
    environment: Environment,
    worker: Worker,
    messages: ReturnType<Queue['receive']>,
  ) => Promise<readonly Failure[]>
}

export function createSystem(options: Options): System {
  const { random, misfortune, time, operations, shards, open, chances, failed } = options
  let workers = 0
  const running = new Map<Worker, { readonly pool: Pool }>()

  function newWorker(pool: Pool, seconds: number): Worker {
    workers += 1
    const { skewRate, zombieRate } = chances()
    const worker = {
      id: workers,
      functionName: pool.name,
      ...(pool.lane && { lane: pool.lane }),
      startedAt: time(),
      endsAt: time() + seconds * 1000,
      unstoppable: misfortune.chance(zombieRate),
      clock: drawClock(time, misfortune, skewRate),
      alive: true,
      misled: false,
      misinformed: false,
    }
    options.began(worker)
    return worker
  }

  /** Serves one invocation; a machine that dies takes its environment with it. */
  function invoke(
    pool: Pool,
    seconds: number,
    serve: (environment: Environment, worker: Worker) => Promise<void>,
    afterwards: () => void,
  ): void {
    const environment = pool.idle.pop() ?? open(pool.lane)
    const worker = newWorker(pool, seconds)
    environment.worker = worker
    pool.busy += 1
    running.set(worker, { pool })
    const end = () => {
      if (!running.delete(worker)) return
      environment.worker = undefined
      pool.busy -= 1
      pool.idle.push(environment)
      afterwards()
    }
    serve(environment, worker).then(end, (error: unknown) => {
      failed(worker, error)
      end()
    })
  }

  const pool = (name: string, lane?: PartnerName): Pool => ({
    name,
    ...(lane && { lane }),
    idle: [],
    busy: 0,
  })
  const at = (environment: Environment, worker: Worker) => serving(environment, worker, time)
  function laneAt(environment: Environment, worker: Worker, partnerName: PartnerName) {
    const { partner } = environment
    if (!partner) throw new Error(`${worker.functionName} has no partner`)
    return {
      ...at(environment, worker),
      partnerName,
      partner,
      configuration: options.configurations[partnerName],
    }
  }
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

  const intakes = (['intake', 'intake-accounts'] as const).map(
    (name): Consumer => ({
      pool: pool('intake'),
      queue: queues[name],
      serve: (environment, worker, messages) => serveIntake(at(environment, worker), messages),
    }),
  )
  const pays = partnerNames.map(
    (partner): Consumer => ({
      pool: pool('pay', partner),
      queue: laneQueue(partner),
      serve: (environment, worker, messages) =>
        servePay(laneAt(environment, worker, partner), messages, environment.usedUp),
    }),
  )
  const early = createOpenings(time, shards)
  const listsOf = (list: (shard: number) => string) =>
    Array.from({ length: shards }, (_, shard) => list(shard))
  const schedules: Scheduled[] = partnerNames.flatMap((partner): Scheduled[] => [
    {
      pool: pool('release', partner),
      schedule: createSchedule(time, { early }),
      lists: listsOf((shard) => lists.open(partner, shard)),
      serve: (environment, worker) =>
        serveRelease(
          { ...at(environment, worker), partnerName: partner },
          createLaneQueue({ ...options, worker, queue: laneQueue(partner) }),
        ),
    },
    {
      pool: pool('inquire', partner),
      schedule: createSchedule(time, { patient: true }),
      lists: listsOf((shard) => lists.inquire(partner, shard)),
      serve: (environment, worker) =>
        serveInquire(laneAt(environment, worker, partner), (error) => failed(worker, error)),
    },
  ])
  schedules.push({
    pool: pool('close'),
    schedule: createSchedule(time),
    lists: [],
    serve: (environment, worker) => serveClose(at(environment, worker)),
  })

  const releaseOf = (lane: string | undefined) =>
    schedules.find(({ pool: { name, lane: own } }) => name === 'release' && own === lane)?.schedule

  function consume({ pool: own, queue, serve }: Consumer): () => void {
    return () => {
      const messages = queue.receive(time(), random.integer(1, 10))
      if (messages.length === 0) return
      const seconds = own.name === 'pay' ? payTimeoutSeconds : 60
      const work = async (environment: Environment, worker: Worker) => {
        const failures = await serve(environment, worker, messages)
        if (!worker.alive) return
        for (const { failed: error } of failures) failed(worker, error)
        for (const { id } of messages) if (!failures.some((failure) => failure.id === id)) queue.delete(id)
      }
      invoke(own, seconds, work, () => releaseOf(own.lane)?.stir())
    }
  }
  function tick({ pool: own, schedule, serve }: Scheduled): () => void {
    return () => {
      schedule.begin()
      const work = async (environment: Environment, worker: Worker) => {
        const { next, more, asked = 0 } = await serve(environment, worker)
        schedule.end({ next, more: more || worker.misled })
        if (asked > 0) releaseOf(own.lane)?.stir()
      }
      invoke(own, scheduledSeconds, work, () => {})
    }
  }

  const consumers = [...intakes, ...pays]
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
  const operator = pool('operator')
  const errands = createErrands<Errand>(time)
  function run(errand: Errand): () => void {
    return () => {
      errands.begin(errand)
      const work = (environment: Environment, worker: Worker) =>
        errand(environment, worker).then(() => errands.done(errand))
      invoke(operator, operatorSeconds, work, () => {})
    }
  }
  return {
    queues,
    listed(list, row, at) {
      schedules.find((scheduled) => scheduled.lists.includes(list))?.schedule.listed(row, at)
    },
    wake: (lane) => releaseOf(lane)?.listed('', time()),
    appoint: (lane, at) => releaseOf(lane)?.appoint(at),
    startable() {
      const begins = errands.due().map(run)
      for (const { due, begin } of beginnings) if (due()) begins.push(begin)
      return begins
    },
    next: () =>
      Math.min(
        ...consumers.map(({ queue }) => queue.nextVisible()),
        ...schedules.map(({ schedule }) => schedule.due()),
        errands.next(),
      ),
    perform: errands.add,
    busy: () => running.size > 0,
    stopLate() {
      for (const [worker, { pool: own }] of running) {
        if (worker.alive && (worker.unstoppable || worker.endsAt > time())) continue
        if (worker.alive) options.stopped(worker)
        operations.kill(worker)
        running.delete(worker)
        own.busy -= 1
      }
    },
  }
}
