import type { KeyObject } from 'node:crypto'
import { payMessage } from '../../functions/pay/schema.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import { partnerNames } from '../../infra/stages.ts'
import { parseJson } from '../../shared/json.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { createChecks, type Problem } from './checks.ts'
import { createContradictions } from './contradictions.ts'
import type { Database } from './database.ts'
import { createDestinations } from './destinations.ts'
import { createEnvironment, tables } from './environments.ts'
import { createFunds } from './funds.ts'
import { createListing } from './listing.ts'
import { createOperations, isDrawn, type Worker } from './operations.ts'
import { createOperators } from './operators.ts'
import { createOrders } from './orders.ts'
import { describeCall } from './partners/call.ts'
import { createChaosPartner } from './partners/partner.ts'
import { createPauses } from './pauses.ts'
import { createPeople } from './people.ts'
import { createPermits } from './permits.ts'
import { createPersonalCheck } from './personal.ts'
import { createRandom } from './random.ts'
import { createRows } from './rows.ts'
import { createSharing } from './sharing.ts'
import { createSystem } from './system.ts'
import { createTally, type Tally } from './tally.ts'
import type { World } from './world.ts'

/** How far a run has come; `time` in epoch milliseconds. */
export type Course = { time: number; steps: number }

type SettingOptions = {
  readonly seed: number
  readonly world: World
  readonly signingKey: KeyObject
  /** Empty `tables`. */
  readonly database: Database
  readonly course: Course
  /** Whether things go wrong now. */
  readonly faulty: () => boolean
}

const calm = { duplicateRate: 0, lateRate: 0, skewRate: 0, zombieRate: 0, tickRate: 0 }

export const nameOf = ({ functionName, id }: Worker): string => `${functionName}/${id}`

/** What time it is, in words; made once for all that happens then. */
function createClock(course: Course): () => string {
  let known = { time: Number.NaN, text: '' }
  return () => {
    const { time } = course
    if (time !== known.time) known = { time, text: new Date(time).toISOString() }
    return known.text
  }
}

/** E.g. `pay/17 begins gopay, its clock 3.1 s off`. */
function describeStart(worker: Worker): string {
  const { lane, clock, unstoppable } = worker
  const begins = [`${nameOf(worker)} begins`, lane].filter(Boolean).join(' ')
  const skew = clock.fault && `, its clock ${clock.fault}`
  return `${begins}${skew}${unstoppable ? ', its end unnoticed' : ''}`
}

type Told = { readonly note: (line: string) => void; readonly behaves: Tally['noteBehaviour'] }

function createPartners({ world, signingKey, course }: SettingOptions, { note, behaves }: Told) {
  const partners = new Map(
    partnerNames.map((partner) => [
      partner,
      createChaosPartner({
        partner,
        configuration: { ...world.configurations[partner], ratePerSecond: 500 },
        now: () => course.time,
        float: world.floats[partner],
        tokenSeconds: world.tokenSeconds,
        signingKey,
        record: (call) => note(describeCall(call)),
        behaves,
      }),
    ]),
  )
  for (const { partner, number, name, behaviour } of world.holders) {
    const simulator = partners.get(partner)?.simulator
    simulator?.knowAccount(number, name)
    if (behaviour) simulator?.behave(number, behaviour)
  }
  return partners
}

/** Everything of a world that acts or remembers, before anything has happened. */
export function createSetting(options: SettingOptions) {
  const { seed, world, database, course, faulty } = options
  const random = createRandom(seed, 1)
  // Apart, so that a run with fewer faults is the same until it misses one.
  const misfortune = createRandom(seed, 2)
  const problems: Problem[] = []
  const lines: string[] = []
  const clock = createClock(course)
  const note = (line: string) => void lines.push(`${clock()} ${line}`)
  const time = () => course.time

  const tally = createTally()
  const operations = createOperations(time)
  const partners = createPartners(options, { note, behaves: tally.noteBehaviour })
  const books = new Map<string, Book>([...partners].map(([name, { simulator }]) => [name, simulator.book]))
  const contradicted = new Set<string>()
  const report = (problem: Problem) => void problems.push(problem)
  const workers = new Map<string, Worker>()
  const workerOf = (by: string) => workers.get(by)
  const checks = createChecks({ books, windows: world.configurations, contradicted, workerOf, report })
  const { statusOf, isToldBack } = checks
  const pauses = createPauses({ time, statusOf, report })
  const orders = createOrders(time, report)
  const destinations = createDestinations({ time, workerOf, report })
  const funds = createFunds(report)
  const sharing = createSharing(report)
  const { shards } = world
  const listing = createListing(shards, report)
  const rows = createRows((subject) => checks.known(subject)?.chain ?? [], report)
  const contradictions = createContradictions({ partners, checks, contradicted, note })
  const checkPersonal = createPersonalCheck(world, (problem) => problems.push(problem))
  database.watch((table, before, after) => {
    if (table === tables.accounts) {
      sharing.changed(after)
      destinations.changed(before, after)
    } else checkPersonal(table, after)
    if (table === tables.payouts) {
      listing.changed(after)
      rows.changed(before, after)
      pauses.changed(after)
      permits.changed(after)
      funds.changed(after)
      const { pk, sk, list, at } = after
      const place = list?.S === undefined ? undefined : { list: list.S, at: Date.parse(at?.S ?? '') }
      system.placed(`${pk?.S} ${sk?.S}`, place)
    }
    if (table === tables.journal) {
      checks.written(before, after)
      pauses.entered(after)
      orders.entered(after)
      destinations.entered(after)
      funds.written(after)
      sharing.entered(after)
      const { type, partner } = after.event?.M ?? {}
      if (type?.S === 'claimed' && partner?.S) people.claimed(partner.S)
    }
  })

  /** What the simulator has not drawn is a bug of ours, whether or not anything comes of it. */
  function failed(worker: Worker, error: unknown): void {
    const detail = `${nameOf(worker)} failed: ${error instanceof Error ? error.message : String(error)}`
    note(detail)
    if (!isDrawn(error)) problems.push({ check: 'failure', subject: '', detail })
  }
  let acting: Worker | undefined
  /** Whatever happens until another one acts, it does. */
  function acts(worker: Worker): void {
    acting = worker
  }
  /** Who acts tells its log of a failure. */
  function told(error: unknown): void {
    if (!acting) throw new Error('nobody acts, and something fails')
    acting.failures += 1
    checkPersonal('a log', String(error))
    failed(acting, error)
  }

  let externalIds = 0
  const machines = {
    database,
    partners,
    configurations: world.configurations,
    operations,
    checks,
    orders,
    pauses,
    shards,
    externalId: () => String(++externalIds).padStart(20, '0'),
    sent: (body: string) => checkPersonal('a lane', body),
    time,
  }
  const system = createSystem({
    random,
    misfortune,
    time,
    operations,
    shards,
    open: (lane) => createEnvironment(machines, lane),
    chances: () => (faulty() ? world : calm),
    failed,
    acknowledged: (worker, body) => {
      if (worker.functionName !== 'pay') return
      const { participantId, payout } = payMessage.parse(parseJson(body))
      const subject = `${participantId} ${payout}`
      const last = checks.known(subject)?.chain.at(-1)
      if (last?.event.type !== 'claimed' || last.by !== nameOf(worker)) return
      report({ check: 'failure', subject, detail: `${last.by} acknowledges what it has claimed only` })
    },
    began: (worker) => {
      acts(worker)
      workers.set(nameOf(worker), worker)
      pauses.began(worker)
      note(describeStart(worker))
    },
    stopped: (worker) => note(`${nameOf(worker)} runs out of time`),
  })
  const permits = createPermits(system.appoint)
  const key = () => Promise.resolve('key of the runs')
  const ledger = openLedgerWithAccounts(database.connect(), tables, () => {}, key)
  const surroundings = {
    ledger,
    partners,
    shards,
    contradictions,
    funds,
    pauses,
    statusOf,
    isToldBack,
    windows: world.configurations,
    system,
    time,
    note,
  }
  const people = createPeople({ ...surroundings, operators: createOperators(surroundings) })
  return {
    random,
    misfortune,
    problems,
    lines,
    note,
    database,
    operations,
    books,
    checks,
    funds,
    permits,
    system,
    ledger,
    people,
    tally,
    acts,
    told,
  }
}
export type Setting = ReturnType<typeof createSetting>
