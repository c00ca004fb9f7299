import { expect, test } from 'vitest'
import { createBook } from '../../infra/local/partners/book.ts'
import { epochMs, jakartaDate, plusDays, plusSeconds } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { at } from '../domain/examples.ts'
import { type StatusOf, strangeLines, untold } from './statements.ts'

const paidAt = at('2020-12-10T00:01:00+07:00')
const refundedAt = plusSeconds(paidAt, 86_400)

/** A partner that has paid one reference and takes the money back a day later; `days` after the payment. */
function bookAfter(days: number) {
  const book = createBook({ float: rupiah(1_000_000), now: () => epochMs(paidAt) + days * 86_400_000 })
  const movement = {
    partnerReferenceNo: 'P-1-I1-A1',
    referenceNo: 'GOPAY1',
    amount: rupiah(600_000),
    accountNumber: '+62812',
    serviceCode: '38',
  }
  book.enter({ ...movement, at: paidAt, direction: 'debit' })
  book.enter({ ...movement, at: refundedAt, direction: 'credit' })
  return book
}

test.each<[ReturnType<StatusOf>, number, readonly string[]]>([
  ['unknown', 0, ['debit']],
  ['rejected', 0, ['debit']],
  ['paid', 0, []],
  ['overpaid', 0, []],
  [undefined, 1, ['debit', 'credit']],
  ['pending', 1, ['debit', 'credit']],
  ['paid', 1, ['credit']],
  ['returned', 1, []],
])('of an attempt that is %s here, %i days later our books lack %j', (status, days, lacking) => {
  expect(untold(bookAfter(days), () => status).map(({ direction }) => direction)).toEqual(lacking)
})

test('what has moved on a day that is not over is on no statement yet, and is always the same line', () => {
  const [first, second] = [0, 1].map((days) => plusDays(jakartaDate(paidAt), days))
  if (!first || !second) throw new Error('there are two days')
  const linesOn = (days: number, today = first) => strangeLines(bookAfter(days), () => 'pending', today)
  expect(linesOn(0)).toEqual([])
  expect(linesOn(0.9, second)).toMatchObject([{ direction: 'debit', amount: 600_000, day: first }])
  expect(linesOn(2, plusDays(second, 1)).slice(0, 1)).toEqual(linesOn(0.9, second))
})
