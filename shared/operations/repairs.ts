import * as z from 'zod'
import { givenDay } from '../api/time.ts'
import { reason } from './instructions.ts'

/** What the API takes and answers of repairs of finance's sums and movement files. Days are Jakarta's, both inclusive. */

const day = z.iso.date()
const count = z.int().nonnegative()

export const repairRequest = z.strictObject({ from: givenDay, to: givenDay, reason })

export const repairAnswer = z.object({
  id: z.string(),
  from: day,
  to: day,
  reason: z.string(),
  state: z.enum(['running', 'stopped', 'done']),
  /** Entries of the journal read so far. */
  entries: count,
  /** Whether these are all. */
  read: z.boolean(),
  /** Days at partners dealt with, and how many there are. */
  parts: count,
  of: count,
  /** Of so many of them the sums were written anew. */
  sums: count,
  /** Movements added to the files. */
  movements: count,
  startedBy: z.string(),
  at: z.string(),
  endedAt: z.string().exactOptional(),
})
