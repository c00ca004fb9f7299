import { type Balances, balancesOf } from '../../infra/local/audit/books.ts'
import type { Holdings } from '../../infra/local/audit/holdings.ts'
import type { JudgedPayout } from '../../infra/local/audit/payouts.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import { accounts } from '../../shared/domain/postings.ts'
import type { Problem } from './checks.ts'
import { type StatusOf, untold } from './statements.ts'

type Money = { readonly direction: 'debit' | 'credit' | 'fee'; readonly amount: number }

/** Rupiah that came in less what went out, as our account at the partner sees it. */
const gained = (movements: readonly Money[]): number =>
  movements.reduce((sum, { direction, amount }) => sum + (direction === 'credit' ? amount : -amount), 0)

/** What attempts have come to, by their references. */
export function statusesIn(payouts: readonly JudgedPayout[]): StatusOf {
  const attempts = payouts.flatMap(({ standing }) => standing.attempts)
  const statuses = new Map(attempts.map(({ claim, status }) => [claim.reference, status] as const))
  return (reference) => statuses.get(reference)
}

/**
 * Partners at which our cash accounts hold other than their books say, account by account: what was spent on payments,
 * overpaid ones and those that were given up included, and what is left of the float. What nobody has told us of is no
 * difference yet.
 */
export function cashBreaks(
  holdings: Holdings,
  payouts: readonly JudgedPayout[],
  books: ReadonlyMap<string, Book>,
): readonly Problem[] {
  const balances: Balances = balancesOf(holdings)
  const statusOf = statusesIn(payouts)
  const inAccount = (account: string) => balances.get(account) ?? 0
  return [...books].flatMap(([partner, book]) => {
    const paid = gained(untold(book, statusOf)) - gained(book.movements())
    const spent = [accounts.spent(partner), accounts.overpaid(partner), accounts.writtenOff(partner)]
    const booked = spent.reduce((sum, account) => sum + inAccount(account), 0)
    const left = gained(book.floatMovements()) - paid
    const float = inAccount(accounts.float(partner))
    const differs = (what: string, ours: number, theirs: number) =>
      ours === theirs
        ? []
        : [
            {
              check: 'cash',
              subject: '',
              detail: `${what} ${partner}: ${ours} by our books, ${theirs} by its own`,
            },
          ]
    return [...differs('spent at', booked, paid), ...differs('float of', float, left)]
  })
}
