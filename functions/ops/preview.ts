import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command, Look } from '../../shared/api/step.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
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
import { nameOf } from './listed.ts'
import { shardsOf } from './lists.ts'
import { nominateFrom, type Position, readRows, rowsMax } from './pages.ts'

/** Payments that one set may hold. */
const setMax = 10_000
/** Rows that are looked at in one go. */
const pageMax = 2_500
/** However few of them a filter chooses, one request looks at no more rows. */
const examinedMax = 20_000

type Chosen = { readonly candidates: readonly Candidate[]; readonly truncated: boolean }

const candidatesOf = (rows: readonly PayoutRow[]): readonly Candidate[] =>
  rows.map((row) => ({ participantId: row.participantId, payout: row.payout, row }))

/** The payouts of the list `failed` that a filter chooses, oldest first. */
async function choose(deps: OpsDependencies, filter: ListFilter, { now, timeLeft }: Look): Promise<Chosen> {
  const lists = shardsOf(deps, 'failed', filter.partner)
  const range = rangeOf(filter, deps.scheme, now)
  const wanted = chosenBy(filter, range)
  const rows: PayoutRow[] = []
  let after: Position | undefined
  for (let examined = 0; examined < examinedMax && timeLeft(); examined += pageMax) {
    const positions = await nominateFrom(deps.ledger, { lists, range, limit: pageMax, after })
    const read = await readRows(deps.ledger, positions)
    rows.push(...read.map(({ row }) => row).filter(wanted))
    if (rows.length > setMax) return { candidates: candidatesOf(rows.slice(0, setMax)), truncated: true }
    if (positions.length < pageMax) return { candidates: candidatesOf(rows), truncated: false }
    after = positions.at(-1)
  }
  return { candidates: candidatesOf(rows), truncated: true }
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
  judged: readonly Judged[],
  truncated: boolean,
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
  }
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
  const { candidates, truncated } = isNamed
    ? { candidates: await named(deps, selection.payouts), truncated: false }
    : await choose(deps, selection.filter, command)
  const { judged, complete } = await judgeAll(deps, candidates, command.timeLeft)
  if (isNamed && !complete) {
    return refuse(
      422,
      `${selection.payouts.length} payouts take longer than one request may. Ask for fewer at a time.`,
    )
  }
  const made = await answer(deps, judged, truncated || !complete, command)
  const { set, payments, rupiah, skipped } = made
  const asked = isNamed ? { named: candidates.length } : { filter: selection.filter }
  await recordOutcome(deps, command, 'preview', { ...asked, set, payments, rupiah, skipped })
  return made
}
