import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { spreadsheetOf } from '../command/csv.ts'
import { paintFor } from '../command/paint.ts'
import { table } from '../command/table.ts'
import { isMistake, type Mistake } from '../command-line.ts'
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

/** Where the local stack keeps the bucket, which is there from a run's beginning. */
const bucketIn = (data: string): string => join(data, 'objects', 'buckets', movementsBucketOf(stages.local))

async function answer({ question, parameters, data, csv }: Asked): Promise<void> {
  const warehouse = await openWarehouse(join(bucketIn(data), 'objects', 'movements'), '.ndjson.gz.data')
  try {
    const rows = await warehouse.ask(question, parameters)
    for (const line of linesOf(rows, csv)) console.log(line)
    if (rows.length === 0) console.error(`No movement in ${data} fits`)
  } finally {
    warehouse.close()
  }
}

function refuse({ mistake }: Mistake): void {
  console.error(mistake)
  process.exitCode = 2
}

const asked = readArguments(process.argv.slice(2))
if (asked === 'help') console.log(help.trimEnd())
else if (isMistake(asked)) refuse(asked)
else if (!existsSync(bucketIn(asked.data)))
  refuse({ mistake: `${asked.data} holds no run; npm start makes one` })
else await answer(asked)
