import type { Requests } from '../api/requests.ts'
import type { Person } from '../api/roles.ts'
import type { CivilDate, Instant } from '../domain/instant.ts'
import type { PayoutKey } from '../ledger/ports.ts'
import type { Instruction } from './instructions.ts'
import type { ProposalOutcome } from './proposal-outcome.ts'
import type { SkipReason } from './schemas.ts'

/**
 * What is kept of people's work: their requests, what they have proposed, sets of payments to retry, jobs, and the
 * audit trail. Every outcome is listed; anything else throws. All reads are strongly consistent.
 */

/** One payment that a retry would send, as it was when the set was made. */
export type RetryMember = PayoutKey & {
  /** The closed attempt that would be followed; 0 where nothing was ever sent. */
  readonly closedAttempt: number
  /** Where the money would go now. */
  readonly accountVersion: string
  readonly partner: string
  /** Whole rupiah. */
  readonly amount: number
  /** By whose word the closed attempt's money is here, where it is not by the partner's own answer to us. */
  readonly onWordOf?: 'statement' | 'document'
}

export type RetrySet = {
  /** Lower-case hex sha256 of the members, sorted. */
  readonly hash: string
  readonly payments: number
  readonly rupiah: number
  /** Members whose money came back by a line of a statement only; absent for none. */
  readonly returnedByStatement?: number
  /** Members that people have settled as not paid by a document; absent for none. */
  readonly notPaidByDocument?: number
  readonly at: Instant
}

/** The sets that one person has applied with nobody's approval, the last day's at least. */
export type AppliedAlone = {
  readonly person: string
  readonly sets: readonly {
    readonly job: string
    readonly at: Instant
    readonly payments: number
    readonly rupiah: number
  }[]
  /** Goes up by one with every write; 0 while there is nothing. */
  readonly version: number
}

/** What a retry would send, and why that takes a second person, in words. */
export type ProposedRetry = {
  readonly payments: number
  /** Whole rupiah. */
  readonly rupiah: number
  readonly approvalReasons: readonly string[]
}

export type Proposal = {
  /** UUID. */
  readonly id: string
  readonly instruction: Instruction
  /** What the partner's statements said of the attempt when it was proposed to settle it as not paid. */
  readonly statements?: string
  /** Of a retry, as it was when it was proposed. */
  readonly retry?: ProposedRetry
  readonly proposedBy: string
  readonly at: Instant
  readonly expiresAt: Instant
  readonly state: 'proposed' | 'approved' | 'withdrawn'
  readonly approvedBy?: string
  /** What has come of it since it was approved. Until then its approver can have it gone on with. */
  readonly outcome?: ProposalOutcome
  /** Goes up by one with every write. */
  readonly version: number
}

export type Job = {
  /** UUID. */
  readonly id: string
  readonly set: string
  readonly reason: string
  readonly state: 'running' | 'stopped' | 'done'
  readonly payments: number
  /** Members dealt with so far, in the set's order: where a crashed job goes on. */
  readonly cursor: number
  readonly retried: number
  readonly skipped: Readonly<Partial<Record<SkipReason | 'changed', number>>>
  readonly startedBy: string
  readonly approvedBy?: string
  readonly at: Instant
  readonly endedAt?: Instant
  readonly version: number
}

export type AuditDraft = {
  readonly at: Instant
  readonly by: Person
  /** The route's name, and the instruction's where it is one. */
  readonly action: string
  /** What was asked for and what came of it; never a name or number of a participant's account. */
  readonly detail: Readonly<Record<string, unknown>>
}
export type AuditRecord = Omit<AuditDraft, 'by'> & {
  readonly by: string
  readonly role: string
  /** Day in Jakarta. */
  readonly day: CivilDate
  /** 1, 2, 3 … within the day. */
  readonly seq: number
  /** Hash of the record before it; the first of a day carries that of the last day's last. */
  readonly previousHash: string
  /** Lower-case hex sha256 of the rest. */
  readonly hash: string
}

export type Register = Requests & {
  /** Keeps a set, members sorted; a set that is known already stays as it is. At most 10,000 members. */
  keepSet(set: RetrySet, members: readonly RetryMember[]): Promise<void>
  set(hash: string): Promise<RetrySet | undefined>
  /** At most 100 members from `cursor` on, a multiple of 100. */
  members(hash: string, cursor: number): Promise<readonly RetryMember[]>

  propose(proposal: Proposal): Promise<'proposed' | 'exists'>
  proposal(id: string): Promise<Proposal | undefined>
  /** Newest first, at most `limit`, from behind `after` on. */
  proposals(limit: number, after?: Pick<Proposal, 'id' | 'at'>): Promise<readonly Proposal[]>
  /** Writes the proposal that follows the one read. */
  changeProposal(next: Proposal): Promise<'written' | 'overtaken'>

  appliedAlone(person: string): Promise<AppliedAlone>
  /**
   * One job a set at a time: `exists` when there is one that is running, or has retried all of the set's payments.
   * `alone`: what follows what was read of its starter, where nobody has approved it; written with the job or not at
   * all. `overtaken`: the same person has started another one since that was read.
   */
  startJob(job: Job, alone?: AppliedAlone): Promise<'started' | 'exists' | 'overtaken'>
  job(id: string): Promise<Job | undefined>
  /** Newest first, at most `limit`. */
  jobs(limit: number): Promise<readonly Job[]>
  /** Writes the job that follows the one read. */
  changeJob(next: Job): Promise<'written' | 'overtaken'>

  /** Adds a record to its day's chain, under a name that is used once: `recorded-before` where it was. */
  record(name: string, draft: AuditDraft): Promise<AuditRecord | 'recorded-before'>
  /** A day's records in order. */
  audit(day: CivilDate): Promise<readonly AuditRecord[]>
}
