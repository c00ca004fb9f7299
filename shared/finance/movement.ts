import * as z from 'zod'
import type { AnyEntry, JournalEvent } from '../domain/entry.ts'
import { jakartaDate } from '../domain/instant.ts'
import { kindOf, kinds, payouts } from '../domain/payout.ts'
import type { Posting } from '../domain/postings.ts'
import { referenceOf } from '../domain/reference.ts'
import { sum } from '../domain/rupiah.ts'

/**
 * A journal entry that moves money, as finance reads it: flat, without personal data, one JSON object a line of the
 * movement files. Column names and types are those of the SQL table over the files; `null` where a column says nothing
 * of an entry.
 */
export const movementSchema = z.strictObject({
  /** Of the entry: owner, subject and sequence. The same movement may be in two files, with the same id. */
  id: z.string(),
  at: z.iso.datetime(),
  /** Of `at`, in Jakarta. */
  day: z.iso.date(),
  type: z.string(),
  partner: z.string().nullable(),
  participantId: z.string().nullable(),
  payout: z.enum(payouts).nullable(),
  kind: z.enum(kinds).nullable(),
  attempt: z.int().positive().nullable(),
  partnerReferenceNo: z.string().nullable(),
  /** The partner's own, where its answer named one. */
  referenceNo: z.string().nullable(),
  document: z.string().nullable(),
  /** Whole rupiah; an accrual's is that of all its components. */
  amount: z.int().nonnegative(),
  /** Those of the certificate by which the participant was entitled, whatever certificate governs now. */
  wave: z.int().nullable(),
  scheme: z.string().nullable(),
  platform: z.string().nullable(),
  trainingProvider: z.string().nullable(),
  /** Whole rupiah, from account to account of the chart. */
  postings: z.array(z.strictObject({ from: z.string(), to: z.string(), amount: z.int().nonnegative() })),
})
export type Movement = z.infer<typeof movementSchema>

/** What an entitlement's first entry says for all of its participant's movements. */
export type Origin = Extract<JournalEvent, { readonly type: 'accrued' }>

/** Accounts of the chart whose second part names a partner. */
const atPartner = new Set(['in-transit', 'paid', 'float', 'spent', 'overpaid', 'written-off', 'fees'])

/** Where the postings move money; `null` for those between budget and payable. */
function partnerOf(postings: readonly Posting[]): string | null {
  for (const account of postings.flatMap(({ from, to }) => [from, to])) {
    const [book = '', partner] = account.split('/')
    if (atPartner.has(book) && partner !== undefined) return partner
  }
  return null
}

const payoutSchema = z.enum(payouts)

/** The id of an entry's movement: its place in the journal, so that an entry that is counted twice can be told. */
export const movementIdOf = ({ owner, subject, seq }: Pick<AnyEntry, 'owner' | 'subject' | 'seq'>): string =>
  `${owner}/${subject}/${seq}`

/** The entry as a movement; `undefined` for a note. `origin`: that of the entry's participant, none for a float's. */
export function movementOf(entry: AnyEntry, origin: Origin | undefined): Movement | undefined {
  const { owner, subject, at, event, postings } = entry
  if (postings.length === 0) return undefined
  const ofFloat = subject === 'float'
  if (!ofFloat && !origin) throw new Error(`nobody knows by what ${subject} of ${owner} was accrued`)
  const payout = payoutSchema.safeParse(subject).data ?? null
  const attempt = 'attempt' in event ? event.attempt : null
  const evidence = 'evidence' in event ? event.evidence : {}
  // A payout's entry moves its amount in both books; an accrual has a posting for each component.
  const moved = payout === null ? sum(postings.map(({ amount }) => amount)) : (postings[0]?.amount ?? 0)
  return {
    id: movementIdOf(entry),
    at,
    day: jakartaDate(at),
    type: event.type,
    partner: partnerOf(postings),
    participantId: ofFloat ? null : owner,
    payout,
    kind: payout && kindOf(payout),
    attempt,
    partnerReferenceNo: payout && attempt ? referenceOf(owner, payout, attempt) : null,
    referenceNo: evidence.referenceNo ?? null,
    document: 'document' in event ? event.document : (evidence.document ?? null),
    amount: moved,
    wave: origin?.wave ?? null,
    scheme: origin?.scheme ?? null,
    platform: origin?.platform ?? null,
    trainingProvider: origin?.trainingProvider ?? null,
    postings: [...postings],
  }
}

/** Where the movement files of one partner's day begin; `none` for movements at no partner. */
export const movementPrefix = (partner: string | null, day: string): string =>
  `movements/partner=${partner ?? 'none'}/day=${day}/`
