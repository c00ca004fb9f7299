import type { Item } from '../../shared/ledger/dynamodb/writeUnits.ts'
import type { Problem } from './checks.ts'

/** Documents about money of a float: each is booked once, and by the time that somebody hears so. */
export type Funds = {
  /** Hears of everything that is written to the journal. */
  written(after: Item): void
  /** Somebody was told that the document is booked. */
  told(document: string): void
}

const moving: readonly unknown[] = ['funded', 'swept', 'fee']

export function createFunds(report: (problem: Problem) => void): Funds {
  const booked = new Set<string>()
  const wrong = (document: string, what: string) =>
    report({ check: 'funding', subject: '', detail: `${document} ${what}` })
  return {
    written({ event }) {
      const { type, document } = event?.M ?? {}
      if (!moving.includes(type?.S) || document?.S === undefined) return
      if (booked.has(document.S)) wrong(document.S, 'is booked twice')
      booked.add(document.S)
    },
    told(document) {
      if (!booked.has(document)) wrong(document, 'is said to be booked, and is not')
    },
  }
}
