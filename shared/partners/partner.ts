import type { Instant } from '../domain/instant.ts'
import type { InquiryOutcome, TransferOutcome, Verification } from '../domain/outcome.ts'
import type { Rupiah } from '../domain/rupiah.ts'

/** The account as the participant linked it. Personal data: never logged, never journalled. */
export type AccountDetails = {
  /** Bank account digits, or a wallet's phone number in E.164 (`+62812…`). */
  readonly number: string
  readonly holderName: string
}

/** Everything a transfer's request is made from. The same transfer always gives the same bytes. */
export type Transfer = {
  /** At most 50 characters; the key by which the partner recognises a repetition. */
  readonly partnerReferenceNo: string
  readonly amount: Rupiah
  /** Frozen with the attempt; the request carries it as Jakarta time. */
  readonly transactionDate: Instant
  readonly accountNumber: string
  /** The name the partner's account inquiry answered. */
  readonly verifiedName: string
  readonly fee?: Rupiah
  readonly session?: string
}

/** The attempt an inquiry asks about. */
export type AttemptQuestion = {
  readonly partnerReferenceNo: string
  readonly amount: Rupiah
  readonly transactionDate: Instant
}

/** A request fixed to the byte before it is sent, so that its hash can be journalled first. */
export type TransferRequest = {
  readonly body: string
  /** Lower-case hex sha256 of `body`. */
  readonly bodyHash: string
  /** One HTTP request, never repeated by itself (but for one fresh token, which is the same send). Never throws
   *  for anything the partner or the network does: that is an outcome. */
  send(now: Instant): Promise<TransferOutcome>
}

export type Balance =
  /** What may be spent now, in rupiah. */
  { readonly outcome: 'known'; readonly available: Rupiah } | { readonly outcome: 'unavailable' }

export type InstantRange = { readonly from: Instant; readonly to: Instant }

/** What a bank booked in our account, one page of it; the newest comes first. */
export type StatementPage =
  | {
      readonly outcome: 'page'
      /** As they came: each is read, or found unreadable, by itself. */
      readonly records: readonly unknown[]
      /** Of the oldest record here, where the next page goes on; absent: there is none. */
      readonly next?: Instant
      /** What the bank says of all that was asked for: numbers of records, and whole rupiah. */
      readonly stated: { readonly records?: number; readonly debits?: Rupiah; readonly credits?: Rupiah }
    }
  | { readonly outcome: 'unavailable' }

/**
 * A payment partner. Owned by the rules that call it; implemented once, over SNAP BI, and configured per
 * partner. Every method makes at most one business request and ends within the partner's call deadline.
 */
export type Partner = {
  /** Ask whose account this is, before the first payment into it. `refused` when the names disagree. */
  verify(account: AccountDetails, amount: Rupiah, now: Instant): Promise<Verification>
  /** Build the request of a transfer; pure. */
  transfer(transfer: Transfer): TransferRequest
  /** Ask what became of an attempt. An answer about another reference or amount is `unknown`. */
  inquire(question: AttemptQuestion, now: Instant): Promise<InquiryOutcome>
  /** Ask what is left of our float at the partner. */
  balance(now: Instant): Promise<Balance>
  /** Ask a bank for what it booked from one instant to another, both among them and at most a month apart. Only
   *  banks have it. */
  bankStatement?(range: InstantRange, now: Instant): Promise<StatementPage>
}
