import { jakartaTimestamp } from '../../../../shared/domain/instant.ts'
import { isOfAttempt, remarkOf } from './booked.ts'
import type { Written } from './planted.ts'

/**
 * How each simulated partner writes its day as CSV: written down once more, apart from the mappings by which our side
 * reads it, so that the two check each other.
 */

/** What a file adds up to. Rupiah, fees among the debits. */
export type Totals = { readonly lines: number; readonly debits: number; readonly credits: number }

type Layout = {
  readonly heading: string
  /** `balance` after the line, `position` from 1. */
  row(line: Written, balance: number, position: number): string
  trailer?(totals: Totals, balance: number): string
}

const grouped = (amount: number, separator: string): string =>
  String(amount).replace(/\B(?=(\d{3})+$)/g, separator)
const spoiltAmount = 'RUSAK'
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
/** In Jakarta, `10:00:01`. */
const timeOf = ({ at }: Written): string => jakartaTimestamp(at).slice(11, 19)
const dayParts = ({ day }: Written): readonly string[] => day.split('-')

const bni: Layout = {
  heading: 'Tanggal Buku;Jam;Uraian Transaksi;No. Referensi;Debet;Kredit;Saldo',
  row(line, balance) {
    const amount = line.spoilt ? spoiltAmount : `${grouped(line.amount, '.')},00`
    const [debit, credit] = line.direction === 'credit' ? ['0,00', amount] : [amount, '0,00']
    const day = dayParts(line).toReversed().join('/')
    const remark = quoted(remarkOf(line))
    return [day, timeOf(line), remark, line.referenceNo, debit, credit, `${grouped(balance, '.')},00`].join(
      ';',
    )
  },
  trailer: ({ lines, debits, credits }, balance) =>
    `TOTAL;${lines};;;${[debits, credits, balance].map((amount) => `${grouped(amount, '.')},00`).join(';')}`,
}

const gopay: Layout = {
  heading: 'created_at,type,amount,currency,partner_reference_no,reference_no,status',
  row(line) {
    const { at, day, direction, amount, ours = '', referenceNo, spoilt, failed } = line
    const isTransfer = isOfAttempt(line)
    const words = {
      fee: 'fee',
      debit: isTransfer ? 'payout' : 'withdrawal',
      credit: isTransfer ? 'refund' : 'topup',
    }
    // UTC, but for a day that is not the instant's own, of which only the date is known.
    const time = jakartaTimestamp(at).startsWith(day) ? at : `${day}T05:00:00Z`
    const written = spoilt ? spoiltAmount : `${amount}.00`
    const status = failed ? 'failed' : 'completed'
    return [time, words[direction], written, 'IDR', ours, referenceNo, status].join(',')
  },
}

const linkaja: Layout = {
  heading: 'Transaction Date|Transaction Type|Merchant Trx ID|LinkAja Ref ID|Amount|Balance',
  row(line, balance) {
    const sign = line.direction === 'credit' ? '' : '-'
    const amount = line.spoilt ? spoiltAmount : `${sign}${grouped(line.amount, ',')}.00`
    const type = { fee: 'FEE', debit: 'DISBURSEMENT', credit: 'CREDIT' }[line.direction]
    const day = dayParts(line).toReversed().join('-')
    return [day, type, line.ours ?? '', line.referenceNo, amount, `${grouped(balance, ',')}.00`].join('|')
  },
  trailer: ({ lines }) => `TRAILER|${lines}`,
}

const ovo: Layout = {
  heading: ['NO', 'TRX_DATE', 'TRX_TIME', 'OVO_REF', 'NOTES', 'DB/CR', 'NOMINAL'].map(quoted).join(','),
  row(line, _, position) {
    const way = { fee: 'FEE', debit: 'DB', credit: 'CR' }[line.direction]
    const amount = line.spoilt ? spoiltAmount : `Rp ${grouped(line.amount, '.')}`
    const notes = line.ours === undefined ? '' : `PRAKERJA/${line.ours}`
    const fields = [
      String(position),
      dayParts(line).join(''),
      timeOf(line),
      line.referenceNo,
      notes,
      way,
      amount,
    ]
    return fields.map(quoted).join(',')
  },
}

const layouts: Readonly<Record<string, Layout>> = { bni, gopay, linkaja, ovo }

/** A day as CSV, in pieces that end with a line; `opening` is the balance before. */
export function* csvText(
  partner: string,
  lines: Iterable<Written>,
  opening: number,
  miscounted = 0,
): Generator<string> {
  const layout = layouts[partner]
  if (!layout) throw new Error(`${partner} has no layout of a statement`)
  yield `${layout.heading}\n`
  let [count, debits, credits] = [0, 0, 0]
  for (const line of lines) {
    count += 1
    const amount = line.spoilt ? 0 : line.amount
    if (line.direction === 'credit') credits += amount
    else debits += amount
    yield `${layout.row(line, opening + credits - debits, count)}\n`
  }
  const totals = { lines: count + miscounted, debits, credits }
  if (layout.trailer) yield `${layout.trailer(totals, opening + credits - debits)}\n`
}
