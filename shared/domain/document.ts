import type { Decision, Refusal } from './decide.ts'
import type { Attempt } from './fold.ts'
import { type Instant, latest, plusSeconds } from './instant.ts'
import type { Evidence } from './outcome.ts'

/** What no machine can find out, and people know by a document of the partner's. */
export type DocumentCommand =
  /** What became of an attempt of which the partner gives no answer. */
  | {
      readonly command: 'attest'
      readonly attempt: number
      readonly outcome: 'paid' | 'not-paid'
      readonly document: string
      readonly now: Instant
      readonly windows: Windows
    }
  /** A line of the partner's statement bears the attempt's reference and amount: money left for it, or came back. */
  | {
      readonly command: 'stated'
      readonly attempt: number
      readonly direction: 'debit' | 'credit'
      readonly document: string
      /** The partner's own, where the line has one. */
      readonly referenceNo?: string
      readonly now: Instant
    }
  /** What was paid twice has come back (`recovered`), or is given up. */
  | { readonly command: 'recovered' | 'write-off'; readonly attempt: number; readonly document: string }

/** The partner's, see its configuration. */
export type Windows = {
  readonly settleWindowSeconds: number
  readonly idempotencyWindowSeconds: number
}

const refuse = (refusal: Refusal): Decision => ({ refusal })

type Sent = Pick<Attempt, 'claimedAt' | 'until'>

/**
 * The first instant at which no send of an attempt can be accepted any more: its last sender's term has ended a settle
 * window ago, and the first send is out of the partner's idempotency window, within which a machine may send it again.
 * Counted from the term's end and from its beginning like `mayResend`, so that the two never hold at the same time.
 */
export const beyondSendingFrom = (
  { claimedAt, until }: Sent,
  { settleWindowSeconds, idempotencyWindowSeconds }: Windows,
): Instant =>
  latest(plusSeconds(until, settleWindowSeconds), plusSeconds(claimedAt, idempotencyWindowSeconds))

/** Whether no send of an attempt can be accepted any more. */
export const isBeyondSending = (attempt: Sent, now: Instant, windows: Windows): boolean =>
  now >= beyondSendingFrom(attempt, windows)

type Attest = Extract<DocumentCommand, { command: 'attest' }>

/**
 * Of an open attempt. One that the partner calls pending is the partner's to decide: its document would contradict its
 * own answer.
 *
 * A document that says paid waits for the windows, too. No money is at stake in it, but a closed attempt is neither
 * asked about nor sent again: should people have the wrong document, whom it was for would never be paid, though the
 * partner could have been asked, or sent the same request, until it said so itself. A debit on its statement, which a
 * machine has read, need not wait: see `stated`.
 */
export function attest(attempt: Attempt, { outcome, document, now, windows }: Attest): Decision {
  if (attempt.status !== 'unknown') return refuse('not-allowed')
  if (!isBeyondSending(attempt, now, windows)) return refuse('too-early')
  const number = attempt.claim.attempt
  const evidence = { document }
  if (outcome === 'paid') return { event: { type: 'disbursed', attempt: number, evidence } }
  return { event: { type: 'rejected', attempt: number, reason: 'attested-not-paid', evidence } }
}

type Stated = Extract<DocumentCommand, { command: 'stated' }>

/**
 * A debit proves payment, except while a sender may still settle the attempt itself; `pay` says what that comes to. A
 * credit is a return of what we hold as paid, and of nothing else. `nothing-new`: it has come back before.
 */
export function stated(
  attempt: Attempt,
  { direction, document, referenceNo, now }: Stated,
  pay: (evidence: Evidence) => Decision,
): Decision {
  const evidence = { document, ...(referenceNo !== undefined && { referenceNo }) }
  if (direction === 'debit') {
    const isUnderWay = attempt.status === 'sending' && now < attempt.until
    return isUnderWay ? refuse('too-early') : pay(evidence)
  }
  if (attempt.status === 'returned') return refuse('nothing-new')
  if (attempt.status !== 'paid') return refuse('not-allowed')
  return { event: { type: 'returned', attempt: attempt.claim.attempt, evidence } }
}

type CloseOverpaid = Exclude<DocumentCommand, Attest | Stated>

/** `nothing-new`: the money of this attempt has come back, or was given up, before. */
export function closeOverpaid(attempt: Attempt, { command, document }: CloseOverpaid): Decision {
  if (attempt.status === 'returned') return refuse('nothing-new')
  if (attempt.status !== 'overpaid') return refuse('not-allowed')
  const type = command === 'recovered' ? 'recovered' : 'written-off'
  return { event: { type, attempt: attempt.claim.attempt, evidence: { document } } }
}
