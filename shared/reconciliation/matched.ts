import * as z from 'zod'
import type { CivilDate } from '../domain/instant.ts'
import type { Rupiah } from '../domain/rupiah.ts'
import { civilDateSchema, rupiahSchema } from '../ledger/schemas.ts'
import type { Item } from './item.ts'
import type { Pair } from './pair.ts'
import { partitionOf } from './partitions.ts'

/**
 * What a run keeps of every line that it matched. A day can have a million of them, and whoever looks for one knows
 * only its reference: so they are kept in 64 parts by a hash of that, and the lines of one reference are in one small
 * object (some 16,000 lines of such a day), found without an index or a row for each line.
 */

/** One object of a run, by its name after the run's prefix. Never changes: what is kept is found by it. */
export const matchedPart = (partition: number): string => `matched/${String(partition).padStart(2, '0')}`
export const isMatchedPart = (name: string): boolean => name.startsWith('matched/')
export const matchedPartOf = (partnerReferenceNo: string): string =>
  matchedPart(partitionOf(partnerReferenceNo))

export const matchedSchema = z.object({
  partnerReferenceNo: z.string().exactOptional(),
  /** Statement's day and line. */
  line: z.string(),
  /** Booking day. */
  day: civilDateSchema,
  direction: z.enum(['debit', 'credit', 'fee']),
  amount: rupiahSchema,
  /** Our movement that it is. */
  movement: z.string().exactOptional(),
  /** The other line that it cancels out with: a second payment and the partner's own taking it back. */
  cancels: z.string().exactOptional(),
})
export type Matched = z.infer<typeof matchedSchema>

function matchedLine(line: Item, counterpart: Item): Matched {
  const partnerReferenceNo = line.partnerReferenceNo ?? counterpart.partnerReferenceNo
  return {
    ...(partnerReferenceNo !== undefined && { partnerReferenceNo }),
    line: line.id,
    day: line.day,
    direction: line.direction,
    amount: line.amount,
    ...(counterpart.side === 'ours' ? { movement: counterpart.id } : { cancels: counterpart.id }),
  }
}

/** A pair of a line and a movement is one line; a pair of two lines is both. */
export const matchedLinesIn = ({ line, counterpart }: Pair): readonly Matched[] =>
  counterpart.side === 'ours'
    ? [matchedLine(line, counterpart)]
    : [matchedLine(line, counterpart), matchedLine(counterpart, line)]

/** A line of a partner's statement that reconciliation has matched. */
export type MatchedLine = {
  readonly partner: string
  /** Of the statement that has the line; a run of a later day may have matched it. */
  readonly statementDay: CivilDate
  /** The statement's object. */
  readonly file: string
  /** Position in the file, from 1; a heading is not counted. */
  readonly line: number
  readonly direction: 'debit' | 'credit' | 'fee'
  /** As the partner booked it, whole rupiah; a break says where ours is another. */
  readonly amount: Rupiah
  /** The day on which the partner booked it, in Jakarta. */
  readonly valueDay: CivilDate
  /** Id of our movement that it is; left out where the partner took a second payment back itself. */
  readonly movement?: string
}

/** The matched lines of all runs, in the bucket of statements. */
export type MatchedLines = {
  /**
   * Lines of one reference that the last runs of the days from `from` to `to`, both inclusive, have matched: in the
   * order of those days. Where a corrected file was reconciled, only what that says. Asks for one object a day that
   * has a run. Throws where the days are more than `matchedDaysMax`.
   */
  matchedLinesOf(
    partner: string,
    partnerReferenceNo: string,
    days: { readonly from: CivilDate; readonly to: CivilDate },
  ): Promise<readonly MatchedLine[]>
}
/** As many as an attempt may be asked about. */
export const matchedDaysMax = 366
