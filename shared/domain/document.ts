import type { Decision, Refusal } from './decide.ts'
import type { Attempt } from './fold.ts'
import { type Instant, secondsBetween } from './instant.ts'

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
  /** What was paid twice has come back (`recovered`), or is given up. */
  | { readonly command: 'recovered' | 'write-off'; readonly attempt: number; readonly document: string }

/** The partner's, see its configuration. */
export type Windows = {
  readonly settleWindowSeconds: number
  readonly idempotencyWindowSeconds: number
}

const refuse = (refusal: Refusal): Decision => ({ refusal })

/**
 * Whether no send of an attempt can be accepted any more: its last sender's term has ended at least a settle window
 * ago, and the first send is out of the partner's idempotency window, within which a machine may send it again. Counted
 * from the term's end and from its beginning like `mayResend`, so that the two never hold at the same time.
 */
export const isBeyondSending = (attempt: Attempt, now: Instant, windows: Windows): boolean =>
  secondsBetween(attempt.until, now) >= windows.settleWindowSeconds &&
  secondsBetween(attempt.claimedAt, now) >= windows.idempotencyWindowSeconds

type Attest = Extract<DocumentCommand, { command: 'attest' }>

/**
 * Of an open attempt. One that the partner calls pending is the partner's to decide: its document would contradict its
 * own answer.
 */
export function attest(attempt: Attempt, { outcome, document, now, windows }: Attest): Decision {
  if (attempt.status !== 'unknown') return refuse('not-allowed')
  if (!isBeyondSending(attempt, now, windows)) return refuse('too-early')
  const number = attempt.claim.attempt
  const evidence = { document }
  if (outcome === 'paid') return { event: { type: 'disbursed', attempt: number, evidence } }
  return { event: { type: 'rejected', attempt: number, reason: 'attested-not-paid', evidence } }
}

type CloseOverpaid = Exclude<DocumentCommand, Attest>

/** `nothing-new`: the money of this attempt has come back, or was given up, before. */
export function closeOverpaid(attempt: Attempt, { command, document }: CloseOverpaid): Decision {
  if (attempt.status === 'returned') return refuse('nothing-new')
  if (attempt.status !== 'overpaid') return refuse('not-allowed')
  const type = command === 'recovered' ? 'recovered' : 'written-off'
  return { event: { type, attempt: attempt.claim.attempt, evidence: { document } } }
}
