import type {
  BatchGetItemCommandOutput,
  GetItemCommandOutput,
  QueryCommandOutput,
  ScanCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { type Item, itemSize } from '../../../shared/ledger/dynamodb/write-units.ts'
import type { BatchGetItem, GetItem, Query, Scan } from './command.ts'
import { checkPlaceholders, namesOf, type Placeholders, testOf, valueGiven } from './condition.ts'
import { type Condition, conditionIn } from './expression.ts'
import { invalid } from './refusal.ts'
import { checkKey, type KeyNames, keyPart, type MemoryTable, primaryKey, type Stored } from './table.ts'
import { indexKey, placeInList } from './worklist.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const batchMax = 100
const pageBytes = 1_024 * 1_024

export type Tables = (name: string) => MemoryTable
const $metadata = {}

export function getItem(tables: Tables, { TableName, Key }: GetItem): GetItemCommandOutput {
  checkKey(Key, primaryKey)
  const found = tables(TableName).get(Key)
  return { $metadata, ...(found && { Item: found }) }
}

/** Answers in another order than it was asked: DynamoDB promises none. */
export function batchGetItem(tables: Tables, { RequestItems }: BatchGetItem): BatchGetItemCommandOutput {
  const wanted = Object.entries(RequestItems)
  const count = wanted.reduce((sum, [, { Keys }]) => sum + Keys.length, 0)
  if (count === 0 || count > batchMax) throw invalid(`a batch of ${count} items`)
  const answers = wanted.map(([name, { Keys }]) => {
    for (const key of Keys) checkKey(key, primaryKey)
    checkDistinct(Keys.map(nameOf))
    const table = tables(name)
    const found = Keys.toReversed().map(table.get)
    return [name, found.filter((item) => item !== undefined)] as const
  })
  return { $metadata, Responses: Object.fromEntries(answers), UnprocessedKeys: {} }
}

export const nameOf = ({ pk, sk }: Item): string => `${pk?.S}\0${sk?.S}`

/** Refuses a request that names an item twice. */
export function checkDistinct(names: readonly string[]): void {
  if (new Set(names).size !== names.length) throw invalid('the request names an item twice')
}

type Source = {
  readonly key: KeyNames
  /** A partition's items in order. */
  read(partition: string): readonly Stored[]
  placeOf(key: Item): string
}

function sourceOf(table: MemoryTable, { IndexName, ConsistentRead }: Query, hidden: number): Source {
  if (IndexName === undefined) {
    return { key: primaryKey, read: table.partition, placeOf: (key) => keyPart(key, 'sk') }
  }
  const { index } = table
  if (!index) throw invalid(`${table.name} has no index ${IndexName}`)
  if (ConsistentRead) throw invalid('an index is never read consistently')
  return { key: indexKey, read: (list) => index.read(list, hidden), placeOf: placeInList }
}

/** `hidden`: how many of its last writes the index does not know yet. */
export function query(tables: Tables, input: Query, hidden: number): QueryCommandOutput {
  const expression = conditionIn(input.KeyConditionExpression)
  checkPlaceholders(input, expression)
  const source = sourceOf(tables(input.TableName), input, hidden)
  const { partition, range } = partitionIn(expression.meaning, source.key, input)
  const inRange = range ? testOf(range, input) : () => true
  const start = input.ExclusiveStartKey
  if (start) {
    checkKey(start, source.key)
    const inside = keyPart(start, source.key[0]) === partition && inRange(start)
    if (!inside) throw invalid('the start key is outside of the query')
  }
  const after = start && source.placeOf(start)
  const isWanted = ({ place, item }: Stored) => (after === undefined || place > after) && inRange(item)
  const { stored, last } = pageOf(source.read(partition), input.Limit, source.key, isWanted)
  return { $metadata, Items: stored.map(({ item }) => item), ...last }
}

/** What a key condition names: one partition, and at most a range of sort keys in it. */
function partitionIn(condition: Condition, [partition, sort]: KeyNames, placeholders: Placeholders) {
  const [first, range, ...others] = condition.is === 'and' ? condition.parts : [condition]
  const isOf = (part: Condition, name: string) =>
    'path' in part && namesOf(part.path, placeholders).join('.') === name
  const fits =
    first?.is === '=' &&
    isOf(first, partition) &&
    (range === undefined || (isOf(range, sort) && range.is !== 'present' && range.is !== 'absent')) &&
    others.length === 0
  if (!fits) throw invalid(`a key condition is ${partition} = … and at most one range of ${sort}`)
  return { partition: keyPart({ [partition]: valueGiven(first.value, placeholders) }, partition), range }
}

/** Counts what it has looked at, like DynamoDB; whether anything follows is for the next page to find out. */
function pageOf(
  source: Iterable<Stored>,
  limit: number | undefined,
  key: KeyNames,
  isWanted: (one: Stored) => boolean = () => true,
) {
  if (limit !== undefined && limit < 1) throw invalid(`a page of ${limit} items`)
  const stored: Stored[] = []
  let atMost = 0
  for (const one of source) {
    if (!isWanted(one)) continue
    stored.push(one)
    atMost += one.atMost
    if (atMost >= pageBytes) atMost = stored.reduce((size, { item }) => size + itemSize(item), 0)
    if (stored.length === limit || atMost >= pageBytes) {
      const last = Object.entries(one.item).filter(([name]) => key.includes(name))
      return { stored, last: { LastEvaluatedKey: Object.fromEntries(last) } }
    }
  }
  return { stored }
}

export function scan(tables: Tables, input: Scan): ScanCommandOutput {
  const filter = input.FilterExpression === undefined ? undefined : conditionIn(input.FilterExpression)
  checkPlaceholders(input, ...(filter ? [filter] : []))
  const holds = filter ? testOf(filter.meaning, input) : () => true
  const start = input.ExclusiveStartKey
  if (start) checkKey(start, primaryKey)
  const { stored, last } = pageOf(tables(input.TableName).scan(start), input.Limit, primaryKey)
  return { $metadata, Items: stored.map(({ item }) => item).filter(holds), ...last }
}
