import * as z from 'zod'
import { fromItem } from '../shared/ledger/dynamodb/attributes.ts'
import { anyEntrySchema } from '../shared/ledger/schemas.ts'

/**
 * What comes in: records of the journal's stream. Only inserts are the journal's own doing; whatever has changed or
 * removed an entry has tampered with it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 */

type Image = Parameters<typeof fromItem>[0]
const image = z
  .custom<Image>((value) => typeof value === 'object' && value !== null)
  .transform((value) => fromItem(value))

const insertion = z.object({
  eventName: z.literal('INSERT'),
  dynamodb: z.object({ NewImage: image.pipe(anyEntrySchema) }),
})
const tampering = z.object({
  eventName: z.enum(['MODIFY', 'REMOVE']),
  dynamodb: z.object({ Keys: image.pipe(z.object({ pk: z.string(), sk: z.string() })) }),
})

export const journalRecord = z.discriminatedUnion('eventName', [insertion, tampering])
export type JournalRecord = z.infer<typeof journalRecord>
export type JournalEntry = z.infer<typeof insertion>['dynamodb']['NewImage']
/** What was done to which entry. */
export type Tampering = { readonly done: 'MODIFY' | 'REMOVE'; readonly pk: string; readonly sk: string }
