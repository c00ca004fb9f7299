import { mkdirSync, rmSync } from 'node:fs'
import { type CivilDate, type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import type { Movement } from '../../shared/finance/movement.ts'
import type { Movements } from '../../shared/finance/movements.ts'
import { type Compared, compare } from '../../shared/reconciliation/compare.ts'
import { type BreakRecord, followBreaks } from '../../shared/reconciliation/follow.ts'
import type { Item } from '../../shared/reconciliation/item.ts'
import { isMatchedPart } from '../../shared/reconciliation/matched.ts'
import { daysMax, daysToRead } from '../../shared/reconciliation/outcome.ts'
import type { Reconciliations, Run, StatementFiles } from '../../shared/reconciliation/register.ts'
import { parseStatementKey, resultsPrefix } from '../../shared/reconciliation/statement-key.ts'
import { hashOfSummary, type Summary } from '../../shared/reconciliation/summary.ts'
import { toleranceOf } from '../../shared/reconciliation/tolerance.ts'
import { readStatement, type StatementFile } from '../../shared/statements/read.ts'
import { type JudgingDependencies, judgeLines } from './judging.ts'
import { awaitLate, horizonOf, lateMovements } from './late.ts'

export type ReconcileDependencies = JudgingDependencies & {
  readonly movements: Pick<Movements, 'read'>
  readonly reconciliations: Reconciliations
  readonly statements: StatementFiles
  /** Where a run writes what it cannot hold in memory: its alone, emptied before and gone afterwards. */
  readonly directory: string
}

/** Unique to the invocation, and when it is; `timeFor`: whether another day, however large, still fits into it. */
export type Occasion = {
  readonly now: Instant
  readonly invocation: string
  readonly timeFor: () => boolean
}

export type Reconciled =
  /** `fresh`: breaks that no run had told of before. `repeated`: the same summary as the day's last run, which stays. */
  | { readonly outcome: 'recorded'; readonly run: Run; readonly fresh: number }
  | { readonly outcome: 'repeated'; readonly run: Run }
  /** Nothing was written down; the sentence says what is wrong with the file. */
  | { readonly outcome: 'refused'; readonly partner?: string; readonly why: string }
  /** There was no time left: from this day on, days are reconciled again after the partner's next statement. */
  | { readonly outcome: 'postponed'; readonly partner: string; readonly day: CivilDate }

/** What comes of one statement. */
type Answered = Exclude<Reconciled, { outcome: 'postponed' }>

type Day = { readonly partner: string; readonly day: CivilDate; readonly statement: string }

const refused = (why: string, partner?: string): Answered => ({
  outcome: 'refused',
  why,
  ...(partner !== undefined && { partner }),
})

/** Those since the run before, and what that could not know of yet. */
async function* movementsOf(
  deps: ReconcileDependencies,
  { partner, day }: Day,
  before: Run | undefined,
  { now }: Occasion,
): AsyncGenerator<Movement> {
  const days = daysToRead(before?.day, { day, toleranceDays: toleranceOf(partner) })
  for (const each of days) yield* deps.movements.read(partner, each, { until: horizonOf(now) })
  if (before) yield* lateMovements(deps, before, now)
}

/** Days before a statement's in which the last run nearly always is: all of them take a page or two to read. */
const recentDays = 31

/** The last run of an earlier day, however long the partner was silent. */
async function runBefore({ reconciliations }: ReconcileDependencies, { partner, day }: Day) {
  const lastOf = async (days: number) =>
    (await reconciliations.runs(partner, plusDays(day, -days), plusDays(day, -1))).at(-1)
  return (await lastOf(recentDays)) ?? lastOf(daysMax)
}

async function* nothing(): AsyncGenerator<Item> {}

/**
 * How many breaks were found first by a run of the day after its number `since`, the last one that is recorded: by this
 * one, or by one that died before it could tell anybody.
 */
function countFresh(
  found: Compared['breaks'],
  records: readonly BreakRecord[],
  { day, since }: { readonly day: CivilDate; readonly since: number },
): number {
  const last = new Map(records.map((record) => [record.id, record]))
  return found.filter(({ id }) => {
    const [first, ...others] = last.get(id)?.history ?? []
    return first?.day === day && first.run > since && others.length === 0
  }).length
}

/** The number after the day's last; a run that died unrecorded has left none. */
async function record(
  deps: ReconcileDependencies,
  day: Day,
  { now }: Occasion,
  compared: Compared,
  summary: Summary,
) {
  const { reconciliations, statements } = deps
  const { partner, day: date, statement } = day
  const hash = hashOfSummary(summary)
  const before = (await reconciliations.runs(partner, date, date)).at(-1)
  if (before?.hash === hash) return { outcome: 'repeated', run: before } as const
  const number = ((await reconciliations.runsOf(partner, date)).at(-1)?.run ?? 0) + 1
  const results = resultsPrefix(partner, date, number)
  await statements.keep(results, compared.files)
  const known = await reconciliations.breaks(partner)
  const changed = followBreaks(known, compared.breaks, { day: date, run: number })
  await reconciliations.writeBreaks(changed)
  const run: Run = {
    partner,
    day: date,
    run: number,
    at: now,
    hash,
    summary,
    statement,
    results,
    matched: [...compared.files.keys()].filter(isMatchedPart),
    complete: compared.complete,
    unmatchedDebits: [...compared.unmatchedDebits],
    leftOut: compared.leftOut,
  }
  if ((await reconciliations.record(run)) === 'taken')
    throw new Error(`run ${number} of ${partner} on ${date} was recorded by somebody else meanwhile`)
  const fresh = countFresh(compared.breaks, [...known, ...changed], { day: date, since: before?.run ?? 0 })
  return { outcome: 'recorded', run, fresh } as const
}

/** One day, from what the last run before it has left open. */
async function reconcileDay(
  deps: ReconcileDependencies,
  file: Day & StatementFile,
  occasion: Occasion,
): Promise<Answered> {
  const { statements, directory } = deps
  const { partner, day, statement, format } = file
  const of = { partner, day, ...occasion }
  const before = await runBefore(deps, file)
  // A run that Lambda has stopped leaves its files to the next one:
  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  try {
    const { bytes, sha256 } = statements.open(statement)
    const compared = await compare({
      partner,
      day,
      toleranceDays: toleranceOf(partner),
      first: before === undefined,
      open: before ? statements.openItems(before.results) : nothing(),
      breaks: before ? await statements.breaks(before.results) : [],
      movements: movementsOf(deps, file, before, occasion),
      lines: readStatement({ partner, format }, bytes),
      judge: async (lines) => awaitLate(deps, await judgeLines(deps, lines, of), of),
      directory,
    })
    if ('unusable' in compared) return refused(compared.unusable, partner)
    const summary = { ...compared.summary, statement: sha256(), previous: before?.hash ?? null }
    return await record(deps, file, occasion, compared, summary)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Leaves word of the file for whoever has put it there. */
async function answer(
  { reconciliations }: ReconcileDependencies,
  { partner, day }: Omit<Day, 'statement'>,
  { now: at, invocation }: Occasion,
  reconciled: Answered,
): Promise<void> {
  const { outcome } = reconciled
  const why = outcome === 'refused' ? { why: reconciled.why } : {}
  await reconciliations.writeArrival({ partner, day, at, invocation, outcome, ...why })
}

/** One day, if it is over. */
const reconcileFile = async (
  deps: ReconcileDependencies,
  file: Parameters<typeof reconcileDay>[1],
  occasion: Occasion,
): Promise<Answered> =>
  file.day < jakartaDate(occasion.now)
    ? reconcileDay(deps, file, occasion)
    : refused(`${file.day} is not over yet`, file.partner)

/** Days before and after a statement's own that are looked through for runs to follow. */
const daysAround = 366

/** The first run that went on from another one than there is now: a day before it was reconciled after it. */
async function firstStale({ reconciliations }: ReconcileDependencies, { partner, day }: Run) {
  const runs = await reconciliations.runs(partner, plusDays(day, -daysAround), plusDays(day, daysAround))
  return runs.find((run, index) => {
    const before = runs[index - 1]
    const previous = before && before.day >= plusDays(run.day, -daysMax) ? before.hash : null
    // What the first was reconciled from may be older than what is looked through.
    return index > 0 && run.summary.previous !== previous
  })
}

/**
 * Reconciles the statement under a key of the bucket, and after it every later day that goes on from it, however many:
 * what there is no time for, or a run that died has left, is made up for after the partner's next statement. The same
 * file again changes nothing; a corrected one makes a new run of its day, and keeps the old. What the statement proves
 * of attempts is written down; nothing is sent because of it. Each day is told of as soon as it is recorded, before
 * anything else is written.
 */
export async function* reconcile(
  deps: ReconcileDependencies,
  statement: string,
  occasion: Occasion,
): AsyncGenerator<Reconciled, void> {
  let key = statement
  for (let days = 0; days < daysAround; days++) {
    const file = parseStatementKey(key)
    const reconciled = file
      ? await reconcileFile(deps, { ...file, statement: key }, occasion)
      : refused('its name says neither partner nor day')
    yield reconciled
    if (file) await answer(deps, file, occasion, reconciled)
    const stale = 'run' in reconciled ? await firstStale(deps, reconciled.run) : undefined
    if (!stale) return
    if (!occasion.timeFor()) {
      yield { outcome: 'postponed', partner: stale.partner, day: stale.day }
      return
    }
    key = stale.statement
  }
}
