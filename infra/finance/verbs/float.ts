import type * as z from 'zod'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import type { floatAnswer } from '../../../shared/finance/schemas.ts'
import { given, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { counted } from '../../local/text.ts'
import { figureColumns, money, type SheetColumn, sheet } from '../sheet.ts'
import { everyEntryUpTo } from '../verification.ts'

type Float = z.output<typeof floatAnswer>
type Row = Float['partners'][number]

const amount = (
  title: string,
  name: string,
  rupiah: (row: Row) => number,
  tone?: SheetColumn<Row>['tone'],
): SheetColumn<Row> => ({
  title,
  name,
  right: true,
  value: rupiah,
  text: (row) => (rupiah(row) === 0 ? '' : money(rupiah(row))),
  ...(tone && { tone }),
})

const columns: readonly SheetColumn<Row>[] = [
  { title: 'PARTNER', name: 'partner', value: ({ partner }) => partner },
  amount('FUNDED', 'funded', ({ funded }) => funded),
  amount('SWEPT', 'swept', ({ swept }) => swept),
  amount('FEES', 'fees', ({ fees }) => fees),
  amount('SPENT', 'spent', ({ spent }) => spent),
  amount('PAID TWICE', 'overpaid', ({ overpaid }) => overpaid),
  amount('IN TRANSIT', 'in_transit', ({ inTransit }) => inTransit),
  amount('AVAILABLE', 'available', ({ available }) => available),
  ...figureColumns<Row>('NEEDED', 'needed', ({ needed }) => needed),
  {
    title: 'DRY ON',
    name: 'dry_on',
    value: ({ dryOn = null }) => dryOn,
    tone: () => 'bad',
  },
  amount(
    'TOP UP',
    'top_up',
    ({ topUp }) => topUp,
    () => 'strong',
  ),
]

function showFloat({ partners, days, at, countedTo }: Float, { paint }: View): Shown {
  const { lines, csv } = sheet(partners, columns, paint)
  const instants = [
    `${counted(days, 'day')} from ${moment(at)} in Jakarta on`,
    `FUNDED to IN TRANSIT as the sums stood, usually five minutes behind: ${everyEntryUpTo(countedTo)}`,
  ]
  return { lines: [...lines, ...instants], csv }
}

export const float: Verb = {
  name: 'float',
  summary: routes.float.summary,
  options: {
    days: {
      value: 'N',
      says: 'what so many days need, today among them (7)',
      takes: 'a whole number from 1 to 92',
    },
  },
  routes: [routes.float],
  examples: [
    ['', 'the coming week'],
    ['--days 31', 'a month ahead'],
  ],
  notes: `AVAILABLE is what no payment has taken. NEEDED is what leaves up to the end of the last of these days, with all
that is overdue: by its own date, but before or after a blackout where that falls into one. What has no account or no
survey yet is not scheduled, and failed payouts are not until they are retried. DRY ON is the first day for which it
does not reach.`,
  plan: ({ texts: { days } }) => plan(routes.float, { query: given({ days }) }, showFloat),
}
