import type { Difference } from './ending.ts'
import type { StatementLine } from './line.ts'

/** What a file says of all its lines; `undefined` where it says nothing. */
export type Stated = Readonly<Partial<Record<Difference['total'], number | undefined>>>

/** Adds up what is read, in constant memory. */
export type Tally = {
  add(line: Pick<StatementLine, 'direction' | 'amount'>): void
  /** Where what the file says of itself is not what was read; `opening` is what a balance started from. */
  differences(stated: Stated, lines: number, opening?: number): readonly Difference[]
  /** Begins again, for another statement in the same file. */
  clear(): void
}

export function createTally(): Tally {
  let debits = 0
  let credits = 0
  return {
    add({ direction, amount }) {
      if (direction === 'credit') credits += amount
      else debits += amount
    },
    differences(stated, lines, opening = 0) {
      const read = { lines, debits, credits, 'closing balance': opening + credits - debits }
      const totals = ['lines', 'debits', 'credits', 'closing balance'] as const
      return totals.flatMap((total) => {
        const said = stated[total]
        return said === undefined || said === read[total] ? [] : [{ total, stated: said, read: read[total] }]
      })
    },
    clear() {
      debits = 0
      credits = 0
    },
  }
}
