import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { openLedgerWithAccounts } from '../../../shared/ledger/dynamodb/open.ts'
import { type Item, itemSize } from '../../../shared/ledger/dynamodb/write-units.ts'

/**
 * Tables in memory beneath the real ledger: many times as fast as an engine, and as strict as DynamoDB with what
 * it is given. It knows the commands of intake and nothing else.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */

const pkBytesMax = 2048
const skBytesMax = 1024
const itemBytesMax = 409_600
const levelsMax = 32

type Conditional = {
  readonly TableName?: string | undefined
  readonly ConditionExpression?: string | undefined
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined
  readonly ExpressionAttributeValues?: Item | undefined
}
/** Items by table and partition key, then by sort key. */
type Stored = Map<string, Map<string, Item>>

const $metadata = {}
function invalid(message: string): never {
  throw new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata, message })
}

function checkKey(name: string, value: AttributeValue | undefined, bytesMax: number): void {
  const bytes = Buffer.byteLength(value?.S ?? '')
  if (bytes === 0 || bytes > bytesMax) invalid(`${name} has ${bytes} bytes`)
}

function checkValue(value: AttributeValue, level = 1): void {
  if (level > levelsMax) invalid('nested too deeply')
  if (value.S !== undefined && !value.S.isWellFormed()) invalid('not Unicode')
  const parts = value.L ?? Object.values(value.M ?? {})
  for (const part of parts) checkValue(part, level + 1)
}

function checkItem(item: Item): void {
  checkKey('pk', item.pk, pkBytesMax)
  checkKey('sk', item.sk, skBytesMax)
  if (item.list) checkKey('list', item.list, pkBytesMax)
  if (item.list && item.at) checkKey('at', item.at, skBytesMax)
  for (const value of Object.values(item)) checkValue(value)
  if (itemSize(item) > itemBytesMax) invalid('the item is too large')
}

const scalarOf = (value: AttributeValue | undefined) => (value?.N === undefined ? value?.S : Number(value.N))

/** One comparison or question of existence. */
function holdsTerm(term: string, item: Item | undefined, condition: Conditional): boolean {
  const [, negated, attribute] = /^attribute_(not_)?exists\((\w+)\)$/.exec(term) ?? []
  if (attribute !== undefined) return (item?.[attribute] === undefined) === (negated !== undefined)
  const [name = '', operator, placeholder = ''] = term.split(' ')
  const left = scalarOf(item?.[condition.ExpressionAttributeNames?.[name] ?? name])
  const right = scalarOf(condition.ExpressionAttributeValues?.[placeholder])
  if (left === undefined || right === undefined) return false
  if (operator === '=') return left === right
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  throw new Error(`the tables in memory do not know ${term}`)
}

/** Alternatives of terms that hold together: no condition of the ledger is more involved. */
function holds(condition: Conditional, item: Item | undefined): boolean {
  const alternatives = (condition.ConditionExpression ?? 'attribute_exists(pk)').split(' OR ')
  return alternatives.some((alternative) =>
    alternative
      .replace(/^\((?<terms>.*)\)$/, '$<terms>')
      .split(' AND ')
      .every((term) => holdsTerm(term, item, condition)),
  )
}

/** What tests need of a ledger whose tables are in memory. */
export function openTables(tables: {
  readonly payouts: string
  readonly journal: string
  readonly accounts: string
}) {
  const stored: Stored = new Map()
  let writes = 0

  const partitionOf = (table: string, { pk }: Item) => `${table} ${pk?.S}`
  const find = (table: string, item: Item) => stored.get(partitionOf(table, item))?.get(item.sk?.S ?? '')

  function check(condition: Conditional, before: Item | undefined): void {
    if (holds(condition, before)) return
    const Item = before && { Item: before }
    throw new ConditionalCheckFailedException({ $metadata, message: 'the condition failed', ...Item })
  }

  function write(table: string, item: Item): void {
    const partition = stored.get(partitionOf(table, item)) ?? new Map<string, Item>()
    stored.set(partitionOf(table, item), partition.set(item.sk?.S ?? '', item))
    writes++
  }

  function put(input: Conditional & { readonly Item?: Item | undefined }): void {
    const { TableName = '', Item = {} } = input
    checkItem(Item)
    check(input, find(TableName, Item))
    write(TableName, Item)
  }

  /** `SET #set = :set`, which is all that the ledger updates. */
  function update(input: Conditional & { readonly Key?: Item | undefined }): Item {
    const { TableName = '', Key = {}, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = input
    const before = find(TableName, Key)
    check(input, before)
    const [attribute = '', value] = [ExpressionAttributeNames['#set'], ExpressionAttributeValues[':set']]
    if (!value) throw new Error('the tables in memory know no such update')
    const after = { ...Key, ...before, [attribute]: value }
    checkItem(after)
    if (JSON.stringify(after) !== JSON.stringify(before)) write(TableName, after)
    return after
  }

  function transact(puts: readonly (Conditional & { readonly Item?: Item | undefined })[]): void {
    const names = new Set(
      puts.map(({ TableName = '', Item = {} }) => JSON.stringify([TableName, Item.pk, Item.sk])),
    )
    if (names.size < puts.length) invalid('a transaction names an item twice')
    for (const { Item = {} } of puts) checkItem(Item)
    const before = puts.map(({ TableName = '', Item = {} }) => find(TableName, Item))
    const refused = puts.map((one, index) => !holds(one, before[index]))
    if (!refused.includes(true)) {
      for (const { TableName = '', Item = {} } of puts) write(TableName, Item)
      return
    }
    const CancellationReasons = before.map((item, index) => ({
      Code: refused[index] ? 'ConditionalCheckFailed' : 'None',
      ...(item && { Item: item }),
    }))
    throw new TransactionCanceledException({ $metadata, message: 'cancelled', CancellationReasons })
  }

  const itemsOf = (table: string): Item[] =>
    [...stored].flatMap(([name, items]) => (name.startsWith(`${table} `) ? [...items.values()] : []))

  function query({ TableName = '', ExpressionAttributeValues }: Conditional): Item[] {
    const pk = ExpressionAttributeValues?.[':pk']
    checkKey('pk', pk, pkBytesMax)
    const items = [...(stored.get(partitionOf(TableName, { ...(pk && { pk }) })) ?? [])]
    return items.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, item]) => item)
  }

  function get({ TableName = '', Key = {} }: { TableName?: string | undefined; Key?: Item | undefined }) {
    checkKey('pk', Key.pk, pkBytesMax)
    checkKey('sk', Key.sk, skBytesMax)
    return find(TableName, Key)
  }

  function answer(input: ServiceInputTypes): ServiceOutputTypes {
    if ('TransactItems' in input)
      transact((input.TransactItems ?? []).flatMap((one) => ('Put' in one && one.Put ? [one.Put] : [])))
    else if ('Item' in input) put(input)
    else if ('KeyConditionExpression' in input) return { $metadata, Items: query(input) }
    else if ('UpdateExpression' in input) return { $metadata, Attributes: update(input) }
    else if ('Key' in input) return { $metadata, Item: get(input) }
    else throw new Error('the tables in memory do not know this command')
    return { $metadata }
  }

  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = Object.assign(new DynamoDBClient({ region: 'ap-southeast-3', credentials }), {
    send: async (command: { readonly input: ServiceInputTypes }) => answer(command.input),
  })
  const key = () => Promise.resolve('key of the tests')
  return {
    client,
    ledger: openLedgerWithAccounts(client, tables, () => {}, key),
    /** Items written so far; an update that changes nothing writes none. */
    writes: () => writes,
    clear: () => stored.clear(),
    itemsOf,
  }
}
