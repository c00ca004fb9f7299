import type { Draft, Entry } from '../domain/entry.ts'
import type { AccountVersion, Certificate, Entitlement, Facts } from '../domain/facts.ts'
import type { CivilDate, Instant } from '../domain/instant.ts'
import type { RefusalReason } from '../domain/outcome.ts'
import type { Kind, Payout, SurveyNumber } from '../domain/payout.ts'
import type { Control } from '../domain/permit.ts'
import type { PayoutRow } from '../domain/row.ts'
import type { Rupiah } from '../domain/rupiah.ts'

/**
 * What the rules need stored. Every outcome is listed; anything else (throttling beyond the client's retries, an
 * unreachable engine, a row that does not parse) throws. All reads are strongly consistent unless they say
 * otherwise. A write whose answer was lost and which the client repeats is reported as what it was the first time.
 */

/** A payout's row, as far as it says how many entries to look for. */
export type Counted = PayoutKey & Pick<PayoutRow, 'seq'>

export type Journal = {
  /** A payout's chain, oldest first; empty when nothing has happened yet. Throws `BrokenChain` where it is not one. */
  read(participantId: string, payout: Payout): Promise<readonly Entry[]>
  /** All chains of a participant; a payout without entries is absent. Throws `BrokenChain` where one is not one. */
  readAll(participantId: string): Promise<ReadonlyMap<Payout, readonly Entry[]>>
  /**
   * The chains of many payouts in few requests, in their order: as many entries as the row says, and one more where the
   * row is behind. `broken`: it is no chain; the others are read all the same.
   */
  readEach(rows: readonly Counted[]): Promise<readonly (readonly Entry[] | 'broken')[]>
  /**
   * Adds the entry that follows `chain`. `overtaken`: another writer has taken that place, and nothing was written.
   */
  append(chain: readonly Entry[], draft: Draft): Promise<Entry | 'overtaken'>
}

export type CertificateRecord =
  | 'recorded'
  /** The same certificate, the same content. */
  | 'duplicate'
  /** The same id with other content. */
  | 'conflict'
  /** The entitlement has changed since it was read: read and decide again. */
  | 'overtaken'

/** Entitlement and surveys, and the rows as they were last projected. */
export type ParticipantRecord = Omit<Facts, 'accounts'> & { readonly rows: readonly PayoutRow[] }

export type PayoutKey = { readonly participantId: string; readonly payout: Payout }

/** Facts of a participant, the rows of the payouts, and the certificates. */
export type Participants = {
  /** Everything known but the accounts, which come from `Accounts`: one query. */
  read(participantId: string): Promise<ParticipantRecord>
  /**
   * What concerns each of these payouts alone, in their order: entitlement, own survey, own row. At most 33, which is
   * one request however many participants they belong to.
   */
  readEach(payouts: readonly PayoutKey[]): Promise<readonly ParticipantRecord[]>
  /** The rows of at most 100 payouts, each named once; one that was never projected is absent. */
  readRows(payouts: readonly PayoutKey[]): Promise<readonly PayoutRow[]>
  /** Whether a certificate of that id was ever recorded, for anybody. */
  knowsCertificate(certificateId: string): Promise<boolean>
  /** First certificate: certificate, entitlement and the accrual, all or nothing. The rows follow from them. */
  entitle(entitlement: Entitlement, accrual: Draft): Promise<CertificateRecord>
  /** A later certificate that changes nothing, and its note in the entitlement's chain, both or neither. */
  recordCertificate(
    entitlement: Entitlement,
    certificate: Certificate,
    note: Draft,
  ): Promise<CertificateRecord>
  /** An earlier one takes over, with its note; `displaced` is the entitlement as it was read. */
  replaceCertificate(
    displaced: Entitlement,
    certificate: Certificate,
    note: Draft,
  ): Promise<CertificateRecord>
  /** `conflict`: the survey was recorded as completed at another time. */
  recordSurvey(
    participantId: string,
    survey: SurveyNumber,
    completedAt: Instant,
  ): Promise<'recorded' | 'duplicate' | 'conflict'>
  /** Writes a row unless the stored one has seen as much, or more entries, or more facts: then that is the answer. */
  project(row: PayoutRow): Promise<'projected' | PayoutRow>
  /** Moves a row within its list, if it still is as read. `behind`: it is not. */
  postpone(row: PayoutRow, at: Instant, inquiries?: number): Promise<'postponed' | 'behind'>
  /** The rows among the next `limit` items of the table, eventually consistent; `next` goes on from there and is
   *  absent at the table's end. */
  sweep(
    limit: number,
    from?: string,
  ): Promise<{ readonly rows: readonly PayoutRow[]; readonly next?: string }>
  /** How far the closing sweep of a scheme has come. */
  closing(scheme: string): Promise<Closing | undefined>
  recordClosing(scheme: string, closing: Closing): Promise<void>
}
/** The Jakarta day a closing sweep was begun for, and where it goes on; without `next` it is complete. */
export type Closing = { readonly day: CivilDate; readonly next?: string }

/** An account version with its personal data. Never logged, never copied to another table. */
export type Account = AccountVersion & {
  readonly number: string
  readonly holderName: string
  readonly verified?: { readonly name: string; readonly fee?: number; readonly session?: string }
}

export type AccountLink = {
  readonly participantId: string
  readonly partner: string
  readonly number: string
  readonly holderName: string
  readonly linkedAt: Instant
}

export type VerificationResult =
  | { readonly outcome: 'verified'; readonly name: string; readonly fee?: number; readonly session?: string }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason }

export type Accounts = {
  /** All versions, oldest link first. */
  read(participantId: string): Promise<readonly Account[]>
  /**
   * Records a version; the same link again is a `duplicate`. Either way every version of the same account that
   * another participant holds is marked shared, and so is this one.
   */
  link(link: AccountLink): Promise<'recorded' | 'duplicate'>
  /** Keeps the first result, and drops a later one: then the account as it stands, by which everybody goes on. */
  recordVerification(
    participantId: string,
    version: string,
    result: VerificationResult,
  ): Promise<Account | undefined>
}

/** One row per partner that says who may send how much now. */
export type Lanes = {
  read(partner: string): Promise<Control>
  /**
   * When the partner was given money for the first time; `sweptAt`: when some was taken back, if nothing was booked
   * since. `undefined` where it was never given any.
   */
  funding(partner: string): Promise<{ readonly openedAt: Instant; readonly sweptAt?: Instant } | undefined>
  /** Writes the row that follows the one read. `overtaken`: somebody else has written since. */
  write(partner: string, control: Control): Promise<'written' | 'overtaken'>
  /** Where release left off, per shard; empty at the head of the list. */
  cursor(partner: string): Promise<Cursor>
  moveCursor(partner: string, cursor: Cursor): Promise<void>
  /**
   * Treasury -> float, with the treasury's document; `over-budget` when all funding together, less what was swept
   * back, would exceed `budget`; `duplicate` when the document has been booked before for the same movement, and
   * `document-taken` when for another: another partner, direction or amount.
   */
  fund(funding: Funding): Promise<'funded' | 'duplicate' | 'document-taken' | 'over-budget' | 'overtaken'>
  /**
   * Float -> treasury. `not-available`: no open or paid attempt and no permit may lose its float, and that much is not
   * left beside them; or more than the scheme has given.
   */
  sweep(sweeping: Sweeping): Promise<'swept' | 'duplicate' | 'document-taken' | 'not-available' | 'overtaken'>
  /** Float -> the partner's fees, with the document of the statement's line; refused as a sweep is. Spent is spent: the
   *  scheme has not got it back. */
  fee(fee: Sweeping): Promise<'charged' | 'duplicate' | 'document-taken' | 'not-available' | 'overtaken'>
  /** What all floats together were given of a scheme's budget, less what was swept back. */
  given(scheme: string): Promise<Rupiah>
  /** Why one of the three would not be booked now; `undefined` where it would. Books nothing. */
  foresee(
    name: 'fund' | 'sweep' | 'fee',
    movement: Movement & Pick<Funding, 'budget'>,
  ): Promise<'duplicate' | 'document-taken' | 'over-budget' | 'not-available' | undefined>
}
export type Cursor = {
  readonly startedAt: Instant
  /** When the last run that sent anything was. */
  readonly releasedAt?: Instant
  /** By shard: the last place sent, or looked past. */
  readonly places: Readonly<Record<string, Place>>
  /** What may leave, if there is something, is behind these places: however empty the lane is, the pass goes on. */
  readonly past?: true
}
/** Of money into a partner's float or out of it. */
export type Movement = {
  readonly partner: string
  readonly scheme: string
  readonly amount: Rupiah
  readonly document: string
}
export type Sweeping = Movement & { readonly at: Instant; readonly by: string }
export type Funding = Sweeping & { readonly budget: Rupiah }

/** A row's place in a list. */
export type Place = PayoutKey & { readonly at: Instant }

/** A row's place in a list, and what it says of itself there. */
export type Described = Place & Pick<PayoutRow, 'state' | 'since' | 'partner'>

/** The index over work lists. Eventually consistent: it only nominates. */
export type Worklist = {
  /** Oldest first, at most `limit`, dated `from`..`to` (both inclusive), after the place `after`. */
  nominate(
    list: string,
    range: { readonly from?: Instant; readonly to?: Instant; readonly after?: Place; readonly limit: number },
  ): Promise<readonly Place[]>
  /** The same places, and what people count by. */
  describe(list: string, range: Parameters<Worklist['nominate']>[1]): Promise<readonly Described[]>
}

/** The same index, by how much is in it. */
export type WorklistCounts = {
  /** How many payouts of each kind are dated `from`..`to` (both inclusive), however many there are. */
  count(
    list: string,
    range: { readonly from?: Instant; readonly to?: Instant },
  ): Promise<Readonly<Record<Kind, number>>>
}

/** What intake refused, whole, so that it can be repaired and sent again. */
export type Refused = {
  /** sha256 of the body, lower-case hex: the same body is refused once. */
  readonly hash: string
  readonly reason: string
  /** Which field, and what was expected of it. Never the value. */
  readonly detail: string
  readonly body: string
  readonly at: Instant
}
export type Quarantine = {
  refuse(refused: Refused): Promise<'quarantined' | 'duplicate'>
  /** At most `limit`, in the order of their hashes, from behind `after` on, a hash or how one begins. */
  list(limit: number, after?: string): Promise<readonly Refused[]>
  /** The one of that hash. */
  read(hash: string): Promise<Refused | undefined>
}

export type Ledger = {
  readonly journal: Journal
  readonly participants: Participants
  readonly lanes: Lanes
  readonly worklist: Worklist
}
/** Adds what only intake and the lanes may touch. */
export type LedgerWithAccounts = Ledger & { readonly accounts: Accounts; readonly quarantine: Quarantine }
