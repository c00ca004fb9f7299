import { type Instant, jakartaTimestamp } from '../../../../shared/domain/instant.ts'
import { sum } from '../../../../shared/domain/rupiah.ts'
import { type Answer, money } from '../answers.ts'
import type { Book } from '../book.ts'
import type { StatementQuestion } from '../requests.ts'
import { type Booked, bookedIn, remarkOf } from './booked.ts'

/** Service 14 of a bank. */
export type BankStatement = (question: StatementQuestion) => Answer

/** The standard leaves it to the bank. */
export const recordsPerPage = 100

/** SNAP's times have whole seconds, and so has what is asked for. */
const second = (at: Instant): string => jakartaTimestamp(at)

const recordOf = (booked: Booked) => ({
  amount: money(booked.amount),
  originAmount: money(booked.amount),
  transactionDate: second(booked.at),
  remark: remarkOf(booked),
  transactionId: booked.referenceNo,
  type: booked.direction === 'credit' ? 'CREDIT' : 'DEBIT',
  transactionDetailStatus: 'SUCCESS',
})

function totalOf(booked: readonly Booked[], isCredit: boolean) {
  const own = booked.filter(({ direction }) => (direction === 'credit') === isCredit)
  return { numberOfEntries: String(own.length), amount: money(sum(own.map(({ amount }) => amount))) }
}

/**
 * Whole seconds only, and two at least: the next page begins with the last second of this one again, and would never
 * come further if it held nothing else.
 */
function pageOf(records: readonly Booked[]): readonly Booked[] {
  const times = records.map(({ at }) => second(at))
  const other = times.findIndex((time) => time !== times[0])
  const last = Math.max(other, recordsPerPage - 1)
  const end = times.findIndex((time, index) => index > last && time !== times[last])
  return end < 0 || other < 0 ? records : records.slice(0, end)
}

export function createBankStatement({ book }: { readonly book: Book }): BankStatement {
  return ({ accountNo, from, to }) => {
    const asked = bookedIn(book)
      .filter(({ at }) => second(at) >= second(from) && second(at) <= second(to))
      .reverse()
    const page = pageOf(asked)
    const last = page.at(-1)
    return {
      case: '20000',
      fields: {
        accountNo,
        totalCreditEntries: totalOf(asked, true),
        totalDebitEntries: totalOf(asked, false),
        hasMore: page.length < asked.length ? 'Y' : 'N',
        ...(last && { lastRecordDateTime: second(last.at) }),
        detailData: page.map(recordOf),
      },
    }
  }
}
