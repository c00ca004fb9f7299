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

/** A line for every row, without the last line's end. */
export const csvOf = (rows: readonly CsvRow[]): string =>
  rows.map((row) => row.map(fieldOf).join(',')).join('\n')
