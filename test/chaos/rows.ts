import type { Entry } from '../../shared/domain/entry.ts'
import { openAttempt, replay, stateOfStanding } from '../../shared/domain/fold.ts'
import { fromItem } from '../../shared/ledger/dynamodb/attributes.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import { rowSchema } from '../../shared/ledger/schemas.ts'
import type { Problem } from './checks.ts'

/** What the rows say: each as it is written, of the entries that it has seen. */
export type Rows = {
  /** Hears of everything that is written to the table of payouts. */
  changed(before: Item | undefined, after: Item): void
}

const isRow = (item: Item): boolean => item.state !== undefined && item.seq !== undefined

/** States of which the facts have a say, once the journal leaves it to them. */
const ofFacts: readonly string[] = ['waiting', 'scheduled', 'failed', 'returned']

/** `chainOf`: the journal of a payout, `P-1 incentive-1`. */
export function createRows(
  chainOf: (subject: string) => readonly Entry[],
  report: (problem: Problem) => void,
): Rows {
  return {
    changed(before, after) {
      if (!isRow(after)) return
      const row = rowSchema.parse(fromItem(after))
      const subject = `${row.participantId} ${row.payout}`
      const wrong = (detail: string) => report({ check: 'row', subject, detail: `its row ${detail}` })
      if (before && isRow(before)) {
        const last = rowSchema.parse(fromItem(before))
        if (row.seq < last.seq || row.facts < last.facts)
          wrong(`goes back from ${last.seq} and ${last.facts} to ${row.seq} entries and ${row.facts} facts`)
      }
      const chain = chainOf(subject)
      if (row.seq > chain.length) return wrong(`has seen ${row.seq} entries of ${chain.length}`)
      const standing = replay(chain.slice(0, row.seq))
      const decided = stateOfStanding(standing)
      const isSaid = decided ? row.state === decided.state : ofFacts.includes(row.state)
      if (!isSaid) wrong(`says ${row.state} of ${row.seq} entries, and they ${decided?.state ?? 'do not'}`)
      const open = openAttempt(standing)
      if (row.claimedAt !== open?.claimedAt)
        wrong(`has money in transit since ${row.claimedAt}, and its entries since ${open?.claimedAt}`)
    },
  }
}
