/** Text for terminals. */

export type Alignment = 'left' | 'right'

/** Rows with their cells under each other, two spaces between columns and no space at the end of a line. */
export function table(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return alignments[column] === 'right' ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

/** `12,345` */
export const count = (value: number): string => value.toLocaleString('en-US')

/** `1 event`, `2 events` */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`
