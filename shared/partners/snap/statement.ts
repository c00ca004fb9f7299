import { parseInstant } from '../../domain/instant.ts'
import type { Rupiah } from '../../domain/rupiah.ts'
import type { StatementPage } from '../partner.ts'
import type { Answer } from './exchange.ts'
import { readAmount, statementAnswer } from './messages.ts'

type Totals = ReturnType<typeof statementAnswer.parse>['totalDebitEntries']

/** A total that has sen is none of ours to compare. */
const amountOf = (totals: Totals): Rupiah | undefined =>
  totals?.amount ? readAmount(totals.amount) : undefined

/**
 * One page of a bank statement. "Not found" is how a bank may say that nothing was booked: a page without records, which a
 * later one cannot be, since it repeats the last record of the one before.
 */
export function statementPage({ meaning, fields }: Answer): StatementPage {
  if (meaning.means === 'not-found') return { outcome: 'page', records: [], stated: {} }
  const parsed = statementAnswer.safeParse(fields)
  if (meaning.means !== 'success' || !parsed.success) return { outcome: 'unavailable' }
  const { detailData: records, totalCreditEntries, totalDebitEntries, hasMore } = parsed.data
  const next = hasMore === 'Y' ? parseInstant(parsed.data.lastRecordDateTime ?? '') : undefined
  if (hasMore === 'Y' && !next) return { outcome: 'unavailable' }
  const [into, out] = [totalCreditEntries?.numberOfEntries, totalDebitEntries?.numberOfEntries]
  const numberOf = typeof into === 'number' && typeof out === 'number' ? into + out : undefined
  const [debits, credits] = [amountOf(totalDebitEntries), amountOf(totalCreditEntries)]
  return {
    outcome: 'page',
    records,
    ...(next && { next }),
    stated: {
      ...(numberOf !== undefined && { records: numberOf }),
      ...(debits !== undefined && { debits }),
      ...(credits !== undefined && { credits }),
    },
  }
}
