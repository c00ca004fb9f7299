import { civilDate, isCivilDate, plusDays } from '../../../shared/domain/instant.ts'
import { exported } from '../../../shared/finance/export.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { exportAnswer, exportKinds } from '../../../shared/finance/schemas.ts'
import { csvOf } from '../../command/csv.ts'
import { isStopped, type Plan, type Session, type Stopped, type Verb } from '../../command/verb.ts'
import { counted } from '../../local/text.ts'
import { period } from '../options.ts'

type What = (typeof exportKinds)[number]
const isWhat = (text: string | undefined): text is What => exportKinds.some((name) => name === text)

/** Days that one command exports. */
const daysMax = 366
/** Pages of one day: ten times the busiest. */
const pagesMax = 5_000

function daysBetween(from: string, to: string): readonly string[] {
  const days: string[] = []
  for (let day = civilDate(from); day <= to && days.length <= daysMax; day = plusDays(day, 1)) days.push(day)
  return days
}

/** Prints a day's rows from a page on; gives how many they were. */
async function printDay(
  session: Session,
  query: { readonly what: What; readonly day: string },
): Promise<number | Stopped> {
  let rows = 0
  let after: string | undefined
  for (let page = 0; page < pagesMax; page++) {
    session.progress(`${query.day}: ${counted(rows, 'row')}`)
    const answer = await session.ask(routes.export, {
      query: { ...query, ...(after !== undefined && { after }) },
    })
    if (isStopped(answer)) return answer
    if (answer.rows.length > 0) session.print(csvOf(answer.rows))
    rows += answer.rows.length
    after = answer.next
    if (after === undefined) return rows
  }
  throw new Error(`the export of ${query.day} does not end`)
}

/** Prints as it reads: nothing is gathered, however much it is. */
const printing = (what: What, days: readonly string[]): Plan => ({
  route: routes.export,
  // Of no row: it is asked for so as to see that the caller may.
  request: { query: { what, day: days[0] ?? '', limit: '1' } },
  async finish(body, session) {
    if (!exportAnswer.safeParse(body).success) return undefined
    session.print(exported[what].columns.join(','))
    let rows = 0
    for (const day of days) {
      const printed = await printDay(session, { what, day })
      if (isStopped(printed)) return printed
      rows += printed
    }
    return { json: { rows }, show: () => ({ lines: [], hints: [counted(rows, 'row')] }) }
  },
})

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Entries or payouts of a period as CSV, on standard output as they are read.',
  options: {
    what: {
      value: 'WHAT',
      says: 'entries: all that moved money; payouts: each that moved, as it stood at the end of the day',
      takes: `one of ${exportKinds.join(', ')}`,
    },
    from: { ...period.from, says: 'from this day in Jakarta on' },
    to: { ...period.to, says: 'up to this day in Jakarta, itself included (--from)' },
    format: { value: 'FORMAT', says: 'csv (the default)', takes: 'csv' },
  },
  routes: [routes.export],
  examples: [
    ['--what entries --from 2020-10-01 --to 2020-10-31', 'every entry of a month'],
    ['--what payouts --from 2020-10-01', 'what moved on one day, payout by payout'],
  ],
  notes: `With npm run -s, npm adds nothing to the file. The same period gives the same bytes whenever it is asked for, once
the period is over: rows are ordered by day, then entries by instant and id, payouts by participant and payout. Nobody's
name or account number is in it.`,
  plan({ texts: { what, from, to = from, format = 'csv' }, switches }) {
    if (!isWhat(what)) return { mistake: `export needs --what: one of ${exportKinds.join(', ')}` }
    if (format !== 'csv' || switches.has('json'))
      return { mistake: 'export writes CSV: leave out --json; --format takes csv' }
    const days = [from, to].every((day) => day !== undefined && isDay(day))
      ? daysBetween(from ?? '', to ?? '')
      : []
    if (from === undefined || to === undefined || days.length === 0)
      return { mistake: 'export takes --from and --to, days written YYYY-MM-DD, the earlier first' }
    if (days.length > daysMax) return { mistake: `export takes at most ${daysMax} days at a time` }
    return printing(what, days)
  },
}

function isDay(text: string): boolean {
  try {
    return isCivilDate(text) && civilDate(text) === text
  } catch {
    return false
  }
}
