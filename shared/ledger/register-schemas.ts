import * as z from 'zod'
import type { AuditDigest } from '../operations/digest.ts'
import { instructionSchema } from '../operations/instructions.ts'
import type {
  AppliedAlone,
  AuditRecord,
  Job,
  Proposal,
  RetryMember,
  RetrySet,
} from '../operations/register.ts'
import { proposalOutcome, proposedRetry, skipReasons } from '../operations/schemas.ts'
import { civilDateSchema, instantSchema, payoutSchema } from './schemas.ts'

/** What the table of operations and the audit trail's bucket hold, parsed where it is read. */

const text = z.string()
const count = z.int().nonnegative()
const optional = <T extends z.ZodType>(schema: T) => z.exactOptional(schema)

export const requestSchema = z.object({ bodyHash: text, at: instantSchema, answer: optional(text) })

export const setSchema = z.object({
  hash: text,
  payments: count,
  rupiah: count,
  returnedByStatement: optional(count),
  notPaidByDocument: optional(count),
  at: instantSchema,
}) satisfies z.ZodType<RetrySet>

export const appliedAloneSchema = z.object({
  person: text,
  sets: z.array(z.object({ job: text, at: instantSchema, payments: count, rupiah: count })),
  version: count,
}) satisfies z.ZodType<AppliedAlone>

const member = z.object({
  participantId: text,
  payout: payoutSchema,
  closedAttempt: count,
  accountVersion: text,
  partner: text,
  amount: count,
  onWordOf: optional(z.enum(['statement', 'document'])),
}) satisfies z.ZodType<RetryMember>
export const membersSchema = z.object({ members: z.array(member) })

export const proposalSchema = z.object({
  id: text,
  instruction: instructionSchema,
  statements: optional(text),
  retry: optional(proposedRetry),
  proposedBy: text,
  at: instantSchema,
  expiresAt: instantSchema,
  state: z.enum(['proposed', 'approved', 'withdrawn']),
  approvedBy: optional(text),
  outcome: optional(proposalOutcome),
  version: count,
}) satisfies z.ZodType<Proposal>

export const jobSchema = z.object({
  id: text,
  set: text,
  reason: text,
  state: z.enum(['running', 'stopped', 'done']),
  payments: count,
  cursor: count,
  retried: count,
  skipped: z.partialRecord(z.enum([...skipReasons, 'changed']), count),
  startedBy: text,
  approvedBy: optional(text),
  at: instantSchema,
  endedAt: optional(instantSchema),
  version: count,
}) satisfies z.ZodType<Job>

/** Where in a list newest first something stands that is kept elsewhere. */
export const placeSchema = z.object({ id: text })
export const jobOfSetSchema = z.object({ job: text })

export const auditSchema = z.object({
  at: instantSchema,
  by: text,
  role: text,
  action: text,
  detail: z.record(z.string(), z.unknown()),
  day: civilDateSchema,
  seq: count,
  previousHash: text,
  hash: text,
}) satisfies z.ZodType<AuditRecord>
export const auditItemSchema = z.object({ record: text })
export const digestSchema = z.object({
  day: civilDateSchema,
  records: count,
  lastHash: text,
  hash: text,
}) satisfies z.ZodType<AuditDigest>
export const auditHeadSchema = z.object({ day: civilDateSchema, seq: count, hash: text })
