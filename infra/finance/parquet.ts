import { renameSync, rmSync } from 'node:fs'
import { type ColumnSource, fileWriter, ParquetWriter } from 'hyparquet-writer'
import type { Exported } from '../../shared/finance/export.ts'
import type { CsvCell, CsvRow } from '../command/csv.ts'

/** Rows that are held until they are written as one group. */
const groupRows = 50_000

function textOf(cell: CsvCell): string | null {
  if (typeof cell === 'number') throw new Error('a column of texts has a number')
  return cell
}

function wholeOf(cell: CsvCell): bigint | null {
  if (typeof cell === 'string') throw new Error('a column of numbers has a text')
  return cell === null ? null : BigInt(cell)
}

/**
 * Writes rows as a Parquet file at `path`, which is there, and replaces what was, once all of them are written. Whole
 * numbers are INT64, the rest is UTF-8. https://parquet.apache.org/docs/file-format/
 */
export function createParquet(path: string, { columns, wholeNumbers }: Exported) {
  const unfinished = `${path}.unfinished`
  const isWhole = (name: string): boolean => wholeNumbers.includes(name)
  const writer = new ParquetWriter({
    writer: fileWriter(unfinished),
    schema: [
      { name: 'rows', num_children: columns.length },
      ...columns.map((name) =>
        isWhole(name)
          ? ({ name, type: 'INT64', repetition_type: 'OPTIONAL' } as const)
          : ({ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const),
      ),
    ],
  })
  let waiting: CsvRow[] = []

  async function writeGroup(): Promise<void> {
    if (waiting.length === 0) return
    const columnData = columns.map((name, index): ColumnSource => {
      const cells = waiting.map((row) => row[index] ?? null)
      return { name, data: isWhole(name) ? cells.map(wholeOf) : cells.map(textOf) }
    })
    await writer.write({ columnData, rowGroupSize: waiting.length })
    waiting = []
  }

  return {
    async add(rows: readonly CsvRow[]): Promise<void> {
      waiting.push(...rows)
      if (waiting.length >= groupRows) await writeGroup()
    },
    async finish(): Promise<void> {
      await writeGroup()
      await writer.finish()
      renameSync(unfinished, path)
    },
    /** Leaves nothing. */
    discard: () => rmSync(unfinished, { force: true }),
  }
}
