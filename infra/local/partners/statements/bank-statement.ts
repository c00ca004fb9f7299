import { type Instant, jakartaTimestamp } from '../../../../shared/domain/instant.ts'
import { sum } from '../../../../shared/domain/rupiah.ts'
import { type Answer, money } from '../answers.ts'
import type { Book } from '../book.ts'
import type { StatementQuestion } from '../requests.ts'
import { bookedIn, remarkOf } from './booked.ts'
import { type Errors, plant, type Written } from './planted.ts'

/** Service 14 of a bank. */
export type BankStatement = (question: StatementQuestion) => Answer

/** The standard leaves it to the bank. */
export const recordsPerPage = 100

/** SNAP's times have whole seconds, and so has what is asked for. */
const second = (at: Instant): string => jakartaTimestamp(at)

const recordOf = (booked: Written) => ({
  amount: booked.spoilt ? { value: 'n/a', currency: 'IDR' } : money(booked.amount),
  originAmount: money(booked.amount),
  transactionDate: second(booked.at),
  remark: remarkOf(booked),
  transactionId: booked.referenceNo,
  type: booked.direction === 'credit' ? 'CREDIT' : 'DEBIT',
  transactionDetailStatus: 'SUCCESS',
})

function totalOf(booked: readonly Written[], isCredit: boolean, miscounted = 0) {
  const own = booked.filter(({ direction }) => (direction === 'credit') === isCredit)
  return {
    numberOfEntries: String(own.length + miscounted),
    amount: money(sum(own.map(({ amount }) => amount))),
  }
}

/**
 * Whole seconds only, and two at least: the next page begins with the last second of this one again, and would never
 * come further if it held nothing else.
 */
function pageOf(records: readonly Written[]): readonly Written[] {
  const times = records.map(({ at }) => second(at))
  const other = times.findIndex((time) => time !== times[0])
  const last = Math.max(other, recordsPerPage - 1)
  const end = times.findIndex((time, index) => index > last && time !== times[last])
  return end < 0 || other < 0 ? records : records.slice(0, end)
}

/** `errors`: what it has wrong on purpose, if anything; but for dates, which are those of the records' own times. */
export function createBankStatement({
  book,
  errors,
}: {
  readonly book: Book
  readonly errors: () => Errors | undefined
}): BankStatement {
  return ({ accountNo, from, to }) => {
    const since = bookedIn(book).filter(({ at }) => second(at) >= second(from))
    const wrong = errors()
    // By the beginning of what is asked for, which all of its pages have in common.
    const { lines, miscounted } = wrong ? plant(since, wrong) : { lines: since, miscounted: 0 }
    const asked = lines
      .filter(({ at }) => second(at) <= second(to))
      .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
      .reverse()
    const page = pageOf(asked)
    const last = page.at(-1)
    return {
      case: '20000',
      fields: {
        accountNo,
        totalCreditEntries: totalOf(asked, true),
        totalDebitEntries: totalOf(asked, false, miscounted),
        hasMore: page.length < asked.length ? 'Y' : 'N',
        ...(last && { lastRecordDateTime: second(last.at) }),
        detailData: page.map(recordOf),
      },
    }
  }
}
