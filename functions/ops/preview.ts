import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command, Look } from '../../shared/api/step.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import { approvalReasons } from '../../shared/operations/approval.ts'
import type { RetryMember } from '../../shared/operations/register.ts'
import { setOf, sortedMembers } from '../../shared/operations/retry.ts'
import type { ListFilter, previewAnswer, Selection, SkipReason } from '../../shared/operations/schemas.ts'
import { inBatches } from '../batches.ts'
import { recordOutcome } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import { chosenBy, rangeOf } from './filter.ts'
import { type Candidate, type Judged, judgeAll } from './judging.ts'
import { nameOf, shownAt } from './listed.ts'
import { shardsOf } from './lists.ts'
import { nominateFrom, type Position, positionOf, readRows, rowsMax, writeCursor } from './pages.ts'

/** Payments that one set may hold. */
const setMax = 10_000
/** Rows that are looked at in one go. */
const pageMax = 2_500
/** However few of them a filter chooses, one request looks at no more rows. */
const examinedMax = 20_000

/** What is left to look at. `last`: behind which position, where any was looked at. */
type Rest = { readonly truncated: boolean; readonly last?: Position | undefined }
type Found = Awaited<ReturnType<typeof readRows>>[number]
type Filtered = Extract<Selection, { filter: unknown }>
type Outcome = { readonly judged: readonly Judged[]; readonly rest: Rest }

/** The payouts of the list `failed` that a filter chooses, oldest first, from behind where another preview has ended. */
async function choose(
  deps: OpsDependencies,
  filter: ListFilter,
  start: Position | undefined,
  { now, timeLeft }: Look,
): Promise<{ readonly found: readonly Found[]; readonly rest: Rest }> {
  const lists = shardsOf(deps, 'failed', filter.partner)
  const range = rangeOf(filter, deps.scheme, now)
  const wanted = chosenBy(filter, range)
  const found: Found[] = []
  let last = start
  for (let examined = 0; examined < examinedMax && timeLeft(); examined += pageMax) {
    const positions = await nominateFrom(deps.ledger, { lists, range, limit: pageMax, after: last })
    const read = await readRows(deps.ledger, positions)
    found.push(...read.filter(({ row }) => wanted(row)))
    if (found.length > setMax) {
      const first = found.slice(0, setMax)
      return { found: first, rest: { truncated: true, last: first.at(-1)?.position } }
    }
    if (positions.length < pageMax) return { found, rest: { truncated: false } }
    last = positions.at(-1)
  }
  return { found, rest: { truncated: true, last } }
}

/** The payouts of these names, each once, with their rows. */
async function named({ ledger }: OpsDependencies, payouts: readonly PayoutKey[]): Promise<Candidate[]> {
  const distinct = [...new Map(payouts.map((one) => [nameOf(one), one])).values()]
  const rows = await inBatches(distinct, rowsMax, ledger.participants.readRows)
  const found = new Map(rows.map((row) => [nameOf(row), row]))
  return distinct.map((one) => {
    const row = found.get(nameOf(one))
    return { ...one, ...(row && { row }) }
  })
}

/** What was judged, as an answer; the payments make the set, which is kept under its hash. */
async function answer(
  deps: OpsDependencies,
  { judged, rest: { truncated, last } }: Outcome,
  { person, now }: Command,
) {
  const members: RetryMember[] = []
  const skippedPayouts: z.input<typeof previewAnswer>['skippedPayouts'] = []
  const skipped: Partial<Record<SkipReason, number>> = {}
  for (const { key, result } of judged) {
    if (typeof result !== 'string') members.push(result)
    else {
      skippedPayouts.push({ ...key, why: result })
      skipped[result] = (skipped[result] ?? 0) + 1
    }
  }
  const set = setOf(members, now)
  if (members.length > 0) await deps.register.keepSet(set, sortedMembers(members))
  const { hash, payments, rupiah } = set
  const alone = await deps.register.appliedAlone(person.name)
  const reasons = payments > 0 ? approvalReasons(set, alone, { limits: deps.approval, now }) : []
  return {
    set: hash,
    payments,
    rupiah,
    skipped,
    skippedPayouts,
    needsApproval: reasons.length > 0,
    approvalReasons: [...reasons],
    truncated,
    ...(last && { lookedTo: shownAt(last.place.at), next: writeCursor(last) }),
  }
}

/** What a filter chooses, judged as far as there is time. */
async function judgeChosen(
  deps: OpsDependencies,
  { filter, cursor }: Filtered,
  look: Look,
): Promise<Outcome | Refused> {
  const start = positionOf(cursor, shardsOf(deps, 'failed', filter.partner))
  if (start && 'problem' in start)
    return refuse(400, 'The body cannot be read. cursor: not one that a preview of this filter has given')
  const { found, rest } = await choose(deps, filter, start, look)
  const candidates = found.map(({ row }) => ({ participantId: row.participantId, payout: row.payout, row }))
  const { judged, complete } = await judgeAll(deps, candidates, look.timeLeft)
  if (complete) return { judged, rest }
  return { judged, rest: { truncated: true, last: found[judged.length - 1]?.position ?? start } }
}

/** All that are named, judged, or none of them. */
async function judgeNamed(
  deps: OpsDependencies,
  payouts: readonly PayoutKey[],
  { timeLeft }: Look,
): Promise<Outcome | Refused> {
  const { judged, complete } = await judgeAll(deps, await named(deps, payouts), timeLeft)
  if (complete) return { judged, rest: { truncated: false } }
  return refuse(422, `${payouts.length} payouts take longer than one request may. Ask for fewer at a time.`)
}

/**
 * What a retry would send. Changes nothing but that it keeps the set. An empty set is not kept. Most payouts are judged by
 * their row and chain alone, which makes ten thousand of them bearable and is safe because it decides nothing: the job
 * that works through the set judges every member again by everything that is known of its participant.
 */
export async function preview(
  deps: OpsDependencies,
  selection: Selection,
  command: Command,
): Promise<z.input<typeof previewAnswer> | Refused> {
  const isNamed = 'payouts' in selection
  const outcome = isNamed
    ? await judgeNamed(deps, selection.payouts, command)
    : await judgeChosen(deps, selection, command)
  if ('problem' in outcome) return outcome
  const made = await answer(deps, outcome, command)
  const { set, payments, rupiah, skipped } = made
  const asked = isNamed ? { named: outcome.judged.length } : selection
  await recordOutcome(deps, command, 'preview', { ...asked, set, payments, rupiah, skipped })
  return made
}
