import type { ServiceInputTypes } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'

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
/** A command as the SDK was given it. */
export type MemoryCommand = z.infer<typeof commandSchema>
type Given = { readonly name: string; readonly input: ServiceInputTypes }

export type GetItem = z.infer<typeof getItem>
export type BatchGetItem = z.infer<typeof batchGetItem>
export type PutItem = z.infer<typeof putItem>
export type UpdateItem = z.infer<typeof updateItem>
export type Query = z.infer<typeof query>
export type TransactWriteItems = z.infer<typeof transactWriteItems>
export type Scan = z.infer<typeof scan>

/**
 * What of a command does not vary with whom it is for: its parameters, and those of them that are texts. There are a few
 * dozen of these shapes, so that only the first command of each is looked at; transactions, which nest, have none.
 */
type Shapes = Map<unknown, Shapes>
const shapesKnown: Shapes = new Map()
const complete = Symbol('complete')
const kinds = { boolean: Symbol('boolean'), number: Symbol('number'), object: Symbol('object') }
const other = Symbol('other')
function kindOf(value: unknown): string | symbol {
  if (typeof value === 'string') return value
  if (typeof value === 'object') return kinds.object
  if (typeof value === 'number') return kinds.number
  return typeof value === 'boolean' ? kinds.boolean : other
}

/** Part by part: to put them together in one text takes longer than most commands. */
function isKnown(given: Given): given is MemoryCommand {
  const { name, input } = given
  let shapes = name === 'TransactWriteItems' ? undefined : shapesKnown.get(name)
  for (const [parameter, value] of Object.entries(input)) shapes = shapes?.get(parameter)?.get(kindOf(value))
  return shapes?.has(complete) ?? false
}
function remember({ name, input }: Given): void {
  const parts = Object.entries(input).flatMap(([parameter, value]) => [parameter, kindOf(value)])
  let shapes = shapesKnown
  for (const part of [name, ...parts, complete]) {
    const further: Shapes = shapes.get(part) ?? new Map()
    shapes.set(part, further)
    shapes = further
  }
}

/** `sdkName` is the SDK's name of the command: `PutItemCommand`. Throws for what the memory database does not know. */
export function memoryCommand(sdkName: string, input: ServiceInputTypes): MemoryCommand {
  const given: Given = { name: sdkName.replace(/Command$/, ''), input }
  if (isKnown(given)) return given
  const parsed = commandSchema.safeParse(given)
  if (!parsed.success)
    throw new Error(`the memory database does not know this ${sdkName}: ${z.prettifyError(parsed.error)}`)
  remember(given)
  return parsed.data
}
