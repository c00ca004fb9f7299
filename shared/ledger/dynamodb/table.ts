import { randomUUID } from 'node:crypto'
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { fromItem, toItem } from './attributes.ts'
import { type Item, putUnits, refusedUnits } from './write-units.ts'

/** Told of every write: whom it was for (a participant's id, or `partner#<name>`), which payout if it was for
 *  one (a sort key, else `facts`), and what it cost, which is counted only for a meter that asks. */
export type Meter = (owner: string, sk: string, writeUnits: () => number) => void

export type Key = { readonly pk: string; readonly sk: string }

/** A condition from named parts, with what its placeholders stand for. */
export type Condition = {
  readonly expression: string
  readonly names?: Readonly<Record<string, string>>
  readonly values?: Readonly<Record<string, string | number>>
}
export const absent: Condition = { expression: 'attribute_not_exists(pk)' }
/** Only over the version before this one. */
export const follows = (version: number): Condition => ({
  expression: '#version = :before',
  names: { '#version': 'version' },
  values: { ':before': version - 1 },
})
/** For rows with one writer, where the last write is the truth. */
export const always: Condition = { expression: 'attribute_exists(pk) OR attribute_not_exists(pk)' }

/** `refused` carries the item that stood in the way. */
export type Written = { readonly written: true } | { readonly written: false; readonly stored: unknown }

/** Pages of one query; more means a participant with an impossible number of rows. */
const pagesMax = 20
/** Of a megabyte each: one partition of an index with ten times the programme has fewer. */
const countedPagesMax = 100_000
/** How often one batch is asked for. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const batchRequestsMax = 4

const placeholders = (condition: Condition) => ({
  ...(condition.names && { ExpressionAttributeNames: { ...condition.names } }),
  ...(condition.values && { ExpressionAttributeValues: toItem(condition.values) }),
})

/** The only reader and writer of one table. */
export function createTable(client: DynamoDBClient, name: string, meter: Meter) {
  const pages = async (input: Omit<QueryCommandInput, 'TableName'>, most = pagesMax): Promise<Item[]> => {
    const items: Item[] = []
    let start: Record<string, AttributeValue> | undefined
    for (let page = 0; page < most; page++) {
      const answer = await client.send(
        new QueryCommand({ TableName: name, ...input, ...(start && { ExclusiveStartKey: start }) }),
      )
      items.push(...(answer.Items ?? []))
      start = answer.LastEvaluatedKey
      const enough = input.Limit !== undefined && items.length >= input.Limit
      if (!start || enough) return items
    }
    throw new Error(`a query of ${name} does not end within ${most} pages`)
  }

  return {
    name,

    /** `undefined` when there is none. */
    async get({ pk, sk }: Key): Promise<unknown> {
      const answer = await client.send(
        new GetItemCommand({ TableName: name, Key: toItem({ pk, sk }), ConsistentRead: true }),
      )
      return answer.Item && fromItem(answer.Item)
    },

    /**
     * Those of at most 100 items that exist, in any order. What DynamoDB leaves out under load is asked for again a
     * few times; after that it throws, and the caller's own repetition is the pause that DynamoDB wants.
     */
    async getEach(wanted: readonly Key[]): Promise<unknown[]> {
      const found: Item[] = []
      let keys = wanted.map(({ pk, sk }): Item => ({ pk: { S: pk }, sk: { S: sk } }))
      for (let request = 0; request < batchRequestsMax && keys.length > 0; request++) {
        const answer = await client.send(
          new BatchGetItemCommand({ RequestItems: { [name]: { Keys: keys, ConsistentRead: true } } }),
        )
        found.push(...(answer.Responses?.[name] ?? []))
        keys = answer.UnprocessedKeys?.[name]?.Keys ?? []
      }
      if (keys.length === 0) return found.map((item) => fromItem(item))
      throw new Error(`${name} left out ${keys.length} items of a batch ${batchRequestsMax} times`)
    },

    /** Items of a partition whose sort key satisfies `range`, in its order. Throws beyond `most` pages of a megabyte. */
    async query(pk: string, range?: Condition, most = pagesMax): Promise<unknown[]> {
      const input = {
        KeyConditionExpression: range ? `pk = :pk AND ${range.expression}` : 'pk = :pk',
        ExpressionAttributeValues: toItem({ ':pk': pk, ...range?.values }),
        ConsistentRead: true,
      }
      return (await pages(input, most)).map((item) => fromItem(item))
    },

    pages,

    /** How many items a query finds; none of them is sent. */
    async count(input: Omit<QueryCommandInput, 'TableName'>): Promise<number> {
      let count = 0
      let start: Record<string, AttributeValue> | undefined
      for (let page = 0; page < countedPagesMax; page++) {
        const answer = await client.send(
          new QueryCommand({
            ...{ TableName: name, Select: 'COUNT' },
            ...input,
            ...(start && { ExclusiveStartKey: start }),
          }),
        )
        count += answer.Count ?? 0
        start = answer.LastEvaluatedKey
        if (!start) return count
      }
      throw new Error(`a count of ${name} does not end within ${countedPagesMax} pages`)
    },

    /**
     * Writes one item if the condition holds. Every put has an id of its own, so that a client which repeats a
     * request after a lost answer knows its item from an equal one of another writer.
     */
    async put(
      value: Key & Readonly<Record<string, unknown>>,
      condition: Condition,
      owner = value.pk,
    ): Promise<Written> {
      const putId = randomUUID()
      const item = toItem({ ...value, putId })
      try {
        const answer = await client.send(
          new PutItemCommand({
            TableName: name,
            Item: item,
            ConditionExpression: condition.expression,
            ...placeholders(condition),
            ReturnValues: 'ALL_OLD',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        )
        meter(owner, value.sk, () => putUnits(answer.Attributes, item))
        return { written: true }
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        meter(owner, value.sk, () => refusedUnits(error.Item, item))
        if (error.Item?.putId?.S === putId) return { written: true }
        return { written: false, stored: error.Item && fromItem(error.Item) }
      }
    },

    /** Sets an attribute if the condition holds, and says whether it did; otherwise nothing happens. */
    async set(
      { pk, sk }: Key,
      attribute: string,
      value: unknown,
      condition: Condition,
      owner = pk,
    ): Promise<boolean> {
      try {
        const answer = await client.send(
          new UpdateItemCommand({
            TableName: name,
            Key: toItem({ pk, sk }),
            UpdateExpression: 'SET #set = :set',
            ConditionExpression: condition.expression,
            ExpressionAttributeNames: { '#set': attribute, ...condition.names },
            ExpressionAttributeValues: toItem({ ':set': value, ...condition.values }),
            ReturnValues: 'ALL_NEW',
          }),
        )
        meter(owner, sk, () => putUnits(undefined, answer.Attributes ?? {}))
        return true
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        meter(owner, sk, () => 1)
        return false
      }
    },
  }
}
export type Table = ReturnType<typeof createTable>
