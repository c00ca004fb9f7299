import * as z from 'zod'
import { jakartaDate, parseInstant } from '../../../shared/domain/instant.ts'
import { runsAnswer } from '../../../shared/finance/break-schemas.ts'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { partnerConfigurations } from '../../../shared/partners/registry.ts'
import { breakKinds, breakRemedies } from '../../../shared/reconciliation/break.ts'
import { exitCodes } from '../../command/exit-codes.ts'
import { apart } from '../../command/table.ts'
import {
  given,
  isStopped,
  type Plan,
  plan,
  printable,
  type Shown,
  type Verb,
  type View,
} from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { isMistake, type Mistake } from '../../command-line.ts'
import { count, counted } from '../../local/text.ts'
import { type HandedIn, handIn } from '../handing-in.ts'
import { filters, period } from '../options.ts'
import { sheet } from '../sheet.ts'
import { type StatementOnDisk, statementIn, statementsIn } from '../statements.ts'

type Runs = z.output<typeof runsAnswer>
type Run = Runs['runs'][number]

const breaksIn = ({ summary: { breaks } }: Run): number =>
  Object.values(breaks).reduce((sum, found) => sum + found, 0)

const matchedIn = ({ summary: { matched } }: Run): number =>
  matched.debit.count + matched.credit.count + matched.fee.count

type Row = { readonly partner: string; readonly day: string; readonly outcome: string; readonly run?: Run }

/** What the run of each row came to, under each other. */
const runSheet = (rows: readonly Row[], { paint }: View) =>
  sheet(
    rows,
    [
      { title: 'DAY', name: 'day', value: ({ day }) => day },
      { title: 'PARTNER', name: 'partner', value: ({ partner }) => partner },
      {
        title: 'STATEMENT',
        name: 'outcome',
        value: ({ outcome }) => outcome,
        tone: ({ outcome }) => (outcome === 'refused' ? 'bad' : undefined),
      },
      { title: 'RUN', name: 'run', right: true, value: ({ run }) => run?.run ?? null },
      {
        title: 'WHEN',
        name: 'at',
        value: ({ run }) => run?.at ?? null,
        text: ({ run }) => (run ? moment(run.at) : ''),
      },
      { title: 'MATCHED', name: 'matched', right: true, value: ({ run }) => (run ? matchedIn(run) : null) },
      { title: 'SETTLED', name: 'settled', right: true, value: ({ run }) => run?.summary.settled ?? null },
      {
        title: 'UNREADABLE',
        name: 'unparsable',
        right: true,
        value: ({ run }) => run?.summary.unparsable ?? null,
      },
      {
        title: 'BREAKS',
        name: 'breaks',
        right: true,
        value: ({ run }) => (run ? breaksIn(run) : null),
        tone: ({ run }) => (run && breaksIn(run) > 0 ? 'bad' : 'good'),
      },
      {
        title: 'SUMMARY',
        name: 'hash',
        value: ({ run }) => run?.hash ?? null,
        text: ({ run }) => run?.hash.slice(0, 12) ?? '',
      },
    ],
    paint,
  )

/** Why statements were refused, where the last one of a day was. */
const complaints = (arrivals: Runs['arrivals']): readonly string[] =>
  arrivals.flatMap(({ partner, day, why }) =>
    why === undefined ? [] : [`${partner} ${day}: the statement was refused: ${why}`],
  )

function showRuns({ runs, arrivals }: Runs, view: View): Shown {
  const arrivalOf = ({ partner, day }: Run) =>
    arrivals.find((arrival) => arrival.partner === partner && arrival.day === day)
  const rows = runs.map((run) => ({ ...run, run, outcome: arrivalOf(run)?.outcome ?? 'recorded' }))
  const { lines, csv } = runSheet(rows, view)
  const why = complaints(arrivals)
  const none = why.length > 0 ? [] : ['no statement of these days has been reconciled']
  return { lines: [...(lines.length > 0 ? lines : none), ...apart(why)], csv }
}

/** The last run of each partner: what an earlier day left open, it has carried on. */
const lastRuns = (done: readonly HandedIn[]): readonly Run[] => [
  ...new Map(done.flatMap(({ run }) => (run ? [[run.partner, run] as const] : []))).values(),
]

function breakLines(runs: readonly Run[]): readonly string[] {
  return runs.flatMap(({ partner, summary: { breaks } }) =>
    breakKinds.flatMap((kind) => {
      const found = breaks[kind] ?? 0
      return found === 0 ? [] : [`${partner}: ${count(found)} × ${kind}. ${breakRemedies[kind]}`]
    }),
  )
}

function showHandedIn(done: readonly HandedIn[], early: number, view: View): Shown {
  const { lines, csv } = runSheet(
    done.map(({ arrival: { outcome }, ...of }) => ({ ...of, outcome })),
    view,
  )
  const arrivals = done.map(({ arrival }) => arrival)
  const broken = breakLines(lastRuns(done))
  const isRefused = arrivals.some(({ outcome }) => outcome === 'refused')
  const left = `${counted(early, 'statement')} left out: the day is not over`
  const isNothing = done.length === 0
  return {
    lines: [
      ...(isNothing ? ['nothing was handed in'] : lines),
      ...apart(complaints(arrivals)),
      ...apart(broken),
    ],
    csv,
    hints: [
      ...(early > 0 ? [left] : []),
      ...(broken.length > 0 ? [`One by one: ${view.command('breaks')}`] : []),
    ],
    code: isRefused || isNothing ? exitCodes.refused : broken.length > 0 ? exitCodes.broken : exitCodes.done,
  }
}

/** Hands statements in, those of days that are over; what is known of their days is asked for first. */
function handingIn(statements: readonly StatementOnDisk[]): Plan | Mistake {
  const days = statements.map(({ day }) => day).sort()
  const [from] = days
  const to = days.at(-1)
  if (from === undefined || to === undefined)
    return { mistake: '--dir takes a directory that holds <partner>/<day>.csv, such as bni/2020-10-01.csv' }
  return {
    route: routes.runs,
    request: { query: { from, to } },
    async finish(body, session) {
      const before = runsAnswer.safeParse(printable(body))
      const at = before.success ? parseInstant(before.data.at) : undefined
      if (!before.success || at === undefined) return undefined
      const over = statements.filter(({ day }) => day < jakartaDate(at))
      const done = await handIn(session, over, before.data)
      if (isStopped(done)) return done
      return {
        json: { statements: done, leftOut: statements.length - over.length },
        show: (view) => showHandedIn(done, statements.length - over.length, view),
      }
    },
  }
}

type Texts = Readonly<Record<string, string | undefined>>

function planned({ file, dir, partner, day, from, to }: Texts): Plan | Mistake {
  if (dir !== undefined) {
    const alone = [file, partner, day, from, to].every((text) => text === undefined)
    return alone
      ? handingIn(statementsIn(dir))
      : { mistake: '--dir says it all: leave the other options out' }
  }
  if (file === undefined && day === undefined)
    return plan(routes.runs, { query: given({ from, to: to ?? from, partner }) }, showRuns)
  const isPeriod = from !== undefined || to !== undefined
  if (file === undefined || day === undefined || partner === undefined || isPeriod)
    return { mistake: '--file, --partner and --day go together, without --from and --to' }
  if (!z.iso.date().safeParse(day).success) return { mistake: `--day takes ${period.from.takes}` }
  if (!Object.hasOwn(partnerConfigurations, partner))
    return { mistake: `--partner takes ${filters.partner.takes}` }
  const statement = statementIn(file, partner, day)
  return isMistake(statement) ? statement : handingIn([statement])
}

export const reconcile: Verb = {
  name: 'reconcile',
  summary: 'Hands statements of partners in and says what came of them, or of those that arrived before.',
  options: {
    file: { value: 'FILE', says: 'hand this statement in, a .csv or .xml', takes: 'the name of a file' },
    partner: { ...filters.partner, says: 'only at this partner, or whose the --file is' },
    day: { value: 'DAY', says: "the day of the --file's statement", takes: period.from.takes },
    dir: {
      value: 'DIR',
      says: 'hand in every <partner>/<day>.csv in it, day by day',
      takes: 'the name of a directory',
    },
    from: { ...period.from, says: 'what came of the statements from this day in Jakarta on' },
    to: { ...period.to, says: 'up to this day in Jakarta, itself included (--from)' },
  },
  routes: [routes.runs],
  examples: [
    ['--from 2020-10-01 --to 2020-10-31', 'what came of the statements of a month'],
    ['--file statement.csv --partner bni --day 2020-10-01', 'hand one in, and wait for what comes of it'],
    ['--dir .local/statements', 'hand in all that npm start has left'],
  ],
  notes: `A statement that arrives is reconciled by itself; one that was corrected, again, and every later day with it.
MATCHED are lines that our books have, too; SETTLED payments whose outcome nobody knew and the statement shows. BREAKS
is what is open at the end of that day. The hash signs the summary, which is in --json. On AWS partners
deliver into the bucket of statements, and no role of people may: a statement settles payments.
Code 4: there are breaks. Code 1: a statement was refused, or the day of every one is not over yet.`,
  plan: ({ texts }) => planned(texts),
}
