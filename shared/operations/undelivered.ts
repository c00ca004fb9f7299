import * as z from 'zod'
import { digits } from '../api/digits.ts'
import { instructionAnswer } from './schemas.ts'

/** What the operations API answers of events and messages that did not get through. */

const instant = z.string()
const count = z.number().int().nonnegative()

export const refusedEvent = z.object({
  hash: z.string(),
  reason: z.string(),
  detail: z.string(),
  at: instant,
})
/** From behind a hash on, or how one begins. An event may be kept with 400 KB, of which a page shows nothing. */
export const quarantineQuery = z.strictObject({
  limit: digits(z.number().int().min(1).max(50)).prefault(50),
  cursor: z
    .string()
    .regex(/^[0-9a-f]{1,64}$/)
    .exactOptional(),
})
/** `event`: its fields as far as they are known; account numbers by their last four digits, no names. Absent where it
 *  cannot be read. `hidden`: fields that are left out because nobody knows what is in them. */
export const quarantinedEvent = z.object({
  ...refusedEvent.shape,
  event: z.record(z.string(), z.unknown()).exactOptional(),
  hidden: count,
})
/** Messages that no command may move. */
export const engineersWork = ['part-of-stream', 'statement', 'change-of-status', 'unreadable'] as const
export const deadLetter = z.object({
  queue: z.string(),
  messageId: z.string(),
  about: z.string(),
  /** What the tables say of it. `waiting`: it is scheduled, and release sends it. `waits-for-people`: it has failed, has
   *  come back, is held or lacks an account or a survey, so that no message moves it. `unreadable`: the payout's journal
   *  is damaged, so that nobody can tell. */
  standing: z.enum(['settled', 'waiting', 'waits-for-people', 'unknown', 'not-a-payout', ...engineersWork]),
})
/** About how many messages a queue holds beyond those that were looked at, by queue; only queues that do. SQS counts
 *  approximately. */
const beyond = z.record(z.string(), count)
/** `more`: absent where all were looked at. */
export const deadLettersAnswer = z.object({
  messages: z.array(deadLetter),
  more: beyond.exactOptional(),
})
/** All messages, or one. */
export const tidying = z.strictObject({ messageId: z.uuid().exactOptional() })
const [carriedOut] = instructionAnswer.options
/** What each message came to. `more`: they are for the next tidying; absent where only one message was meant. */
export const tidyingAnswer = z.object({ ...carriedOut.shape, more: beyond.exactOptional() })
