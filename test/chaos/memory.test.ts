import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { itemSize } from '../../shared/ledger/dynamodb/write-units.ts'
import { entitle, entitlementOf, noteOf, now, openRow, rowsOf } from '../ledger/examples.ts'
import type { Around } from './database.ts'
import type { MemoryCommand } from './memory/command.ts'
import { createMemoryDatabase } from './memory/database.ts'
import { sizeAtMost } from './memory/size.ts'

/* What only the memory database can do. That it is otherwise like the engine, test/ledger shows on both. */

const names = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' }

function newDatabase() {
  const database = createMemoryDatabase(names)
  const open = (around?: Around) =>
    openLedgerWithAccounts(
      database.connect(around),
      names,
      () => {},
      () => Promise.resolve('key of the tests'),
    )
  return { ...database, open }
}

describe('an index that lags behind', () => {
  const row = { ...openRow('P-1'), list: 'open#bni#0' }
  const later = plusSeconds(now, 60)
  const left = { ...row, seq: 2, list: 'held#0' }

  // Two writes to move within a list, two to move to another one.
  test.for<readonly [number, readonly string[], readonly string[]]>([
    [0, [], [later]],
    [1, [], []],
    [2, [later], []],
    [3, [], []],
    [4, [now], []],
    [5, [], []],
    [99, [], []],
  ])('by %i writes', async ([hiddenIndexWrites, open, held]) => {
    const database = newDatabase()
    const { participants } = database.open()
    await participants.project(row)
    await participants.postpone(row, later)
    await participants.project({ ...left, at: later })
    const { worklist, participants: unaware } = database.open(async (_, apply) =>
      apply({ hiddenIndexWrites }),
    )
    const dates = async (list: string) => (await worklist.nominate(list, { limit: 10 })).map(({ at }) => at)
    expect([await dates('open#bni#0'), await dates('held#0')]).toEqual([open, held])
    expect((await unaware.read('P-1')).rows).toEqual([{ ...left, at: later }])
  })

  test('by writes of other lists answers as it is', async () => {
    const database = newDatabase()
    const { participants } = database.open()
    await participants.project(row)
    await participants.project({ ...openRow('P-2'), list: 'held#0' })
    const { worklist } = database.open(async (_, apply) => apply({ hiddenIndexWrites: 1 }))
    expect(await worklist.nominate('open#bni#0', { limit: 10 })).toHaveLength(1)
    expect(await worklist.nominate('held#0', { limit: 10 })).toEqual([])
  })
})

test('whoever watches is told of every item written, in order, and of what was there before', async () => {
  const database = newDatabase()
  const told: unknown[] = []
  database.watch((table, before, after) => {
    const was = before && unmarshall(before).state
    told.push([table, after.sk?.S, was, unmarshall(after).state])
    expect(database.items(table)).toContain(after)
  })
  const { participants, journal } = database.open()
  const entitlement = entitlementOf('P-1')
  await participants.entitle(entitlement, noteOf('P-1', 'incentive-1', 'note'))
  const [row] = rowsOf(entitlement)
  if (!row) throw new Error('no row')
  await participants.project(row)
  await participants.project({ ...row, facts: row.facts + 1, state: 'held' })
  await participants.project(row)
  await journal.append([], noteOf('P-1', 'incentive-1', 'too late'))
  expect(told).toEqual([
    ['payouts', 'CERTIFICATE', undefined, undefined],
    ['payouts', 'ENTITLEMENT', undefined, undefined],
    ['journal', 'incentive-1#0001', undefined, undefined],
    ['payouts', 'incentive-1', undefined, 'waiting'],
    ['payouts', 'incentive-1', 'waiting', 'held'],
  ])
})

test('items come in the same order, whatever the order they were written in', async () => {
  const ids = ['P-1', 'P-2', 'P-3', 'P-4', 'P-5']
  const entitlements = ids.map((id) => entitlementOf(id))
  const orders = await Promise.all(
    [entitlements, entitlements.toReversed()].map(async (order) => {
      const database = newDatabase()
      const { participants } = database.open()
      for (const entitlement of order) await entitle(participants, entitlement)
      return database.items('payouts').map(({ pk, sk }) => `${pk?.S} ${sk?.S}`)
    }),
  )
  expect(orders[0]).toHaveLength(5 * 9)
  expect(orders[1]).toEqual(orders[0])
})

describe('who stands between client and database', () => {
  test('sees each command and what it is to do', async () => {
    const seen: MemoryCommand[] = []
    const { journal, participants } = newDatabase().open(async (command, apply) => {
      seen.push(command)
      return apply()
    })
    await journal.append([], noteOf('P-1', 'incentive-1', 'note'))
    await participants.entitle(entitlementOf('P-1'), noteOf('P-1', 'survey-1', 'note'))
    expect(seen.map(({ name }) => name)).toEqual(['PutItem', 'TransactWriteItems'])
    const [put] = seen
    expect(put?.name === 'PutItem' && put.input.TableName).toBe('journal')
    expect(put?.name === 'PutItem' && put.input.Item.sk).toEqual({ S: 'incentive-1#0001' })
  })

  test('keeps a command from ever happening', async () => {
    const database = newDatabase()
    const { journal } = database.open(() => Promise.reject(new Error('killed')))
    await expect(journal.append([], noteOf('P-1', 'incentive-1', 'note'))).rejects.toThrow('killed')
    expect(database.items('journal')).toEqual([])
  })

  test('lets others write before a command that is repeated: a transaction still answers as the first time', async () => {
    const database = newDatabase()
    const { participants } = database.open()
    const entitlement = entitlementOf('P-1')
    const unlucky = database.open(async (_, apply) => {
      apply()
      await participants.recordSurvey('P-1', 1, now)
      return apply()
    })
    const accrual = noteOf('P-1', 'incentive-1', 'note')
    expect(await unlucky.participants.entitle(entitlement, accrual)).toBe('recorded')
    expect(await participants.entitle(entitlement, accrual)).toBe('duplicate')
  })
})

describe('the size of an item', () => {
  const value = fc.letrec<Record<'any' | 'list' | 'map', AttributeValue>>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }).map((S) => ({ S })),
      fc
        .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger())
        .map((number) => ({ N: String(number) })),
      fc.uint8Array().map((B) => ({ B })),
      fc.boolean().map((BOOL) => ({ BOOL })),
      fc.constant({ NULL: true as const }),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('any')).map((L) => ({ L })),
    map: fc.dictionary(fc.string({ unit: 'binary' }), tie('any')).map((M) => ({ M })),
  })).any

  test('is never more than what is taken for it without counting', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), value), (item) => {
        expect(sizeAtMost(item)).toBeGreaterThanOrEqual(itemSize(item))
      }),
      { numRuns: 1_000, seed: 1 },
    )
  })

  test.for([
    [`${'é'.repeat(204_000)}`, undefined],
    [`${'é'.repeat(205_000)}`, 'is too large'],
  ] as const)('is counted where it may be too large', async ([note, refusal]) => {
    const put = newDatabase()
      .connect()
      .send(new PutItemCommand({ TableName: 'journal', Item: marshall({ pk: 'P-1', sk: 'note', note }) }))
    if (refusal) await expect(put).rejects.toThrow(refusal)
    else await expect(put).resolves.toBeDefined()
  })

  test('ends a page where it has a megabyte, not where it might have one', async () => {
    const client = newDatabase().connect()
    const note = 'n'.repeat(100_000)
    for (let sk = 10; sk < 30; sk++)
      await client.send(
        new PutItemCommand({ TableName: 'journal', Item: marshall({ pk: 'P-1', sk: `note-${sk}`, note }) }),
      )
    const { Items } = await client.send(
      new QueryCommand({
        TableName: 'journal',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': 'P-1' }),
      }),
    )
    expect(Items).toHaveLength(11)
  })
})

describe('what the ledger does not send is not overlooked:', () => {
  const client = newDatabase().connect()
  const Key = marshall({ pk: 'P-1', sk: 'incentive-1' })
  const put = (ConditionExpression: string) =>
    client.send(new PutItemCommand({ TableName: 'journal', Item: Key, ConditionExpression }))
  const get = { TableName: 'journal', Key }
  test.for<readonly [string, () => Promise<unknown>, string]>([
    ['a command', () => client.send(new DeleteItemCommand(get)), 'does not know this DeleteItemCommand'],
    [
      'a parameter',
      () => client.send(new GetItemCommand({ ...get, ProjectionExpression: 'pk' })),
      'ProjectionExpression',
    ],
    [
      'a parameter’s value',
      () => client.send(new PutItemCommand({ TableName: 'journal', Item: Key, ReturnValues: 'UPDATED_NEW' })),
      'ReturnValues',
    ],
    ['a function', () => put('size(pk) = :size'), 'size(pk)'],
    ['an operator', () => put('seq <> :seq'), 'seq <> :seq'],
    ['half an expression', () => put('attribute_exists(pk) OR'), 'attribute_exists(pk) OR'],
    ['a second expression', () => put('attribute_exists(pk) attribute_exists(sk)'), 'does not know'],
    [
      'an update that removes',
      () => client.send(new UpdateItemCommand({ ...get, UpdateExpression: 'REMOVE note' })),
      'REMOVE note',
    ],
    ['a table', () => client.send(new GetItemCommand({ TableName: 'other', Key })), 'no table other'],
  ])('%s', async ([, request, message]) => {
    await expect(request()).rejects.toThrow(message)
  })
})
