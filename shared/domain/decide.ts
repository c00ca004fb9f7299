import { attest, closeOverpaid, type DocumentCommand, stated } from './document.ts'
import type { Claim, Draft, PayoutEvent } from './entry.ts'
import {
  type Attempt,
  attemptNumbered,
  isOpen,
  openAttempt,
  outstanding,
  overpaidAttempt,
  paidAttempt,
  type Standing,
} from './fold.ts'
import type { Instant } from './instant.ts'
import { isNoteworthy, isSettledAt, mayResend, type ResendRule } from './not-found.ts'
import type { Evidence, InquiryOutcome, RefusalReason, TransferOutcome } from './outcome.ts'
import type { Payout } from './payout.ts'
import { postingsOf } from './postings.ts'
import { attemptsMax } from './reference.ts'
import { schemeNamed } from './scheme.ts'
import { reachable, type State, type StateName } from './state.ts'

/** A payout as one strongly consistent read shows it. */
export type Situation = {
  readonly participantId: string
  readonly payout: Payout
  readonly scheme: string
  readonly standing: Standing
  readonly state: State
}

export type Command =
  | { readonly command: 'claim'; readonly claim: Claim }
  | {
      readonly command: 'refuse'
      readonly partner: string
      readonly accountVersion: string
      readonly reason: RefusalReason
      readonly evidence: Evidence
    }
  /** What a send came to; `seq` is the entry that started it. */
  | {
      readonly command: 'settle'
      readonly attempt: number
      readonly seq: number
      readonly outcome: TransferOutcome
    }
  /** What the partner says when asked; `seq` is the last entry when the question was put, at `askedAt`. */
  | {
      readonly command: 'answer'
      readonly attempt: number
      readonly seq: number
      readonly askedAt: Instant
      readonly outcome: InquiryOutcome
      readonly resend: ResendRule
    }
  | { readonly command: 'expire'; readonly now: Instant }
  | { readonly command: 'hold'; readonly reason: string; readonly accountVersion?: string }
  /** `since`: when the hold was put on that is meant; another one stays. */
  | {
      readonly command: 'release-hold'
      readonly reason: string
      readonly accountVersion?: string
      readonly since?: Instant
    }
  | { readonly command: 'retry'; readonly reason: string }
  | { readonly command: 'cancel'; readonly reason: string }
  | DocumentCommand
  /** Whatever an earlier crash left half done. */
  | { readonly command: 'continue' }

/**
 * Why nothing is written, in the order in which they win. `already-settled`: proof of payment that the journal has.
 * `attempt-closed`: nothing but proof of payment concerns a closed attempt. `overtaken`: the payout is no longer what
 * the command was made of: something was appended since, a send is under way, or the account is another.
 * `nothing-new`: the command changes nothing. `too-early`: the partner may still accept a send of the attempt, or what
 * it says of it is not final yet. `not-allowed`: the state's row in the transition table says no, or the attempts have
 * run out.
 */
export type Refusal =
  | 'already-settled'
  | 'attempt-closed'
  | 'overtaken'
  | 'nothing-new'
  | 'too-early'
  | 'not-allowed'

export type Decision = { readonly event: PayoutEvent } | { readonly refusal: Refusal }

const refuse = (refusal: Refusal): Decision => ({ refusal })

/**
 * Proof that an attempt paid is accepted whenever it comes: from an open attempt as its outcome, from a closed one
 * as money that surfaced, and as overpaid where another attempt is open or paid.
 */
function latePaid(standing: Standing, attempt: Attempt, evidence: Evidence): Decision {
  const number = attempt.claim.attempt
  if (isOpen(attempt)) return { event: { type: 'disbursed', attempt: number, evidence } }
  if (attempt.status !== 'rejected' && attempt.status !== 'deferred') return refuse('already-settled')
  const taken = paidAttempt(standing) ?? openAttempt(standing)
  return { event: { type: taken ? 'overpaid' : 'surfaced', attempt: number, evidence } }
}

/** Why a closed attempt takes no outcome but proof of payment. */
const closedRefusal = ({ status }: Attempt): Decision =>
  refuse(status === 'paid' || status === 'overpaid' ? 'already-settled' : 'attempt-closed')

/** A rejection that answers a second send proves nothing about the first. */
const provesNothing = (attempt: Attempt, outcome: TransferOutcome): boolean =>
  attempt.sends > 1 && (outcome.outcome === 'rejected' || outcome.outcome === 'deferred')

function settle(standing: Standing, attempt: Attempt, seq: number, outcome: TransferOutcome): Decision {
  const { evidence } = outcome
  const number = attempt.claim.attempt
  if (outcome.outcome === 'paid') return latePaid(standing, attempt, evidence)
  if (!isOpen(attempt)) return closedRefusal(attempt)
  if (standing.seq !== seq) return refuse('overtaken')
  if (provesNothing(attempt, outcome)) {
    return { event: { type: 'unknown', attempt: number, cause: 'rejected-after-resend', evidence } }
  }
  switch (outcome.outcome) {
    case 'pending':
      return { event: { type: 'pending', attempt: number, evidence } }
    case 'rejected':
      return { event: { type: 'rejected', attempt: number, reason: outcome.reason, evidence } }
    case 'deferred': {
      const { reason, notBefore } = outcome
      return { event: { type: 'deferred', attempt: number, reason, notBefore, evidence } }
    }
    case 'unknown':
      return { event: { type: 'unknown', attempt: number, cause: outcome.cause, evidence } }
  }
}

type Answer = Extract<Command, { command: 'answer' }>

/** After these the payout may be paid again, elsewhere too. */
const endings: readonly InquiryOutcome['outcome'][] = ['refunded', 'failed', 'cancelled']

function answer(standing: Standing, attempt: Attempt, command: Answer): Decision {
  const { outcome, askedAt, resend } = command
  const { evidence } = outcome
  const number = attempt.claim.attempt
  if (outcome.outcome === 'paid') return latePaid(standing, attempt, evidence)
  if (!isOpen(attempt)) return closedRefusal(attempt)
  if (standing.seq !== command.seq || attempt.status === 'sending') return refuse('overtaken')
  // A partner that is asked while it is still at work may take it back: Midtrans calls no status final in the first ten
  // minutes. But it knows the reference. https://docs.midtrans.com/reference/transfer-status-inquiry
  if (endings.includes(outcome.outcome) && !isSettledAt(attempt, askedAt, resend))
    return attempt.status === 'pending'
      ? refuse('too-early')
      : { event: { type: 'pending', attempt: number, evidence } }
  switch (outcome.outcome) {
    case 'refunded':
      return { event: { type: 'disbursed', attempt: number, evidence: { ...evidence, status: '04' } } }
    case 'failed':
      return { event: { type: 'rejected', attempt: number, reason: 'failed-at-partner', evidence } }
    case 'cancelled':
      return { event: { type: 'rejected', attempt: number, reason: 'cancelled-at-partner', evidence } }
    case 'pending':
      if (attempt.status === 'pending') return refuse('nothing-new')
      return { event: { type: 'pending', attempt: number, evidence } }
    case 'not-found':
      if (attempt.status === 'pending') {
        const cause = 'acknowledged-then-not-found'
        return { event: { type: 'unknown', attempt: number, cause, evidence } }
      }
      if (!overpaidAttempt(standing) && mayResend(attempt, askedAt, resend)) {
        return { event: { type: 'resent', attempt: number, until: resend.until, evidence } }
      }
      if (!isNoteworthy(attempt, askedAt, resend)) return refuse('nothing-new')
      return { event: { type: 'asked', attempt: number, askedAt, evidence } }
    case 'unknown':
      return refuse('nothing-new')
  }
}

/** What must follow without anybody asking; see `outstanding`. */
function followUp(standing: Standing): Decision {
  const event = outstanding(standing)
  return event ? { event } : refuse('nothing-new')
}

/** Whether the payout would go to that account now. */
const goesTo = (state: State, accountVersion: string): boolean =>
  state.state === 'scheduled' && state.accountVersion === accountVersion

/** A claim made of an older reading (another attempt since, another account) is not made again. */
function claim(standing: Standing, state: State, event: Claim): Decision {
  if (overpaidAttempt(standing)) return followUp(standing)
  const next = event.attempt === standing.attempts.length + 1
  return next && goesTo(state, event.accountVersion) ? { event } : refuse('overtaken')
}

type AboutAttempt = Extract<Command, { readonly attempt: number }>

/** Throws when the journal has no such attempt. */
function aboutAttempt(standing: Standing, command: AboutAttempt): Decision {
  const attempt = attemptNumbered(standing, command.attempt)
  if (!attempt) throw new Error(`the journal has no attempt ${command.attempt}`)
  switch (command.command) {
    case 'settle':
      return settle(standing, attempt, command.seq, command.outcome)
    case 'answer':
      return answer(standing, attempt, command)
    case 'attest':
      return isOpen(attempt) ? attest(attempt, command) : closedRefusal(attempt)
    case 'stated':
      return stated(attempt, command, (evidence) => latePaid(standing, attempt, evidence))
    case 'recovered':
    case 'write-off':
      return closeOverpaid(attempt, command)
  }
}

function proposal({ standing, state }: Situation, command: Command): Decision {
  switch (command.command) {
    case 'claim':
      return claim(standing, state, command.claim)
    case 'refuse': {
      const { partner, accountVersion, reason, evidence } = command
      if (!goesTo(state, accountVersion)) return refuse('overtaken')
      return { event: { type: 'refused', partner, accountVersion, reason, evidence } }
    }
    case 'settle':
    case 'answer':
    case 'attest':
    case 'stated':
    case 'recovered':
    case 'write-off':
      return aboutAttempt(standing, command)
    case 'expire': {
      const open = openAttempt(standing)
      if (open?.status !== 'sending' || command.now < open.until) return refuse('nothing-new')
      const attempt = open.claim.attempt
      return { event: { type: 'unknown', attempt, cause: 'claim-term-ended', evidence: {} } }
    }
    case 'hold': {
      const { reason, accountVersion } = command
      return { event: { type: 'held', reason, ...(accountVersion !== undefined && { accountVersion }) } }
    }
    case 'release-hold': {
      const { reason, accountVersion, since } = command
      if (since !== undefined && standing.hold && standing.hold.since !== since) return refuse('overtaken')
      return {
        event: { type: 'hold-released', reason, ...(accountVersion !== undefined && { accountVersion }) },
      }
    }
    case 'retry':
      if (standing.attempts.length >= attemptsMax) return refuse('not-allowed')
      return { event: { type: 'retried', reason: command.reason } }
    case 'cancel':
      return { event: { type: 'cancelled', reason: command.reason } }
    case 'continue':
      return followUp(standing)
  }
}

/** What a command comes to: one entry, or the reason why none is written. Pure. */
export function decide(situation: Situation, command: Command): Decision {
  const decision = proposal(situation, command)
  if ('refusal' in decision) return decision
  return reachable(situation.state.state, decision.event.type) ? decision : refuse('not-allowed')
}

const partnerOf = (standing: Standing, event: PayoutEvent): string => {
  if (event.type === 'claimed') return event.partner
  return 'attempt' in event ? (attemptNumbered(standing, event.attempt)?.claim.partner ?? '') : ''
}

/** The entry of an event, with its postings, ready for the journal. */
export function draft(situation: Situation, event: PayoutEvent, at: Instant, by: string): Draft {
  const { participantId, payout, standing } = situation
  const wasOverpaid = 'attempt' in event && attemptNumbered(standing, event.attempt)?.status === 'overpaid'
  const postings = postingsOf(event, schemeNamed(situation.scheme), payout, partnerOf(standing, event), {
    obligation: standing.cancelled ? 'budget' : 'payable',
    money: wasOverpaid ? 'overpaid' : 'float',
  })
  return { owner: participantId, subject: payout, at, by, event, postings }
}

/** Throws if `next` is not what the transition table promises for this entry: the rules would disagree. */
export function checkTransition(before: StateName, event: PayoutEvent, next: StateName): void {
  const allowed = reachable(before, event.type)
  if (!allowed?.includes(next)) throw new Error(`${event.type} led from ${before} to ${next}`)
}
