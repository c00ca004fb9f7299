import type { Attempt } from './fold.ts'
import { type Instant, secondsBetween } from './instant.ts'

/** When an answer is believed that ends an attempt without payment, and when the same attempt may be sent once more after
 *  "not found" (see `mayResend`). */
export type ResendRule = {
  readonly settleWindowSeconds: number
  /** 0: the partner has published none, so nothing is ever resent there. */
  readonly idempotencyWindowSeconds: number
  /** The lane lets payments through: not paused, calendar open. */
  readonly laneOpen: boolean
  /** The new send's claim term ends here. */
  readonly until: Instant
}

/** Whether the partner has booked by then whatever of the attempt has reached it. */
export const isSettledAt = (
  { until }: Pick<Attempt, 'until'>,
  at: Instant,
  { settleWindowSeconds }: Pick<ResendRule, 'settleWindowSeconds'>,
): boolean => secondsBetween(until, at) >= settleWindowSeconds

/**
 * Not found is noted twice a send at most: when it is said first, and when it is said first after the settle window.
 * Only the second tells anything of absence; the questions in between, perhaps for months, would only fill the journal.
 */
export const isNoteworthy = (attempt: Attempt, askedAt: Instant, rule: ResendRule): boolean =>
  attempt.askedAt === undefined ||
  (isSettledAt(attempt, askedAt, rule) && !isSettledAt(attempt, attempt.askedAt, rule))

const resendPauseMaxSeconds = 86_400

/** After every send that came to nothing twice as long, up to a day: a partner that knows a reference for weeks would be
 *  sent it thousands of times. */
const resendPauseSeconds = ({ sends }: Attempt, { settleWindowSeconds }: ResendRule): number =>
  Math.max(settleWindowSeconds, Math.min(settleWindowSeconds * 2 ** (sends - 1), resendPauseMaxSeconds))

/**
 * Not found never closes an attempt. It allows sending the same request once more only if the question was put at
 * least a settle window after the last send, and longer each time (`resendPauseSeconds`), the new send ends within the
 * partner's idempotency window, the partner never acknowledged the reference, and the lane is open. The journal knows when a sender's term began, not when its
 * bytes left: so the settle window counts from the term's end, and the idempotency window from its beginning.
 */
export function mayResend(attempt: Attempt, askedAt: Instant, rule: ResendRule): boolean {
  return (
    secondsBetween(attempt.until, askedAt) >= resendPauseSeconds(attempt, rule) &&
    secondsBetween(attempt.claimedAt, rule.until) < rule.idempotencyWindowSeconds &&
    !attempt.acknowledged &&
    rule.laneOpen
  )
}
