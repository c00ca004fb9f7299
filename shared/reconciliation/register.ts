import * as z from 'zod'
import type { CivilDate } from '../domain/instant.ts'
import { civilDateSchema, instantSchema, rupiahSchema } from '../ledger/schemas.ts'
import type { Break } from './break.ts'
import type { BreakRecord } from './follow.ts'
import type { Item } from './item.ts'
import type { ResultFiles } from './result.ts'
import { summarySchema } from './summary.ts'

/** One run over one statement. */
export const runSchema = z.object({
  partner: z.string(),
  day: civilDateSchema,
  /** 1 for the day's first; a corrected file makes another. */
  run: z.int().positive(),
  at: instantSchema,
  /** Of the summary: it signs all that the run has come to. */
  hash: z.string(),
  summary: summarySchema,
  /** The statement's object. */
  statement: z.string(),
  /** What the keys of its results begin with. */
  results: z.string(),
  /** Which parts of the matched lines there are. */
  matched: z.array(z.string()),
  /** See `ClosedDay`. */
  complete: z.boolean(),
  /**
   * At most `unmatchedDebitsMax`, so that a run fits into an item of DynamoDB. No reference: the debit bears none that an
   * attempt of ours could have, or the run was recorded before references were kept, and can still be read.
   */
  unmatchedDebits: z.array(
    z.object({ line: z.string(), amount: rupiahSchema, partnerReferenceNo: z.string().exactOptional() }),
  ),
  /** See `LeftOut`. Runs that were recorded before there was a bound have none of it, and all debits. */
  leftOut: z
    .object({
      amounts: z.union([z.array(rupiahSchema).readonly(), z.literal('any')]),
      references: z.boolean(),
    })
    .exactOptional(),
})
export type Run = z.infer<typeof runSchema>

/** Where one of a run's results is. */
export const resultKey = (results: string, name: string): string => `${results}${name}.ndjson.gz`

/** What became of the statement that was given last of a day. */
export const arrivalSchema = z.object({
  partner: z.string(),
  day: civilDateSchema,
  at: instantSchema,
  /** Of the function that took it: another one is another arrival. */
  invocation: z.string(),
  outcome: z.enum(['recorded', 'repeated', 'refused']),
  /** Of what is refused: what is wrong with it, in a sentence. */
  why: z.string().exactOptional(),
})
export type Arrival = z.infer<typeof arrivalSchema>

/** References of a partner's open attempts that none of its statements has: see `absenceOf`. */
export const eligibleSchema = z.object({
  partner: z.string(),
  at: instantSchema,
  references: z.array(z.string()),
})
export type Eligible = z.infer<typeof eligibleSchema>

/** What people say of a break. Only they write it; it never changes what a run finds. */
export const remarkSchema = z.object({
  partner: z.string(),
  id: z.string(),
  at: instantSchema,
  by: z.string(),
  note: z.string(),
  /** Who sees to it. */
  assignedTo: z.string().exactOptional(),
  /** It is given up: the second person, who approved that. */
  writtenOffBy: z.string().exactOptional(),
})
export type Remark = z.infer<typeof remarkSchema>

/** What reconciliation has found. All reads are strongly consistent. */
export type Reconciliations = {
  /** The last run of each day from `from` to `to`, both inclusive, oldest first. */
  runs(partner: string, from: CivilDate, to: CivilDate): Promise<readonly Run[]>
  /** Every run of a day, oldest first. */
  runsOf(partner: string, day: CivilDate): Promise<readonly Run[]>
  /** `taken`: another run of that day has its number. */
  record(run: Run): Promise<'recorded' | 'taken'>
  /** The last arrival of each day from `from` to `to`, both inclusive, oldest first. */
  arrivals(partner: string, from: CivilDate, to: CivilDate): Promise<readonly Arrival[]>
  writeArrival(arrival: Arrival): Promise<void>
  /** As the last run left it; nothing is decided by it. */
  eligible(partner: string): Promise<Eligible | undefined>
  /** In the place of the one before. */
  writeEligible(eligible: Eligible): Promise<void>
  /** Every break that a partner ever had. */
  breaks(partner: string): Promise<readonly BreakRecord[]>
  /** Those that name an attempt of this participant, of any partner. */
  breaksOf(participantId: string): Promise<readonly BreakRecord[]>
  break(partner: string, id: string): Promise<BreakRecord | undefined>
  writeBreaks(records: readonly BreakRecord[]): Promise<void>
}

/** What people have said of breaks; beside their other work, so that only the reconcile function writes breaks. */
export type Remarks = {
  /** Of a partner, in the order of the breaks' ids, oldest first. */
  remarks(partner: string): Promise<readonly Remark[]>
  /** `duplicate`: the same was said at the same time by the same person. */
  remark(remark: Remark): Promise<'recorded' | 'duplicate'>
}

/** The statements' bucket: what partners have put there, and what came of it. */
export type StatementFiles = {
  /** The object as it came, fetched when its bytes are asked for; `sha256` is that of them once all were read. */
  open(key: string): { readonly bytes: AsyncIterable<Uint8Array>; sha256(): string }
  keep(results: string, files: ResultFiles): Promise<void>
  openItems(results: string): AsyncIterable<Item>
  breaks(results: string): Promise<readonly Break[]>
}
