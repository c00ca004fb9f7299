import { decide } from '../domain/decide.ts'
import type { DocumentCommand } from '../domain/document.ts'
import type { Entry } from '../domain/entry.ts'
import { attemptNumbered } from '../domain/fold.ts'
import type { Instant } from '../domain/instant.ts'
import { announce, endPermit } from '../domain/permit.ts'
import { availableChange } from '../domain/postings.ts'
import { noRupiah } from '../domain/rupiah.ts'
import { changeControl } from './control.ts'
import { type Applied, apply, type PayoutCase, type Writer } from './payout.ts'
import type { Lanes, LedgerWithAccounts, PayoutKey } from './ports.ts'

/** Whose float is moved, and by whom: `by` is the signature of one announcement, and the entries that it announces bear it.
 *  Whatever bears it is settled together, so that it stands for one thing that an invocation does, and for nothing else. */
export type FloatWriter = { readonly lanes: Lanes; readonly partner: string; readonly by: string }

/** Says on the control row that an entry about this payout may move the lane's float. Before it is written. */
export async function announceFloat(
  { lanes, partner, by }: FloatWriter,
  { participantId, payout }: PayoutKey,
  at: Instant,
): Promise<void> {
  await changeControl(lanes, partner, (control) => ({
    control: announce(control, by, { participantId, payout }, at),
  }))
}

/** What was written about a payout. */
type Result = { readonly now: PayoutKey; readonly entries: readonly Entry[] }

const nameOf = ({ participantId, payout }: PayoutKey) => `${participantId} ${payout}`

/**
 * Gives the lane what closed attempts have freed, and takes what late proof has cost. Of what was announced and has no
 * result it is not known what was written: that stays announced, for release to settle from the journal.
 */
export async function settleFloat(
  { lanes, partner, by }: FloatWriter,
  announced: readonly PayoutKey[],
  results: readonly Result[],
): Promise<void> {
  if (announced.length === 0) return
  const names = new Set(announced.map(nameOf))
  const known = new Set(results.map(({ now }) => nameOf(now)))
  const unsettled = announced
    .filter((payout) => !known.has(nameOf(payout)))
    .map(({ participantId, payout }) => ({ participantId, payout, amount: noRupiah }))
  const back = results
    .filter(({ now }) => names.has(nameOf(now)))
    .flatMap(({ entries }) => entries)
    .reduce((sum, { postings }) => sum + availableChange(postings, partner), 0)
  await changeControl(lanes, partner, (control) => ({
    control: endPermit(control, by, { back, unsettled }),
  }))
}

/**
 * Writes down what people know by a document, and gives its lane what that frees. Should the writer die in between,
 * release settles it: it knows the entry by `writer.by`, which must therefore be unique to the invocation
 * (`ops/ani/3f2c…`). Does not write the row.
 */
export async function applyDocument(
  ledger: LedgerWithAccounts,
  found: PayoutCase,
  command: DocumentCommand,
  writer: Writer,
): Promise<Applied> {
  const decision = decide(found, command)
  if ('refusal' in decision) return { now: found, entries: [], refusal: decision.refusal }
  const partner = attemptNumbered(found.standing, command.attempt)?.claim.partner ?? ''
  const float = { lanes: ledger.lanes, partner, by: writer.by }
  await announceFloat(float, found, writer.at)
  const applied = await apply(ledger, found, command, writer)
  await settleFloat(float, [found], [applied])
  return applied
}
