import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
import type { Output } from '../database.ts'
import type { Reply } from './wire.ts'

/** What the memory database says to a command: something, or no. */
export type Answer = { readonly output: Output } | { readonly refusal: DynamoDBServiceException }

/** Has it answered; what is no answer is thrown. */
export async function answerOf(act: () => Output | Promise<Output>): Promise<Answer> {
  try {
    return { output: await act() }
  } catch (error) {
    if (error instanceof DynamoDBServiceException) return { refusal: error }
    throw error
  }
}

const item = z.custom<Item>((given) => typeof given === 'object' && given !== null)
const nameOf = ({ pk, sk }: Item): string => `${pk?.S} ${sk?.S}`
const inOrder = (items: readonly Item[]): readonly Item[] =>
  items.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))

/** What the ledger reads of an answer. Batches come in any order. */
const outputSchema = z.object({
  Attributes: item.optional(),
  Item: item.optional(),
  Items: z.array(item).optional(),
  LastEvaluatedKey: item.optional(),
  Responses: z
    .record(z.string(), z.array(item))
    .transform((tables) => inOrder(Object.values(tables).flat()))
    .optional(),
})
/** In an exception of the SDK, nothing in the way is an item that is undefined. */
const present = <Fields extends { readonly Item?: Item | undefined }>({ Item, ...others }: Fields) =>
  Item ? { ...others, Item } : others
const reasonSchema = z.object({ Code: z.string(), Item: item.optional() }).transform(present)
const refusalSchema = z
  .object({
    name: z.string(),
    Item: item.optional(),
    CancellationReasons: z.array(reasonSchema).optional(),
  })
  .transform(present)
/** Its name is the end of its type: `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException`. */
const wireRefusalSchema = z
  .looseObject({ __type: z.string() })
  .transform(({ __type, ...others }) => ({ ...others, name: __type.slice(__type.indexOf('#') + 1) }))
  .pipe(refusalSchema)

/** What an answer means: equal for two answers between which the ledger sees no difference. */
export type Meaning =
  | z.infer<typeof outputSchema>
  | z.infer<typeof refusalSchema>
  | { readonly all: readonly Item[] }

export const meaningOf = (answer: Answer): Meaning =>
  'refusal' in answer ? refusalSchema.parse(answer.refusal) : outputSchema.parse(answer.output)

/** The same, of what an engine says. */
export const meaningOfReply = ({ ok, body }: Reply): Meaning =>
  ok ? outputSchema.parse(body) : wireRefusalSchema.parse(body)

const pageSchema = z.object({ Items: z.array(item), LastEvaluatedKey: item.optional() })
/** Far more than a world has. */
const pagesMax = 1_000

/** The same, of all pages of a scan: each has what it has by the order of the partitions, which nobody promises. */
export async function meaningOfScan(
  pageAfter: (start: Item | undefined) => Promise<unknown>,
): Promise<Meaning> {
  const items: Item[] = []
  let start: Item | undefined
  for (let pages = 0; pages < pagesMax; pages++) {
    const { Items, LastEvaluatedKey } = pageSchema.parse(await pageAfter(start))
    items.push(...Items)
    start = LastEvaluatedKey
    if (!start) return { all: inOrder(items) }
  }
  throw new Error(`a scan has more than ${pagesMax} pages`)
}
