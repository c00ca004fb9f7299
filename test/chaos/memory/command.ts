import type { ServiceInputTypes } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Item } from '../../../shared/ledger/dynamodb/writeUnits.ts'

/*
 * The commands and parameters that the ledger sends, and no others: whatever the memory database does not know, it
 * refuses here instead of overlooking it.
 */

const isObject = (given: unknown) => typeof given === 'object' && given !== null
/** What is inside the values is looked at when an item is stored. */
const item = z.custom<Item>((given) => isObject(given) && Object.values(given).every(isObject))

const table = { TableName: z.string() }
const read = { ConsistentRead: z.boolean().optional() }
const placeholders = {
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: item.optional(),
}
const condition = {
  ...placeholders,
  ConditionExpression: z.string().optional(),
  ReturnValuesOnConditionCheckFailure: z.literal('ALL_OLD').optional(),
}
const page = { Limit: z.int().optional(), ExclusiveStartKey: item.optional() }

const getItem = z.strictObject({ ...table, ...read, Key: item })
const batchGetItem = z.strictObject({
  RequestItems: z.record(z.string(), z.strictObject({ ...read, Keys: z.array(item) })),
})
const putItem = z.strictObject({
  ...table,
  ...condition,
  Item: item,
  ReturnValues: z.literal('ALL_OLD').optional(),
})
const updateItem = z.strictObject({
  ...table,
  ...condition,
  Key: item,
  UpdateExpression: z.string(),
  ReturnValues: z.literal('ALL_NEW').optional(),
})
const query = z.strictObject({
  ...table,
  ...read,
  ...placeholders,
  ...page,
  IndexName: z.literal('worklist').optional(),
  KeyConditionExpression: z.string(),
})
const transactedPut = z.strictObject({ ...table, ...condition, Item: item })
const transactWriteItems = z.strictObject({
  TransactItems: z.array(z.strictObject({ Put: transactedPut })),
})
const scan = z.strictObject({
  ...table,
  ...read,
  ...placeholders,
  ...page,
  FilterExpression: z.string().optional(),
})

const commandSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('GetItem'), input: getItem }),
  z.object({ name: z.literal('BatchGetItem'), input: batchGetItem }),
  z.object({ name: z.literal('PutItem'), input: putItem }),
  z.object({ name: z.literal('UpdateItem'), input: updateItem }),
  z.object({ name: z.literal('Query'), input: query }),
  z.object({ name: z.literal('TransactWriteItems'), input: transactWriteItems }),
  z.object({ name: z.literal('Scan'), input: scan }),
])
type Command = z.infer<typeof commandSchema>
type Given = { readonly name: string; readonly input: ServiceInputTypes }

/** A command as the SDK was given it, and the names of the tables it concerns. */
export type MemoryCommand = Command & { readonly tables: readonly string[] }

export type GetItem = z.infer<typeof getItem>
export type BatchGetItem = z.infer<typeof batchGetItem>
export type PutItem = z.infer<typeof putItem>
export type UpdateItem = z.infer<typeof updateItem>
export type Query = z.infer<typeof query>
export type TransactWriteItems = z.infer<typeof transactWriteItems>
export type Scan = z.infer<typeof scan>

function tablesOf({ name, input }: Command): readonly string[] {
  if (name === 'BatchGetItem') return Object.keys(input.RequestItems)
  if (name === 'TransactWriteItems') {
    return [...new Set(input.TransactItems.map(({ Put }) => Put.TableName))]
  }
  return [input.TableName]
}

/**
 * What of a command does not vary with whom it is for: its parameters, and those of them that are texts. There are a few
 * dozen of these shapes, so that only the first command of each is looked at; transactions, which nest, have none.
 */
function shapeOf({ name, input }: Given): string {
  let shape = name
  for (const [parameter, value] of Object.entries(input))
    shape += typeof value === 'string' ? ` ${parameter}=${value}` : ` ${parameter}:${typeof value}`
  return shape
}
const shapesKnown = new Set<string>()
const isKnown = (given: Given): given is Command =>
  given.name !== 'TransactWriteItems' && shapesKnown.has(shapeOf(given))

/** `sdkName` is the SDK's name of the command: `PutItemCommand`. Throws for what the memory database does not know. */
export function memoryCommand(sdkName: string, input: ServiceInputTypes): MemoryCommand {
  const given: Given = { name: sdkName.replace(/Command$/, ''), input }
  if (isKnown(given)) return { ...given, tables: tablesOf(given) }
  const parsed = commandSchema.safeParse(given)
  if (!parsed.success)
    throw new Error(`the memory database does not know this ${sdkName}: ${z.prettifyError(parsed.error)}`)
  shapesKnown.add(shapeOf(given))
  return { ...parsed.data, tables: tablesOf(parsed.data) }
}
