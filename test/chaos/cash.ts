import { type Balances, balancesOf } from '../../infra/local/audit/books.ts'
import type { Holdings } from '../../infra/local/audit/holdings.ts'
import type { JudgedPayout } from '../../infra/local/audit/payouts.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
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

/** What was claimed of a partner's attempts of one sort. */
const claimedOf = (payouts: readonly JudgedPayout[], partner: string, is: (attempt: Attempt) => boolean) =>
  payouts
    .flatMap(({ standing }) => standing.attempts)
    .filter((attempt) => attempt.claim.partner === partner && is(attempt))
    .reduce((sum, { claim }) => sum + claim.amount, 0)

/**
 * Partners at which our cash accounts hold other than their books say, account by account: what was paid beside another
 * attempt and what of that was given up, each as the attempts are, what was spent on all others, and what is left of the
 * float. What nobody has told us of is no difference yet.
 */
export function cashBreaks(
  holdings: Holdings,
  payouts: readonly JudgedPayout[],
  books: ReadonlyMap<string, Book>,
): readonly Problem[] {
  const balances: Balances = balancesOf(holdings)
  const statusOf = statusesIn(payouts)
  return [...books].flatMap(([partner, book]) => {
    const paid = gained(untold(book, statusOf)) - gained(book.movements())
    const overpaid = claimedOf(payouts, partner, ({ status }) => status === 'overpaid')
    const writtenOff = claimedOf(payouts, partner, ({ ending }) => ending === 'written-off')
    const expected = {
      [accounts.spent(partner)]: paid - overpaid - writtenOff,
      [accounts.overpaid(partner)]: overpaid,
      [accounts.writtenOff(partner)]: writtenOff,
      [accounts.float(partner)]: gained(book.floatMovements()) - paid,
    }
    return Object.entries(expected).flatMap(([account, rupiah]) => {
      const booked = balances.get(account) ?? 0
      if (booked === rupiah) return []
      const detail = `${account}: ${booked} by our books, ${rupiah} by attempts and ${partner}'s own`
      return [{ check: 'cash', subject: '', detail }]
    })
  })
}
