import * as z from 'zod'
import { givenDay } from '../api/time.ts'

/** What the operations API answers of the audit trail. */

const instant = z.string()

export const auditRecord = z.object({
  day: z.iso.date(),
  seq: z.number().int().positive(),
  at: instant,
  by: z.string(),
  role: z.string(),
  action: z.string(),
  detail: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
})
export const auditQuery = z.strictObject({
  from: givenDay,
  to: givenDay,
  cursor: z.string().max(20).exactOptional(),
})
export const auditAnswer = z.object({
  records: z.array(auditRecord),
  /** First record of this page that does not follow from the one before it; absent where the chain is whole. */
  broken: z.string().exactOptional(),
  /** Of every day that this page comes to the end of, that has ended and has records or a digest: the kept digest's hash, and whether the records are still what it says. */
  digests: z.array(
    z.object({
      day: z.iso.date(),
      hash: z.string().exactOptional(),
      matches: z.union([z.boolean(), z.literal('missing')]),
    }),
  ),
  next: z.string().exactOptional(),
})
