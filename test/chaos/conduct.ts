import type { Entry } from '../../shared/domain/entry.ts'
import { plusSeconds, secondsBetween } from '../../shared/domain/instant.ts'
import { setBackMaxSeconds } from './clock.ts'
import { closings } from './closing.ts'
import { claimOf, fine, lastOf, type Rule, refunded, sendingOf, wrong } from './rule.ts'

/**
 * Nothing is sent of what people hold, of what is cancelled, of what the partner has put off until later, or of what only
 * a statement calls returned, before people have retried it.
 */
const claims: Rule = (before, { event, at }) => {
  if (event.type !== 'claimed') return fine
  const held = lastOf(before, 'held', 'hold-released')?.event.type === 'held'
  const cancelled = lastOf(before, 'cancelled', 'surfaced')?.event.type === 'cancelled'
  const obstacle = lastOf(before, 'deferred', 'rejected', 'refused', 'returned', 'retried')?.event
  const putOff =
    obstacle?.type === 'deferred' &&
    plusSeconds(at, setBackMaxSeconds) < obstacle.notBefore &&
    claimOf(before, obstacle.attempt)?.accountVersion === event.accountVersion
  const byStatement = obstacle?.type === 'returned' && obstacle.evidence.document !== undefined
  return [
    ...(held ? wrong('held', `${event.reference} is claimed on hold`) : []),
    ...(cancelled ? wrong('cancelled', `${event.reference} is claimed although it is cancelled`) : []),
    ...(byStatement ? wrong('returned', `${event.reference} is claimed by the word of a statement`) : []),
    ...(putOff ? wrong('deferral', `${event.reference} is claimed before ${obstacle.notBefore}`) : []),
  ]
}

const isExpiry = ({ event }: Entry) => event.type === 'unknown' && event.cause === 'claim-term-ended'

/** A claim is its claimant's until its term ends. */
const expiries: Rule = (before, entry) => {
  const until = lastOf(before, 'claimed', 'resent')?.event.until
  return isExpiry(entry) && until !== undefined && plusSeconds(entry.at, setBackMaxSeconds) < until
    ? wrong('expiry', `its claim is given up at ${entry.at}, before ${until}`)
    : fine
}

const outcomes: readonly string[] = ['pending', 'unknown', 'rejected', 'deferred']

/** What is no proof of payment is settled by the sender, right behind its send, or by asking once nobody sends. */
const settlements: Rule = (before, entry) => {
  const { event, by } = entry
  if (!outcomes.includes(event.type) || isExpiry(entry)) return fine
  const last = before.at(-1)
  const behindSend = last?.event.type === 'claimed' || last?.event.type === 'resent'
  const own = behindSend && last.by === by
  return own || (!behindSend && !by.startsWith('pay/'))
    ? fine
    : wrong('settlement', `${by} writes ${event.type} behind ${last?.event.type} of ${last?.by}`)
}

const acknowledging: readonly string[] = ['duplicate-reference', 'inconsistent-request']
const acknowledges = ({ event }: Entry): boolean =>
  event.type === 'pending' || (event.type === 'unknown' && acknowledging.includes(event.cause))

/** Nothing is sent again but a reference unknown to its partner, in time for the partner to recognise it. */
const resends: Rule = (before, { event, at }, windows) => {
  if (event.type !== 'resent') return fine
  const sending = sendingOf(before, event.attempt)
  if (!sending) return wrong('resend', 'is sent again without a claim')
  const { own, claim, claimedAt, until } = sending
  const { settleWindowSeconds = 0, idempotencyWindowSeconds = 0 } = windows[claim.partner] ?? {}
  if (secondsBetween(claimedAt, at) >= idempotencyWindowSeconds)
    return wrong('resend', `${claim.partner} may not recognise ${claim.reference} any more`)
  if (plusSeconds(at, setBackMaxSeconds) < plusSeconds(until, settleWindowSeconds))
    return wrong('resend', `${claim.reference} is sent again before its first send has settled`)
  return own.some(acknowledges)
    ? wrong('resend', `${claim.reference} is sent again although ${claim.partner} knows it`)
    : fine
}

const failures: readonly string[] = ['failed-at-partner', 'cancelled-at-partner']

/** What closes an attempt that nobody sends any more: the partner's answer, or its document. Its statement may do so
 *  whenever it comes: only money that has moved is on it. */
function closerOf({ event, by }: Entry): 'answer' | 'document' | undefined {
  if (event.type === 'rejected' && failures.includes(event.reason)) return 'answer'
  if (event.type === 'rejected' && event.reason === 'attested-not-paid') return 'document'
  if (event.type !== 'disbursed' || by.startsWith('reconcile/')) return undefined
  if (event.evidence.document !== undefined) return 'document'
  return event.evidence.status === refunded ? 'answer' : undefined
}

/**
 * That the partner has not paid, or got it back, is final once it says so a settle window after the last sender's term;
 * what a document says, once no send can be accepted any more.
 */
const endings: Rule = (before, entry, windows) => {
  const { event, at } = entry
  const closer = closerOf(entry)
  if (!closer || !('attempt' in event)) return fine
  const sending = sendingOf(before, event.attempt)
  if (!sending) return wrong('ending', 'is over without a claim')
  const { claim, claimedAt, until } = sending
  const { settleWindowSeconds = 0, idempotencyWindowSeconds = 0 } = windows[claim.partner] ?? {}
  const settled = plusSeconds(until, settleWindowSeconds)
  const forgotten = plusSeconds(claimedAt, idempotencyWindowSeconds)
  const final = closer === 'document' && settled < forgotten ? forgotten : settled
  return plusSeconds(at, setBackMaxSeconds) < final
    ? wrong('ending', `${claim.reference} is closed by the partner's ${closer} before ${final}`)
    : fine
}

const rules = [claims, expiries, settlements, resends, endings, closings]

/** What is wrong with an entry behind these, as far as they alone can tell; asks none of the rules that wrote it. */
export const misconduct: Rule = (before, entry, windows) =>
  rules.flatMap((rule) => rule(before, entry, windows))
