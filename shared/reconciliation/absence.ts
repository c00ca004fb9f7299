import type { Attempt } from '../domain/fold.ts'
import { type CivilDate, type Instant, jakartaDate, plusDays, plusSeconds } from '../domain/instant.ts'
import type { Rupiah } from '../domain/rupiah.ts'

/** What the statement of a day can prove by saying nothing. */
export type ClosedDay = {
  readonly day: CivilDate
  /** Every line could be read. */
  readonly complete: boolean
  /** Amounts of debits that nothing here matches: any of them may be the attempt in question. */
  readonly unmatchedDebits: readonly Rupiah[]
}

export type Asked = {
  readonly at: Instant
  readonly said: 'not-found' | 'failed'
}

/** Days on which a debit of the attempt might still have been booked. More than this is not looked at. */
const daysMax = 366

/**
 * Whether the attempt's absence from the statements of every day from its first send to its last, and a settle window
 * and the tolerance more, is enough for two people to settle it as not paid. Weak proof: it never settles by itself,
 * and no machine sends anything again because of it.
 *
 *   first send ─ … ─ last send ─ settle window ─ tolerance │ asked: not found, or failed
 *   └────────────── every day closed ──────────────────────┘
 */
export function isAbsent(
  attempt: Pick<Attempt, 'claimedAt' | 'until' | 'claim' | 'status'>,
  days: ReadonlyMap<CivilDate, ClosedDay>,
  asked: Asked | undefined,
  windows: { readonly settleWindowSeconds: number; readonly toleranceDays: number },
): boolean {
  if (attempt.status !== 'unknown' || !asked) return false
  const settled = plusSeconds(attempt.until, windows.settleWindowSeconds)
  const last = plusDays(jakartaDate(settled), windows.toleranceDays)
  if (asked.at < settled) return false
  let day = jakartaDate(attempt.claimedAt)
  for (let count = 0; count < daysMax && day <= last; count++, day = plusDays(day, 1)) {
    const closed = days.get(day)
    if (!closed?.complete || closed.unmatchedDebits.includes(attempt.claim.amount)) return false
  }
  return day > last
}
