import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { fromItem, toItem } from './attributes.ts'
import type { Condition, Key, Meter, Table } from './table.ts'
import { putUnits, refusedUnits } from './write-units.ts'

export type Put = {
  readonly table: Table
  readonly value: Key & Readonly<Record<string, unknown>>
  readonly condition: Condition
}

export type Transacted =
  | 'written'
  /** Another transaction held one of the items: nothing was written, try again. */
  | 'conflict'
  /** The place of the first put whose condition failed, and the item found there. */
  | { readonly refused: number; readonly stored: unknown }

/** All puts or none, at most 100, charged to `owner` as one. The client's token makes a repetition after a lost answer harmless for ten
 *  minutes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
export async function transact(
  client: DynamoDBClient,
  meter: Meter,
  owner: string,
  puts: readonly Put[],
): Promise<Transacted> {
  const items = puts.map(({ value }) => toItem(value))
  const count = (units: typeof putUnits) =>
    meter(owner, 'facts', () => items.reduce((sum, item) => sum + units(undefined, item, true), 0))
  const actions = puts.map(({ table, condition }, index) => ({
    Put: {
      TableName: table.name,
      Item: items[index],
      ConditionExpression: condition.expression,
      ...(condition.names && { ExpressionAttributeNames: { ...condition.names } }),
      ...(condition.values && { ExpressionAttributeValues: toItem(condition.values) }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    },
  }))
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems: actions }))
    count(putUnits)
    return 'written'
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error
    count(refusedUnits)
    const reasons = error.CancellationReasons ?? []
    const refused = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed')
    const stored = reasons[refused]?.Item
    if (refused >= 0) return { refused, stored: stored && fromItem(stored) }
    if (reasons.some(({ Code }) => Code === 'TransactionConflict')) return 'conflict'
    throw error
  }
}
