import * as z from 'zod'
import { givenDay } from '../api/time.ts'
import { partnerName } from '../operations/instructions.ts'
import { breakKinds } from '../reconciliation/break.ts'
import { breakStates } from '../reconciliation/follow.ts'

/** What the finance API answers of reconciliation. Amounts are whole rupiah, instants ISO 8601 with the offset +07:00. */

const count = z.int()
const rupiah = z.int()
const instant = z.string()
const day = z.iso.date()

/** Runs of reconciliation over the statements of these days; at most a year of them. */
export const runsQuery = z.strictObject({
  from: givenDay,
  to: givenDay,
  partner: partnerName.exactOptional(),
})
const tally = z.object({ count, rupiah })
/** The last run of each day and partner, each with its signed summary. */
export const runsAnswer = z.object({
  at: instant,
  runs: z.array(
    z.object({
      partner: z.string(),
      day,
      run: count,
      hash: z.string(),
      /** Whether every line of the day's statement could be read, and its control totals are those of its lines. */
      complete: z.boolean(),
      summary: z.looseObject({
        unparsable: count,
        settled: count,
        matched: z.object({ debit: tally, credit: tally, fee: tally }),
        breaks: z.partialRecord(z.enum(breakKinds), count),
      }),
      at: instant,
    }),
  ),
  /** What became of the statement that was given last of each day; one that was refused has changed nothing. */
  arrivals: z.array(
    z.object({
      partner: z.string(),
      day,
      at: instant,
      invocation: z.string(),
      outcome: z.enum(['recorded', 'repeated', 'refused']),
      why: z.string().exactOptional(),
    }),
  ),
})

/** What two people have given up is `written-off`, as long as its statement stays as it was. */
export const shownStates = [...breakStates, 'written-off'] as const
export const breaksQuery = z.strictObject({
  partner: partnerName.exactOptional(),
  state: z.enum(shownStates).exactOptional(),
})
/** Differences between our books and the partners', oldest first; without a state, those that are not resolved. `more`: so
 *  many are left out. */
export const breaksAnswer = z.object({
  at: instant,
  breaks: z.array(
    z.object({
      id: z.string(),
      partner: z.string(),
      kind: z.enum(breakKinds),
      state: z.enum(shownStates),
      direction: z.string().exactOptional(),
      partnerReferenceNo: z.string().exactOptional(),
      referenceNo: z.string().exactOptional(),
      document: z.string().exactOptional(),
      line: z.string().exactOptional(),
      movement: z.string().exactOptional(),
      detail: z.string().exactOptional(),
      day,
      amount: rupiah,
      firstSeen: day,
      lastSeen: day,
      history: z.array(z.object({ day, run: count, state: z.enum(breakStates) })),
      /** Whole days since it was first seen. */
      age: count,
      remedy: z.string(),
      remarks: z.array(
        z.object({
          at: instant,
          by: z.string(),
          note: z.string(),
          assignedTo: z.string().exactOptional(),
          writtenOffBy: z.string().exactOptional(),
        }),
      ),
    }),
  ),
  more: count,
})
