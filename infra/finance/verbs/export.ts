import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  type CivilDate,
  civilDate,
  isCivilDate,
  jakartaTimestamp,
  parseInstant,
  plusDays,
  plusSeconds,
  startOfDay,
} from '../../../shared/domain/instant.ts'
import { type Exported, exported } from '../../../shared/finance/export.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { exportAnswer, exportKinds } from '../../../shared/finance/schemas.ts'
import { onTheWaySeconds } from '../../../shared/finance/totals.ts'
import { type CsvRow, csvOf } from '../../command/csv.ts'
import { isStopped, type Plan, type Session, type Stopped, type Verb } from '../../command/verb.ts'
import { moment, second } from '../../command/words.ts'
import type { Mistake } from '../../command-line.ts'
import { counted } from '../../local/text.ts'
import { period } from '../options.ts'
import { createParquet } from '../parquet.ts'

type What = (typeof exportKinds)[number]
const isWhat = (text: string | undefined): text is What => exportKinds.some((name) => name === text)

/** Days that one command exports. */
const daysMax = 366
/** Pages of one day: ten times the busiest. */
const pagesMax = 5_000

/** Every day of a period, and no more than one beyond what is exported at a time. */
function daysOf(from: string, to: string): readonly CivilDate[] {
  const days: CivilDate[] = []
  for (let day = civilDate(from); day <= to && days.length <= daysMax; day = plusDays(day, 1)) days.push(day)
  return days
}

/** Where rows go as they are read: nothing is gathered, however much it is. */
type Sink = {
  add(rows: readonly CsvRow[]): Promise<void>
  finish(): Promise<void>
  /** Takes away what is not finished. */
  discard(): void
}

function printing(session: Session, { columns }: Exported): Sink {
  session.print(columns.join(','))
  return {
    async add(rows) {
      if (rows.length > 0) session.print(csvOf(rows))
    },
    async finish() {},
    discard() {},
  }
}

/** Hands a day's rows on, page by page; gives how many they were. */
async function exportDay(
  session: Session,
  query: { readonly what: What; readonly day: string },
  sink: Sink,
): Promise<number | Stopped> {
  let rows = 0
  let after: string | undefined
  for (let page = 0; page < pagesMax; page++) {
    session.progress(`${query.day}: ${counted(rows, 'row')}`)
    const answer = await session.ask(routes.export, {
      query: { ...query, ...(after !== undefined && { after }) },
    })
    if (isStopped(answer)) return answer
    await sink.add(answer.rows)
    rows += answer.rows.length
    after = answer.next
    if (after === undefined) return rows
  }
  throw new Error(`the export of ${query.day} does not end`)
}

async function exportDays(
  session: Session,
  { what, days }: { readonly what: What; readonly days: readonly string[] },
  sink: Sink,
): Promise<number | Stopped> {
  let rows = 0
  for (const day of days) {
    const more = await exportDay(session, { what, day }, sink)
    if (isStopped(more)) return more
    rows += more
  }
  await sink.finish()
  return rows
}

/** Whoever exports a day that has just ended would not see that its last entries are missing. */
function hintsFor(last: CivilDate | undefined, countedTo: string): readonly string[] {
  const [at, end] = [parseInstant(countedTo), last && startOfDay(plusDays(last, 1))]
  if (at === undefined || end === undefined || end <= at) return []
  const whole = moment(jakartaTimestamp(plusSeconds(end, onTheWaySeconds)))
  return [
    `Entries later than ${second(countedTo)} in Jakarta may be missing: export the same again from ${whole} on`,
  ]
}

/** `file`: for Parquet; without one, CSV is printed. */
const exporting = (what: What, days: readonly CivilDate[], file: string | undefined): Plan => ({
  route: routes.export,
  // Of no row: it is asked for so as to see that the caller may.
  request: { query: { what, day: days[0] ?? '', limit: '1' } },
  async finish(body, session) {
    // Before all others: what comes after it has at least as much.
    const first = exportAnswer.safeParse(body)
    if (!first.success) return undefined
    const { countedTo } = first.data
    const sink = file === undefined ? printing(session, exported[what]) : createParquet(file, exported[what])
    try {
      const rows = await exportDays(session, { what, days }, sink)
      if (isStopped(rows)) return rows
      const hints = [counted(rows, 'row'), ...hintsFor(days.at(-1), countedTo)]
      return { json: { rows }, show: () => ({ lines: [], hints }) }
    } finally {
      sink.discard()
    }
  },
})

const formats = ['csv', 'parquet'] as const

/** What is wrong with where the rows are to go. */
function destinationMistake(format: string, file: string | undefined): Mistake | undefined {
  if (!formats.some((name) => name === format)) return { mistake: `--format takes ${formats.join(' or ')}` }
  if (format === 'csv')
    return file === undefined ? undefined : { mistake: '--file is for Parquet: CSV goes to standard output' }
  if (file === undefined) return { mistake: 'Parquet needs --file: what the file is to be called' }
  try {
    accessSync(dirname(file), constants.W_OK)
    if (!statSync(file, { throwIfNoEntry: false })?.isDirectory()) return undefined
  } catch {
    // Said below.
  }
  return { mistake: `--file ${file} cannot be written: choose a file in a folder that is there` }
}

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Entries or payouts of a period as CSV on standard output, or as a Parquet file.',
  options: {
    what: {
      value: 'WHAT',
      says: 'entries: all that moved money; payouts: each that moved, as it stood at the end of the day',
      takes: `one of ${exportKinds.join(', ')}`,
    },
    from: { ...period.from, says: 'from this day in Jakarta on' },
    to: { ...period.to, says: 'up to this day in Jakarta, itself included (--from)' },
    format: { value: 'FORMAT', says: 'csv (the default) or parquet', takes: formats.join(' or ') },
    file: {
      value: 'FILE',
      says: 'where Parquet goes; what was there is replaced',
      takes: 'the name of a file',
    },
  },
  routes: [routes.export],
  examples: [
    ['--what entries --from 2020-10-01 --to 2020-10-31', 'every entry of a month'],
    ['--what payouts --from 2020-10-01', 'what moved on one day, payout by payout'],
    ['--what entries --from 2020-10-01 --format parquet --file day.parquet', 'the same rows for analysts'],
  ],
  notes: `With npm run -s, npm adds nothing to the file. The same period gives the same bytes whenever it is asked for,
once it is over and all its entries are counted: half an hour later, unless counting is held up, which verify tells.
Before, its last entries may be missing, and standard error says so. Rows are ordered by day, then entries by instant
and id, payouts by participant and payout. Parquet has the same rows in the same order. Nobody's name or account number
is in it. Each page reads all movement files of its day: a day of more than some 11,000 files or 500,000 movements is
refused on AWS, and Athena has the same files.`,
  plan({ texts: { what, from, to = from, format = 'csv', file }, switches }) {
    if (!isWhat(what)) return { mistake: `export needs --what: one of ${exportKinds.join(', ')}` }
    if (switches.has('json')) return { mistake: 'export writes CSV or Parquet: leave out --json' }
    const mistake = destinationMistake(format, file)
    if (mistake) return mistake
    const days = [from, to].every((day) => day !== undefined && isDay(day))
      ? daysOf(from ?? '', to ?? '')
      : []
    if (from === undefined || to === undefined || days.length === 0)
      return { mistake: 'export takes --from and --to, days written YYYY-MM-DD, the earlier first' }
    if (days.length > daysMax) return { mistake: `export takes at most ${daysMax} days at a time` }
    return exporting(what, days, file)
  },
}

function isDay(text: string): boolean {
  try {
    return isCivilDate(text) && civilDate(text) === text
  } catch {
    return false
  }
}
