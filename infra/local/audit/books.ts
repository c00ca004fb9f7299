import { type Attempt, isOpen } from '../../../shared/domain/fold.ts'
import { balances, accounts as chart } from '../../../shared/domain/postings.ts'
import { parseReference } from '../../../shared/domain/reference.ts'
import type { StateName } from '../../../shared/domain/state.ts'
import { brokenLink } from '../../../shared/ledger/chain.ts'
import type { Book } from '../partners/book.ts'
import { chainsOf, type Holdings } from './holdings.ts'
import type { JudgedPayout } from './payouts.ts'

/** Balances of every account of the journal, in rupiah. */
export type Balances = ReadonlyMap<string, number>

export function balancesOf(holdings: Holdings): Balances {
  const postings = [...chainsOf(holdings)].flatMap((chain) => chain.flatMap(({ postings }) => postings))
  return balances(postings)
}

/** The sum of all accounts whose name begins so. */
export function total(balances: Balances, ...beginnings: readonly string[]): number {
  let sum = 0
  for (const [account, balance] of balances) {
    if (beginnings.some((beginning) => account.startsWith(`${beginning}/`))) sum += balance
  }
  return sum
}

const payable: readonly StateName[] = ['waiting', 'scheduled', 'failed', 'returned', 'held']

/** The account that a payout's amount should lie in; `undefined` when it is back in the budget. */
function accountOf({ payout, scheme, standing, state }: JudgedPayout): string | undefined {
  if (payable.includes(state.state)) return chart.payable(scheme, payout)
  const number = 'attempt' in state ? state.attempt : undefined
  const attempt = standing.attempts.find(({ claim }) => claim.attempt === number)
  if (!attempt) return undefined
  const { partner } = attempt.claim
  return state.state === 'paid'
    ? chart.paid(partner, scheme, payout)
    : chart.inTransit(partner, scheme, payout)
}

/** Where the books are not the state, in words. */
export function stateBreaks(balances: Balances, payouts: readonly JudgedPayout[]): string[] {
  const expected = new Map<string, number>()
  for (const payout of payouts) {
    const account = accountOf(payout)
    if (account) expected.set(account, (expected.get(account) ?? 0) + payout.amount)
  }
  const ofStates = /^(payable|in-transit|paid)\//
  const named = new Set([...expected.keys(), ...[...balances.keys()].filter((name) => ofStates.test(name))])
  const breaks = [...named].flatMap((account) => {
    const [booked, owed] = [balances.get(account) ?? 0, expected.get(account) ?? 0]
    return booked === owed ? [] : [`${account}: booked ${booked}, the states of the payouts say ${owed}`]
  })
  const sum = [...balances.values()].reduce((before, balance) => before + balance, 0)
  return sum === 0 ? breaks : [...breaks, `all accounts together hold ${sum} instead of nothing`]
}

/** Chains in which an entry was changed or is missing. */
export const chainBreaks = (holdings: Holdings): string[] =>
  [...chainsOf(holdings)].flatMap((chain) => {
    const broken = brokenLink(chain)
    return broken
      ? [`${broken.owner} ${broken.subject}: entry ${broken.seq} does not continue the one before`]
      : []
  })

type Books = ReadonlyMap<string, Pick<Book, 'movements'>>

/** Rupiah paid less rupiah that came back, by partner and reference. */
function netOf(books: Books): Map<string, Map<string, number>> {
  return new Map(
    [...books].map(([partner, book]) => {
      const nets = new Map<string, number>()
      for (const { partnerReferenceNo: reference, direction, amount } of book.movements()) {
        nets.set(reference, (nets.get(reference) ?? 0) + (direction === 'debit' ? amount : -amount))
      }
      return [partner, nets]
    }),
  )
}

/** What was paid twice and given up has not come back either. */
const isPaid = ({ status, ending }: Attempt): boolean =>
  status === 'paid' || status === 'overpaid' || ending === 'written-off'

/**
 * Where a partner's book says other than ours, reference by reference. An open attempt is nobody's difference: that
 * is what open means.
 */
export function partnerBreaks(books: Books, payouts: readonly JudgedPayout[]): string[] {
  const nets = netOf(books)
  const breaks: string[] = []
  for (const { standing, amount } of payouts) {
    for (const attempt of standing.attempts) {
      const { partner, reference } = attempt.claim
      const theirs = nets.get(partner)?.get(reference) ?? 0
      nets.get(partner)?.delete(reference)
      const ours = isPaid(attempt) ? amount : 0
      if (isOpen(attempt) || theirs === ours) continue
      breaks.push(`${reference}: ${ours} by our books, ${theirs} by those of ${partner}`)
    }
  }
  for (const [partner, rest] of nets) {
    for (const [reference, net] of rest)
      breaks.push(`${reference}: only ${partner} knows of it, and of ${net}`)
  }
  return breaks
}

/** Payouts for which the partners together have paid more than is owed, as `<participant> <payout>`. */
export function doublePaid(books: Books, payouts: readonly JudgedPayout[]): string[] {
  const paid = new Map<string, number>()
  for (const nets of netOf(books).values()) {
    for (const [reference, net] of nets) {
      const parsed = parseReference(reference)
      const name = parsed ? `${parsed.participantId} ${parsed.payout}` : reference
      paid.set(name, (paid.get(name) ?? 0) + net)
    }
  }
  const owed = new Map(
    payouts.map(({ participantId, payout, amount }) => [`${participantId} ${payout}`, amount]),
  )
  return [...paid].flatMap(([name, net]) => (net > (owed.get(name) ?? 0) ? [name] : []))
}
