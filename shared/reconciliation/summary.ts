import * as z from 'zod'
import { sha256Of } from '../ledger/chain.ts'
import { civilDateSchema } from '../ledger/schemas.ts'
import { type Break, type BreakKind, breakKinds } from './break.ts'
import type { Direction, Item } from './item.ts'

const count = z.int().nonnegative()
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const tally = z.object({ count, rupiah: count })
const tallies = z.object({ debit: tally, credit: tally, fee: tally })
export type Tallies = z.infer<typeof tallies>

/**
 * What one run has come to. Its hash signs it: the same statement, the same movements and the same run before it give
 * the same summary to the byte, whenever and however often it is made. So it says nothing of when it was made.
 */
export const summarySchema = z.object({
  partner: z.string(),
  day: civilDateSchema,
  /** sha256 of the statement's file as it came. */
  statement: hash,
  /** Hash of the summary whose open items were carried on; `null` for a partner's first. */
  previous: hash.nullable(),
  lines: tallies,
  unparsable: count,
  movements: tallies,
  matched: tallies,
  /** What both sides leave for the next day. */
  open: z.object({ ours: tallies, theirs: tallies }),
  /** Lines by which an attempt was settled whose outcome was not known, or was thought to be another. */
  settled: count,
  breaks: z.partialRecord(z.enum(breakKinds), count),
  /** sha256 of each result's lines, uncompressed; of the matched ones that of their parts'. */
  results: z.object({ matched: hash, open: hash, breaks: hash }),
})
export type Summary = z.infer<typeof summarySchema>
export const hashOfSummary = (summary: Summary): string => sha256Of(summary)

/** Counts and sums by direction; `add` returns nothing so that a million additions make no garbage. */
export function createTallies() {
  const sums = {
    debit: { count: 0, rupiah: 0 },
    credit: { count: 0, rupiah: 0 },
    fee: { count: 0, rupiah: 0 },
  }
  return {
    add({ direction, amount }: { readonly direction: Direction; readonly amount: Item['amount'] }): void {
      const sum = sums[direction]
      sum.count += 1
      sum.rupiah += amount
    },
    sums: (): Tallies => sums,
  }
}

/** How many breaks there are of each kind; kinds without one are left out. */
export const countByKind = (breaks: readonly Break[]): Partial<Record<BreakKind, number>> =>
  Object.fromEntries(
    breakKinds
      .map((kind) => [kind, breaks.filter((one) => one.kind === kind).length] as const)
      .filter(([, found]) => found > 0),
  )
