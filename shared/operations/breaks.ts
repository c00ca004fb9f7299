import * as z from 'zod'
import { breakId, partnerName } from './instructions.ts'

/** What the operations API says of breaks. Amounts are whole rupiah, instants ISO 8601 with the offset +07:00. */

const count = z.number().int().nonnegative()
const amount = z.number().int()
const instant = z.string()

/** Of every partner unless one is named; open ones unless `all`; written-off and resolved ones are closed. */
export const breaksQuery = z.strictObject({
  partner: partnerName.exactOptional(),
  all: z.enum(['true', 'false']).default('false'),
  /** From the page before. */
  cursor: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{16}$/)
    .exactOptional(),
})
/** So many days back a partner's last statement is looked for. */
export const statementDays = 14
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
/** Oldest first; `more`: so many are behind this page; `next` is absent on the last. */
export const breaksAnswer = z.object({
  breaks: z.array(breakAnswer),
  more: count,
  next: z.string().exactOptional(),
  /** Each partner that was asked about, with the day of its last statement that was reconciled, within two weeks. Where
   *  there is no statement, that there is no break says nothing. */
  statements: z.array(z.object({ partner: z.string(), lastDay: z.string().exactOptional() })),
})
