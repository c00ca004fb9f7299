import { createHash, randomUUID } from 'node:crypto'
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import { type Command, decide, draft } from '../../shared/domain/decide.ts'
import { currentAccount, dueAt, type Entitlement } from '../../shared/domain/facts.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { TransferOutcome } from '../../shared/domain/outcome.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import { accrualPostings } from '../../shared/domain/postings.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { projectRow } from '../../shared/domain/row.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { toItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { chained, entryItem } from '../../shared/ledger/dynamodb/journal.ts'
import { keys } from '../../shared/ledger/dynamodb/keys.ts'
import type { TableNames } from '../../shared/ledger/dynamodb/open.ts'
import type { Key } from '../../shared/ledger/dynamodb/table.ts'
import { caseOf, type PayoutCase } from '../../shared/ledger/payout.ts'
import type { Account, PayoutKey } from '../../shared/ledger/ports.ts'
import { entrySchema } from '../../shared/ledger/schemas.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { at } from '../domain/examples.ts'

/** Participants as the pipeline would have left them: the rules decide every entry and row, only the writing is faster. */

export const holderName = 'SITI RAHAYU'
/** The partner whose payouts have failed. */
export const failingPartner: PartnerName = 'bni'
const otherPartners: readonly PartnerName[] = ['gopay', 'linkaja', 'ovo']
/** Of those with other partners: one in so many has no account yet, one in so many has a payout without an outcome. */
const unlinkedEvery = 4
const pendingEvery = 10

type Tables = Required<TableNames & { readonly accounts: string }>
type Put = {
  readonly table: keyof Tables
  readonly value: Key & Readonly<Record<string, unknown>>
}

/** How a participant stands: what was paid to which account, and what the last transfer came to. */
type Life = {
  readonly issuedAt: Instant
  readonly account?: { readonly partner: PartnerName; readonly number: string }
  readonly sent: readonly (readonly [Payout, TransferOutcome])[]
}

const evidence = { code: '2001700', http: 200, referenceNo: '20200910000000000001' }
const paid: TransferOutcome = { outcome: 'paid', evidence }
const pending: TransferOutcome = { outcome: 'pending', evidence }
/** The remedy is the partner's. */
const refused: TransferOutcome = {
  outcome: 'rejected',
  reason: 'routing-unavailable',
  evidence: { ...evidence, code: '4031715', http: 403 },
}

const participantIdOf = (index: number): string => `P-${String(index).padStart(8, '0')}`

/** The wallet or bank number of a participant, as the simulator is told it. */
const numberOf = (partner: PartnerName, index: number): string =>
  partner === 'bni' ? String(10_000_000 + index) : `+6281${String(10_000_000 + index)}`

function lifeOf(index: number, failed: number): Life {
  if (index < failed) {
    const account = { partner: failingPartner, number: numberOf(failingPartner, index) }
    const before = (['incentive-1', 'incentive-2', 'survey-1', 'survey-2'] as const).map(
      (payout) => [payout, paid] as const,
    )
    return { issuedAt: at('2020-07-10T10:00:00+07:00'), account, sent: [...before, ['incentive-3', refused]] }
  }
  const issuedAt = at('2020-08-25T10:00:00+07:00')
  if (index % unlinkedEvery === 0) return { issuedAt, sent: [] }
  const partner = otherPartners[index % otherPartners.length] ?? 'gopay'
  const account = { partner, number: numberOf(partner, index) }
  const last = index % pendingEvery === 0 ? pending : paid
  return {
    issuedAt,
    account,
    sent: [
      ['incentive-1', paid],
      ['survey-1', last],
    ],
  }
}

function accountOf(participantId: string, { issuedAt, account }: Life): Account[] {
  if (!account) return []
  const { partner, number } = account
  const suffix = createHash('sha256').update(`${participantId} ${number}`).digest('hex').slice(0, 8)
  const lastFour = number.slice(-4)
  const verification = { verification: { outcome: 'verified' }, verified: { name: holderName } } as const
  const known = { version: `${issuedAt}-${suffix}`, linkedAt: issuedAt, partner, number, lastFour }
  return [{ ...known, holderName, shared: false, ...verification }]
}

/** The case after what `command` makes of it. */
function after(before: PayoutCase, command: Command, when: Instant): PayoutCase {
  const decision = decide(before, command)
  if ('refusal' in decision) throw new Error(`${command.command} is ${decision.refusal}`)
  const entry = entrySchema.parse(
    chained(before.chain, draft(before, decision.event, when, `pay/${randomUUID()}`)),
  )
  return caseOf(before.participantId, before.payout, { ...before, chain: [...before.chain, entry] })
}

/** Claimed, sent and settled at that time. */
function sent(before: PayoutCase, outcome: TransferOutcome, when: Instant): PayoutCase {
  const { participantId, payout } = before
  const account = currentAccount(before.facts, scheme2020)
  if (!account) throw new Error(`${payout} of ${participantId} has no account`)
  const claim = {
    type: 'claimed',
    attempt: 1,
    reference: referenceOf(participantId, payout, 1),
    partner: account.partner,
    accountVersion: account.version,
    lastFour: account.lastFour,
    amount: amountOf(scheme2020, payout),
    transactionDate: when,
    bodyHash: '0'.repeat(64),
    until: plusSeconds(when, claimTermSeconds),
  } as const
  const claimed = after(before, { command: 'claim', claim }, when)
  return after(claimed, { command: 'settle', attempt: 1, seq: 1, outcome }, plusSeconds(when, 1))
}

/** Everything that is stored of one participant. */
function participant(index: number, failed: number, shards: number): readonly Put[] {
  const participantId = participantIdOf(index)
  const life = lifeOf(index, failed)
  const { issuedAt } = life
  const certificateId = `C-${participantId}`
  const training = { trainingProvider: 'skill-academy', trainingId: 'T-0001' }
  const governing = { certificateId, issuedAt, platform: 'tokopedia', ...training }
  const entitlement: Entitlement = {
    participantId,
    wave: 5,
    scheme: scheme2020.name,
    governing,
    replacements: 0,
  }
  const surveyed = life.sent.flatMap(([payout]) =>
    payout === 'survey-1' || payout === 'survey-2' ? [payout] : [],
  )
  const surveys = Object.fromEntries(
    surveyed.map((payout) => [payout.slice(-1), plusSeconds(issuedAt, 3_600)]),
  )
  const accounts = accountOf(participantId, life)
  const facts = { entitlement, surveys, accounts }
  const cases = payouts.map((payout, place) => {
    const untouched = caseOf(participantId, payout, { chain: [], facts, accounts })
    const outcome = life.sent.find(([name]) => name === payout)?.[1]
    const due = dueAt(entitlement, facts, payout)
    // Half a second apart, so that the lists have an order.
    return outcome && due ? sent(untouched, outcome, plusSeconds(due, 30_000 + index / 2 + place)) : untouched
  })
  return putsOf(entitlement, cases, accounts, surveys, shards)
}

function putsOf(
  entitlement: Entitlement,
  cases: readonly PayoutCase[],
  accounts: readonly Account[],
  surveys: Readonly<Record<string, Instant>>,
  shards: number,
): readonly Put[] {
  const { participantId, governing, wave, scheme } = entitlement
  const accrual = chained([], {
    owner: participantId,
    subject: 'entitlement',
    at: governing.issuedAt,
    by: `intake/${randomUUID()}`,
    event: {
      type: 'accrued',
      wave,
      scheme,
      platform: governing.platform,
      trainingProvider: governing.trainingProvider,
    },
    postings: accrualPostings(scheme2020),
  })
  const inPayouts = [
    { ...keys.certificate(governing.certificateId), ...governing, participantId, wave },
    { ...keys.entitlement(participantId), ...entitlement },
    ...([1, 2] as const).flatMap((survey) =>
      surveys[survey]
        ? [{ ...keys.survey(participantId, survey), survey, completedAt: surveys[survey] }]
        : [],
    ),
    ...cases.map((one) => ({
      ...keys.payout(participantId, one.payout),
      ...projectRow(participantId, one.payout, one, shards),
    })),
  ]
  const inJournal = [accrual, ...cases.flatMap(({ chain }) => chain)].map(entryItem)
  const inAccounts = accounts.map(({ version, partner, number, linkedAt }) => ({
    ...keys.account(participantId, version),
    ...{ version, partner, number, holderName, linkedAt },
    verification: { outcome: 'verified', name: holderName },
  }))
  return [
    ...inPayouts.map((value) => ({ table: 'payouts', value }) as const),
    ...inJournal.map((value) => ({ table: 'journal', value }) as const),
    ...inAccounts.map((value) => ({ table: 'accounts', value }) as const),
  ]
}

/** What one request of DynamoDB writes. */
const batchMax = 25
const writersMax = 8

async function write(database: DynamoDBClient, tables: Tables, puts: readonly Put[]): Promise<void> {
  const requests = puts.map(
    ({ table, value }) =>
      [tables[table], { PutRequest: { Item: toItem({ ...value, putId: randomUUID() }) } }] as const,
  )
  const byTable = Map.groupBy(requests, ([name]) => name)
  const RequestItems = Object.fromEntries(
    [...byTable].map(([name, some]) => [name, some.map(([, request]) => request)]),
  )
  const { UnprocessedItems = {} } = await database.send(new BatchWriteItemCommand({ RequestItems }))
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('the engine left out a part of a batch')
}

export type Population = {
  readonly participants: number
  /** The first so many have an incentive that the failing partner has refused for a reason of its own. */
  readonly failed: number
  readonly shards: number
}

/** One of the failed payouts, 0 being the oldest. */
export const failedPayout = (index: number): PayoutKey => ({
  participantId: participantIdOf(index),
  payout: 'incentive-3',
})

/** Stores them all; gives the accounts at the failing partner. */
export async function populate(
  database: DynamoDBClient,
  tables: Tables,
  { participants, failed, shards }: Population,
): Promise<readonly string[]> {
  function* batches(): Generator<readonly Put[]> {
    const puts: Put[] = []
    for (let index = 0; index < participants; index++) {
      puts.push(...participant(index, failed, shards))
      while (puts.length >= batchMax) yield puts.splice(0, batchMax)
    }
    if (puts.length > 0) yield puts
  }
  const all = batches()
  const writer = async () => {
    for (const batch of all) await write(database, tables, batch)
  }
  await Promise.all(Array.from({ length: writersMax }, writer))
  return Array.from({ length: failed }, (_, index) => numberOf(failingPartner, index))
}
