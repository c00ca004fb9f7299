import * as z from 'zod'
import { kinds, payouts } from '../domain/payout.ts'
import { partnerConfigurations } from '../partners/registry.ts'
import { withoutAccounts } from './account-numbers.ts'

/**
 * What people may tell the system to do. An instruction is judged and carried out the same way whether one person or
 * two stand behind it; one that takes two is kept as a proposal until somebody else approves exactly this text.
 */

const partners: readonly string[] = Object.keys(partnerConfigurations)

export const participantId = z.string().regex(/^[A-Z0-9-]{1,30}$/)
export const payoutName = z.enum(payouts)
export const payoutKey = z.strictObject({ participantId, payout: payoutName })
export const partnerName = z.string().refine((name) => partners.includes(name), {
  error: `must be one of ${partners.join(', ')}`,
})
/** An attempt's partnerReferenceNo. */
export const reference = z.string().regex(/^[A-Za-z0-9-]{1,50}$/)
/** Why, in the person's own words. It goes into the journal: an account number is refused, and no name belongs there. */
export const reason = z
  .string()
  .trim()
  .min(3)
  .max(200)
  .refine((text) => withoutAccounts(text) === text, {
    error: 'must not hold a number of eight digits or more, however grouped, which may be somebody’s account',
  })
/** The treasury's or the partner's document. */
export const documentNumber = z.string().regex(/^[A-Za-z0-9/._-]{3,64}$/)
/** Whole rupiah. */
export const positiveAmount = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
/** Of a break that reconciliation has found. */
export const breakId = z.string().regex(/^[0-9a-f]{16}$/)
/** Of a person, as in the name of a session. */
const personName = z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{1,39}$/)
const payoutsMax = 1_000

/** A participant whole, or single payouts. */
const subjects = z.union([
  z.strictObject({ participantId }),
  z.strictObject({ payouts: z.array(payoutKey).min(1).max(payoutsMax) }),
])

export const instructionSchema = z.discriminatedUnion('instruction', [
  /** The set that a preview has stored under its hash. */
  z.strictObject({ instruction: z.literal('retry'), set: z.string().regex(/^[0-9a-f]{64}$/), reason }),
  z.strictObject({ instruction: z.literal('hold'), subjects, reason }),
  z.strictObject({ instruction: z.literal('unhold'), subjects, reason }),
  z.strictObject({ instruction: z.literal('cancel'), subjects, reason }),
  z.strictObject({
    instruction: z.literal('settle'),
    reference,
    outcome: z.enum(['paid', 'not-paid']),
    document: documentNumber,
    reason,
  }),
  z.strictObject({
    instruction: z.literal('fund'),
    partner: partnerName,
    amount: positiveAmount,
    document: documentNumber,
  }),
  z.strictObject({
    instruction: z.literal('sweep'),
    partner: partnerName,
    amount: positiveAmount,
    document: documentNumber,
  }),
  /** The document is the one that the statement's line names. */
  z.strictObject({
    instruction: z.literal('fee'),
    partner: partnerName,
    amount: positiveAmount,
    document: documentNumber,
  }),
  z.strictObject({ instruction: z.literal('recovered'), reference, document: documentNumber }),
  z.strictObject({ instruction: z.literal('write-off'), reference, document: documentNumber, reason }),
  /** Changes nothing but what is said of the break. */
  z.strictObject({
    instruction: z.literal('explain-break'),
    partner: partnerName,
    break: breakId,
    note: reason,
    assignedTo: personName.exactOptional(),
  }),
  /** Nobody pursues the difference any further; the books stay what they are. */
  z.strictObject({
    instruction: z.literal('write-off-break'),
    partner: partnerName,
    break: breakId,
    reason,
  }),
  /** Without a partner the whole programme, without a kind both. */
  z.strictObject({
    instruction: z.literal('pause'),
    partner: partnerName.exactOptional(),
    kind: z.enum(kinds).exactOptional(),
    reason,
  }),
  z.strictObject({
    instruction: z.literal('resume'),
    partner: partnerName.exactOptional(),
    kind: z.enum(kinds).exactOptional(),
    reason,
  }),
])
export type Instruction = z.infer<typeof instructionSchema>
export type InstructionName = Instruction['instruction']

/**
 * How many people must stand behind an instruction. `depends`: two above the stage's limits for a retry, where a hold
 * that two must lift is lifted, and where a lane that paused itself is re-opened.
 */
export const peopleNeeded = {
  retry: 'depends',
  hold: 'one',
  unhold: 'depends',
  cancel: 'two',
  settle: 'two',
  fund: 'two',
  sweep: 'two',
  fee: 'two',
  recovered: 'two',
  'write-off': 'two',
  'explain-break': 'one',
  'write-off-break': 'two',
  pause: 'one',
  resume: 'depends',
} as const satisfies Record<InstructionName, 'one' | 'two' | 'depends'>
