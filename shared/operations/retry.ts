import type { Situation } from '../domain/decide.ts'
import type { Entry } from '../domain/entry.ts'
import { currentAccount, type Facts } from '../domain/facts.ts'
import { outstanding, returnedByStatement, type Standing } from '../domain/fold.ts'
import type { Instant } from '../domain/instant.ts'
import { kindOf } from '../domain/payout.ts'
import type { Control } from '../domain/permit.ts'
import { attemptsMax } from '../domain/reference.ts'
import type { PayoutRow } from '../domain/row.ts'
import { rupiah, sum } from '../domain/rupiah.ts'
import { amountOf, participantCeiling, schemeNamed, schemeOfWave } from '../domain/scheme.ts'
import type { State } from '../domain/state.ts'
import { canonicalJson } from '../ledger/canonical.ts'
import { sha256Of } from '../ledger/chain.ts'
import type { RetryMember, RetrySet } from './register.ts'
import type { SkipReason } from './schemas.ts'

/** Which payouts people may have sent again, and the set that exactly these make. Pure. */

/** A payout as its chain and its participant's facts show it; a `PayoutCase` is one. */
export type RetryCase = Situation & { readonly chain: readonly Entry[]; readonly facts: Facts }

/** By partner, the lane's control row; a partner that is missing is not paused. */
export type ControlRows = Readonly<Record<string, Pick<Control, 'paused'>>>

type Failed = Extract<State, { state: 'failed' | 'returned' }>

/** Why a payout that has not failed is not sent again. */
const skipReason = {
  waiting: 'not-failed',
  scheduled: 'not-failed',
  sending: 'unknown-outcome',
  pending: 'unknown-outcome',
  unknown: 'unknown-outcome',
  paid: 'already-paid',
  held: 'held',
  cancelled: 'cancelled',
} as const satisfies Record<Exclude<State, Failed>['state'], SkipReason>

/** Rupiah that has left the floats for a payout and not come back, however often it was paid. */
const receivedOf = ({ chain }: RetryCase): number =>
  chain
    .flatMap(({ postings }) => postings)
    .reduce((total, { from, to, amount }) => {
      if (from.startsWith('float/')) return total + amount
      return to.startsWith('float/') ? total - amount : total
    }, 0)

/** What the participant has received for a payout, or is still to receive. */
function claimOf(one: RetryCase): number {
  const { state } = one.state
  const settled = state === 'paid' || state === 'cancelled'
  return receivedOf(one) + (settled ? 0 : amountOf(schemeNamed(one.scheme), one.payout))
}

/**
 * Whether the participant could end with more than the scheme allows one person, net of proven returns. That takes a
 * payment that was made twice: until it is recovered, or as much is cancelled, nothing is sent again. Every payout still
 * owed counts, so that it does not matter in which order members of a set are looked at.
 */
const isOverCeiling = (scheme: string, participant: readonly RetryCase[]): boolean =>
  participant.reduce((total, one) => total + claimOf(one), 0) > participantCeiling(schemeNamed(scheme))

/** By whose word an attempt is closed, where it is not by the partner's answer to us. */
function closedBy(chain: readonly Entry[], attempt: number): RetryMember['onWordOf'] {
  const closing = chain
    .map(({ event }) => event)
    .findLast(
      (event) =>
        (event.type === 'returned' || event.type === 'rejected' || event.type === 'deferred') &&
        event.attempt === attempt,
    )
  if (closing?.type === 'returned' && closing.evidence.document !== undefined) return 'statement'
  return closing?.type === 'rejected' && closing.reason === 'attested-not-paid' ? 'document' : undefined
}

/**
 * Whether any attempt is closed by a credit on a statement, or by the document of two people: late proof reopens attempts
 * in whatever order, so that the highest number is not what was closed last, and each of them may have paid.
 */
function wordOf({ chain, standing }: Pick<RetryCase, 'chain' | 'standing'>): Pick<RetryMember, 'onWordOf'> {
  const words = standing.attempts.map(({ claim }) => closedBy(chain, claim.attempt))
  const onWordOf = (['statement', 'document'] as const).find((word) => words.includes(word))
  return onWordOf === undefined ? {} : { onWordOf }
}

/** What ends a failed payout's retries whatever the facts are. */
function endedFor(standing: Standing): SkipReason | undefined {
  // Late proof of a payment that the next run of inquire writes down.
  if (outstanding(standing)) return 'already-paid'
  return standing.attempts.length >= attemptsMax ? 'attempts-exhausted' : undefined
}

/**
 * What `judgeRetry` says, as far as a payout's row and chain tell it: thousands can be looked at so, since no other
 * payout of the participant and no account is read. `undefined` where they do not tell. The account is the one that the
 * last attempt failed on; whether it still is the current one, and whether the participant would get too much, only
 * `judgeRetry` knows: whoever acts on this must ask it about each member again.
 */
export function judgeRow(
  { participantId, payout, state, remedy, wave }: PayoutRow,
  { chain, standing }: Pick<RetryCase, 'chain' | 'standing'>,
  controls: ControlRows,
): RetryMember | SkipReason | undefined {
  if (state !== 'failed' && state !== 'returned') return skipReason[state]
  const ended = endedFor(standing)
  if (ended) return ended
  if (remedy === 'participant') return 'needs-participant'
  const { obstacle } = standing
  const scheme = schemeOfWave(wave)
  // What a statement says stays in the way whatever account is linked since, so its account may be an old one.
  if (!obstacle || !scheme || returnedByStatement(standing)) return undefined
  if (standing.attempts.some(({ ending }) => ending)) return undefined
  const { partner, version: accountVersion } = obstacle
  if (controls[partner]?.paused[kindOf(payout)]) return 'partner-paused'
  const closedAttempt = standing.attempts.at(-1)?.claim.attempt ?? 0
  const amount = amountOf(scheme, payout)
  const member = { participantId, payout, closedAttempt, accountVersion, partner, amount }
  return { ...member, ...wordOf({ chain, standing }) }
}

/**
 * Whether one payout of a participant may be sent again: the member it would be of a set, or why it is left alone.
 * `participant`: all payouts under the entitlement; the one asked for may be missing (`not-found`).
 *
 * `retried` takes away what the last closed attempt, or the refused verification, has put in the way. Where the same
 * account would be refused again without a call, and where the remedy is the participant's and no other account has been
 * linked since (then the payout would not be failed), that helps nobody: `needs-participant`.
 */
export function judgeRetry(
  payout: RetryCase['payout'],
  participant: readonly RetryCase[],
  controls: ControlRows,
): RetryMember | SkipReason {
  const found = participant.find((one) => one.payout === payout)
  if (!found) return 'not-found'
  const { state, standing, facts, participantId } = found
  if (state.state !== 'failed' && state.state !== 'returned') return skipReason[state.state]
  const ended = endedFor(standing)
  if (ended) return ended
  const scheme = schemeNamed(found.scheme)
  const account = currentAccount(facts, scheme)
  if (!account) return 'needs-participant'
  if (state.state === 'failed' && state.remedy === 'participant') return 'needs-participant'
  if (account.verification?.outcome === 'refused') return 'needs-participant'
  if (isOverCeiling(found.scheme, participant)) return 'over-ceiling'
  if (controls[account.partner]?.paused[kindOf(payout)]) return 'partner-paused'
  const closedAttempt = standing.attempts.at(-1)?.claim.attempt ?? 0
  return {
    participantId,
    payout,
    closedAttempt,
    accountVersion: account.version,
    partner: account.partner,
    amount: amountOf(scheme, payout),
    ...wordOf(found),
  }
}

/** Whether a member of a set is still what it was when the set was made; `now` is what `judgeRetry` says of it now. */
export const isUnchanged = (member: RetryMember, now: RetryMember | SkipReason): boolean =>
  canonicalJson(member) === canonicalJson(now)

const nameOf = ({ participantId, payout }: RetryMember): string => `${participantId} ${payout}`

/** By participant and payout, each once: the order in which a set is hashed, kept and worked through. */
export const sortedMembers = (members: readonly RetryMember[]): readonly RetryMember[] =>
  [...new Map(members.map((member) => [nameOf(member), member])).entries()]
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([, member]) => member)

/** The set of exactly these members, in whatever order they come. */
export function setOf(members: readonly RetryMember[], at: Instant): RetrySet {
  const sorted = sortedMembers(members)
  const amount = sum(sorted.map((member) => rupiah(member.amount)))
  const on = (word: RetryMember['onWordOf']) => sorted.filter(({ onWordOf }) => onWordOf === word).length
  const [returnedByStatement, notPaidByDocument] = [on('statement'), on('document')]
  return {
    hash: sha256Of(sorted),
    payments: sorted.length,
    rupiah: amount,
    ...(returnedByStatement > 0 && { returnedByStatement }),
    ...(notPaidByDocument > 0 && { notPaidByDocument }),
    at,
  }
}
