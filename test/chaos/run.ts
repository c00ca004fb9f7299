import { createHash } from 'node:crypto'
import type { Book } from '../../infra/local/partners/book.ts'
import { partnerNames } from '../../infra/stages.ts'
import type { Entry } from '../../shared/domain/entry.ts'
import { epochMs, instant } from '../../shared/domain/instant.ts'
import type { Control } from '../../shared/domain/permit.ts'
import type { Rupiah } from '../../shared/domain/rupiah.ts'
import { endOfPayments, scheme2020 } from '../../shared/domain/scheme.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { apply, project, readCase } from '../../shared/ledger/payout.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { createChecks, type Problem } from './checks.ts'
import { createEnvironment, serving, tables } from './environments.ts'
import { drawFault } from './faults.ts'
import { finalProblems } from './final.ts'
import { shards } from './functions.ts'
import { createMemoryDatabase } from './memory/database.ts'
import { createOperations, type Operation, type Worker } from './operations.ts'
import { describeCall } from './partners/call.ts'
import { createChaosPartner } from './partners/partner.ts'
import { createRandom } from './random.ts'
import { createSystem } from './system.ts'
import { createTally, type Met } from './tally.ts'
import { amountToppedUp, type Deed, drawWorld } from './world.ts'

export type RunOptions = {
  readonly seed: number
  readonly participants: number
  readonly signingKey: string
  /** No fault from this step on. (Default: until a fortnight before the scheme closes.) */
  readonly faultsUntil?: number
}

export type RunResult = {
  readonly seed: number
  /** What did not hold; the run ends at the first. */
  readonly problems: readonly Problem[]
  readonly steps: number
  /** What happened, one line a step. The same seed gives the same lines. */
  readonly lines: readonly string[]
  /** Lower-case hex sha256 of the lines. */
  readonly digest: string
  readonly met: Met
  /** The journal's entries of a payout, `P-1 incentive-1`, in order. */
  readonly chain: (subject: string) => readonly Entry[]
  /** By partner. */
  readonly books: ReadonlyMap<string, Book>
}

export const stepsMax = 200_000
/** A fortnight without faults, before the last payments leave, to put right what can be; then faults while the scheme is
 *  being closed, and then none. */
const healingFrom = Date.UTC(2021, 1, 19)
const closingFrom = epochMs(endOfPayments(scheme2020))
const closedFrom = closingFrom + 2 * 86_400_000
const isTrying = (time: number) => time < healingFrom || (time >= closingFrom && time < closedFrom)
const calm = { duplicateRate: 0, skewRate: 0, zombieRate: 0 }

const drained = () => new Promise<void>((resolve) => setImmediate(resolve))

const nameOf = ({ functionName, id }: Worker) => `${functionName}/${id}`

/** E.g. `pay/17 begins gopay, its clock 3.1 s off`. */
function describeStart(worker: Worker): string {
  const { lane, skewMs, endsAt } = worker
  const begins = [`${nameOf(worker)} begins`, lane].filter(Boolean).join(' ')
  const skew = skewMs === 0 ? '' : `, its clock ${skewMs / 1000} s off`
  return `${begins}${skew}${endsAt === Number.POSITIVE_INFINITY ? ', its end unnoticed' : ''}`
}

/** Runs the world of one seed to its end, or to the first promise that is broken. */
export async function run({ seed, participants, signingKey, faultsUntil }: RunOptions): Promise<RunResult> {
  const world = drawWorld(seed, participants)
  const random = createRandom(seed, 1)
  // Apart, so that a run with fewer faults is the same until it misses one.
  const misfortune = createRandom(seed, 2)
  const problems: Problem[] = []
  const lines: string[] = []
  const tally = createTally()
  let time = world.startAt
  let steps = 0
  const note = (line: string) => void lines.push(`${new Date(time).toISOString()} ${line}`)

  const database = createMemoryDatabase(tables)
  const operations = createOperations()
  const partners = new Map(
    partnerNames.map((partner) => [
      partner,
      createChaosPartner({
        partner,
        configuration: { ...world.configurations[partner], ratePerSecond: 500 },
        now: () => time,
        float: world.floats[partner],
        signingKey,
        record: (call) => note(describeCall(call)),
      }),
    ]),
  )
  for (const { partner, number, name, behaviour } of world.holders) {
    const simulator = partners.get(partner)?.simulator
    simulator?.knowAccount(number, name)
    if (behaviour) simulator?.behave(number, behaviour)
  }
  const books = new Map<string, Book>([...partners].map(([name, { simulator }]) => [name, simulator.book]))
  const checks = createChecks(books, world.configurations, (problem) => problems.push(problem))
  database.watch((table, before, after) => {
    if (table === tables.journal) checks.written(before, after)
  })
  const ledger = openLedgerWithAccounts(
    database.connect(),
    tables,
    () => {},
    () => Promise.resolve('key of the runs'),
  )

  let externalIds = 0
  const externalId = () => String(++externalIds).padStart(20, '0')
  const faulty = () => isTrying(time) && steps < (faultsUntil ?? stepsMax)
  const system = createSystem({
    random,
    misfortune,
    time: () => time,
    configurations: world.configurations,
    operations,
    open: (lane) => createEnvironment({ database, partners, operations, checks, externalId }, lane),
    chances: () => (faulty() ? world : calm),
    failed: (worker, error) =>
      note(`${nameOf(worker)} failed: ${error instanceof Error ? error.message : String(error)}`),
    began: (worker) => note(describeStart(worker)),
    stopped: (worker) => note(`${nameOf(worker)} runs out of time`),
  })

  let documents = 0
  async function fund(partner: PartnerName, amount: Rupiah): Promise<void> {
    documents += 1
    const { name: scheme, budget } = scheme2020
    const at = instant(time)
    const funding = { partner, scheme, budget, amount, document: `SP2D-${documents}`, at, by: 'finance' }
    for (let race = 0; race < 10; race++) if ((await ledger.lanes.fund(funding)) !== 'overtaken') return
    throw new Error(`${partner} could not be funded`)
  }
  async function resume(partner: PartnerName): Promise<void> {
    const isPaused = ({ paused }: Control) => Object.keys(paused).length > 0
    const lifted = await changeControl(ledger.lanes, partner, (control) =>
      isPaused(control) ? { control: { ...control, paused: {}, version: control.version + 1 } } : {},
    )
    if (!lifted.control) return
    note(`people: resume ${partner}`)
    system.wake()
  }

  async function perform(deed: Deed): Promise<void> {
    if ('partner' in deed) {
      if (deed.deed === 'resume') return resume(deed.partner)
      note(`people: ${deed.deed} ${deed.partner}`)
      const simulator = partners.get(deed.partner)?.simulator
      if (deed.deed === 'revoke-tokens') return simulator?.revokeTokens()
      simulator?.topUp(amountToppedUp)
      await fund(deed.partner, amountToppedUp)
      return system.wake()
    }
    note(`people: ${deed.deed} ${deed.participantId} ${deed.payout}`)
    system.perform(async (environment, worker) => {
      const { ledger: own, now, by } = serving(environment, worker, () => time)
      const found = await readCase(own, deed)
      if (!found) return
      const applied = await apply(own, found, { command: deed.deed, reason: 'drawn' }, { at: now(), by })
      await project(own, applied.now, shards)
    })
  }

  function proceed(operation: Operation): void {
    const { nature, point, subject } = operation
    const worker = nameOf(operation.worker)
    const fault = faulty() ? drawFault(nature, world.rates, misfortune) : undefined
    tally.note(operation, fault)
    if (nature !== 'read' || fault) note(`${worker} ${point} ${subject}${fault ? ` (${fault})` : ''}`)
    operations.waiting.splice(operations.waiting.indexOf(operation), 1)
    operation.proceed(fault)
    if (random.chance(0.05)) time += random.integer(1, 500)
    // A machine stands still for so long that others take over.
    if (!faulty() || !misfortune.chance(0.002)) return
    const seconds = misfortune.pick([20, 130, 160, 400, 800])
    time += seconds * 1_000
    note(`time: all stand still for ${seconds} s`)
  }

  for (const partner of partnerNames) await fund(partner, world.floats[partner])
  const arrivals = [...world.arrivals]
  const deeds = [...world.operations]

  for (; steps < stepsMax && problems.length === 0; steps++) {
    await drained()
    if (problems.length > 0) break
    system.stopLate()
    while (arrivals[0] && arrivals[0].at <= time) {
      const arrival = arrivals.shift()
      if (arrival) system.queues[arrival.queue].send(arrival.body, time)
    }
    while (deeds[0] && deeds[0].at <= time) {
      const deed = deeds.shift()
      if (deed) await perform(deed)
    }
    const startable = system.startable()
    const { waiting } = operations
    if (waiting.length > 0 && (startable.length === 0 || random.chance(0.85))) proceed(random.pick(waiting))
    else if (startable.length > 0) random.pick(startable)()
    else if (!system.busy()) {
      const next = Math.min(
        system.next(),
        arrivals[0]?.at ?? Number.POSITIVE_INFINITY,
        deeds[0]?.at ?? Number.POSITIVE_INFINITY,
      )
      if (next > world.endAt) break
      time = Math.max(time, next)
    } else throw new Error(`seed ${seed}: an invocation waits for nothing that can happen`)
  }
  if (steps >= stepsMax)
    problems.push({ check: 'end', subject: '', detail: `no end within ${stepsMax} steps` })
  if (problems.length === 0) {
    const published = world.arrivals.map(({ body }) => body)
    problems.push(...(await finalProblems(database, ledger, published, books)))
  }
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex')
  const chain = (subject: string) => checks.known(subject)?.chain ?? []
  return { seed, problems, steps, lines, digest, met: tally.met, chain, books }
}
