import * as z from 'zod'
import type { EntitlementEvent, Entry, EntryOf, FloatEvent, PayoutEvent } from '../domain/entry.ts'
import { type CivilDate, type Instant, isCivilDate, isInstant } from '../domain/instant.ts'
import { deferralReasons, type RefusalReason, rejectionRemedy, unknownCauses } from '../domain/outcome.ts'
import { pauseReasons } from '../domain/pause.ts'
import { isPayout, type Payout } from '../domain/payout.ts'
import type { Control } from '../domain/permit.ts'
import type { PayoutRow } from '../domain/row.ts'
import { isRupiah, type Rupiah } from '../domain/rupiah.ts'
import { type StateName, transitions } from '../domain/state.ts'

/**
 * What the tables hold, parsed where it is read. A row that does not parse is corruption: it throws.
 */

export const instantSchema = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value))
export const rupiahSchema = z.custom<Rupiah>((value) => typeof value === 'number' && isRupiah(value))
export const payoutSchema = z.custom<Payout>((value) => typeof value === 'string' && isPayout(value))
const stateSchema = z.custom<StateName>(
  (value) => typeof value === 'string' && Object.hasOwn(transitions, value),
)
const reasonSchema = z.custom<keyof typeof rejectionRemedy>(
  (value) => typeof value === 'string' && Object.hasOwn(rejectionRemedy, value),
)
const refusalSchema = z.custom<RefusalReason>(
  (value) =>
    typeof value === 'string' &&
    Object.entries(rejectionRemedy).some(([r, m]) => r === value && m === 'participant'),
)

const text = z.string()
const count = z.int().nonnegative()
const optional = <T extends z.ZodType>(schema: T) => z.exactOptional(schema)

const evidence = z.object({
  code: optional(text),
  http: optional(z.number()),
  referenceNo: optional(text),
  externalId: optional(text),
  status: optional(text),
  document: optional(text),
})
const ofAttempt = { attempt: count, evidence }

const payoutEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('claimed'),
    attempt: count,
    reference: text,
    partner: text,
    accountVersion: text,
    lastFour: text,
    amount: rupiahSchema,
    transactionDate: instantSchema,
    fee: optional(rupiahSchema),
    session: optional(text),
    bodyHash: text,
    until: instantSchema,
  }),
  z.object({ type: z.literal('resent'), ...ofAttempt, until: instantSchema }),
  z.object({ type: z.literal('pending'), ...ofAttempt }),
  z.object({ type: z.literal('unknown'), ...ofAttempt, cause: z.enum(unknownCauses) }),
  z.object({ type: z.literal('asked'), ...ofAttempt, askedAt: instantSchema }),
  z.object({ type: z.literal('disbursed'), ...ofAttempt }),
  z.object({ type: z.literal('rejected'), ...ofAttempt, reason: reasonSchema }),
  z.object({
    type: z.literal('deferred'),
    ...ofAttempt,
    reason: z.enum(deferralReasons),
    notBefore: instantSchema,
  }),
  z.object({
    type: z.literal('refused'),
    partner: text,
    accountVersion: text,
    reason: refusalSchema,
    evidence,
  }),
  z.object({ type: z.literal('returned'), ...ofAttempt }),
  z.object({ type: z.literal('held'), reason: text, accountVersion: optional(text) }),
  z.object({ type: z.literal('hold-released'), reason: text, accountVersion: optional(text) }),
  z.object({ type: z.literal('retried'), reason: text }),
  z.object({ type: z.literal('cancelled'), reason: text }),
  z.object({ type: z.literal('surfaced'), ...ofAttempt }),
  z.object({ type: z.literal('overpaid'), ...ofAttempt }),
  z.object({ type: z.literal('recovered'), ...ofAttempt }),
  z.object({ type: z.literal('written-off'), ...ofAttempt }),
]) satisfies z.ZodType<PayoutEvent>

const floatEvent = z.object({
  type: z.enum(['funded', 'swept', 'fee']),
  amount: rupiahSchema,
  document: text,
}) satisfies z.ZodType<FloatEvent>

const posting = z.object({ from: text, to: text, amount: rupiahSchema })
const entryOf = <E extends z.ZodType, S extends z.ZodType>(event: E, subject: S) =>
  z.object({
    owner: text,
    subject,
    seq: count,
    at: instantSchema,
    by: text,
    event,
    postings: z.array(posting),
    previousHash: text,
  })

export const entrySchema = entryOf(payoutEvent, payoutSchema) satisfies z.ZodType<Entry>
const entitlement = z.literal('entitlement')
const accrued = z.object({
  type: z.literal('accrued'),
  wave: count,
  scheme: text,
  platform: text,
  trainingProvider: text,
})
const certified = z.object({
  type: z.literal('certified'),
  wave: count,
  platform: text,
  trainingProvider: text,
  governs: z.boolean(),
})
/** The first entry of an entitlement's chain. */
export const accrualSchema = entryOf(accrued, entitlement)
export const entitlementEntrySchema = entryOf(
  z.discriminatedUnion('type', [accrued, certified]) satisfies z.ZodType<EntitlementEvent>,
  entitlement,
)
export const floatEntrySchema = entryOf(floatEvent, z.literal('float')) satisfies z.ZodType<
  EntryOf<FloatEvent>
>
/** Whatever the journal holds. */
export const anyEntrySchema = z.union([entrySchema, entitlementEntrySchema, floatEntrySchema])

export const rowSchema = z.object({
  participantId: text,
  payout: payoutSchema,
  seq: count,
  facts: count,
  state: stateSchema,
  list: optional(text),
  at: optional(instantSchema),
  wave: count,
  since: instantSchema,
  partner: optional(text),
  lastFour: optional(text),
  attempt: optional(count),
  claimedAt: optional(instantSchema),
  reason: optional(text),
  remedy: optional(z.enum(['participant', 'partner', 'operator'])),
  inquiries: optional(count),
}) satisfies z.ZodType<PayoutRow>

export const certificateSchema = z.object({
  certificateId: text,
  issuedAt: instantSchema,
  platform: text,
  trainingProvider: text,
  trainingId: text,
})
export const entitlementSchema = z.object({
  participantId: text,
  wave: count,
  scheme: text,
  governing: certificateSchema,
  replacements: count,
})
export const surveySchema = z.object({
  survey: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  completedAt: instantSchema,
})

const verificationSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('verified'),
    name: text,
    fee: optional(z.number()),
    session: optional(text),
  }),
  z.object({ outcome: z.literal('refused'), reason: refusalSchema }),
])
export const accountSchema = z.object({
  version: text,
  partner: text,
  number: text,
  holderName: text,
  linkedAt: instantSchema,
  shared: optional(z.boolean()),
  verification: optional(verificationSchema),
})

const pause = optional(
  z.object({
    reason: z.enum(pauseReasons),
    since: instantSchema,
    by: text,
    note: optional(text),
    itself: optional(z.literal(true)),
    confirmed: optional(instantSchema),
  }),
)
const canary = optional(
  z.object({
    since: instantSchema,
    payouts: z.array(z.object({ participantId: text, payout: payoutSchema, at: instantSchema })),
  }),
)
export const controlSchema = z.object({
  version: count,
  paused: z.object({ incentive: pause, survey: pause }),
  tokens: z.object({ count: z.number(), at: instantSchema }),
  available: z.int(),
  permits: z.record(
    text,
    z.object({
      at: instantSchema,
      payouts: z.array(z.object({ participantId: text, payout: payoutSchema, amount: rupiahSchema })),
      givenBack: optional(z.int()),
    }),
  ),
  canary: optional(z.object({ incentive: canary, survey: canary })),
  recent: optional(text),
}) satisfies z.ZodType<Control>

export const civilDateSchema = z.custom<CivilDate>((value) => typeof value === 'string' && isCivilDate(value))
export const closingSchema = z.object({ day: civilDateSchema, next: optional(text) })

const place = z.object({ participantId: text, payout: payoutSchema, at: instantSchema })
export const cursorSchema = z.object({
  startedAt: instantSchema,
  releasedAt: optional(instantSchema),
  places: z.record(text, place),
  past: optional(z.literal(true)),
})
const indexKey = z.object({ pk: text, sk: payoutSchema, at: instantSchema })
export const indexKeySchema = indexKey.transform(({ pk, sk, at }) => ({ participantId: pk, payout: sk, at }))
export const describedSchema = indexKey
  .extend({ state: stateSchema, since: instantSchema, partner: optional(text) })
  .transform(({ pk, sk, ...described }) => ({ participantId: pk, payout: sk, ...described }))
export const refusedSchema = z.object({
  hash: text,
  reason: text,
  detail: text,
  body: text,
  at: instantSchema,
})
