import type { Claim, Entry, PayoutEvent } from './entry.ts'
import { currentAccount, dueAt, type Facts } from './facts.ts'
import { type Instant, latest } from './instant.ts'
import { type DeferralReason, type Evidence, type RejectionReason, rejectionRemedy } from './outcome.ts'
import type { Payout } from './payout.ts'
import { attemptsMax } from './reference.ts'
import { schemeNamed } from './scheme.ts'
import { remedyOfRepeated, type State } from './state.ts'

/** After this many deferrals in a row for one reason a payout is failed rather than tried again. */
export const deferralsMax = 3

export type Attempt = {
  readonly claim: Claim
  readonly claimedAt: Instant
  readonly lastSentAt: Instant
  /** HTTP requests of this attempt, as far as the journal knows. */
  readonly sends: number
  /** The end of the current sender's right to settle. */
  readonly until: Instant
  /** The partner has, at some time, said that it knows the reference. */
  readonly acknowledged: boolean
  /** When the question was put that "not found" was noted of last, since the last send. */
  readonly askedAt?: Instant | undefined
  /** `returned`, `rejected`, `deferred`: closed. `overpaid`: the partner paid although it was closed. */
  readonly status:
    | 'sending'
    | 'pending'
    | 'unknown'
    | 'paid'
    | 'rejected'
    | 'deferred'
    | 'returned'
    | 'overpaid'
  /** When the status was reached. */
  readonly since: Instant
  /** What became of money that the partner had paid although the attempt was closed: it came back, or was given up. */
  readonly ending?: 'recovered' | 'written-off'
  /** The proof of payment said that the money had come back since. */
  readonly refund?: Evidence
}

/** What stands in the way of the next attempt, until the account is another or an operator retries; what a statement
 *  alone says, until an operator does. */
type Obstacle =
  | { readonly type: 'rejected'; readonly reason: RejectionReason; readonly version: string }
  /** `byStatement`: no answer of the partner's to us says so, so that another account alone does not end it. */
  | { readonly type: 'returned'; readonly version: string; readonly byStatement?: true }
  | {
      readonly type: 'deferred'
      readonly reason: DeferralReason
      readonly version: string
      readonly notBefore: Instant
      readonly times: number
    }
type Dated<T> = T & { readonly partner: string; readonly since: Instant }

/** What the journal alone says of a payout. */
export type Standing = {
  readonly seq: number
  readonly attempts: readonly Attempt[]
  readonly obstacle?: Dated<Obstacle>
  /** Kept beneath a cancellation. Late proof of payment ends both. */
  readonly hold?: { readonly reason: string; readonly by: string; readonly since: Instant }
  /** Account versions whose hold an operator has lifted. */
  readonly cleared: readonly string[]
  readonly cancelled?: { readonly reason: string; readonly since: Instant }
}

const nothingYet: Standing = { seq: 0, attempts: [], cleared: [] }

const openStatuses: readonly Attempt['status'][] = ['sending', 'pending', 'unknown']
export const isOpen = (attempt: Attempt): boolean => openStatuses.includes(attempt.status)
/** The attempt whose outcome is not known yet; while there is one, nothing else is sent. */
export const openAttempt = (standing: Standing): Attempt | undefined => standing.attempts.find(isOpen)
/** The attempt that is the payment; `undefined` where none is proven to have paid, or what it paid has come back. */
export const paidAttempt = (standing: Standing): Attempt | undefined =>
  standing.attempts.find(({ status }) => status === 'paid')
export const overpaidAttempt = (standing: Standing): Attempt | undefined =>
  standing.attempts.find(({ status }) => status === 'overpaid')
/** The attempt of a case that people have closed, one that was given up before one that was recovered. */
export const endedAttempt = ({ attempts }: Standing): Attempt | undefined =>
  attempts.find(({ ending }) => ending === 'written-off') ?? attempts.find(({ ending }) => ending)
export const attemptNumbered = (standing: Standing, number: number): Attempt | undefined =>
  standing.attempts.find(({ claim }) => claim.attempt === number)

function started(claim: Claim, at: Instant): Attempt {
  const sent = { claimedAt: at, lastSentAt: at, since: at, until: claim.until }
  return { claim, ...sent, sends: 1, acknowledged: false, status: 'sending' }
}

/** Throws on an attempt the journal does not have: an entry about nothing is corruption. */
function withAttempt(standing: Standing, number: number, change: Partial<Attempt>): Standing {
  if (!attemptNumbered(standing, number)) throw new Error(`the journal has no attempt ${number}`)
  const attempts = standing.attempts.map((attempt) =>
    attempt.claim.attempt === number ? { ...attempt, ...change } : attempt,
  )
  return { ...standing, attempts }
}

function closed(standing: Standing, entry: Entry, number: number, status: Attempt['status']): Standing {
  return withAttempt(standing, number, { status, since: entry.at })
}

function blocked(standing: Standing, entry: Entry, number: number, obstacle: Obstacle): Standing {
  const partner = attemptNumbered(standing, number)?.claim.partner ?? ''
  return { ...standing, obstacle: { ...obstacle, partner, since: entry.at } }
}

const versionOf = (standing: Standing, number: number): string =>
  attemptNumbered(standing, number)?.claim.accountVersion ?? ''

function timesDeferred(standing: Standing, reason: DeferralReason, version: string): number {
  const { obstacle } = standing
  const again = obstacle?.type === 'deferred' && obstacle.reason === reason && obstacle.version === version
  return again ? obstacle.times + 1 : 1
}

/** Whether a statement's line alone says of money that it came back, and nobody has retried the payout since. */
export const returnedByStatement = ({ obstacle }: Standing): boolean =>
  obstacle?.type === 'returned' && obstacle.byStatement === true

/** What attempts go through. */
function applyAttempt(standing: Standing, entry: Entry): Standing {
  const { event, at } = entry
  const status = (number: number, change: Partial<Attempt>) =>
    withAttempt(standing, number, { since: at, ...change })
  switch (event.type) {
    case 'claimed':
      return { ...standing, attempts: [...standing.attempts, started(event, at)] }
    case 'resent': {
      const sends = (attemptNumbered(standing, event.attempt)?.sends ?? 0) + 1
      const again = { sends, lastSentAt: at, until: event.until, askedAt: undefined }
      return status(event.attempt, { ...again, status: 'sending' })
    }
    case 'pending':
      return status(event.attempt, { status: 'pending', acknowledged: true })
    case 'unknown': {
      const known = event.cause === 'duplicate-reference' || event.cause === 'inconsistent-request'
      return status(event.attempt, { status: 'unknown', ...(known && { acknowledged: true }) })
    }
    case 'asked':
      return withAttempt(standing, event.attempt, { askedAt: event.askedAt })
    case 'disbursed':
    case 'surfaced': {
      const refund = event.evidence.status === '04' ? { refund: event.evidence } : {}
      return status(event.attempt, { status: 'paid', ...refund })
    }
    case 'overpaid':
      return closed(standing, entry, event.attempt, 'overpaid')
    case 'recovered':
    case 'written-off':
      return status(event.attempt, { status: 'returned', ending: event.type })
    case 'returned': {
      const after = closed(standing, entry, event.attempt, 'returned')
      return blocked(after, entry, event.attempt, {
        type: 'returned',
        version: versionOf(standing, event.attempt),
        ...((event.evidence.document !== undefined || returnedByStatement(standing)) && {
          byStatement: true,
        }),
      })
    }
    case 'rejected': {
      const version = versionOf(standing, event.attempt)
      const after = closed(standing, entry, event.attempt, 'rejected')
      return blocked(after, entry, event.attempt, { type: 'rejected', reason: event.reason, version })
    }
    case 'deferred': {
      const version = versionOf(standing, event.attempt)
      const times = timesDeferred(standing, event.reason, version)
      const { reason, notBefore } = event
      const after = closed(standing, entry, event.attempt, 'deferred')
      return blocked(after, entry, event.attempt, { type: 'deferred', reason, version, notBefore, times })
    }
    default:
      return standing
  }
}

/** What the account check and people add, and what late proof ends of it. */
function applyNote(standing: Standing, { event, at, by }: Entry): Standing {
  switch (event.type) {
    case 'surfaced': {
      // There is nothing left to cancel. Should the money come back, the payout is owed anew; a hold is then still one.
      const { cancelled: _, ...rest } = standing
      return rest
    }
    case 'refused': {
      const { reason, accountVersion: version, partner } = event
      return { ...standing, obstacle: { type: 'rejected', reason, version, partner, since: at } }
    }
    case 'held':
      return { ...standing, hold: { reason: event.reason, by, since: at } }
    case 'hold-released': {
      const { hold: _, ...rest } = standing
      const version = event.accountVersion
      return { ...rest, cleared: version ? [...standing.cleared, version] : standing.cleared }
    }
    case 'retried': {
      const { obstacle: _, ...rest } = standing
      return rest
    }
    case 'cancelled':
      return { ...standing, cancelled: { reason: event.reason, since: at } }
    default:
      return standing
  }
}

/** Reads a payout's chain from its beginning. Throws when an entry is missing or out of place. */
export function replay(entries: readonly Entry[]): Standing {
  return entries.reduce((standing, entry) => {
    if (entry.seq !== standing.seq + 1) throw new Error(`entry ${entry.seq} does not follow ${standing.seq}`)
    return { ...applyNote(applyAttempt(standing, entry), entry), seq: entry.seq }
  }, nothingYet)
}

/**
 * The entry that must follow whatever else happens; a crash only delays it. `returned`: the refund was seen with the
 * proof of payment. `surfaced`: an attempt was overpaid, and now no other one is open or paid.
 */
export function outstanding(
  standing: Standing,
): Extract<PayoutEvent, { type: 'returned' | 'surfaced' }> | undefined {
  const paid = paidAttempt(standing)
  if (paid) return paid.refund && { type: 'returned', attempt: paid.claim.attempt, evidence: paid.refund }
  const overpaid = openAttempt(standing) ? undefined : overpaidAttempt(standing)
  return overpaid && { type: 'surfaced', attempt: overpaid.claim.attempt, evidence: {} }
}

/** The states that the journal alone decides; `undefined` when the facts have a say. */
export function stateOfStanding(standing: Standing): State | undefined {
  const paid = paidAttempt(standing)
  if (paid) return { state: 'paid', attempt: paid.claim.attempt, since: paid.since }
  const open = openAttempt(standing)
  if (open) {
    const attempt = open.claim.attempt
    if (open.status === 'sending') return { state: 'sending', attempt, until: open.until }
    const state = open.status === 'pending' ? 'pending' : 'unknown'
    return { state, attempt, since: open.since }
  }
  if (standing.cancelled) return { state: 'cancelled', ...standing.cancelled }
  if (standing.hold) return { state: 'held', ...standing.hold }
  return undefined
}

function stateOfObstacle(obstacle: Dated<Obstacle>): State | undefined {
  const { partner, since } = obstacle
  if (obstacle.type === 'returned') {
    const { byStatement } = obstacle
    return { state: 'returned', partner, since, ...(byStatement && { byStatement }) }
  }
  if (obstacle.type === 'rejected') {
    const { reason } = obstacle
    return { state: 'failed', reason, remedy: rejectionRemedy[reason], partner, since }
  }
  if (obstacle.times < deferralsMax) return undefined
  const { reason } = obstacle
  return { state: 'failed', reason, remedy: remedyOfRepeated(reason), partner, since }
}

/**
 * The state of a payout: the journal first, then what the facts allow. Throws without an entitlement: a payout
 * exists only under one.
 */
export function stateOf(standing: Standing, facts: Facts, payout: Payout): State {
  const { entitlement } = facts
  if (!entitlement) throw new Error(`${payout} has no entitlement`)
  const decided = stateOfStanding(standing)
  if (decided) return decided
  const account = currentAccount(facts, schemeNamed(entitlement.scheme))
  const { obstacle } = standing
  const concerned = returnedByStatement(standing) || obstacle?.version === account?.version
  const inTheWay = concerned ? obstacle : undefined
  const failed = inTheWay ? stateOfObstacle(inTheWay) : undefined
  if (failed) return failed
  const at = dueAt(entitlement, facts, payout)
  const since = entitlement.governing.issuedAt
  if (!at) return { state: 'waiting', missing: 'survey', since }
  if (!account) return { state: 'waiting', missing: 'account', since }
  const { partner, version } = account
  if (standing.attempts.length >= attemptsMax) {
    const remedy = remedyOfRepeated('attempts-exhausted')
    return { state: 'failed', reason: 'attempts-exhausted', remedy, partner, since: at }
  }
  const notBefore = inTheWay?.type === 'deferred' ? latest(at, inTheWay.notBefore) : at
  return { state: 'scheduled', at: notBefore, partner, accountVersion: version }
}
