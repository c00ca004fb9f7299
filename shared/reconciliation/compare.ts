import { join } from 'node:path'
import { type CivilDate, earliest } from '../domain/instant.ts'
import { noRupiah } from '../domain/rupiah.ts'
import type { Movement } from '../finance/movement.ts'
import type { Difference, Ending } from '../statements/ending.ts'
import type { StatementLine, Unparsable } from '../statements/line.ts'
import { type Break, breaksOf, type Finding, stands } from './break.ts'
import { encodeItem, type Item, itemOfLine, itemOfMovement, statementDayOf } from './item.ts'
import type { Verdict } from './judge.ts'
import { match } from './match.ts'
import { matchedLinesIn } from './matched.ts'
import {
  findingOfLine,
  findingOfMovement,
  findingsOfPair,
  type Judged,
  type LeftOut,
  takenBack,
  type UnmatchedDebit,
  unmatchedDebits,
} from './outcome.ts'
import type { Pair } from './pair.ts'
import { createMatchedResult, createResult, lineOf, type ResultFiles } from './result.ts'
import { countByKind, createTallies, type Summary } from './summary.ts'

/** A file's own lines that nothing matches; with more of them it is not a statement of ours. */
export const strangersMax = 10_000
/** Lines of the days before that nothing matches: as many as five such files have; a run's memory holds them, too. */
const carriedMax = 50_000
/** Breaks of a file's own lines; with more of them something is wrong with the whole file. */
export const breaksMax = 10_000
/** Movements that no statement has although one should: what a run's memory holds beside all else. */
const missingMax = 100_000

export type Comparison = {
  readonly partner: string
  readonly day: CivilDate
  readonly toleranceDays: number
  /** The partner's first: movements of days before it may be on statements that were never given. */
  readonly first: boolean
  /** What the run before left: items, and breaks, of which those that stand are carried on. */
  readonly open: AsyncIterable<Item>
  readonly breaks: readonly Break[]
  readonly movements: AsyncIterable<Movement>
  readonly lines: AsyncIterable<StatementLine | Unparsable | Ending>
  /** What the journal says to each of some lines; writes down what is news to it. */
  readonly judge: (lines: readonly Item[]) => Promise<readonly Verdict[]>
  /** An empty one, with room for a few times the size of both sides. */
  readonly directory: string
}

export type Compared = {
  readonly summary: Omit<Summary, 'statement' | 'previous'>
  readonly breaks: readonly Break[]
  /** Every line of the day's own statement could be read, and its control totals are those of its lines. */
  readonly complete: boolean
  readonly unmatchedDebits: readonly UnmatchedDebit[]
  readonly leftOut: LeftOut
  readonly files: ResultFiles
}
/** Why a statement is not reconciled, in a sentence. Nothing was written down then. */
export type Unusable = { readonly unusable: string }

/** A file that is no statement shows it before anything is settled by it. */
class Unsuitable extends Error {}

function createRun(comparison: Comparison) {
  const { directory, breaks } = comparison
  const result = (name: string) => createResult(join(directory, `${name}.ndjson.gz`))
  return {
    ...comparison,
    tallies: {
      lines: createTallies(),
      movements: createTallies(),
      matched: createTallies(),
      ours: createTallies(),
      theirs: createTallies(),
    },
    findings: breaks.filter(stands).map(({ id: _, partner: __, ...finding }): Finding => finding),
    /** Lines that nothing matches, and how many of them are this file's own, or of days before. */
    strangers: [] as Item[],
    ownStrangers: 0,
    carried: 0,
    oldestCarried: comparison.day,
    /** Of this file. */
    unparsable: 0,
    differences: 0,
    /** Breaks of this file's lines, and movements that are overdue: so far. */
    broke: 0,
    missing: 0,
    matched: createMatchedResult(directory),
    left: result('open'),
    broken: result('breaks'),
  }
}
type Run = ReturnType<typeof createRun>

/** Carried from the days before, a line says nothing of this file. */
const isOwn = ({ day }: Run, line: string): boolean => statementDayOf(line) === day

function found(run: Run, findings: readonly Finding[]): void {
  run.findings.push(...findings)
  run.broke += findings.filter(({ line }) => line === undefined || isOwn(run, line)).length
}

/** Asked while the file is read: once something may have been settled, nothing is refused any more. */
function checkSuitable({ broke, ownStrangers, missing }: Run): void {
  if (broke > breaksMax) throw new Unsuitable(`its lines make more than ${breaksMax} breaks`)
  if (ownStrangers > strangersMax)
    throw new Unsuitable(`more than ${strangersMax} of its lines are not of ours`)
  if (missing > missingMax)
    throw new Unsuitable(
      `more than ${missingMax} movements of ours are on no statement: hand in the statements of the days before`,
    )
}

/** Asked when all of it was read, so that the oldest is known; a run before leaves a file's own strangers more at most. */
function checkCarried({ carried, oldestCarried }: Run): void {
  if (carried > carriedMax)
    throw new Unsuitable(
      `more than ${carriedMax} lines of the statements before it are still matched by nothing: hand in corrected statements of those days, the oldest of which is ${oldestCarried}`,
    )
}

/** A line that is no movement: one that cannot be read, or the end of the file. */
function note(run: Run, line: Unparsable | Ending): void {
  const { day } = run
  if ('complaint' in line && 'ending' in line) throw new Unsuitable(line.complaint)
  if ('complaint' in line) {
    run.unparsable += 1
    const { complaint: detail } = line
    found(run, [{ kind: 'unparsable-line', day, amount: noRupiah, line: `${day}/${line.line}`, detail }])
    return
  }
  run.differences += line.differences.length
  found(
    run,
    line.differences.map((difference) => findingOfDifference(difference, day)),
  )
}

const findingOfDifference = ({ total, stated, read }: Difference, day: CivilDate): Finding => ({
  kind: 'control-total-differs',
  day,
  amount: noRupiah,
  document: total,
  detail: `the file says ${stated}, its lines come to ${read}`,
})

/** Both sides, mixed. */
async function* itemsOf(run: Run): AsyncGenerator<Item> {
  const { open, movements, lines, partner, day, tallies } = run
  for await (const { awaits: _, ...item } of open) yield item
  for await (const movement of movements) {
    const item = itemOfMovement(movement, partner)
    if (!item) continue
    tallies.movements.add(item)
    yield item
  }
  for await (const line of lines) {
    if (!('amount' in line)) {
      note(run, line)
      checkSuitable(run)
      continue
    }
    tallies.lines.add(line)
    yield itemOfLine(line, day)
  }
}

function pairFound(run: Run, pair: Pair): void {
  run.tallies.matched.add(pair.line)
  found(run, findingsOfPair(pair, run))
  for (const line of matchedLinesIn(pair)) run.matched.add(line)
}

async function movementLeft(run: Run, movement: Item): Promise<void> {
  if (run.first && movement.day < run.day) return
  run.tallies.ours.add(movement)
  const finding = findingOfMovement(movement, run)
  if (finding) {
    run.findings.push(finding)
    run.missing += 1
  }
  await run.left.add(encodeItem(movement))
}

/** Debits before credits: what has not been paid yet as far as we know cannot have come back. */
async function judgeStrangers(run: Run): Promise<readonly Judged[]> {
  const judged = async (lines: readonly Item[]): Promise<readonly Judged[]> => {
    const verdicts = await run.judge(lines)
    return lines.map((line, index) => ({ line, verdict: verdicts[index] ?? { verdict: 'open' } }))
  }
  const isCredit = ({ direction }: Item) => direction === 'credit'
  const debits = await judged(run.strangers.filter((line) => !isCredit(line)))
  const { pairs, ...left } = takenBack(debits, run.strangers.filter(isCredit))
  for (const pair of pairs) pairFound(run, pair)
  return [...left.debits, ...(await judged(left.credits))]
}

async function lineLeft(run: Run, { line, verdict }: Judged): Promise<void> {
  run.tallies.theirs.add(line)
  const finding = findingOfLine(line, verdict, run)
  if (finding) found(run, [finding])
  await run.left.add(encodeItem(verdict.verdict === 'awaits' ? { ...line, awaits: verdict.day } : line))
}

const isStated = ({ verdict }: Judged): boolean => verdict.verdict === 'awaits' && verdict.stated

async function finish(run: Run, judged: readonly Judged[]): Promise<Compared> {
  const { partner, day, tallies, unparsable, differences } = run
  const breaks = breaksOf(partner, run.findings)
  for (const one of breaks) await run.broken.add(lineOf(one))
  const matched = await run.matched.end()
  return {
    breaks,
    complete: unparsable === 0 && differences === 0,
    ...unmatchedDebits(judged, run),
    files: new Map([...matched.files, ['open', run.left.path], ['breaks', run.broken.path]]),
    summary: {
      partner,
      day,
      lines: tallies.lines.sums(),
      unparsable,
      movements: tallies.movements.sums(),
      matched: tallies.matched.sums(),
      open: { ours: tallies.ours.sums(), theirs: tallies.theirs.sums() },
      settled: judged.filter(isStated).length,
      breaks: countByKind(breaks),
      results: {
        matched: matched.hash,
        open: await run.left.end(),
        breaks: await run.broken.end(),
      },
    },
  }
}

function strangerLeft(run: Run, line: Item): void {
  run.strangers.push(line)
  if (isOwn(run, line.id)) {
    run.ownStrangers += 1
    return
  }
  run.carried += 1
  run.oldestCarried = earliest(run.oldestCarried, statementDayOf(line.id))
}

async function matchAll(run: Run): Promise<void> {
  for await (const matched of match(itemsOf(run), run.directory)) {
    if ('pair' in matched) pairFound(run, matched.pair)
    else if (matched.left.side === 'ours') await movementLeft(run, matched.left)
    else strangerLeft(run, matched.left)
    checkSuitable(run)
  }
  checkCarried(run)
}

/**
 * Compares a partner's statement of a day with our movements, line by line, whatever their number: neither side is
 * ever whole in memory. Nothing is settled before all of the file was read and could be one of ours.
 */
export async function compare(comparison: Comparison): Promise<Compared | Unusable> {
  const run = createRun(comparison)
  try {
    await matchAll(run)
    const judged = await judgeStrangers(run)
    for (const one of judged) await lineLeft(run, one)
    return await finish(run, judged)
  } catch (error) {
    await Promise.all([run.left, run.broken].map((result) => result.discard()))
    if (error instanceof Unsuitable) return { unusable: error.message }
    throw error
  }
}
