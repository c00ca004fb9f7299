import type { Paint, Tone } from './paint.ts'

export type Column<Row> = {
  readonly title: string
  /** Numbers stand under each other by their last digit. */
  readonly right?: true
  text(row: Row): string
  tone?(row: Row): Tone | undefined
}

const width = (text: string): number => [...text].length
const padding = (text: string, to: number): string => ' '.repeat(Math.max(0, to - width(text)))

/** Rows under their titles, two spaces between columns; a column in which nothing stands is left out. No rows, no lines. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  paint: Paint,
): readonly string[] {
  const used = columns.filter((column) => rows.some((row) => column.text(row) !== ''))
  const widths = used.map(({ title, text }) => Math.max(width(title), ...rows.map((row) => width(text(row)))))
  const line = (cell: (column: Column<Row>) => readonly [text: string, tone: Tone | undefined]) =>
    used
      .map((column, index) => {
        const [text, tone] = cell(column)
        const space = padding(text, widths[index] ?? 0)
        return column.right ? `${space}${paint(tone, text)}` : `${paint(tone, text)}${space}`
      })
      .join('  ')
      .trimEnd()
  if (rows.length === 0) return []
  return [
    line(({ title }) => [title, 'quiet']),
    ...rows.map((row) => line((column) => [column.text(row), column.tone?.(row)])),
  ]
}

/** Lines that are set off from those before them, if there are any. */
export const apart = (lines: readonly string[]): readonly string[] => (lines.length > 0 ? ['', ...lines] : [])
