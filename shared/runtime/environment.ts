import * as z from 'zod'

/** The only place that reads process.env. */

const text = z.string().min(1)
const wholeNumber = z
  .string()
  .regex(/^[1-9]\d*$/, 'is not a whole number over 0')
  .transform(Number)
const number = z
  .string()
  .regex(/^(?=.*[1-9])\d+(\.\d+)?$/, 'is not a number over 0')
  .transform(Number)
const textsByName = text
  .transform((value, context): unknown => {
    try {
      return JSON.parse(value)
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), z.string()))

/** Variables that functions may ask for, by the name they have in the template. */
export const variables = {
  PAYOUTS_TABLE: text,
  JOURNAL_TABLE: text,
  ACCOUNTS_TABLE: text,
  OPERATIONS_TABLE: text,
  FINANCE_TABLE: text,
  /** Where the audit trail's digests are kept. */
  DIGESTS_BUCKET: text,
  /** Where the movement files are kept. */
  MOVEMENTS_BUCKET: text,
  /** Where partners' statements arrive, and the results of reconciling them are kept. */
  STATEMENTS_BUCKET: text,
  /** Where what was said to partners is kept. */
  EXCHANGES_BUCKET: text,
  AWS_REGION: text,
  /** S3's address where it is not AWS' own, as the SDK understands it. */
  AWS_ENDPOINT_URL_S3: text.optional(),
  SHARDS: wholeNumber,
  /** The first part of every resource's name. */
  STAGE: text,
  /** JSON: event source to the AWS account that may publish under it. */
  PUBLISHERS: textsByName,
  /** Name of the secret that keys the hashes of account numbers. */
  ACCOUNT_KEY_SECRET: text,
  PARTNER: text,
  PARTNER_SECRET: text,
  LANE_QUEUE_URL: text,
  JOBS_QUEUE_URL: text,
  INTAKE_QUEUE_URL: text,
  ACCOUNTS_QUEUE_URL: text,
  /** JSON: name of each dead-letter queue to its URL. */
  DEAD_LETTER_QUEUES: textsByName,
  /** A retry of more payouts, or of more rupiah, takes two people. */
  APPROVAL_PAYOUTS: wholeNumber,
  APPROVAL_RUPIAH: wholeNumber,
  /** Name of the bus that changes of status are published on. */
  EVENT_BUS: text,
  RATE_PER_SECOND: number,
  CALL_DEADLINE_SECONDS: number,
} as const

/** Reads and checks variables when a function starts. Throws a sentence that names every one that is wrong. */
export function readEnvironment<T extends z.ZodRawShape>(shape: T): z.infer<z.ZodObject<T>> {
  const parsed = z.object(shape).safeParse(process.env)
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(`environment variables are missing or wrong: ${complaints.join('; ')}`)
}
