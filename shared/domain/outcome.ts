import type { Instant } from './instant.ts'

/**
 * What a partner's answer (or silence) means, in our words. Closed unions and total tables: a partner's word
 * that is not known here is `unknown`, never failed and never paid.
 */

/** Whose move a failure needs. */
export type Remedy = 'participant' | 'partner' | 'operator'

/** Why money was definitively not moved and somebody has to act. The value is whose move it is. */
export const rejectionRemedy = {
  'account-abnormal': 'participant',
  'account-blocked': 'participant',
  'account-dormant': 'participant',
  'account-inactive': 'participant',
  'account-unknown': 'participant',
  'amount-over-limit': 'participant',
  'name-mismatch': 'participant',
  'wallet-not-upgraded': 'participant',
  'failed-at-partner': 'partner',
  'cancelled-at-partner': 'partner',
  'routing-unavailable': 'partner',
  'suspected-fraud': 'operator',
  'merchant-refused': 'operator',
  'request-refused': 'operator',
  // Nobody's answer: two people have a document that says so.
  'attested-not-paid': 'operator',
} as const satisfies Record<string, Remedy>
export type RejectionReason = keyof typeof rejectionRemedy

/** Why money was definitively not moved, though nobody has to repair anything: it is tried again later. */
export const deferralReasons = [
  'rate-limited',
  'cut-off',
  'daily-limit',
  'float-empty',
  'credentials-refused',
  'partner-suspended',
  'not-connected',
] as const
export type DeferralReason = (typeof deferralReasons)[number]

/** Why it is not known whether money moved. */
export const unknownCauses = [
  'timeout',
  'connection-lost',
  'server-error',
  'unreadable-answer',
  'answer-mismatch',
  'unlisted-code',
  'ambiguous-code',
  'duplicate-reference',
  'inconsistent-request',
  'claim-term-ended',
  'rejected-after-resend',
  'acknowledged-then-not-found',
] as const
export type UnknownCause = (typeof unknownCauses)[number]

/** What was seen, kept in the journal as proof. Never a name, an account number or a body. */
export type Evidence = {
  /** SNAP response code, 7 digits. */
  readonly code?: string
  /** HTTP status of the answer. */
  readonly http?: number
  /** The partner's own reference for the transaction. */
  readonly referenceNo?: string
  /** X-EXTERNAL-ID of the request that was answered. */
  readonly externalId?: string
  /** `latestTransactionStatus` of an inquiry's answer. */
  readonly status?: string
  /** Number of the document by which people know it. */
  readonly document?: string
}

/** What one send of a transfer came to. */
export type TransferOutcome =
  | { readonly outcome: 'paid'; readonly evidence: Evidence }
  | { readonly outcome: 'pending'; readonly evidence: Evidence }
  | { readonly outcome: 'rejected'; readonly reason: RejectionReason; readonly evidence: Evidence }
  | {
      readonly outcome: 'deferred'
      readonly reason: DeferralReason
      /** Earliest moment at which another try makes sense. */
      readonly notBefore: Instant
      readonly evidence: Evidence
    }
  | { readonly outcome: 'unknown'; readonly cause: UnknownCause; readonly evidence: Evidence }

/** What the partner says became of an attempt. Only `paid` proves something at once; `failed`, `cancelled` and `refunded` do
 *  once they are final (see `isSettledAt`). */
export type InquiryOutcome =
  | { readonly outcome: 'paid'; readonly evidence: Evidence }
  | { readonly outcome: 'pending'; readonly evidence: Evidence }
  /** Status 06. */
  | { readonly outcome: 'failed'; readonly evidence: Evidence }
  /** Status 05. */
  | { readonly outcome: 'cancelled'; readonly evidence: Evidence }
  /** Status 04: paid, and the money came back. */
  | { readonly outcome: 'refunded'; readonly evidence: Evidence }
  /** Status 07 or 404xx01: proves nothing; see the resend rule. */
  | { readonly outcome: 'not-found'; readonly evidence: Evidence }
  | { readonly outcome: 'unknown'; readonly cause: UnknownCause; readonly evidence: Evidence }

/** Reasons a partner's account inquiry can refuse an account for: all are the participant's to repair. */
export type RefusalReason = {
  [R in RejectionReason]: (typeof rejectionRemedy)[R] extends 'participant' ? R : never
}[RejectionReason]

/** What the partner says of an account before anything is paid into it. */
export type Verification =
  | {
      readonly outcome: 'verified'
      /** The holder's name as the partner spells it, for the transfer's request. */
      readonly verifiedName: string
      /** Fee in whole rupiah, where the partner names one. */
      readonly fee?: number
      /** SNAP sessionId, where the partner opens one. */
      readonly session?: string
      readonly evidence: Evidence
    }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason; readonly evidence: Evidence }
  /** Not to be had now: nothing is concluded, the payout is tried again later. */
  | {
      readonly outcome: 'unavailable'
      readonly reason: DeferralReason | UnknownCause
      readonly evidence: Evidence
    }
