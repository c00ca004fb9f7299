import * as z from 'zod'
import { digits } from '../api/digits.ts'
import { givenDay, givenInstant } from '../api/time.ts'
import { kinds, payouts } from '../domain/payout.ts'
import { participantId, partnerName } from '../operations/instructions.ts'
import { milestoneNames } from './milestones.ts'

/** What the finance API takes and answers. Amounts are whole rupiah, instants ISO 8601 with the offset +07:00, days Jakarta's. */

const count = z.int()
const rupiah = z.int()
const instant = z.string()
const day = z.iso.date()
/** Up to then, to the millisecond, every entry has to be in the answer; later ones may be on their way. */
const countedTo = instant

/** Payouts, and what they come to. */
export const figure = z.object({ count, rupiah })
/** `atLeast`: there are more than were counted, for want of time. */
export const bounded = z.object({ ...figure.shape, atLeast: z.boolean() })

/** By what sums can be told apart. */
export const dimensions = ['day', 'month', 'partner', 'wave', 'kind', 'platform', 'provider'] as const
export type Dimension = (typeof dimensions)[number]

const listOf = <Name extends string>(names: readonly Name[]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(names)).max(names.length))
    .refine((list) => new Set(list).size === list.length, 'names one twice')

export const summaryQuery = z.strictObject({
  by: listOf(dimensions).exactOptional(),
  from: givenDay.exactOptional(),
  to: givenDay.exactOptional(),
  partner: partnerName.exactOptional(),
  wave: digits(z.number().int().positive()).exactOptional(),
  kind: z.enum(kinds).exactOptional(),
  platform: z.string().max(100).exactOptional(),
  provider: z.string().max(200).exactOptional(),
})
export type SummaryQuery = z.output<typeof summaryQuery>

/**
 * `accrued`, `paid`, `returned`, `cancelled` are flows: what happened within the period. `payable`, `inTransit` are
 * balances: what stood at its end. From the first day on, accrued = paid - returned + cancelled + payable + inTransit.
 */
export const summaryFigures = z.object({
  accrued: figure,
  paid: figure,
  returned: figure,
  cancelled: figure,
  payable: figure,
  inTransit: figure,
})
/** What a row is of; `partner` is `null` for what is at no partner yet. */
export const summaryGroup = z.object({
  day: day.exactOptional(),
  month: z.string().exactOptional(),
  partner: z.string().nullable().exactOptional(),
  wave: count.nullable().exactOptional(),
  kind: z.enum(kinds).nullable().exactOptional(),
  platform: z.string().nullable().exactOptional(),
  provider: z.string().nullable().exactOptional(),
})
export const summaryAnswer = z.object({
  at: instant,
  countedTo,
  from: day.exactOptional(),
  to: day.exactOptional(),
  rows: z.array(z.object({ group: summaryGroup, ...summaryFigures.shape })),
  total: summaryFigures,
})

export const funnelDimensions = ['day', 'month', 'wave'] as const
export const funnelQuery = z.strictObject({
  by: listOf(funnelDimensions).exactOptional(),
  from: givenDay.exactOptional(),
  to: givenDay.exactOptional(),
  wave: digits(z.number().int().positive()).exactOptional(),
})
export type FunnelQuery = z.output<typeof funnelQuery>
const reached = z.record(z.enum(milestoneNames), count)
/** Participants who came to each milestone in the period, less those whom a return took back. */
export const funnelAnswer = z.object({
  at: instant,
  countedTo,
  rows: z.array(z.object({ group: summaryGroup.pick({ day: true, month: true, wave: true }), reached })),
  total: reached,
})

/** `at`: an instant, or a day, which is meant to its end. */
export const cutOff = z.union([givenDay, givenInstant])
export const trialBalanceQuery = z.strictObject({ at: cutOff.exactOptional() })
const account = z.object({ account: z.string(), rupiah })
export const trialBalanceAnswer = z.object({
  /** The instant up to which, itself included, movements are in it. */
  cutOff: instant,
  countedTo,
  /** Credits less debits. */
  accounts: z.array(account),
  /** Of all accounts: 0, or the books are wrong. */
  sum: rupiah,
})

/** One share of a proof. Whoever wants the whole asks for all `of` of them and adds them up. */
export const proofQuery = z.strictObject({
  share: digits(z.number().int().nonnegative()),
  of: digits(z.number().int().min(1).max(100_000)),
  at: cutOff.exactOptional(),
  /** Entries after it are added up by themselves. */
  countedTo: givenInstant.exactOptional(),
})
export const proofAnswer = z.object({
  /** From the journal alone: balances at `countedTo`, and what later entries have brought and taken. */
  accounts: z.array(z.object({ ...account.shape, received: rupiah, given: rupiah })),
  entries: count,
  /** Those after `countedTo`. */
  later: count,
})

/**
 * `after`: where the answer before has ended, a key of the table as base64url. The longest has a certificate's id, 100
 * characters of three bytes each, under its participant: 466 characters.
 */
export const statesQuery = z.strictObject({ after: z.string().max(1_000).exactOptional() })
/** Payouts by their state as their rows have it: of so many rows as one answer takes; `next` is absent on the last. */
export const statesAnswer = z.object({
  states: z.record(z.string(), figure),
  next: z.string().exactOptional(),
})

/** Days at a partner (`null`: at none). */
const imprint = z.object({
  day,
  partner: z.string().nullable(),
  moves: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      count,
      rupiah,
      /** How these are divided over waves, kinds, platforms and providers. Marks of shares add up modulo 2^61 - 1. */
      mark: z.string().regex(/^\d{1,19}$/),
    }),
  ),
  milestones: z.array(z.object({ name: z.enum(milestoneNames), wave: count, participants: count })),
})
/** An answer has 6 MB, which is more than a year: whoever has counted longer asks for one period after the other. */
export const countedQuery = z.strictObject({ from: givenDay.exactOptional(), to: givenDay.exactOptional() })
export const countedAnswer = z.object({
  countedTo,
  parts: z.array(imprint),
})
/** One share of the journal. Whoever wants the whole asks for all `of` of them and adds them up. */
export const verificationQuery = z.strictObject({
  ...countedQuery.shape,
  share: digits(z.number().int().nonnegative()),
  of: digits(z.number().int().min(1).max(100_000)),
  countedTo: givenInstant,
})
export const verificationAnswer = z.object({
  /** Entries of the journal that move money. */
  movements: count,
  /** Entries to be counted that were written after `countedTo`: none, some or all of them are. */
  later: count,
  /** Of the entries up to `countedTo`. */
  parts: z.array(imprint),
  /** Of those after it. */
  laterParts: z.array(imprint),
})

export const bands = ['0-1', '2-7', '8-30', 'over-30'] as const
export type Band = (typeof bands)[number]
const banded = z.record(z.enum(bands), bounded)
export const ageingAnswer = z.object({
  at: instant,
  /** By what stands, and where; `partner` is `null` for what has no account yet or is held. */
  rows: z.array(
    z.object({
      standing: z.enum(['due', 'waiting', 'held', 'in-transit', 'failed']),
      partner: z.string().nullable(),
      bands: banded,
    }),
  ),
})

export const floatQuery = z.strictObject({ days: digits(z.number().int().min(1).max(92)).prefault(7) })
export const floatAnswer = z.object({
  at: instant,
  /** Of what the books say; `available` and `needed` are of `at`. */
  countedTo,
  days: count,
  partners: z.array(
    z.object({
      partner: z.string(),
      funded: rupiah,
      swept: rupiah,
      fees: rupiah,
      spent: rupiah,
      overpaid: rupiah,
      inTransit: rupiah,
      /** What no payment has taken: as the lane itself reckons, now. */
      available: rupiah,
      /** What will leave on these days by the calendar, what is overdue included, and nothing in a blackout;
       *  without what is being sent, which `available` has left already. */
      needed: figure,
      /** The first day on which what is available does not reach. */
      dryOn: day.exactOptional(),
      /** What is missing for these days. */
      topUp: rupiah,
    }),
  ),
})

/** An entry of the journal as it is kept: canonical JSON of all of it, keys in order, gives the next one's `previousHash`. */
export const journalEntry = z.object({
  owner: z.string(),
  subject: z.string(),
  seq: count,
  at: instant,
  by: z.string(),
  event: z.looseObject({ type: z.string() }),
  postings: z.array(z.object({ from: z.string(), to: z.string(), amount: rupiah })),
  previousHash: z.string(),
})
export const statementAnswer = z.object({
  participantId,
  at: instant,
  wave: count,
  scheme: z.string(),
  decrees: z.record(z.string(), z.string()),
  payouts: z.array(
    z.object({
      payout: z.enum(payouts),
      amount: rupiah,
      state: z.string(),
      since: instant,
      partner: z.string().exactOptional(),
      lastFour: z.string().exactOptional(),
      reference: z.string().exactOptional(),
      /** By the partner's book, of the attempt that paid. */
      referenceNo: z.string().exactOptional(),
    }),
  ),
  owed: rupiah,
  paid: rupiah,
  /** Oldest first within their chain. */
  chains: z.array(
    z.object({
      subject: z.string(),
      entries: z.array(journalEntry),
      /** Lower-case hex sha256 of the last entry. */
      hash: z.string(),
    }),
  ),
})

export const exportKinds = ['entries', 'payouts'] as const
export const exportQuery = z.strictObject({
  what: z.enum(exportKinds),
  day: givenDay,
  limit: digits(z.number().int().min(1).max(5_000)).prefault(5_000),
  /** The key after which the page begins. */
  after: z.string().max(200).exactOptional(),
})
export type ExportQuery = z.output<typeof exportQuery>
const cell = z.union([z.string(), z.number(), z.null()])
/** A page of one day; `next` is absent on its last. */
export const exportAnswer = z.object({
  countedTo,
  columns: z.array(z.string()),
  rows: z.array(z.array(cell)),
  next: z.string().exactOptional(),
})
