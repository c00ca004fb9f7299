import type { Entry } from '../domain/entry.ts'
import { type Attempt, attemptNumbered, type Standing } from '../domain/fold.ts'
import { type CivilDate, jakartaDate } from '../domain/instant.ts'
import { parseReference } from '../domain/reference.ts'
import { movementIdOf } from '../finance/movement.ts'
import type { BreakKind } from './break.ts'
import type { Item } from './item.ts'

/** A payout as its journal shows it. */
export type Known = { readonly standing: Standing; readonly chain: readonly Entry[] }

/**
 * What the journal says to a line that no movement matches. `settle`: the line is news to it, and is to be written
 * down. `awaits`: it has the movement, on a day that is read later; `stated`: by this very line. `open`: nothing yet.
 */
export type Verdict =
  | { readonly verdict: 'settle'; readonly attempt: number }
  | { readonly verdict: 'awaits'; readonly day: CivilDate; readonly stated: boolean }
  | { readonly verdict: 'open' }
  | {
      readonly verdict: 'break'
      readonly kind: BreakKind
      readonly detail: string
      /** The movement by which it is one, if that was read: otherwise the line may be that very movement. */
      readonly booked?: Booked
    }
export type Booked = { readonly movement: string; readonly day: CivilDate }

const broken = (kind: BreakKind, detail: string, entry?: Entry): Verdict => ({
  verdict: 'break',
  kind,
  detail,
  ...(entry && { booked: { movement: movementIdOf(entry), day: jakartaDate(entry.at) } }),
})

/** How the journal names the line by which it knows something. */
export const documentOfLine = (partner: string, { id }: Pick<Item, 'id'>): string =>
  `statement/${partner}/${id}`

/** Our books have the movement from a statement: its day is the one on which that was read, and says nothing. */
export const isFromStatement = ({ document }: Pick<Item, 'document'>): boolean =>
  document?.startsWith('statement/') === true

/** The last entry about the attempt that moved the float in the line's direction. */
function movementFor({ chain }: Known, attempt: number, { direction }: Item, partner: string) {
  const float = `float/${partner}`
  return chain.findLast(
    ({ event, postings }) =>
      'attempt' in event &&
      event.attempt === attempt &&
      postings.some(({ from, to }) => (direction === 'debit' ? from : to) === float),
  )
}

/** A credit is news only of what we hold as paid; of an attempt that never paid it proves nothing. */
const isNews = ({ status }: Attempt, { direction }: Item): boolean =>
  direction === 'debit' || status === 'paid'

function judgeKnown(line: Item, known: Known, attempt: Attempt, partner: string, day: CivilDate): Verdict {
  const { claim, status } = attempt
  const entry = movementFor(known, claim.attempt, line, partner)
  const stated =
    entry && 'evidence' in entry.event && entry.event.evidence.document === documentOfLine(partner, line)
  if (entry && jakartaDate(entry.at) > day) {
    return { verdict: 'awaits', day: jakartaDate(entry.at), stated: stated === true }
  }
  if (entry && line.direction === 'debit') {
    return broken('paid-twice-by-partner', 'our journal has one payment, and another line is that', entry)
  }
  if (!isNews(attempt, line)) {
    return broken('refund-or-reversal', `the attempt is ${status} here, not paid`, entry)
  }
  return { verdict: 'settle', attempt: claim.attempt }
}

/**
 * Judges a line of a debit or a credit that no movement of the days up to `day` matches. `known`: the payout that its
 * reference names, if there is one. Acts on the attempt the line names and on no other.
 */
export function judge(line: Item, known: Known | undefined, partner: string, day: CivilDate): Verdict {
  const { partnerReferenceNo, referenceNo, document, direction, amount } = line
  if (partnerReferenceNo === undefined) {
    const named = referenceNo !== undefined || document !== undefined
    return named ? { verdict: 'open' } : broken('on-statement-unknown-here', 'it bears no reference')
  }
  const parsed = parseReference(partnerReferenceNo)
  const attempt = parsed && known && attemptNumbered(known.standing, parsed.attempt)
  if (!attempt) return broken('on-statement-unknown-here', 'no attempt has its reference')
  if (direction === 'fee') return broken('on-statement-unknown-here', 'a fee of an attempt is not agreed')
  const { claim } = attempt
  if (claim.partner !== partner) return broken('wrong-partner', `ordered from ${claim.partner}`)
  if (claim.amount !== amount) return broken('amount-differs', `ordered ${claim.amount}`)
  return judgeKnown(line, known, attempt, partner, day)
}
