import type { AccountRecord, Holdings, ParticipantRecord } from '../../infra/local/audit/holdings.ts'
import { createBook, type Movement } from '../../infra/local/partners/book.ts'
import type { Claim } from '../../shared/domain/entry.ts'
import { epochMs } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { account, at, certificate, entitlement, participantId } from '../domain/examples.ts'
import type { Story } from '../domain/story.ts'
import type { Problem } from './checks.ts'

/* What is claimed and held of one participant, and what partners have moved for it. */

export const named = (problems: readonly Problem[]) =>
  problems.map(({ check, subject }) => `${check} ${subject}`)
export const jakarta = (text: string) => at(`${text}+07:00`)

export const claimedAt = jakarta('2020-11-10T00:00:00')
export const until = jakarta('2020-11-10T00:02:30')
/** The first claim of an incentive, whose sender's term ends at `until`. */
export const claim = {
  type: 'claimed',
  attempt: 1,
  reference: 'P-1-I1-A1',
  partner: 'bni',
  accountVersion: 'v1',
  lastFour: '0001',
  amount: rupiah(600_000),
  transactionDate: claimedAt,
  bodyHash: '',
  until,
} as const satisfies Claim

export const number = '+628120000001'
export const gopay: AccountRecord = {
  version: '1',
  partner: 'gopay',
  number,
  holderName: 'Orang Contoh',
  linkedAt: account('1').linkedAt,
}
export type Known = Omit<ParticipantRecord, 'rows' | 'chains'>
export const known: Known = { entitlement, surveys: {}, accounts: [gopay] }

export const issued = (certificateId: string, issuedAt: string, owner = participantId) => ({
  ...certificate,
  certificateId,
  issuedAt: jakarta(issuedAt),
  participantId: owner,
  wave: entitlement.wave,
})
export const first = issued('C-0001', '2020-09-18T10:00:00')
export const stranger = 'P-00018'

/** What is held of one participant, whose payouts have gone as these stories tell. */
export function holdingsOf(
  stories: readonly Story[],
  record: Known = known,
  certificates = [first],
): Holdings {
  const chains = new Map(stories.map((story) => [story.payout, [...story.entries()]]))
  return {
    participants: new Map([[participantId, { ...record, rows: new Map(), chains }]]),
    certificates: new Map(certificates.map((one) => [one.certificateId, one])),
    quarantine: new Map(),
    otherChains: new Map(),
  }
}

export const reference = `${participantId}-I1-A1`
const movement: Movement = {
  at: jakarta('2020-09-18T10:00:02'),
  direction: 'debit',
  partnerReferenceNo: reference,
  referenceNo: 'GOPAY1',
  amount: rupiah(600_000),
  accountNumber: number,
  serviceCode: '38',
}
export function booksOf(movements: readonly Partial<Movement>[], partner = 'gopay') {
  const now = () => epochMs(jakarta('2021-03-07T00:00:00'))
  const books = new Map(
    ['gopay', 'ovo'].map((name) => [name, createBook({ float: rupiah(10_000_000), now })]),
  )
  for (const change of movements) books.get(partner)?.enter({ ...movement, ...change })
  return books
}
