import { join } from 'node:path'
import { spreadsheetOf } from '../command/csv.ts'
import { paintFor } from '../command/paint.ts'
import { table } from '../command/table.ts'
import { count } from '../local/text.ts'
import { movementsBucketOf } from '../movements.ts'
import { stages } from '../stages.ts'
import { type Asked, help, readArguments } from './arguments.ts'
import { type Answer, openWarehouse } from './duckdb.ts'

/** `npm run warehouse`: finance's questions by SQL, on the movement files that the local stack has kept. */

function linesOf(rows: readonly Answer[], csv: boolean): readonly string[] {
  const names = Object.keys(rows[0] ?? {})
  if (csv) return [spreadsheetOf([names, ...rows.map((row) => names.map((name) => row[name] ?? null))])]
  const isNumber = (name: string) => rows.some((row) => typeof row[name] === 'number')
  const columns = names.map((name) => ({
    title: name.toUpperCase(),
    text(row: Answer) {
      const cell = row[name] ?? ''
      return typeof cell === 'number' ? count(cell) : cell
    },
    ...(isNumber(name) && ({ right: true } as const)),
  }))
  return table(rows, columns, paintFor(process.stdout, process.env))
}

async function answer({ question, parameters, data, csv }: Asked): Promise<void> {
  // As the local stack keeps a bucket's objects.
  const objects = join(data, 'objects', 'buckets', movementsBucketOf(stages.local), 'objects')
  const warehouse = await openWarehouse(join(objects, 'movements'), '.ndjson.gz.data')
  try {
    const rows = await warehouse.ask(question, parameters)
    for (const line of linesOf(rows, csv)) console.log(line)
    if (rows.length === 0) console.error(`Nothing has been moved up to that day in ${data}`)
  } finally {
    warehouse.close()
  }
}

const asked = readArguments(process.argv.slice(2))
if (asked === 'help') console.log(help.trimEnd())
else if ('mistake' in asked) {
  console.error(asked.mistake)
  process.exitCode = 2
} else await answer(asked)
