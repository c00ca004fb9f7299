import type { Subject } from '../../domain/entry.ts'
import { type CivilDate, epochMs, type Instant } from '../../domain/instant.ts'
import { isPayout, type Payout, type SurveyNumber } from '../../domain/payout.ts'
import type { Key } from './table.ts'

/**
 * Where things are kept. In the table Payouts a participant's facts have upper-case sort keys and the payouts
 * lower-case ones; one query reads them all.
 */
const seqDigits = 4

/** `incentive-1#0003`: text order is the order of the chain. */
export const entryKey = (owner: string, subject: Subject, seq: number): Key => ({
  pk: owner,
  sk: `${subject}#${String(seq).padStart(seqDigits, '0')}`,
})
/** More entries than this in one chain is a bug that must stop. */
export const seqMax = 10 ** seqDigits - 1

/** The owner of a partner's float chain, and of its control row. */
export const partnerOwner = (partner: string): string => `partner#${partner}`

export const keys = {
  entitlement: (participantId: string): Key => ({ pk: participantId, sk: 'ENTITLEMENT' }),
  /** A certificate that does not govern, under its participant. */
  laterCertificate: (participantId: string, certificateId: string): Key => ({
    pk: participantId,
    sk: `CERTIFICATE#${certificateId}`,
  }),
  /** Every certificate, under its own id: the same id can be issued once only, to one participant. */
  certificate: (certificateId: string): Key => ({ pk: `certificate#${certificateId}`, sk: 'CERTIFICATE' }),
  survey: (participantId: string, survey: SurveyNumber): Key => ({
    pk: participantId,
    sk: `SURVEY#${survey}`,
  }),
  payout: (participantId: string, payout: Payout): Key => ({ pk: participantId, sk: payout }),
  control: (partner: string): Key => ({ pk: partnerOwner(partner), sk: 'CONTROL' }),
  cursor: (partner: string): Key => ({ pk: partnerOwner(partner), sk: 'CURSOR' }),
  budget: (scheme: string): Key => ({ pk: `scheme#${scheme}`, sk: 'BUDGET' }),
  /** What a document has moved between treasury and floats: once, at one partner. */
  document: (document: string): Key => ({ pk: `document#${document}`, sk: 'DOCUMENT' }),
  closing: (scheme: string): Key => ({ pk: `scheme#${scheme}`, sk: 'CLOSING' }),
  account: (participantId: string, version: string): Key => ({ pk: participantId, sk: version }),
  /** Who has linked an account, by a keyed hash of partner and number. */
  holder: (accountHash: string, participantId: string, version: string): Key => ({
    pk: `account#${accountHash}`,
    sk: `${participantId}#${version}`,
  }),
  /** Spread over 16 partitions by the hash's first digit; the same body always has the same key. */
  refused: (hash: string): Key => ({ pk: `quarantine#${hash.slice(0, 1)}`, sk: hash }),
} as const

/** The last millisecond of the year 9999, to count back from. */
const endOfTime = 253_402_300_799_999
/** Sorts the newest first, for a query reads upwards. */
const newestFirst = (at: Instant): string => String(endOfTime - epochMs(at)).padStart(15, '0')

/** Where things are kept in the table of operations. */
export const operationKeys = {
  request: (person: string, key: string): Key => ({ pk: `request#${person}`, sk: key }),
  set: (hash: string): Key => ({ pk: `set#${hash}`, sk: 'SET' }),
  /** The hundred members from `100 * part` on. */
  members: (hash: string, part: number): Key => ({
    pk: `set#${hash}`,
    sk: `MEMBERS#${String(part).padStart(2, '0')}`,
  }),
  /** Which job works through the set. */
  jobOfSet: (hash: string): Key => ({ pk: `set#${hash}`, sk: 'JOB' }),
  /** What a person has applied alone. */
  alone: (person: string): Key => ({ pk: `alone#${person}`, sk: 'ALONE' }),
  proposal: (id: string): Key => ({ pk: `proposal#${id}`, sk: 'PROPOSAL' }),
  job: (id: string): Key => ({ pk: `job#${id}`, sk: 'JOB' }),
  /** A place in the list of all proposals, or jobs. */
  place: (list: 'proposals' | 'jobs', at: Instant, id: string): Key => ({
    pk: list,
    sk: `${newestFirst(at)}#${id}`,
  }),
  auditRecord: (day: CivilDate, seq: number): Key => ({
    pk: `audit#${day}`,
    sk: String(seq).padStart(6, '0'),
  }),
  /** That a record of that name is in the trail. */
  recorded: (name: string): Key => ({ pk: `recorded#${name}`, sk: 'RECORDED' }),
  /** The end of the audit trail. */
  auditHead: { pk: 'audit', sk: 'HEAD' },
} as const

/** The payout a chain key belongs to, if it is one. */
export function payoutOfEntryKey(sk: string): Payout | undefined {
  const subject = sk.slice(0, sk.lastIndexOf('#'))
  return isPayout(subject) ? subject : undefined
}
