import { epochMs, type Instant, instant } from '../../shared/domain/instant.ts'
import { type Audit, audit } from './audit/audit.ts'
import { type Refusal, readHoldings } from './audit/holdings.ts'
import type { JudgedPayout } from './audit/payouts.ts'
import { type Charges, createCharges, type PaidAtOnce } from './charges.ts'
import { reachableEngine } from './engine.ts'
import type { Feed } from './feed.ts'
import { holdersIn } from './holders.ts'
import { forgetKept, type Kept, linesBetween, publishedOf, sinceWhen, writeKept } from './kept.ts'
import { createLogReader, type LogListeners } from './log.ts'
import { type Programme, type ProgrammeOptions, stage, startProgramme } from './programme.ts'
import { forgetQuarantined } from './quarantined.ts'
import type { Report } from './report.ts'
import { forgetStatements, leaveStatements } from './statements.ts'
import { counted } from './text.ts'

export type RunOptions = Omit<ProgrammeOptions, 'startAt' | 'onLog' | 'partners'> & {
  readonly feed: Feed
  /** What an earlier run has kept in `dataDirectory`: this one goes on from it. */
  readonly kept?: Kept
  /** Virtual time runs to this instant; what the feed has for later is not published. */
  readonly until: Instant
  /** Hears what the functions say while it runs. */
  readonly listeners?: LogListeners
  /** Called when everything is up and nothing has happened yet, e.g. to watch, or to put something in the way. */
  readonly prepare?: (programme: Programme, progress: FeedProgress) => void | Promise<void>
  /** Ends the run at once; `runProgramme` then rejects. */
  readonly signal?: AbortSignal
}

/** How much of the feed has been published. */
export type FeedProgress = { published: number; readonly total: number }

export type RunResult = {
  readonly report: Report
  /** What is wrong, in words; empty when all is well. */
  readonly problems: readonly string[]
  /** The first failures of ours, or of AWS, that functions have logged, and what dead-letter queues hold since. */
  readonly failures: readonly string[]
  /** Lines of the feed that ended in quarantine, in their order. */
  readonly refused: readonly (Refusal & { readonly line: number })[]
  /** Lines of the feed that came too late to be published. */
  readonly unpublished: number
  /** Where virtual time stopped. */
  readonly endedAt: Instant
}

const failuresKept = 10

/** Everything the functions have said that a run wants to know afterwards. */
function createHearing(listeners: LogListeners, kept: Kept | undefined) {
  const charges = createCharges(kept?.charges)
  const failures: string[] = []
  const onLog = createLogReader({
    ...listeners,
    charged: charges.add,
    failed(functionName, message) {
      if (failures.length < failuresKept) failures.push(`${functionName} failed: ${message}`)
      listeners.failed?.(functionName, message)
    },
  })
  return { charges, failures, onLog }
}

/** Lines by their instant, latest first: so the agenda takes each in no time. */
const bursts = (lines: Feed): (readonly [number, Feed])[] => [...Map.groupBy(lines, ({ at }) => at)].reverse()

/** Has every line published at its time, all of one instant together. */
function schedule({ stack }: Programme, feed: Feed, progress: FeedProgress): void {
  for (const [at, lines] of bursts(feed)) {
    stack.at(at, () => {
      for (const { envelope, body } of lines) {
        // What no rule takes would vanish on AWS, where the bus keeps its senders out; here it leaves a trace.
        const taken = envelope ? stack.publish(envelope) : 0
        if (taken === 0) stack.send(`${stage.name}-intake`, body)
      }
      progress.published += lines.length
    })
  }
}

const paidAtOnce = (payouts: readonly JudgedPayout[]): PaidAtOnce[] =>
  payouts.flatMap(({ participantId, payout, state, standing }) => {
    const [first] = standing.attempts
    if (state.state !== 'paid' || state.attempt !== 1 || !first) return []
    return [{ participantId, payout, partner: first.claim.partner }]
  })

function attemptsOf(payouts: readonly JudgedPayout[]): ReadonlyMap<string, number> {
  const attempts = new Map<string, number>()
  for (const { claim } of payouts.flatMap(({ standing }) => standing.attempts))
    attempts.set(claim.partner, (attempts.get(claim.partner) ?? 0) + 1)
  return attempts
}

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

const isDead = (queue: string): boolean => /-(?:dlq|undelivered)$/.test(queue)

const booksOf = ({ partners }: Programme) =>
  new Map([...partners].map(([partner, { book }]) => [partner, book]))

/** Publishes what is new of the feed, lets time pass and audits what has come of all. */
async function carryOut(programme: Programme, options: RunOptions, failures: string[]) {
  const { feed, until, prepare, kept } = options
  const { stack, partners } = programme
  for (const { partner, number, name } of holdersIn(feed)) partners.get(partner)?.knowAccount(number, name)
  const lines = linesBetween(feed, kept?.time, until)
  const later = feed.filter(({ at }) => at > epochMs(until)).length
  const progress: FeedProgress = { published: feed.length - later - lines.length, total: feed.length }
  schedule(programme, lines, progress)
  await prepare?.(programme, progress)
  await stack.runUntil(epochMs(until))
  await stack.endWindows()
  const dead = Object.entries(stack.queueDepths()).filter(
    ([queue, { visible }]) => isDead(queue) && visible > 0,
  )
  failures.push(...dead.map(([queue, { visible }]) => `${queue} holds ${counted(visible, 'message')}`))
  // Their threads hold most of the memory, and nothing is left for them to do.
  await stack.stopFunctions()
  const since = kept && sinceWhen(feed, kept)
  const published = linesBetween(feed, since, until)
  const audited = audit({
    holdings: await readHoldings(programme),
    published: published.map(({ body }) => body),
    books: booksOf(programme),
    shards: stage.shards,
  })
  const refused = audited.refused
    .map(({ place, ...refusal }) => ({ line: published[place]?.number ?? 0, ...refusal }))
    .sort((one, other) => one.line - other.line)
  return { audited, refused, since, unpublished: later }
}

/** The report on the whole programme, whatever part of it this run was; of its events on those after `since`. */
function reportOf(
  { figures, payouts }: Audit,
  charges: Charges,
  seconds: number,
  since: Instant | undefined,
): Report {
  return {
    ...figures,
    ...(since && { eventsSince: since }),
    writeUnitsPerPayout: rounded(charges.perPayout(paidAtOnce(payouts), attemptsOf(payouts)), 2),
    payoutsPerSecond: rounded((figures.payouts.paid ?? 0) / seconds, 1),
    seconds: rounded(seconds, 1),
  }
}

/** To be called before time moves: what an earlier run has left beside its tables is not of this one. */
function forgetLast(dataDirectory: string | undefined): void {
  if (dataDirectory === undefined) return
  forgetKept(dataDirectory)
  forgetStatements(dataDirectory)
  forgetQuarantined(dataDirectory)
}

/** Runs a feed through the whole system on this machine and reports. Leaves nothing running, whatever happens. */
export async function runProgramme(options: RunOptions): Promise<RunResult> {
  const { feed, until, listeners = {}, prepare: _, signal, kept, ...programmeOptions } = options
  const { dataDirectory, seed = kept?.seed } = options
  const begunAt = performance.now()
  const { charges, failures, onLog } = createHearing(listeners, kept)
  // What was kept is of tables that start empty now, or that move on as soon as time does.
  if (!kept) {
    await reachableEngine()
    forgetLast(dataDirectory)
  }
  const programme = await startProgramme({
    ...programmeOptions,
    startAt: kept ? epochMs(kept.time) : Math.min(epochMs(until), ...feed.slice(0, 1).map(({ at }) => at)),
    onLog,
    ...(seed !== undefined && { seed }),
    ...(kept && { partners: kept.partners }),
  })
  const abort = () => void programme.stop()
  signal?.addEventListener('abort', abort)
  try {
    signal?.throwIfAborted()
    forgetLast(dataDirectory)
    const { audited, refused, since, unpublished } = await carryOut(programme, options, failures)
    const seconds = (kept?.seconds ?? 0) + (performance.now() - begunAt) / 1000
    const endedAt = instant(programme.stack.clock.now())
    if (dataDirectory !== undefined) {
      leaveStatements(dataDirectory, booksOf(programme))
      writeKept(dataDirectory, {
        stage: stage.name,
        engine: programme.stack.engine,
        time: endedAt,
        ...(seed !== undefined && { seed }),
        seconds,
        published: publishedOf(feed, since, until),
        charges: charges.sums(),
        partners: programme.partnerStates(),
      })
    }
    const report = reportOf(audited, charges, seconds, since)
    return { report, problems: audited.problems, failures, refused, unpublished, endedAt }
  } finally {
    signal?.removeEventListener('abort', abort)
    await programme.stop()
  }
}
