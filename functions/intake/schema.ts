import * as z from 'zod'
import { readsAsFormula } from '../../shared/domain/formula.ts'
import { parseInstant } from '../../shared/domain/instant.ts'

/**
 * The events that come in, in EventBridge's envelope. Unknown fields are allowed and ignored.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */

/** Text of a sensible length that names something: nothing but spaces, dots or invisible marks does not. */
const name = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'has control characters')
  .regex(/[\p{L}\p{N}]/u, 'has neither letter nor digit')

/** One that leaves in files, which people open in spreadsheets: there, nobody outside may have anything calculated. */
const exportedName = name.refine((text) => !readsAsFormula(text), 'begins as a formula does')

const instantText = z
  .string()
  .max(40)
  .transform((text, context) => {
    const offset = /(?:Z|[+-]\d\d:\d\d)$/.test(text)
    const parsed = offset ? parseInstant(text) : undefined
    if (parsed) return parsed
    context.addIssue({ code: 'custom', message: 'is not an ISO 8601 time with an offset' })
    return z.NEVER
  })

const participantId = z.string().regex(/^[A-Z0-9-]{1,30}$/, 'is not 1 to 30 of A-Z, 0-9 and hyphen')

/** What EventBridge puts on every event that it delivers, but for `resources`, which nobody here needs. */
export const envelopeSchema = z.object({
  version: z.string(),
  id: z.string(),
  time: instantText,
  region: z.string(),
  'detail-type': z.string(),
  source: z.string(),
  account: z.string(),
  detail: z.looseObject({}),
})

export const certificateIssued = z.object({
  certificateId: name,
  participantId,
  wave: z.int().min(1),
  platform: name,
  trainingProvider: exportedName,
  trainingId: name,
  issuedAt: instantText,
})

export const surveyCompleted = z.object({
  participantId,
  survey: z.union([z.literal(1), z.literal(2), z.literal(3)], 'is not 1, 2 or 3'),
  completedAt: instantText,
})

export const payoutAccountLinked = z.object({
  participantId,
  partner: name,
  accountNumber: name.max(34),
  holderName: name,
  linkedAt: instantText,
})

export type CertificateIssued = z.infer<typeof certificateIssued>
export type SurveyCompleted = z.infer<typeof surveyCompleted>
export type PayoutAccountLinked = z.infer<typeof payoutAccountLinked>

/** Where a value went wrong and what was expected, never the value itself: it may be an account number. */
export const complaintsOf = (error: z.ZodError): string =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`).join('; ')
