import { createHash, type KeyObject } from 'node:crypto'
import type { Book } from '../../infra/local/partners/book.ts'
import { partnerNames } from '../../infra/stages.ts'
import type { Entry } from '../../shared/domain/entry.ts'
import { epochMs, instant } from '../../shared/domain/instant.ts'
import { endOfPayments, scheme2020 } from '../../shared/domain/scheme.ts'
import { type Problem, problemOf } from './checks.ts'
import type { Database } from './database.ts'
import { tables } from './environments.ts'
import { hearFailures } from './failures.ts'
import { createFaults, type Nature } from './faults.ts'
import { quietProblems } from './final.ts'
import { createMemoryDatabase } from './memory/database.ts'
import type { Operation, Worker } from './operations.ts'
import { type Course, createSetting, nameOf, type Setting } from './setting.ts'
import { type Met, pointNamed } from './tally.ts'
import { drawWorld, type World } from './world.ts'

export type RunOptions = {
  readonly seed: number
  readonly participants: number
  readonly signingKey: KeyObject
  /** No fault from this step on. (Default: until a fortnight before the scheme closes.) */
  readonly faultsUntil?: number
  /** Empty `tables`. (Default: in memory.) */
  readonly database?: Database
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

/** Of these only what goes wrong is told. */
const untold: readonly Nature[] = ['read', 'depth', 'secret', 'timer']

export const stepsMax = 200_000
/** A fortnight without faults, before the last payments leave, to put right what can be; then faults while the scheme is
 *  being closed, and then none. */
const healingFrom = Date.UTC(2021, 1, 19)
const closingFrom = epochMs(endOfPayments(scheme2020))
const closedFrom = closingFrom + 2 * 86_400_000
const isTrying = (time: number) => time < healingFrom || (time >= closingFrom && time < closedFrom)

/** What a machine is about to write down when it stands still, and how often it does: whatever it has sent, it has sent
 *  before, or has not sent yet. */
const stops = [
  { point: /^append (?:pending|unknown|disbursed|rejected|deferred)$/, rate: 0.8 },
  { point: /^append (?:claimed|resent)$/, rate: 0.1 },
  { point: /^(?:write (?:control|cursor)|send messages)$/, rate: 0.05 },
] as const

/**
 * Everybody has come to where they wait for their turn. Ticks come once no promise has anything left to do; a round of
 * the event loop would take longer than most steps.
 */
const drained = () => new Promise<void>((resolve) => process.nextTick(resolve))

type Running = {
  readonly setting: Setting
  readonly world: World
  readonly course: Course
  readonly faulty: () => boolean
  readonly drawFault: ReturnType<typeof createFaults>
  /** Whose machine has stood still: no invocation lasts for hours. */
  readonly slept: Set<Worker>
}

/** Whether the machine that would go on now was frozen instead. */
function freezes({ setting, course, faulty, slept }: Running, operation: Operation): boolean {
  const { misfortune, note, operations } = setting
  const { worker, point } = operation
  if (!worker.unstoppable || slept.has(worker)) return false
  const stop = stops.find((one) => one.point.test(point))
  if (!stop || !faulty() || !misfortune.chance(stop.rate)) return false
  const seconds = misfortune.pick([160, 400, 900])
  slept.add(worker)
  operations.asleep.set(operation, course.time + seconds * 1_000)
  note(`${nameOf(worker)} stands still for ${seconds} s`)
  return true
}

/** Whether all machines stood still, for so long that others take over: between two operations, since what has reached a
 *  partner is not held up by them. */
function standStill({ setting, course, faulty }: Running): boolean {
  const { misfortune, note } = setting
  if (!faulty() || !misfortune.chance(0.002)) return false
  const seconds = misfortune.pick([20, 130, 160, 400, 800])
  course.time += seconds * 1_000
  note(`time: all stand still for ${seconds} s`)
  return true
}

/** Has one operation happen, as it is meant to or otherwise. */
function proceed(running: Running, operation: Operation): void {
  if (freezes(running, operation) || standStill(running)) return
  const { setting, course, faulty, drawFault } = running
  const { random, operations, tally, note } = setting
  const { nature, point, subject } = operation
  const met = { nature, point: pointNamed(operation), subject }
  const fault = faulty() ? drawFault(met) : undefined
  tally.note(met, fault)
  if (!untold.includes(nature) || fault)
    note(`${nameOf(operation.worker)} ${point} ${subject}${fault ? ` (${fault})` : ''}`)
  setting.acts(operation.worker)
  operations.waiting.splice(operations.waiting.indexOf(operation), 1)
  operations.asleep.delete(operation)
  operation.proceed(fault)
  if (random.chance(0.05)) course.time += random.integer(1, 500)
  // Partners take their time.
  if (nature === 'partner' && random.chance(0.4)) course.time += random.integer(100, 1_900)
}

/** What comes from outside and is not there yet, next first. */
type Outside = {
  readonly arrivals: World['arrivals'][number][]
  readonly deeds: World['operations'][number][]
}

function deliverArrivals({ setting, course }: Running, { arrivals }: Outside): void {
  while (arrivals[0] && arrivals[0].at <= course.time) {
    const arrival = arrivals.shift()
    if (arrival) setting.system.queues[arrival.queue].send(arrival.body, course.time)
  }
}

async function performDeeds({ setting, course }: Running, { deeds }: Outside): Promise<void> {
  while (deeds[0] && deeds[0].at <= course.time) {
    const deed = deeds.shift()
    if (deed) await setting.people.perform(deed)
  }
}

const never = Number.POSITIVE_INFINITY

/** One step: an operation, a new invocation, or time goes by. `over`: nothing happens in this world any more. */
function step(running: Running, { arrivals, deeds }: Outside): 'over' | undefined {
  const { setting, world, course } = running
  const { random, operations, system } = setting
  const startable = system.startable()
  const { waiting, asleep } = operations
  const isAwake = (operation: Operation) => (asleep.get(operation) ?? 0) <= course.time
  const awake = asleep.size === 0 ? waiting : waiting.filter(isAwake)
  if (awake.length > 0 && (startable.length === 0 || random.chance(0.85))) {
    proceed(running, random.pick(awake))
    return undefined
  }
  if (startable.length > 0) {
    random.pick(startable)()
    return undefined
  }
  const wakings = waiting.map((operation) => asleep.get(operation) ?? never)
  if (wakings.length === 0 && system.busy())
    throw new Error('an invocation waits for nothing that can happen')
  const { next: due, nextEnd } = system
  const instants = [due(), nextEnd(), arrivals[0]?.at ?? never, deeds[0]?.at ?? never, ...wakings]
  // What is due by now and does not begin waits for a machine that stands still, until that one's time is over.
  const next = Math.min(...instants.filter((instant) => instant > course.time))
  if (next > world.endAt) return 'over'
  course.time = next
  return undefined
}

/** Has everything happen until a promise is broken or nothing happens any more, which is then looked at as a whole. */
async function live(running: Running, outside: Outside): Promise<readonly Problem[]> {
  const { setting, world, course } = running
  const { problems, system, people, operations } = setting
  const quiet = { ...setting, world }
  let closing = false
  for (const partner of partnerNames) people.fund(partner, world.floats[partner])
  for (; course.steps < stepsMax; course.steps++) {
    const ended = operations.ended()
    if (ended) await ended
    await drained()
    if (!closing && course.time >= closingFrom) {
      closing = true
      // What closing puts an end to could be paid until a moment ago.
      if (!system.busy()) problems.push(...(await quietProblems({ ...quiet, now: instant(course.time) })))
    }
    if (problems.length > 0) return []
    system.stopLate()
    deliverArrivals(running, outside)
    if (outside.deeds[0] && outside.deeds[0].at <= course.time) await performDeeds(running, outside)
    if (step(running, outside) === 'over') return quietProblems(quiet)
  }
  return [{ check: 'end', subject: '', detail: `no end within ${stepsMax} steps` }]
}

/** Runs the world of one seed to its end, or to the first promise that is broken. An error is a broken promise, too. */
export async function run({
  seed,
  participants,
  signingKey,
  faultsUntil = stepsMax,
  database = createMemoryDatabase(tables),
}: RunOptions): Promise<RunResult> {
  const world = drawWorld(seed, participants)
  const course: Course = { time: world.startAt, steps: 0 }
  const faulty = () => isTrying(course.time) && course.steps < faultsUntil
  const setting = createSetting({ seed, world, signingKey, database, course, faulty })
  const { problems, lines, books, checks, tally } = setting
  const drawFault = createFaults(world.rates, setting.misfortune)
  const running: Running = { setting, world, course, faulty, drawFault, slept: new Set() }
  const outside: Outside = { arrivals: [...world.arrivals], deeds: [...world.operations] }
  const hearNoMore = hearFailures(setting.told)
  try {
    problems.push(...(await live(running, outside)))
  } catch (error) {
    problems.push(problemOf(error))
  } finally {
    hearNoMore()
  }
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex')
  const chain = (subject: string) => checks.known(subject)?.chain ?? []
  return { seed, problems, steps: course.steps, lines, digest, met: tally.met, chain, books }
}
