import {
  type AttributeValue,
  BatchGetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, expect, test } from 'vitest'
import { startTestEngine } from '../support/engine.ts'

/* What DynamoDB refuses whatever is stored, and the ledger could get wrong. */
const engine = await startTestEngine()
afterAll(() => engine.stop())
const client = engine.connect()
const { payouts: TableName, accounts } = engine.tables

type Item = Record<string, AttributeValue>
const key = (sk = 'incentive-1') => marshall({ pk: 'P-1', sk })
const keys = (count: number) => Array.from({ length: count }, (_, nth) => key(`${nth}`))
const place = (at: string, list = 'held#0') => ({ ...key(), ...marshall({ list, at }) })
const tooLarge = marshall({ body: 'x'.repeat(400 * 1_024) })

const putWhole = (Item: Item, rest: Partial<PutItemCommandInput> = {}) =>
  client.send(new PutItemCommand({ TableName, Item, ...rest }))
const put = (attributes: object, rest: Partial<PutItemCommandInput> = {}) =>
  putWhole({ ...key(), ...marshall(attributes) }, rest)
const update = (expression: string, value: unknown) =>
  client.send(
    new UpdateItemCommand({
      TableName,
      Key: key(),
      UpdateExpression: expression,
      ExpressionAttributeValues: marshall({ ':value': value }),
    }),
  )
const batch = (Keys: Item[]) =>
  client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }))
const transaction = (items: Item[]) =>
  client.send(
    new TransactWriteItemsCommand({ TransactItems: items.map((Item) => ({ Put: { TableName, Item } })) }),
  )
const query = (condition: string, values: object, rest: Partial<QueryCommandInput> = {}) =>
  client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: marshall(values),
      ...rest,
    }),
  )
const chainFrom = (start: Item) =>
  query(
    'pk = :pk AND begins_with(sk, :chain)',
    { ':pk': 'P-1', ':chain': 'incentive-1#' },
    { ExclusiveStartKey: start },
  )
const worklist = (rest: Partial<QueryCommandInput>, [from, to] = ['2020', '2021']) =>
  query(
    '#list = :list AND #at BETWEEN :from AND :to',
    { ':list': 'held#0', ':from': from, ':to': to },
    { IndexName: 'worklist', ExpressionAttributeNames: { '#list': 'list', '#at': 'at' }, ...rest },
  )
const worklistFrom = (start: Item) => worklist({ ExclusiveStartKey: start })
const scanFrom = (start: Item) => client.send(new ScanCommand({ TableName, ExclusiveStartKey: start }))
const exists = { ConditionExpression: 'attribute_exists(pk)' }

type Requests = readonly (readonly [string, () => Promise<unknown>])[]
const requests: Requests = [
  ['an item without its sort key', () => putWhole(marshall({ pk: 'P-1' }))],
  ['an empty key', () => put({ pk: '' })],
  ['a key that is a number', () => put({ sk: 1 })],
  ['an empty index key', () => put({ list: 'held#0', at: '' })],
  ['an index key that is a number', () => put({ list: 'held#0', at: 1 })],
  ['a partition key over 2,048 bytes', () => put({ pk: 'é'.repeat(1_025) })],
  ['a sort key over 1,024 bytes', () => put({ sk: 'é'.repeat(513) })],
  ['an item over 400 kB', () => put({ body: 'x'.repeat(400 * 1_024) })],
  ['a name that stands for nothing', () => put({}, { ConditionExpression: 'attribute_exists(#pk)' })],
  ['a value that stands for nothing', () => put({}, { ConditionExpression: 'pk = :pk' })],
  ['an update of a key', () => update('SET sk = :value', 'other')],
  ['an update inside what is not there', () => update('SET event.amount = :value', 1)],
  ['a batch that names an item twice', () => batch([key(), key('incentive-2'), key()])],
  ['a batch of nothing', () => batch([])],
  ['a batch of 101', () => batch(keys(101))],
  ['a batch with more than keys', () => batch([place('2020')])],
  ['a transaction that names an item twice', () => transaction([key(), key('incentive-2'), key()])],
  ['a transaction of nothing', () => transaction([])],
  ['a transaction of 101', () => transaction(keys(101))],
  ['a transaction with too large an item', () => transaction([key(), { ...key('2'), ...tooLarge }])],
  ['a query without a partition', () => query('sk = :sk', { ':sk': 'incentive-1' })],
  ['a query of a part of a partition key', () => query('begins_with(pk, :pk)', { ':pk': 'P' })],
  ['a query for another attribute', () => query('pk = :pk AND wave = :wave', { ':pk': 'P-1', ':wave': 4 })],
  ['a query that ends before it begins', () => worklist({}, ['2021', '2020'])],
  ['an index read consistently', () => worklist({ ConsistentRead: true })],
  ['an index that the table does not have', () => worklist({ TableName: accounts })],
  ['a page of no items', () => worklist({ Limit: 0 })],
  ['a start without its item’s key', () => worklistFrom(marshall({ list: 'held#0', at: '2020' }))],
  ['a start with more than its key', () => chainFrom({ ...place('2020'), ...key('incentive-1#0001') })],
  ['a scan that starts at half a key', () => scanFrom(marshall({ pk: 'P-1' }))],
]

/** DynamoDB refuses these, too; the embedded engine does not notice. */
const unnoticed: Requests = [
  ['a name that is not used', () => put({}, { ...exists, ExpressionAttributeNames: { '#a': 'a' } })],
  ['a value that is not used', () => put({}, { ...exists, ExpressionAttributeValues: { ':a': { S: 'a' } } })],
  ['a query of an empty partition key', () => query('pk = :pk', { ':pk': '' })],
  ['a start before the range', () => worklistFrom(place('2019'))],
  ['a start behind the range', () => worklistFrom(place('2022'))],
  ['a start in another list', () => worklistFrom(place('2020', 'held#1'))],
  ['a start in another chain', () => chainFrom(key('incentive-2#0001'))],
  ['a start in another partition', () => chainFrom(marshall({ pk: 'P-2', sk: 'incentive-1#0001' }))],
]

test.for([...requests, ...(process.env.TEST_ENGINE === 'memory' ? unnoticed : [])])(
  '%s',
  async ([, request]) => {
    await expect(request()).rejects.toMatchObject({ name: 'ValidationException' })
  },
)
