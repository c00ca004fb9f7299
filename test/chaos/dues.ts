import type { CertificateRecord, Holdings } from '../../infra/local/audit/holdings.ts'
import type { JudgedPayout } from '../../infra/local/audit/payouts.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import { horizon, isOpen } from '../../shared/domain/calendar.ts'
import { dueAt } from '../../shared/domain/facts.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { shardOf } from '../../shared/domain/payout.ts'
import { endOfPayments } from '../../shared/domain/scheme.ts'
import type { Problem } from './checks.ts'

/** What an audit does not ask, because it takes the facts for granted: who was paid, when, and from how many records. */

/** A machine that stands still between looking at the calendar and claiming. */
const standstillSeconds = 3_600

const before = (one: CertificateRecord, other: CertificateRecord) =>
  one.issuedAt < other.issuedAt ||
  (one.issuedAt === other.issuedAt && one.certificateId < other.certificateId)

/** Entitlements whose payouts are not dated by the participant's first certificate. */
export function governingBreaks({ participants, certificates }: Holdings): readonly Problem[] {
  return [...participants].flatMap(([participantId, { entitlement }]) => {
    const own = [...certificates.values()].filter(
      (certificate) => certificate.participantId === participantId,
    )
    const first = own.find((one) => !own.some((other) => before(other, one)))
    const governing = entitlement?.governing.certificateId
    if (governing === first?.certificateId) return []
    const detail = `${participantId} is dated by ${governing}, but ${first?.certificateId} was the first`
    return [{ check: 'governing', subject: participantId, detail }]
  })
}

/** Claims that the calendar did not allow, by the facts as they are now: a payout's date only ever moves forward. */
export function dateBreaks(
  { participants }: Holdings,
  payouts: readonly JudgedPayout[],
  shards: number,
): readonly Problem[] {
  return payouts.flatMap(({ participantId, payout, scheme, standing }) => {
    const { entitlement, surveys = {} } = participants.get(participantId) ?? {}
    const due = entitlement && dueAt(entitlement, { entitlement, surveys, accounts: [] }, payout)
    const shard = shardOf(participantId, payout, shards)
    const open = (now: Instant) => due !== undefined && isOpen(horizon(scheme, now, shard, shards), due)
    const early = standing.attempts.filter(
      ({ claimedAt }) => !open(claimedAt) && !open(plusSeconds(claimedAt, -standstillSeconds)),
    )
    return early.map(({ claim, claimedAt }) => ({
      check: 'date',
      subject: `${participantId} ${payout}`,
      detail: `${claim.reference} is claimed at ${claimedAt}, due ${due}`,
    }))
  })
}

/** Money that went elsewhere than its claim says, or moved although our books say that it never did. */
export function movementBreaks(
  { participants }: Holdings,
  payouts: readonly JudgedPayout[],
  books: ReadonlyMap<string, Book>,
): readonly Problem[] {
  const attempts = new Map(
    payouts.flatMap(({ participantId, payout, standing }) =>
      standing.attempts.map(({ claim, status }) => {
        const { accounts = [] } = participants.get(participantId) ?? {}
        const account = accounts.find(({ version }) => version === claim.accountVersion)
        return [claim.reference, { claim, status, account, subject: `${participantId} ${payout}` }] as const
      }),
    ),
  )
  return [...books].flatMap(([partner, book]) =>
    book.movements().flatMap(({ partnerReferenceNo: reference, accountNumber, amount }) => {
      const { claim, status, account, subject = '' } = attempts.get(reference) ?? {}
      const wrong = (detail: string) => [{ check: 'movement', subject, detail: `${reference} ${detail}` }]
      if (claim?.partner !== partner || claim.amount !== amount || account?.number !== accountNumber)
        return wrong(`has moved ${amount} at ${partner}, other than was claimed`)
      const unmoved = status === 'rejected' || status === 'deferred'
      return unmoved ? wrong(`is ${status}, yet it has moved money`) : []
    }),
  )
}

/** Of an account that was linked so late nothing is promised any more. */
const daysBeforeEnd = 3

/** Payouts that closing has cancelled although everything was known in time and the partner knows the account. */
export function unpaidBreaks(
  { participants }: Holdings,
  payouts: readonly JudgedPayout[],
): readonly Problem[] {
  return payouts.flatMap(({ participantId, payout, scheme, state }) => {
    const { entitlement, surveys = {}, accounts = [], chains } = participants.get(participantId) ?? {}
    const chain = chains?.get(payout) ?? []
    if (!entitlement || state.state !== 'cancelled' || state.reason !== 'scheme-closed') return []
    const versions = accounts
      .toSorted((one, other) => (one.version < other.version ? -1 : 1))
      .map(({ number, shared = false, ...account }) => ({ ...account, shared, lastFour: number.slice(-4) }))
    const facts = { entitlement, surveys, accounts: versions }
    const then = stateOf(replay(chain.slice(0, -1)), facts, payout)
    const inTime = plusSeconds(endOfPayments(scheme), -daysBeforeEnd * 86_400)
    if (then.state !== 'scheduled' || then.at > inTime) return []
    const account = accounts.find(({ version }) => version === then.accountVersion)
    if (account?.verification?.outcome !== 'verified') return []
    const subject = `${participantId} ${payout}`
    return [
      { check: 'unpaid', subject, detail: `${subject} could be paid from ${then.at} on, and nobody did` },
    ]
  })
}

/** Facts that are kept more often than they were published. `accepted`: published events, each fact once. */
export function factBreaks({ participants, certificates }: Holdings, accepted: number): readonly Problem[] {
  const kept = [...participants.values()].reduce(
    (sum, { surveys, accounts }) => sum + Object.keys(surveys).length + accounts.length,
    certificates.size,
  )
  const detail = `${kept} facts are kept of ${accepted} that were published`
  return kept === accepted ? [] : [{ check: 'facts', subject: '', detail }]
}
