import type * as z from 'zod'
import type { Instant } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import type { RetryMember, RetrySet } from '../../shared/operations/register.ts'
import { type ControlRows, judgeRetry, setOf, sortedMembers } from '../../shared/operations/retry.ts'
import type { ListFilter, previewAnswer, Selection, SkipReason } from '../../shared/operations/schemas.ts'
import { inBatches } from '../batches.ts'
import { readAllCases } from '../cases.ts'
import type { OpsDependencies } from './dependencies.ts'
import { chosenBy, rangeOf } from './filter.ts'
import { shardsOf } from './lists.ts'
import { nominateFrom, type Position, readRows } from './pages.ts'
import { type Refused, refuse } from './problem.ts'
import type { Look } from './step.ts'

/** Payments that one set may hold. */
const setMax = 10_000
/** Rows that are looked at in one go. */
const pageMax = 500
/** However few of them a filter chooses, one request looks at no more rows. */
const examinedMax = 20_000

type Chosen = { readonly keys: readonly PayoutKey[]; readonly truncated: boolean }

/** The payouts of the list `failed` that a filter chooses, oldest first. */
async function choose(deps: OpsDependencies, filter: ListFilter, { now, timeLeft }: Look): Promise<Chosen> {
  const lists = shardsOf(deps, 'failed', filter.partner)
  const range = rangeOf(filter, deps.scheme, now)
  const wanted = chosenBy(filter, range)
  const keys: PayoutKey[] = []
  let after: Position | undefined
  for (let examined = 0; examined < examinedMax && timeLeft(); examined += pageMax) {
    const positions = await nominateFrom(deps.ledger, { lists, range, limit: pageMax, after })
    const rows = await readRows(deps.ledger, positions)
    keys.push(...rows.map(({ row }) => row).filter(wanted))
    if (keys.length > setMax) return { keys: keys.slice(0, setMax), truncated: true }
    if (positions.length < pageMax) return { keys, truncated: false }
    after = positions.at(-1)
  }
  return { keys, truncated: true }
}

type Judged = { readonly key: PayoutKey; readonly result: RetryMember | SkipReason }

/** All that is asked about one participant, judged by one reading of the participant's payouts. */
async function judgeParticipant(
  { ledger }: OpsDependencies,
  participantId: string,
  payouts: ReadonlySet<Payout>,
  controls: ControlRows,
): Promise<readonly Judged[]> {
  const cases = (await readAllCases(ledger, participantId)) ?? []
  return [...payouts].map((payout) => ({
    key: { participantId, payout },
    result: judgeRetry(payout, cases, controls),
  }))
}

async function readControls({ ledger, partners }: OpsDependencies): Promise<ControlRows> {
  const read = partners.map(async (partner) => [partner, await ledger.lanes.read(partner)] as const)
  return Object.fromEntries(await Promise.all(read))
}

/** Participants read side by side in one batch; a few batches are under way at once. */
const participantsMax = 8
/** Participants between two looks at the time. */
const portion = 256

/** What each payout would come to; fewer than were asked about where time has run out. */
async function judgeAll(
  deps: OpsDependencies,
  keys: readonly PayoutKey[],
  timeLeft: () => boolean,
): Promise<{ readonly judged: readonly Judged[]; readonly complete: boolean }> {
  const controls = await readControls(deps)
  const wanted = new Map<string, Set<Payout>>()
  for (const { participantId, payout } of keys) {
    wanted.set(participantId, (wanted.get(participantId) ?? new Set()).add(payout))
  }
  const participants = [...wanted]
  const judged: Judged[] = []
  for (let start = 0; start < participants.length; start += portion) {
    if (!timeLeft()) return { judged, complete: false }
    const some = participants.slice(start, start + portion)
    const results = await inBatches(some, participantsMax, async (batch) =>
      (await Promise.all(batch.map(([id, payouts]) => judgeParticipant(deps, id, payouts, controls)))).flat(),
    )
    judged.push(...results)
  }
  return { judged, complete: true }
}

/** Whether a retry of this size takes two people. */
export const takesTwo = (
  { approval }: Pick<OpsDependencies, 'approval'>,
  { payments, rupiah }: RetrySet,
): boolean => payments > approval.payouts || rupiah > approval.rupiah

/** What was judged, as an answer; the payments make the set, which is kept under its hash. */
async function answer(deps: OpsDependencies, judged: readonly Judged[], truncated: boolean, now: Instant) {
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
  return {
    set: hash,
    payments,
    rupiah,
    skipped,
    skippedPayouts,
    needsApproval: takesTwo(deps, set),
    truncated,
  }
}

/** What a retry would send. Changes nothing but that it keeps the set. An empty set is not kept. */
export async function preview(
  deps: OpsDependencies,
  selection: Selection,
  look: Look,
): Promise<z.input<typeof previewAnswer> | Refused> {
  const named = 'payouts' in selection
  const chosen = named
    ? { keys: selection.payouts, truncated: false }
    : await choose(deps, selection.filter, look)
  const { judged, complete } = await judgeAll(deps, chosen.keys, look.timeLeft)
  if (named && !complete) {
    return refuse(
      422,
      `${selection.payouts.length} payouts take longer than one request may. Ask for fewer at a time.`,
    )
  }
  return answer(deps, judged, chosen.truncated || !complete, look.now)
}
