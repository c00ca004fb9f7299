import { sum } from '../../../shared/domain/rupiah.ts'
import { transitions } from '../../../shared/domain/state.ts'
import type { Book } from '../partners/book.ts'
import type { Figures } from '../report.ts'
import {
  type Balances,
  balancesOf,
  chainBreaks,
  doublePaid,
  partnerBreaks,
  stateBreaks,
  total,
} from './books.ts'
import { matchEvents, type RefusedEvent } from './events.ts'
import { chainsOf, type Holdings } from './holdings.ts'
import { failureOf, type JudgedPayout, judgePayouts } from './payouts.ts'

export type AuditedProgramme = {
  readonly holdings: Holdings
  /** The queue bodies of everything that was published, in order. */
  readonly published: readonly string[]
  /** By partner. */
  readonly books: ReadonlyMap<string, Book>
  /** Of the stage's work lists. */
  readonly shards: number
}

/** The figures, and what is wrong in words: ids, references and amounts only. */
export type Audit = {
  readonly figures: Figures
  readonly problems: readonly string[]
  readonly payouts: readonly JudgedPayout[]
  /** In the order of publication; what came again is not repeated. */
  readonly refused: readonly RefusedEvent[]
}

function countBy<Item>(items: readonly Item[], nameOf: (item: Item) => string | undefined) {
  const counts: Record<string, number> = {}
  for (const item of items) {
    const name = nameOf(item)
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** The partner that paid a payout. */
const paidBy = ({ state, standing }: JudgedPayout): string | undefined =>
  state.state === 'paid'
    ? standing.attempts.find(({ claim }) => claim.attempt === state.attempt)?.claim.partner
    : undefined

function partnerFigures(
  books: ReadonlyMap<string, Book>,
  payouts: readonly JudgedPayout[],
): Figures['partners'] {
  const entries = [...books].map(([partner, book]) => {
    const paid = payouts.filter((payout) => paidBy(payout) === partner)
    const { references, rupiah } = book.totals()
    const ours = { paid: paid.length, rupiah: sum(paid.map(({ amount }) => amount)) }
    return [partner, { ...ours, partnerBookPaid: references, partnerBookRupiah: rupiah }] as const
  })
  return Object.fromEntries(entries)
}

/** Every state, also those that nobody is in. */
const byState = (payouts: readonly JudgedPayout[]): Record<string, number> => ({
  ...Object.fromEntries(Object.keys(transitions).map((state) => [state, 0])),
  ...countBy(payouts, ({ state }) => state.state),
})

/** Rupiah by what has become of it. What was accrued and is neither owed, under way nor paid went back to the budget. */
function rupiahFigures(balances: Balances, holdings: Holdings): Figures['rupiah'] {
  const accruals = [...chainsOf(holdings)].flat().filter(({ event }) => event.type === 'accrued')
  const accrued = sum(accruals.flatMap(({ postings }) => postings.map(({ amount }) => amount)))
  return {
    accrued,
    payable: total(balances, 'payable'),
    inTransit: total(balances, 'in-transit'),
    paid: total(balances, 'paid'),
    cancelled: accrued + total(balances, 'budget'),
    overpaid: total(balances, 'overpaid'),
  }
}

/** Holds the journal against itself, the rows, the published events and the partners' books. */
export function audit({ holdings, published, books, shards }: AuditedProgramme): Audit {
  const payouts = judgePayouts(holdings, shards)
  const balances = balancesOf(holdings)
  const matched = matchEvents(published, holdings)
  const { lost, ...events } = matched.figures
  const twice = doublePaid(books, payouts)
  const misplaced = payouts.flatMap(({ participantId, payout, misplaced }) =>
    misplaced === undefined ? [] : [`${participantId} ${payout} ${misplaced}`],
  )
  const unbalanced = [
    ...stateBreaks(balances, payouts),
    ...partnerBreaks(books, payouts),
    ...chainBreaks(holdings),
  ]
  const figures: Figures = {
    events,
    entitlements: [...holdings.participants.values()].filter(({ entitlement }) => entitlement).length,
    payouts: byState(payouts),
    failed: countBy(payouts, failureOf),
    rupiah: rupiahFigures(balances, holdings),
    partners: partnerFigures(books, payouts),
    doublePaid: twice.length,
    lost: lost + misplaced.length,
    booksBalance: unbalanced.length === 0,
  }
  const problems = [
    ...twice.map((payout) => `paid twice: ${payout}`),
    ...(lost > 0 ? [`lost: ${lost} events left neither a record nor a place in quarantine`] : []),
    ...misplaced.map((words) => `lost: ${words}`),
    ...unbalanced.map((words) => `books: ${words}`),
  ]
  return { figures, problems, payouts, refused: matched.refused }
}
