import type { Attempt } from '../domain/fold.ts'
import { type CivilDate, jakartaDate, plusDays, plusSeconds } from '../domain/instant.ts'
import { isSettledAt } from '../domain/not-found.ts'
import type { Rupiah } from '../domain/rupiah.ts'

/** What the statement of a day can prove by saying nothing. */
export type ClosedDay = {
  readonly day: CivilDate
  /** Every line could be read. */
  readonly complete: boolean
  /** Amounts of debits that nothing here matches: any of them may be the attempt in question. */
  readonly unmatchedDebits: readonly Rupiah[]
}

/** Days on which a debit of the attempt might still have been booked. More than this is not looked at. */
const daysMax = 366

/**
 * Whether the attempt's absence from the statements of every day from its first send to its last, and a settle window
 * and the tolerance more, is enough for two people to settle it as not paid. Weak proof: it never settles by itself,
 * and no machine sends anything again because of it.
 *
 *   first send ─ … ─ last send ─ settle window ─ tolerance │ asked: not found
 *   └────────────── every day closed ──────────────────────┘
 */
export function isAbsent(
  attempt: Pick<Attempt, 'claimedAt' | 'until' | 'claim' | 'status' | 'askedAt'>,
  days: ReadonlyMap<CivilDate, ClosedDay>,
  windows: { readonly settleWindowSeconds: number; readonly toleranceDays: number },
): boolean {
  const { status, askedAt, until } = attempt
  if (status !== 'unknown' || !askedAt || !isSettledAt(attempt, askedAt, windows)) return false
  const settled = plusSeconds(until, windows.settleWindowSeconds)
  const last = plusDays(jakartaDate(settled), windows.toleranceDays)
  let day = jakartaDate(attempt.claimedAt)
  for (let count = 0; count < daysMax && day <= last; count++, day = plusDays(day, 1)) {
    const closed = days.get(day)
    if (!closed?.complete || closed.unmatchedDebits.includes(attempt.claim.amount)) return false
  }
  return day > last
}
