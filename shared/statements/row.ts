import { noRupiah, type Rupiah } from '../domain/rupiah.ts'
import {
  createAmountReader,
  createDayReader,
  isPayable,
  isReference,
  namedBy,
  type ReadAmount,
} from './fields.ts'
import type { StatementLine, Unparsable } from './line.ts'
import type { AmountColumns, CsvMapping, Direction, Place } from './mapping.ts'

/** A field by its column's name; a longer one than any that we read counts as empty. */
export type Fields = (column: string) => string

type Complaint = { readonly complaint: string }
type Moved = { readonly direction: Direction; readonly amount: Rupiah }

/** Reads one line of a CSV by its mapping; `undefined` for one of which the partner says that nothing moved. */
export type ReadRow = (fields: Fields, line: number) => StatementLine | Unparsable | undefined

const expected = (column: string, what: string): Complaint => ({ complaint: `${column}: ${what} expected` })

type ReadMoved = (fields: Fields) => Moved | Complaint

const amountExpected = (column: string): Complaint =>
  expected(column, 'an amount of whole rupiah, more than nothing and written as agreed, was')

function byWords(
  { amount, direction, words }: Extract<AmountColumns, { layout: 'words' }>,
  read: ReadAmount,
): ReadMoved {
  const directions = new Map(Object.entries(words))
  return (fields) => {
    const way = directions.get(fields(direction))
    if (!way) return expected(direction, `one of ${[...directions.keys()].join(', ')} was`)
    const value = read(fields(amount))
    return isPayable(value) ? { direction: way, amount: value } : amountExpected(amount)
  }
}

function bySign({ amount }: Extract<AmountColumns, { layout: 'signed' }>, read: ReadAmount): ReadMoved {
  return (fields) => {
    const text = fields(amount)
    const left = text.startsWith('-')
    const value = read(left ? text.slice(1) : text)
    return isPayable(value) ? { direction: left ? 'debit' : 'credit', amount: value } : amountExpected(amount)
  }
}

function bySeparate(
  { debit, credit }: Extract<AmountColumns, { layout: 'separate' }>,
  read: ReadAmount,
): ReadMoved {
  const readOrNothing = (text: string) => (text === '' ? noRupiah : read(text))
  return (fields) => {
    const left = readOrNothing(fields(debit))
    const came = readOrNothing(fields(credit))
    if (left === undefined) return amountExpected(debit)
    if (came === undefined) return amountExpected(credit)
    if (isPayable(left) === isPayable(came))
      return expected(`${debit}, ${credit}`, 'an amount in one of them was')
    return isPayable(left) ? { direction: 'debit', amount: left } : { direction: 'credit', amount: came }
  }
}

function createMovedReader(columns: CsvMapping['amount']): ReadMoved {
  const read = createAmountReader(columns.form)
  switch (columns.layout) {
    case 'words':
      return byWords(columns, read)
    case 'signed':
      return bySign(columns, read)
    case 'separate':
      return bySeparate(columns, read)
  }
}

/** What stands at a place; `undefined` if nothing does. */
function textAt(fields: Fields, { column, pattern }: Place): string | undefined {
  const text = fields(column)
  return (pattern ? pattern.exec(text)?.[1] : text) || undefined
}

/** The first of some places that says something. */
function firstOf(fields: Fields, places: readonly Place[]): string | undefined {
  for (const place of places) {
    const text = textAt(fields, place)
    if (text !== undefined) return text
  }
  return undefined
}

/**
 * A reader of lines that a partner's mapping describes. It says of each whether it can be read, and never throws: a line
 * that cannot be read leaves its statement incomplete, and the others count.
 */
export function createRowReader({ day, amount, status, fee, ours, theirs }: CsvMapping): ReadRow {
  const readDay = createDayReader(day.form)
  const readMoved = createMovedReader(amount)
  const words = [...(status?.booked ?? []), ...(status?.notBooked ?? [])]

  function named(fields: Fields) {
    const own = firstOf(fields, ours)
    const referenceNo = textAt(fields, theirs)
    const what = 'a reference of at most 64 printable characters was'
    if (own !== undefined && !isReference(own)) return expected(ours[0]?.column ?? '', what)
    if (referenceNo !== undefined && !isReference(referenceNo)) return expected(theirs.column, what)
    return { ...namedBy(own), ...(referenceNo !== undefined && { referenceNo }) }
  }

  return (fields, line) => {
    if (status) {
      const word = fields(status.column)
      if (!words.includes(word)) return { line, ...expected(status.column, `one of ${words.join(', ')} was`) }
      if (status.notBooked.includes(word)) return undefined
    }
    const booked = readDay(fields(day.column))
    if (!booked) return { line, ...expected(day.column, `a day written as ${day.form} was`) }
    const moved = readMoved(fields)
    if ('complaint' in moved) return { line, ...moved }
    const references = named(fields)
    if ('complaint' in references) return { line, ...references }
    const isFee = fee && moved.direction === 'debit' && fee.pattern.test(fields(fee.column))
    return { line, day: booked, ...moved, ...(isFee && { direction: 'fee' as const }), ...references }
  }
}
