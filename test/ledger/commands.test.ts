import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { newControl } from '../../shared/domain/permit.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import type { Funding, LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import {
  accrualOf,
  certifiedOf,
  claimOf,
  entitlementOf,
  linkOf,
  newCertificate,
  now,
  openRow,
} from './examples.ts'

/*
 * What no engine on this machine can show: reads that would be stale, queries that only DynamoDB refuses, conflicts
 * between transactions. Everything else is tested on a real engine.
 */
const dynamodb = mockClient(DynamoDBClient)
beforeEach(() => {
  dynamodb.reset()
  dynamodb.onAnyCommand().resolves({})
})

const tables = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' }
const ledger = openLedgerWithAccounts(
  new DynamoDBClient({ region: 'ap-southeast-3' }),
  tables,
  () => {},
  () => Promise.resolve('key of the tests'),
)

const participantId = 'P-1'
const payout = 'incentive-1'
const entitlement = entitlementOf(participantId)
const link = linkOf(participantId, '0123454321')
const funding: Funding = {
  partner: 'bni',
  scheme: 'prakerja-2020',
  budget: rupiah(1_000),
  amount: rupiah(1_000),
  document: 'TREASURY-1',
  at: now,
  by: 'finance',
}
const further = newCertificate()
const entitle = () => ledger.participants.entitle(entitlement, accrualOf(entitlement))

const reads: Readonly<Record<string, (ledger: LedgerWithAccounts) => Promise<unknown>>> = {
  chain: ({ journal }) => journal.read(participantId, payout),
  'all chains': ({ journal }) => journal.readAll(participantId),
  participant: ({ participants }) => participants.read(participantId),
  certificate: ({ participants }) => participants.knowsCertificate('CERT-1'),
  closing: ({ participants }) => participants.closing('prakerja-2020'),
  accounts: ({ accounts }) => accounts.read(participantId),
  'holders of an account': ({ accounts }) => accounts.link(link),
  control: ({ lanes }) => lanes.read('bni'),
  cursor: ({ lanes }) => lanes.cursor('bni'),
  'float, control and budget': ({ lanes }) => lanes.fund(funding),
  quarantine: ({ quarantine }) => quarantine.list(1_000),
}

const inputs = () => dynamodb.calls().map(({ args: [{ input }] }) => input)
const readInputs = () =>
  [
    ...dynamodb.commandCalls(GetItemCommand),
    ...dynamodb.commandCalls(QueryCommand),
    ...dynamodb.commandCalls(ScanCommand),
  ].map(({ args: [{ input }] }) => input)
const puts = () => [
  ...dynamodb.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input),
  ...dynamodb
    .commandCalls(TransactWriteItemsCommand)
    .flatMap(({ args: [{ input }] }) => input.TransactItems ?? [])
    .map(({ Put }) => Put),
]

test.for(Object.entries(reads))('%s: read strongly consistently', async ([, read]) => {
  await read(ledger)
  expect(readInputs().length).toBeGreaterThan(0)
  for (const input of readInputs()) expect(input).toMatchObject({ ConsistentRead: true })
})

test('the index and the sweep are not: an index cannot be, and the sweep comes back every day', async () => {
  await ledger.worklist.nominate('open#bni#0', { limit: 10 })
  await ledger.participants.sweep(10)
  for (const input of readInputs()) expect(input).not.toHaveProperty('ConsistentRead')
})

test.for<readonly [string, number, string | undefined]>([
  ['before its range', -1, undefined],
  ['at the beginning of its range', 0, now],
  ['at the end of its range', 60, plusSeconds(now, 60)],
])('a page starts inside its range, else DynamoDB refuses the query: %s', async ([, seconds, start]) => {
  const after = { participantId, payout, at: plusSeconds(now, seconds) } as const
  await ledger.worklist.nominate('open#bni#0', { from: now, to: plusSeconds(now, 60), after, limit: 10 })
  const [query] = dynamodb.commandCalls(QueryCommand)
  expect(query?.args[0].input.ExclusiveStartKey?.at?.S).toBe(start)
})

describe('a query that DynamoDB answers in short pages', () => {
  const page = (...seconds: readonly number[]) => ({
    Items: seconds.map((second) => marshall({ pk: participantId, sk: payout, at: plusSeconds(now, second) })),
    LastEvaluatedKey: marshall({ pk: participantId, sk: payout }),
  })

  test('is read up to its limit and no further', async () => {
    dynamodb.on(QueryCommand).resolvesOnce(page(1, 2)).resolvesOnce(page(3, 4)).resolves(page(5))
    const places = await ledger.worklist.nominate('open#bni#0', { limit: 3 })
    expect(places.map(({ at }) => at)).toEqual([1, 2, 3].map((second) => plusSeconds(now, second)))
    expect(dynamodb.commandCalls(QueryCommand)).toHaveLength(2)
  })

  test('without end throws', async () => {
    dynamodb.on(QueryCommand).resolves(page())
    await expect(ledger.participants.read(participantId)).rejects.toThrow('does not end within 20 pages')
  })
})

describe('a batch that DynamoDB answers in part', () => {
  const keysAsked = () =>
    dynamodb
      .commandCalls(BatchGetItemCommand)
      .map(({ args: [{ input }] }) => input.RequestItems?.payouts?.Keys?.map(({ sk }) => sk?.S))
  const left = (sk: string) => ({
    UnprocessedKeys: { payouts: { Keys: [marshall({ pk: participantId, sk })] } },
  })

  test('is asked for the rest, strongly consistently', async () => {
    dynamodb
      .on(BatchGetItemCommand)
      .resolvesOnce({
        Responses: { payouts: [marshall({ pk: participantId, sk: 'ENTITLEMENT', ...entitlement })] },
        ...left(payout),
      })
      .resolves({ Responses: { payouts: [marshall({ pk: participantId, sk: payout, ...openRow('P-1') })] } })
    const [record] = await ledger.participants.readEach([{ participantId, payout }])
    expect(record).toEqual({ entitlement, rows: [openRow('P-1')], surveys: {} })
    expect(keysAsked()).toEqual([['ENTITLEMENT', payout], [payout]])
    for (const { args } of dynamodb.commandCalls(BatchGetItemCommand))
      expect(args[0].input.RequestItems?.payouts).toMatchObject({ ConsistentRead: true })
  })

  test('again and again throws: whoever called comes back later', async () => {
    dynamodb.on(BatchGetItemCommand).resolves(left(payout))
    await expect(ledger.participants.readEach([{ participantId, payout }])).rejects.toThrow(
      'left out 1 items of a batch 4 times',
    )
  })
})

test('the journal is only ever put into, and only where there is nothing', async () => {
  await ledger.journal.append([], claimOf(participantId, payout))
  await entitle()
  await ledger.lanes.fund(funding)
  const written = puts().filter((put) => put?.TableName === tables.journal)
  expect(written).toHaveLength(3)
  for (const put of written) expect(put?.ConditionExpression).toBe('attribute_not_exists(pk)')
  expect(dynamodb.commandCalls(UpdateItemCommand)).toEqual([])
})

describe('a certificate goes first in its transaction, so that it alone can be a duplicate', () => {
  test.for<readonly [string, () => Promise<unknown>]>([
    ['the first', entitle],
    [
      'a later one',
      () => ledger.participants.recordCertificate(entitlement, further, certifiedOf(entitlement, further)),
    ],
    [
      'an earlier one',
      () => ledger.participants.replaceCertificate(entitlement, further, certifiedOf(entitlement, further)),
    ],
  ])('%s', async ([, act]) => {
    await act()
    const [transaction] = dynamodb.commandCalls(TransactWriteItemsCommand)
    const items = transaction?.args[0].input.TransactItems ?? []
    expect(items[0]?.Put?.Item?.sk).toEqual({ S: 'CERTIFICATE' })
    for (const { Put } of items) expect(Put?.ConditionExpression).toBeTruthy()
  })
})

test('names and numbers of accounts are sent to the table Accounts only', async () => {
  await ledger.accounts.link(link)
  await ledger.quarantine.refuse({
    hash: 'ab',
    reason: 'r',
    detail: 'd',
    body: JSON.stringify(link),
    at: now,
  })
  await entitle()
  await ledger.journal.append([], claimOf(participantId, payout))
  await ledger.participants.project(openRow(participantId))
  await ledger.lanes.write('bni', { ...newControl(now), version: 1 })
  const elsewhere = inputs().filter((input) => !('TableName' in input && input.TableName === tables.accounts))
  expect(elsewhere.length).toBeGreaterThan(3)
  for (const input of elsewhere) {
    expect(JSON.stringify(input)).not.toContain(link.number)
    expect(JSON.stringify(input)).not.toContain(link.holderName)
  }
})

describe('a transaction that is cancelled', () => {
  const cancel = (...codes: readonly string[]) =>
    dynamodb.on(TransactWriteItemsCommand).rejects(
      new TransactionCanceledException({
        $metadata: {},
        message: 'cancelled',
        CancellationReasons: codes.map((Code) => ({ Code })),
      }),
    )

  test.for<{ codes: readonly string[] }>([
    { codes: ['None', 'TransactionConflict', 'None'] },
    { codes: ['TransactionConflict', 'TransactionConflict', 'TransactionConflict'] },
    { codes: ['None', 'ConditionalCheckFailed', 'TransactionConflict'] },
  ])('by $codes was overtaken', async ({ codes }) => {
    cancel(...codes)
    expect(await entitle()).toBe('overtaken')
    expect(
      await ledger.participants.recordCertificate(entitlement, further, certifiedOf(entitlement, further)),
    ).toBe('overtaken')
    expect(await ledger.lanes.fund(funding)).toBe('overtaken')
  })

  test.for<{ codes: readonly string[] }>([
    { codes: ['None', 'ThrottlingError'] },
    { codes: ['ValidationError'] },
    { codes: ['ProvisionedThroughputExceeded'] },
  ])('by $codes throws', async ({ codes }) => {
    cancel(...codes)
    await expect(entitle()).rejects.toThrow('cancelled')
    await expect(ledger.lanes.fund(funding)).rejects.toThrow('cancelled')
  })
})

test('an engine that does not answer throws; nothing is taken for written or refused', async () => {
  dynamodb.on(PutItemCommand).rejects(new Error('unreachable'))
  await expect(ledger.journal.append([], claimOf(participantId, payout))).rejects.toThrow('unreachable')
  await expect(ledger.participants.project(openRow(participantId))).rejects.toThrow('unreachable')
})
