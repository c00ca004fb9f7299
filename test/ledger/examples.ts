import type { Claim, Draft } from '../../shared/domain/entry.ts'
import type { Certificate, Entitlement } from '../../shared/domain/facts.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { type Instant, instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { accrualPostings, postingsOf } from '../../shared/domain/postings.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { type PayoutRow, projectRow } from '../../shared/domain/row.ts'
import { amountOf, payoutsOf, scheme2020 } from '../../shared/domain/scheme.ts'
import type { AccountLink, CertificateRecord, Participants } from '../../shared/ledger/ports.ts'

/** 10:00:01 in Jakarta on 18 September 2020. */
export const now = instant(Date.UTC(2020, 8, 18, 3, 0, 1))
const shards = 4

let participants = 0
/** An id no other test of the file has. */
export const newParticipant = (): string => `P-${String(++participants).padStart(5, '0')}`

let certificates = 0
export const newCertificate = (issuedAt: Instant = now): Certificate => ({
  certificateId: `CERT-${++certificates}`,
  issuedAt,
  platform: 'tokopedia',
  trainingProvider: 'skill-academy',
  trainingId: 'T-1',
})

export const entitlementOf = (participantId: string, governing = newCertificate()): Entitlement => ({
  participantId,
  wave: 4,
  scheme: scheme2020.name,
  governing,
  replacements: 0,
})

/** The seven rows as intake writes them: no account, no survey, no entry. */
export function rowsOf(entitlement: Entitlement): readonly PayoutRow[] {
  const facts = { entitlement, surveys: {}, accounts: [] }
  const standing = replay([])
  return payoutsOf(scheme2020).map((payout) => {
    const state = stateOf(standing, facts, payout)
    return projectRow(entitlement.participantId, payout, { standing, state, facts }, shards)
  })
}

export const accrualOf = ({ participantId, wave, scheme, governing }: Entitlement): Draft => ({
  owner: participantId,
  subject: 'entitlement',
  at: governing.issuedAt,
  by: 'intake',
  event: {
    type: 'accrued',
    wave,
    scheme,
    platform: governing.platform,
    trainingProvider: governing.trainingProvider,
  },
  postings: accrualPostings(scheme2020),
})

/** What intake notes of one more certificate. */
export const certifiedOf = ({ participantId, wave }: Entitlement, certificate: Certificate): Draft => ({
  owner: participantId,
  subject: 'entitlement',
  at: now,
  by: 'intake',
  event: {
    type: 'certified',
    wave,
    platform: certificate.platform,
    trainingProvider: certificate.trainingProvider,
    governs: false,
  },
  postings: [],
})

/** What intake does with a first certificate: recorded, it is given its rows. */
export async function entitle(
  participants: Participants,
  entitlement: Entitlement,
): Promise<CertificateRecord> {
  const outcome = await participants.entitle(entitlement, accrualOf(entitlement))
  if (outcome === 'recorded') await Promise.all(rowsOf(entitlement).map(participants.project))
  return outcome
}

/** A row with one entry behind it, in the list of payouts that may be sent to `bni`. */
export const openRow = (participantId: string, at = now): PayoutRow => ({
  participantId,
  payout: 'incentive-1',
  seq: 1,
  facts: 1,
  state: 'scheduled',
  list: 'open#bni#0',
  at,
  wave: 4,
  since: now,
  partner: 'bni',
  lastFour: '6789',
})

export const noteOf = (participantId: string, payout: Payout, reason: string): Draft => ({
  owner: participantId,
  subject: payout,
  at: now,
  by: 'operator',
  event: { type: 'held', reason },
  postings: [],
})

export function claimOf(participantId: string, payout: Payout, attempt = 1): Draft {
  const event: Claim = {
    type: 'claimed',
    attempt,
    reference: referenceOf(participantId, payout, attempt),
    partner: 'bni',
    accountVersion: `${now}-0123abcd`,
    lastFour: '6789',
    amount: amountOf(scheme2020, payout),
    transactionDate: now,
    bodyHash: '0123456789abcdef'.repeat(4),
    until: plusSeconds(now, 150),
  }
  const postings = postingsOf(event, scheme2020, payout, event.partner)
  return { owner: participantId, subject: payout, at: now, by: 'pay', event, postings }
}

export const linkOf = (participantId: string, number = '0123456789'): AccountLink => ({
  participantId,
  partner: 'bni',
  number,
  holderName: 'BUDI SANTOSO',
  linkedAt: now,
})
