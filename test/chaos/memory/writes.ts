import type {
  AttributeValue,
  CancellationReason,
  PutItemCommandOutput,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
import type { Listener } from '../database.ts'
import type { PutItem, TransactWriteItems, UpdateItem } from './command.ts'
import { checkPlaceholders, namesOf, type Placeholders, testOf, valueGiven } from './condition.ts'
import { assignmentIn, conditionIn, type Expression } from './expression.ts'
import { checkDistinct, nameOf, type Tables } from './reads.ts'
import { cancelled, conditionFailed, invalid } from './refusal.ts'
import { checkKey, type MemoryTable, primaryKey, type Stored } from './table.ts'

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const transactionMax = 100
const $metadata = {}

type Conditional = Placeholders & {
  readonly ConditionExpression?: string | undefined
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD' | undefined
}

/** Refuses a request whose expressions do not fit its placeholders; then says whether its condition holds. */
function allows(input: Conditional, stored: Item | undefined, ...others: Expression<unknown>[]): boolean {
  const { ConditionExpression } = input
  const condition = ConditionExpression === undefined ? undefined : conditionIn(ConditionExpression)
  checkPlaceholders(input, ...others, ...(condition ? [condition] : []))
  return condition === undefined || testOf(condition.meaning, input)(stored ?? {})
}

/** The item in the way, where the request asks for it. */
const inTheWay = (input: Conditional, stored: Item | undefined): Item | undefined =>
  input.ReturnValuesOnConditionCheckFailure && stored

export function putItem(tables: Tables, tell: Listener, input: PutItem): PutItemCommandOutput {
  const table = tables(input.TableName)
  const checked = table.check(input.Item)
  const before = table.get(input.Item)
  if (!allows(input, before)) throw conditionFailed(inTheWay(input, before))
  store(tell, table, checked)
  return { $metadata, ...(input.ReturnValues && before && { Attributes: before }) }
}

function store(tell: Listener, table: MemoryTable, checked: Stored): void {
  const before = table.put(checked)
  tell(table.name, before, checked.item)
}

/** An item that does not exist is made, as by DynamoDB. */
export function updateItem(tables: Tables, tell: Listener, input: UpdateItem): UpdateItemCommandOutput {
  checkKey(input.Key, primaryKey)
  const table = tables(input.TableName)
  const before = table.get(input.Key)
  const assignment = assignmentIn(input.UpdateExpression)
  if (!allows(input, before, assignment)) throw conditionFailed(inTheWay(input, before))
  const path = namesOf(assignment.meaning.path, input)
  if (primaryKey.includes(path[0] ?? '')) throw invalid('a key is never updated')
  const item = withValue(before ?? input.Key, path, valueGiven(assignment.meaning.value, input))
  store(tell, table, table.check(item))
  return { $metadata, ...(input.ReturnValues && { Attributes: item }) }
}

/** A copy with a value at the end of a path of maps, all of which are there but the last. */
function withValue(item: Item, [name = '', ...inner]: readonly string[], value: AttributeValue): Item {
  if (inner.length === 0) return { ...item, [name]: value }
  const map = item[name]?.M
  if (!map) throw invalid(`there is no map ${name} to update`)
  return { ...item, [name]: { M: withValue(map, inner, value) } }
}

/** All or none. */
export function transactWriteItems(
  tables: Tables,
  tell: Listener,
  { TransactItems }: TransactWriteItems,
): TransactWriteItemsCommandOutput {
  const puts = TransactItems.map(({ Put }) => {
    const table = tables(Put.TableName)
    return { table, checked: table.check(Put.Item), before: table.get(Put.Item), input: Put }
  })
  if (puts.length === 0 || puts.length > transactionMax)
    throw invalid(`a transaction of ${puts.length} items`)
  checkDistinct(puts.map(({ table, checked }) => `${table.name} ${nameOf(checked.item)}`))
  const reasons = puts.map(({ input, before }): CancellationReason => {
    if (allows(input, before)) return { Code: 'None' }
    const stored = inTheWay(input, before)
    return { Code: 'ConditionalCheckFailed', ...(stored && { Item: stored }) }
  })
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons)
  for (const { table, checked } of puts) table.put(checked)
  for (const { table, before, checked } of puts) tell(table.name, before, checked.item)
  return { $metadata }
}
