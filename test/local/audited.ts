import { createHash } from 'node:crypto'
import type { AuditedProgramme } from '../../infra/local/audit/audit.ts'
import type { Holdings, ParticipantRecord } from '../../infra/local/audit/holdings.ts'
import { createBook, type OpenBook } from '../../infra/local/partners/book.ts'
import type { AnyEntry, Entry } from '../../shared/domain/entry.ts'
import { epochMs, jakartaTimestamp } from '../../shared/domain/instant.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import { accrualPostings } from '../../shared/domain/postings.ts'
import { type PayoutRow, projectRow } from '../../shared/domain/row.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { chained } from '../../shared/ledger/dynamodb/journal.ts'
import {
  account,
  at,
  certificate,
  entitlement,
  linked,
  paid,
  participantId,
  rejected,
  unknown,
} from '../domain/examples.ts'
import { createStory } from '../domain/story.ts'

/** A small programme as an audit finds it, sound in every respect; tests spoil one thing each. */

export const shards = 2
const linkedAt = account('1').linkedAt
const number = '+628120000001'
const holderName = 'Orang Contoh'
const surveyed = { ...linked, surveys: { 1: at('2020-09-18T09:00:00+07:00') } }

/** Incentive 1 is paid, 2 unknown, 3 failed; survey 1 is paid; nothing has happened to the others. */
const stories: Partial<Record<Payout, (story: ReturnType<typeof createStory>) => void>> = {
  'incentive-1': (story) => story.settle(paid),
  'incentive-2': (story) => story.settle(unknown()),
  'incentive-3': (story) => story.settle(rejected('account-dormant')),
  'survey-1': (story) => story.settle(paid),
}

function tell(payout: Payout): { row: PayoutRow; chain: Entry[] } {
  const story = createStory(payout, surveyed)
  const happen = stories[payout]
  if (happen) {
    story.claim()
    happen(story)
  }
  const chain: Entry[] = []
  for (const { seq: _, previousHash: __, ...draft } of story.entries()) chain.push(chained(chain, draft))
  return { chain, row: projectRow(participantId, payout, { ...story.situation(), facts: surveyed }, shards) }
}

function record(): ParticipantRecord {
  const told = payouts.map((payout) => [payout, tell(payout)] as const)
  return {
    entitlement,
    surveys: surveyed.surveys,
    accounts: [{ version: '1', partner: 'gopay', number, holderName, linkedAt }],
    rows: new Map(told.map(([payout, { row }]) => [payout, row])),
    chains: new Map(told.map(([payout, { chain }]) => [payout, chain])),
  }
}

/** Credits what the journal says is paid, as the partner would have. */
function bookOf(name: string, { chains }: ParticipantRecord): OpenBook {
  const book = createBook({ float: rupiah(10_000_000), now: () => epochMs(at('2021-03-07T00:00:00+07:00')) })
  const claims = [...chains.values()].flatMap((chain) =>
    chain.some(({ event }) => event.type === 'disbursed') ? chain.map(({ event }) => event) : [],
  )
  for (const claim of claims) {
    if (claim.type === 'claimed' && claim.partner === name) debit(book, claim.reference, claim.amount)
  }
  return book
}

export function debit(book: OpenBook, partnerReferenceNo: string, amount: number): void {
  book.enter({
    at: at('2020-09-18T10:00:02+07:00'),
    direction: 'debit',
    partnerReferenceNo,
    referenceNo: 'GOPAY1',
    amount: rupiah(amount),
    accountNumber: number,
    serviceCode: '38',
  })
}

const event = (source: string, type: string, detail: object): string =>
  JSON.stringify({ source, 'detail-type': type, account: '100000000000', detail })

/** Everything that was published, each once and in order. */
export const bodies = {
  certificate: event('prakerja.platform.tokopedia', 'CertificateIssued', {
    ...certificate,
    participantId,
    wave: 5,
    issuedAt: jakartaTimestamp(certificate.issuedAt),
  }),
  survey: event('prakerja.core', 'SurveyCompleted', {
    participantId,
    survey: 1,
    completedAt: '2020-09-18T09:00:00+07:00',
  }),
  account: event('prakerja.core', 'PayoutAccountLinked', {
    participantId,
    partner: 'gopay',
    accountNumber: '0812-0000-001',
    holderName,
    linkedAt: jakartaTimestamp(linkedAt),
  }),
  refused: '<html>',
}

const accrual = (): AnyEntry =>
  chained([], {
    owner: participantId,
    subject: 'entitlement',
    at: certificate.issuedAt,
    by: 'test',
    event: {
      type: 'accrued',
      wave: 5,
      scheme: scheme2020.name,
      platform: certificate.platform,
      trainingProvider: certificate.trainingProvider,
    },
    postings: accrualPostings(scheme2020),
  })

/** The sound programme, with its parts within reach. */
export function soundProgramme() {
  const participant = record()
  const holdings: Holdings = {
    participants: new Map([[participantId, participant]]),
    certificates: new Map([
      [certificate.certificateId, { ...certificate, participantId, wave: entitlement.wave }],
    ]),
    quarantine: new Map([
      [
        createHash('sha256').update(bodies.refused).digest('hex'),
        { reason: 'malformed', detail: 'not JSON' },
      ],
    ]),
    otherChains: new Map([[participantId, [accrual()]]]),
  }
  const gopay = bookOf('gopay', participant)
  const published = Object.values(bodies)
  const books = new Map([
    ['gopay', gopay],
    ['ovo', bookOf('ovo', participant)],
  ])
  const programme: AuditedProgramme = { holdings, published, books, shards }
  return { programme, participant, gopay, published }
}
