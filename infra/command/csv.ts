import { readsAsFormula } from '../../shared/domain/formula.ts'

/** Comma-separated values: https://www.rfc-editor.org/rfc/rfc4180, but for the line's end, which is a line feed. */

/** `null`: nothing is known, which an empty field says; an empty text is written as `""`. */
export type CsvCell = string | number | null
export type CsvRow = readonly CsvCell[]

const needsQuotes = /^$|[",\r\n]|^\s|\s$/

function fieldOf(cell: CsvCell): string {
  if (cell === null) return ''
  const text = String(cell)
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A line for every row, without the last line's end. Cells are what they say, to the byte, for files that are compared. */
export const csvOf = (rows: readonly CsvRow[]): string =>
  rows.map((row) => row.map(fieldOf).join(',')).join('\n')

const isNumber = /^[+-]?\d+(?:\.\d+)?$/

const shown = (cell: CsvCell): CsvCell =>
  typeof cell === 'string' && readsAsFormula(cell) && !isNumber.test(cell) ? `'${cell}` : cell

/**
 * The same for people, who open it in a spreadsheet: a text that comes from outside and begins as a formula does has an
 * apostrophe before it, by which it stays a text. Numbers, such as -600000, stay numbers.
 */
export const spreadsheetOf = (rows: readonly CsvRow[]): string => csvOf(rows.map((row) => row.map(shown)))
