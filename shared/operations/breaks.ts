import * as z from 'zod'
import { breakId, partnerName } from './instructions.ts'

/** What the operations API says of breaks. Amounts are whole rupiah, instants ISO 8601 with the offset +07:00. */

const count = z.number().int().nonnegative()
const amount = z.number().int()
const instant = z.string()

/** Open ones unless `all`; written-off and resolved ones are closed. */
export const breaksQuery = z.strictObject({
  partner: partnerName,
  all: z.enum(['true', 'false']).default('false'),
})
export const breakAnswer = z.object({
  id: breakId,
  partner: z.string(),
  kind: z.string(),
  state: z.enum(['new', 'persisting', 'resolved', 'written-off']),
  day: z.string(),
  amount,
  direction: z.string().exactOptional(),
  reference: z.string().exactOptional(),
  detail: z.string().exactOptional(),
  remedy: z.string(),
  /** Days of the statements by which it was first and last found, and how many days ago the first was. */
  firstSeen: z.string(),
  lastSeen: z.string(),
  age: count,
  assignedTo: z.string().exactOptional(),
  /** Oldest first. */
  notes: z.array(z.object({ at: instant, by: z.string(), note: z.string() })),
})
/** Oldest first; `more`: so many are left out. */
export const breaksAnswer = z.object({ breaks: z.array(breakAnswer), more: count })
