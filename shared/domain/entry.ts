import type { Instant } from './instant.ts'
import type { DeferralReason, Evidence, RefusalReason, RejectionReason, UnknownCause } from './outcome.ts'
import type { Payout } from './payout.ts'
import type { Posting } from './postings.ts'
import type { Rupiah } from './rupiah.ts'

/**
 * The journal's records. An entry with postings moves money between accounts of the chart; one without is a
 * note. Entries are never changed and never deleted.
 */

/** What the journal keeps per chain: a payout, the entitlement it belongs to, or a partner's float. */
export type Subject = Payout | 'entitlement' | 'float'

/** Everything an attempt's request is made from, fixed by its claim; the personal parts stay in the account version. */
export type Claim = {
  readonly type: 'claimed'
  /** 1 for the payout's first attempt. */
  readonly attempt: number
  readonly reference: string
  readonly partner: string
  readonly accountVersion: string
  readonly lastFour: string
  readonly amount: Rupiah
  readonly transactionDate: Instant
  readonly fee?: Rupiah
  readonly session?: string
  /** sha256 of the request's body, lower-case hex. */
  readonly bodyHash: string
  /** When this worker's right to settle by anything but proof of payment ends. */
  readonly until: Instant
}

type OfAttempt = { readonly attempt: number; readonly evidence: Evidence }

export type PayoutEvent =
  | Claim
  /** The same request sent once more, after "not found" under the resend rule. */
  | ({ readonly type: 'resent'; readonly until: Instant } & OfAttempt)
  | ({ readonly type: 'pending' } & OfAttempt)
  | ({ readonly type: 'unknown'; readonly cause: UnknownCause } & OfAttempt)
  /** The partner was asked at `askedAt` and does not know the reference: it proves nothing (see `isNoteworthy`). */
  | ({ readonly type: 'asked'; readonly askedAt: Instant } & OfAttempt)
  | ({ readonly type: 'disbursed' } & OfAttempt)
  | ({ readonly type: 'rejected'; readonly reason: RejectionReason } & OfAttempt)
  | ({ readonly type: 'deferred'; readonly reason: DeferralReason; readonly notBefore: Instant } & OfAttempt)
  /** The account was refused at verification: nothing was sent. */
  | {
      readonly type: 'refused'
      readonly partner: string
      readonly accountVersion: string
      readonly reason: RefusalReason
      readonly evidence: Evidence
    }
  /** Paid, and the money came back. */
  | ({ readonly type: 'returned' } & OfAttempt)
  | { readonly type: 'held'; readonly reason: string; readonly accountVersion?: string }
  | { readonly type: 'hold-released'; readonly reason: string; readonly accountVersion?: string }
  | { readonly type: 'retried'; readonly reason: string }
  | { readonly type: 'cancelled'; readonly reason: string }
  /** Late proof: a closed attempt paid after all, and nothing else has. */
  | ({ readonly type: 'surfaced' } & OfAttempt)
  /** Late proof while a later attempt is open or paid: the partner has paid twice. */
  | ({ readonly type: 'overpaid' } & OfAttempt)
  | ({ readonly type: 'recovered' } & OfAttempt)
  | ({ readonly type: 'written-off' } & OfAttempt)

export type EntitlementEvent =
  | {
      readonly type: 'accrued'
      readonly wave: number
      readonly scheme: string
      /** Of the certificate that came first; should an earlier one take over, what was accrued stays its own. */
      readonly platform: string
      readonly trainingProvider: string
    }
  /** One more certificate: a note, for nothing more is owed. */
  | {
      readonly type: 'certified'
      readonly wave: number
      /** Of this certificate. */
      readonly platform: string
      readonly trainingProvider: string
      /** Issued before the one that governed so far, it takes over: what is not yet claimed is dated by it. */
      readonly governs: boolean
    }

export type FloatEvent = {
  readonly type: 'funded' | 'swept' | 'fee'
  readonly amount: Rupiah
  /** The treasury's or the partner's document. */
  readonly document: string
}

export type JournalEvent = PayoutEvent | EntitlementEvent | FloatEvent
export type EntryType = PayoutEvent['type']

export type EntryOf<Event extends JournalEvent, Of extends Subject = Subject> = {
  /** A participant's id, or `partner#<name>` for the float. */
  readonly owner: string
  readonly subject: Of
  /** 1, 2, 3 … within the subject. */
  readonly seq: number
  readonly at: Instant
  /** The function or person that wrote it. */
  readonly by: string
  readonly event: Event
  readonly postings: readonly Posting[]
  /** sha256 of the entry before it in its subject; empty for the first. */
  readonly previousHash: string
}
export type Entry = EntryOf<PayoutEvent, Payout>
export type AnyEntry = EntryOf<JournalEvent>

/** An entry before the journal gives it its place in the chain. */
export type Draft = Omit<AnyEntry, 'seq' | 'previousHash'>
