import * as z from 'zod'
import { digits } from '../api/digits.ts'
import { kinds } from '../domain/payout.ts'
import { instructionSchema, participantId, partnerName, payoutKey, payoutName } from './instructions.ts'

/** What the operations API answers. Amounts are whole rupiah, instants ISO 8601 with the offset +07:00. */

const count = z.number().int().nonnegative()
const amount = z.number().int()
const instant = z.string()
const remedy = z.enum(['participant', 'partner', 'operator'])

export const listedPayout = z.object({
  participantId,
  payout: payoutName,
  kind: z.enum(kinds),
  amount,
  wave: z.number().int(),
  state: z.string(),
  since: instant,
  /** Its place in its work list: due, tried again, or asked again. */
  at: instant.exactOptional(),
  partner: z.string().exactOptional(),
  lastFour: z.string().exactOptional(),
  attempt: z.number().int().exactOptional(),
  reason: z.string().exactOptional(),
  remedy: remedy.exactOptional(),
})
export type ListedPayout = z.infer<typeof listedPayout>

export const listNames = ['due', 'failed', 'unknown', 'held', 'waiting'] as const
/** Which payouts of a list. `since`: in this state since that day (Asia/Jakarta) or later. `olderThan`: for at least so many days. */
export const listFilter = z.strictObject({
  partner: partnerName.exactOptional(),
  reason: z.string().max(60).exactOptional(),
  remedy: remedy.exactOptional(),
  wave: digits(z.number().int().positive()).exactOptional(),
  kind: z.enum(kinds).exactOptional(),
  since: z.iso.date().exactOptional(),
  olderThan: digits(z.number().int().nonnegative()).exactOptional(),
})
export type ListFilter = z.infer<typeof listFilter>
export const listQuery = z.strictObject({
  ...listFilter.shape,
  list: z.enum(listNames),
  /** Of the list `unknown`: only what no statement had when the partner's last one was reconciled. */
  eligible: z.literal('true').exactOptional(),
  limit: digits(z.number().int().min(1).max(500)).prefault(50),
  /** From the page before. */
  cursor: z.string().max(4_000).exactOptional(),
})
/** `atLeast`: there are more than were counted. `oldest`: since when the oldest of them is so; of scheduled ones, its day. */
const total = z.object({ count, rupiah: amount, atLeast: z.boolean(), oldest: instant.exactOptional() })

/** Oldest first. `page` adds up this page; `next` is absent on the last. */
export const listAnswer = z.object({
  payouts: z.array(listedPayout),
  page: z.object({ count, rupiah: amount }),
  /** Of all that the filter chooses, on this page or behind it. Only the first page has it. */
  total: total.exactOptional(),
  next: z.string().exactOptional(),
})

/** `note`: why, in the words of the person who wanted it last. `confirmed`: when it was wanted again, by people or by the
 *  lane itself; absent where it was not. */
const pause = z.object({
  reason: z.string(),
  since: instant,
  by: z.string(),
  note: z.string().exactOptional(),
  confirmed: instant.exactOptional(),
})
export const statusAnswer = z.object({
  at: instant,
  waiting: total,
  held: total,
  partners: z.record(
    z.string(),
    z.object({
      /** Due now, and with no worker yet. */
      due: total,
      /** Of these, what the partner could not be asked about, which is tried again later; absent where there is none. */
      putOff: total.exactOptional(),
      /** With a worker, which sends it or is about to. */
      inFlight: total,
      /** Scheduled for later. */
      later: total,
      pending: total,
      unknown: total,
      /** Or returned. */
      failed: total,
      /** Of payouts whose account is with the partner. */
      held: total,
      available: amount,
      paused: z.record(z.string(), pause),
      /** Of each kind in here only so many more are sent until one is paid. */
      canary: z.record(z.string(), count).exactOptional(),
      /** When the lane was last given anything to send. */
      lastRelease: instant.exactOptional(),
    }),
  ),
  /** Messages by queue; only dead-letter queues that hold any. */
  deadLetters: z.record(z.string(), count),
})

/** One line of the money timeline. */
export const timelineLine = z.object({
  at: instant,
  what: z.string(),
  detail: z.string(),
  by: z.string().exactOptional(),
  payout: payoutName.exactOptional(),
  reference: z.string().exactOptional(),
})
export const showAnswer = z.object({
  participantId,
  wave: z.number().int(),
  scheme: z.string(),
  certificate: z.object({
    certificateId: z.string(),
    issuedAt: instant,
    platform: z.string(),
    trainingProvider: z.string(),
  }),
  /** Never more than the last four digits. */
  accounts: z.array(
    z.object({
      partner: z.string(),
      lastFour: z.string(),
      linkedAt: instant,
      verification: z.string(),
      shared: z.boolean(),
    }),
  ),
  payouts: z.array(
    z.object({
      ...listedPayout.shape,
      attempts: z.array(
        z.object({
          attempt: z.number().int(),
          reference: z.string(),
          partner: z.string(),
          lastFour: z.string(),
          status: z.string(),
          since: instant,
          sends: count,
          /** What the partner's statements say of it, while its outcome is unknown. */
          statements: z.string().exactOptional(),
        }),
      ),
      /** What happens next, and whose move it is. */
      next: z.string(),
      move: z.enum(['nobody', 'system', 'participant', 'partner', 'operator']),
    }),
  ),
  /** Oldest first. */
  timeline: z.array(timelineLine),
  /** Attempts of which the timeline may lack what the partner's statements have: these cannot be read now. Absent
   *  where all could be read. */
  unread: z
    .array(z.object({ partner: z.string(), payout: payoutName, reference: z.string() }))
    .exactOptional(),
  /** Payouts that are left out of all this: their journal is damaged. Absent where none is. */
  damaged: z.array(payoutName).exactOptional(),
})

/** Which payouts to retry: named ones, or those of the list `failed` that a filter chooses, oldest first. `cursor`: from
 *  the preview before, behind whose part this one goes on. */
export const selection = z.union([
  z.strictObject({ payouts: z.array(payoutKey).min(1).max(10_000) }),
  z.strictObject({ filter: listFilter, cursor: z.string().max(4_000).exactOptional() }),
])
export type Selection = z.infer<typeof selection>
export const skipReasons = [
  'not-found',
  'unknown-outcome',
  'already-paid',
  'not-failed',
  'needs-participant',
  'held',
  'cancelled',
  'attempts-exhausted',
  'over-ceiling',
  'partner-paused',
  'unreadable',
] as const
export type SkipReason = (typeof skipReasons)[number]
/** `set`: lower-case hex sha256 of exactly these payments. `truncated`: there is more than one preview looks at, or than
 *  one set may hold. `lookedTo`: since when the last payout that was looked at has failed; `next` goes on behind it. Both
 *  are absent where all was looked at, or nothing. */
export const previewAnswer = z.object({
  set: z.string(),
  payments: count,
  rupiah: amount,
  skipped: z.partialRecord(z.enum(skipReasons), count),
  skippedPayouts: z.array(z.object({ ...payoutKey.shape, why: z.enum(skipReasons) })),
  needsApproval: z.boolean(),
  /** Why, in words; empty where one person is enough. */
  approvalReasons: z.array(z.string()),
  truncated: z.boolean(),
  lookedTo: instant.exactOptional(),
  next: z.string().exactOptional(),
})

/** What came of a proposal once it was approved, as it was then. `done`: at least in part. `left-alone`: nothing of it.
 *  `effects`: how many came to what. `refused`: by the rules, and `why`. */
export const proposalOutcome = z.discriminatedUnion('result', [
  z.object({ result: z.literal('done'), effects: z.record(z.string(), count) }),
  z.object({ result: z.literal('left-alone'), effects: z.record(z.string(), count) }),
  z.object({ result: z.literal('started'), job: z.string() }),
  z.object({ result: z.literal('refused'), why: z.string() }),
])
/** What the retry of a set would send, and why that takes a second person. */
export const proposedRetry = z.object({
  payments: count,
  rupiah: amount,
  approvalReasons: z.array(z.string()),
})
/** A proposal may name a thousand payouts, and an answer may have 6 MB. */
export const proposalsQuery = z.strictObject({
  limit: digits(z.number().int().min(1).max(50)).prefault(50),
  cursor: z.uuid().exactOptional(),
})
export const proposalAnswer = z.object({
  id: z.string(),
  instruction: instructionSchema,
  /** What the partner's statements said of the attempt when it was proposed to settle it as not paid. */
  statements: z.string().exactOptional(),
  /** Of a retry, as it was when it was proposed. */
  retry: proposedRetry.exactOptional(),
  proposedBy: z.string(),
  at: instant,
  expiresAt: instant,
  state: z.enum(['proposed', 'approved', 'withdrawn', 'expired']),
  approvedBy: z.string().exactOptional(),
  /** Absent until what was approved has come to its end. */
  outcome: proposalOutcome.exactOptional(),
})

/** What one payout, partner or reference came to. `done`: it is now as the instruction wants it, be it by an earlier
 *  one; if not, it was left as it was, and `outcome` says why. */
const effect = z.object({ subject: z.string(), outcome: z.string(), done: z.boolean() })
export const jobAnswer = z.object({
  id: z.string(),
  set: z.string(),
  /** Why it was started, in the words of whoever started it. */
  reason: z.string(),
  state: z.enum(['running', 'stopped', 'done']),
  payments: count,
  retried: count,
  skipped: z.record(z.string(), count),
  startedBy: z.string(),
  approvedBy: z.string().exactOptional(),
  at: instant,
  endedAt: instant.exactOptional(),
})
/** `done`: what was changed, and what not and why. `proposed`: it waits for a second person. `started`: a job carries it out. */
export const instructionAnswer = z.discriminatedUnion('result', [
  z.object({ result: z.literal('done'), effects: z.array(effect) }),
  z.object({ result: z.literal('proposed'), proposal: proposalAnswer }),
  z.object({ result: z.literal('started'), job: jobAnswer }),
])

export const inquiryRequest = z.strictObject({ payouts: z.array(payoutKey).min(1).max(100) })

export const recoveryStates = ['open', 'recovered', 'written-off'] as const
export type RecoveryState = (typeof recoveryStates)[number]
export const recoveryQuery = z.strictObject({
  state: z.enum(recoveryStates).default('open'),
  limit: digits(z.number().int().min(1).max(500)).prefault(100),
  /** From the page before. */
  cursor: z.string().max(4_000).exactOptional(),
})
/** Oldest first. `overpaidBy`, `paidBy`: the references of the two attempts that were both paid; the second is absent
 *  where the other attempt was not. `since`: known to be paid twice. `next` is absent on the last page. */
export const recoveryAnswer = z.object({
  cases: z.array(
    z.object({
      ...payoutKey.shape,
      state: z.enum(recoveryStates),
      partner: z.string(),
      amount,
      paidBy: z.string().exactOptional(),
      overpaidBy: z.string(),
      since: instant,
      closedAt: instant.exactOptional(),
      /** By which it was closed. */
      document: z.string().exactOptional(),
    }),
  ),
  next: z.string().exactOptional(),
})
