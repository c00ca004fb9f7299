import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'

/** Documents about money of a float: each is booked once, and by the time that somebody hears so; and what they have
 *  given out of the budget. */
export type Funds = {
  /** Hears of everything that is written to the journal. */
  written(after: Item): void
  /** Hears of everything that is written to the table of payouts. */
  changed(after: Item): void
  /** Somebody was told that the document is booked. */
  told(document: string): void
  /** Whether the budget's row says what was given: what was funded, less what was swept. */
  breaks(): readonly Problem[]
}

const moving: readonly unknown[] = ['funded', 'swept', 'fee']

export function createFunds(report: (problem: Problem) => void): Funds {
  const booked = new Set<string>()
  let given = 0
  let kept = 0
  const wrong = (document: string, what: string) =>
    report({ check: 'funding', subject: '', detail: `${document} ${what}` })
  return {
    written({ event }) {
      const { type, document, amount } = event?.M ?? {}
      if (!moving.includes(type?.S) || document?.S === undefined) return
      if (booked.has(document.S)) wrong(document.S, 'is booked twice')
      booked.add(document.S)
      if (type?.S === 'funded') given += Number(amount?.N)
      if (type?.S === 'swept') given -= Number(amount?.N)
    },
    changed({ sk, funded }) {
      if (sk?.S === 'BUDGET') kept = Number(funded?.N)
    },
    told(document) {
      if (!booked.has(document)) wrong(document, 'is said to be booked, and is not')
    },
    breaks() {
      const detail = `the budget's row says that ${kept} rupiah were given, but ${given} were`
      return kept === given ? [] : [{ check: 'budget', subject: '', detail }]
    },
  }
}
