import { formatRupiah } from '../../shared/domain/rupiah.ts'
import type { CsvCell, CsvRow } from '../command/csv.ts'
import type { Paint, Tone } from '../command/paint.ts'
import { table } from '../command/table.ts'
import { count } from '../local/text.ts'

/** One column of a table that people and programs read. */
export type SheetColumn<Row> = {
  /** For people. */
  readonly title: string
  /** For programs, in CSV's first row. */
  readonly name: string
  readonly right?: true
  value(row: Row): CsvCell
  /** (Default: the value itself.) */
  text?(row: Row): string
  tone?(row: Row): Tone | undefined
}

/** Rows under each other for people, and the same as CSV. */
export function sheet<Row>(
  rows: readonly Row[],
  columns: readonly SheetColumn<Row>[],
  paint: Paint,
): { readonly lines: readonly string[]; readonly csv: readonly CsvRow[] } {
  const shown = columns.map(({ value, text = (row: Row) => String(value(row) ?? ''), ...column }) => ({
    ...column,
    text,
  }))
  return {
    lines: table(rows, shown, paint),
    csv: [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ value }) => value(row)))],
  }
}

/** An amount, with its minus before the currency. */
export const money = (rupiah: number): string =>
  rupiah < 0 ? `-${formatRupiah(-rupiah)}` : formatRupiah(rupiah)

type Figure = { readonly count: number; readonly rupiah: number; readonly atLeast?: boolean }

const plus = ({ atLeast = false }: Figure): string => (atLeast ? '+' : '')

/** Payouts and rupiah as two columns; nothing is shown where there is nothing. */
export function figureColumns<Row>(
  title: string,
  name: string,
  figureOf: (row: Row) => Figure,
): readonly SheetColumn<Row>[] {
  const shown = (row: Row, text: (figure: Figure) => string) => {
    const figure = figureOf(row)
    return figure.count === 0 && figure.rupiah === 0 ? '' : `${text(figure)}${plus(figure)}`
  }
  return [
    {
      title,
      name: `${name}_count`,
      right: true,
      value: (row) => figureOf(row).count,
      text: (row) => shown(row, (figure) => count(figure.count)),
    },
    {
      title: 'RUPIAH',
      name: `${name}_rupiah`,
      right: true,
      value: (row) => figureOf(row).rupiah,
      text: (row) => shown(row, (figure) => money(figure.rupiah)),
    },
  ]
}
