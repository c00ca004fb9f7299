import type { CertificateRecord, Holdings, ParticipantRecord } from '../../infra/local/audit/holdings.ts'
import type { JudgedPayout } from '../../infra/local/audit/payouts.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import { horizon, isOpen } from '../../shared/domain/calendar.ts'
import { dueAt } from '../../shared/domain/facts.ts'
import { openAttempt } from '../../shared/domain/fold.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { shardOf } from '../../shared/domain/payout.ts'
import type { Problem } from './checks.ts'
import { setBackMaxSeconds } from './clock.ts'
import { standstillSeconds } from './closing.ts'

/** What an audit does not ask, because it takes the facts for granted: who was paid, when, and from how many records. */

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

/** Participants whose entitlement has not an entry for every certificate: the accrual, and a note of each one more. */
export function noteBreaks({ participants, certificates, otherChains }: Holdings): readonly Problem[] {
  const issued = Map.groupBy(certificates.values(), ({ participantId }) => participantId)
  return [...participants.keys()].flatMap((participantId) => {
    const counts = [issued.get(participantId)?.length ?? 0, otherChains.get(participantId)?.length ?? 0]
    if (counts[0] === counts[1]) return []
    const detail = `${participantId} has ${counts.join(' certificates, and the journal says ')}`
    return [{ check: 'notes', subject: participantId, detail }]
  })
}

/** When a payout was due, whichever of the participant's certificates governed then. */
function duesOf(
  { participants, certificates }: Holdings,
  { participantId, payout }: JudgedPayout,
): readonly Instant[] {
  const { entitlement, surveys = {} } = participants.get(participantId) ?? {}
  if (!entitlement) return []
  const own = [...certificates.values()].filter((certificate) => certificate.participantId === participantId)
  return own.flatMap(({ issuedAt }) => {
    const governed = { ...entitlement, governing: { ...entitlement.governing, issuedAt } }
    return dueAt(governed, { entitlement: governed, surveys, accounts: [] }, payout) ?? []
  })
}

/**
 * Claims that the calendar did not allow. What a later certificate dates into the blackout leaves before it, even though
 * it turns out then that it was due on another day.
 */
export function dateBreaks(
  holdings: Holdings,
  payouts: readonly JudgedPayout[],
  shards: number,
): readonly Problem[] {
  return payouts.flatMap((judged) => {
    const { participantId, payout, scheme, standing } = judged
    if (standing.attempts.length === 0) return []
    const dues = duesOf(holdings, judged)
    const shard = shardOf(participantId, payout, shards)
    const open = (now: Instant) => dues.some((due) => isOpen(horizon(scheme, now, shard, shards), due))
    const early = standing.attempts.filter(
      ({ claimedAt }) =>
        ![0, -standstillSeconds, setBackMaxSeconds].some((seconds) => open(plusSeconds(claimedAt, seconds))),
    )
    return early.map(({ claim, claimedAt }) => ({
      check: 'date',
      subject: `${participantId} ${payout}`,
      detail: `${claim.reference} is claimed at ${claimedAt}, due ${dues.toSorted()[0]}`,
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

/** Of what becomes due so late nothing is promised any more. */
const lateDays = 3
/** What is asked about once a week is known within so many days. */
const askedDays = 16

/** Whether a partner plays tricks with an account: by its number as the partner knows it. */
export type Tricky = (partner: string, number: string) => boolean

type Liveness = { readonly now: Instant; readonly tricky: Tricky; readonly books: ReadonlyMap<string, Book> }

/** Payouts that are due, whose account the partner knows or would know, and that nobody has paid. */
function unpaid(
  { accounts }: ParticipantRecord,
  { participantId, payout, state }: JudgedPayout,
  { now, tricky }: Liveness,
): readonly Problem[] {
  if (state.state !== 'scheduled' || state.at > plusSeconds(now, -lateDays * 86_400)) return []
  const account = accounts.find(({ version }) => version === state.accountVersion)
  const payable = account && (account.verification || !tricky(account.partner, account.number))
  const since = account && plusSeconds(account.linkedAt, lateDays * 86_400)
  if (!payable || !since || since > now) return []
  const subject = `${participantId} ${payout}`
  return [{ check: 'unpaid', subject, detail: `${subject} is due since ${state.at}, and nobody has paid it` }]
}

/** Attempts that have an end, by the partner's book or because their sender's term is over, and nobody wrote it down. */
function unsettled(
  { participantId, payout, standing }: JudgedPayout,
  { now, books }: Liveness,
): readonly Problem[] {
  const open = openAttempt(standing)
  if (!open || open.lastSentAt > plusSeconds(now, -askedDays * 86_400)) return []
  const { partner, reference } = open.claim
  const paid = books.get(partner)?.paid(reference) ?? false
  const subject = `${participantId} ${payout}`
  const wrong = (detail: string) => [{ check: 'unsettled', subject, detail: `${reference} ${detail}` }]
  if (open.status === 'sending') return wrong(`is being sent since ${open.lastSentAt}`)
  return paid ? wrong(`is ${open.status} since ${open.since}, and ${partner} has paid it`) : []
}

/** What could have been done in good time before closing puts an end to it, and was not. */
export const undone = (
  { participants }: Holdings,
  payouts: readonly JudgedPayout[],
  liveness: Liveness,
): readonly Problem[] =>
  payouts.flatMap((payout) => {
    const record = participants.get(payout.participantId)
    return [...(record ? unpaid(record, payout, liveness) : []), ...unsettled(payout, liveness)]
  })

/** Facts that are kept more often than they were published. `accepted`: published events, each fact once. */
export function factBreaks({ participants, certificates }: Holdings, accepted: number): readonly Problem[] {
  const kept = [...participants.values()].reduce(
    (sum, { surveys, accounts }) => sum + Object.keys(surveys).length + accounts.length,
    certificates.size,
  )
  const detail = `${kept} facts are kept of ${accepted} that were published`
  return kept === accepted ? [] : [{ check: 'facts', subject: '', detail }]
}
