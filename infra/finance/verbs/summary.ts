import type * as z from 'zod'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { dimensions, type summaryAnswer } from '../../../shared/finance/schemas.ts'
import { given, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { by, filters, period } from '../options.ts'
import { figureColumns, type SheetColumn, sheet } from '../sheet.ts'
import { everyEntryUpTo } from '../verification.ts'

type Summary = z.output<typeof summaryAnswer>
type Row = Summary['rows'][number]

const dimensionColumns: readonly SheetColumn<Row>[] = dimensions.map((name) => ({
  title: name.toUpperCase(),
  name,
  value: ({ group }) => group[name] ?? null,
}))

const figures: readonly SheetColumn<Row>[] = [
  ...figureColumns<Row>('ACCRUED', 'accrued', ({ accrued }) => accrued),
  ...figureColumns<Row>('PAID', 'paid', ({ paid }) => paid),
  ...figureColumns<Row>('RETURNED', 'returned', ({ returned }) => returned),
  ...figureColumns<Row>('CANCELLED', 'cancelled', ({ cancelled }) => cancelled),
  ...figureColumns<Row>('PAYABLE', 'payable', ({ payable }) => payable),
  ...figureColumns<Row>('IN TRANSIT', 'in_transit', ({ inTransit }) => inTransit),
]

function showSummary({ rows, total, at, countedTo }: Summary, { paint, command }: View): Shown {
  const columns = [...dimensionColumns, ...figures]
  const used = dimensionColumns.filter(({ name }) => rows.some(({ group }) => name in group))
  const whole: Row = { group: {}, ...total }
  const isGrouped = used.length > 0
  const { lines } = sheet(isGrouped ? [...rows, whole] : [whole], columns, paint)
  return {
    lines: [
      ...lines.map((line, index) => (index === lines.length - 1 ? paint('strong', line) : line)),
      `as the sums stood at ${moment(at)} in Jakarta, usually five minutes behind: ${everyEntryUpTo(countedTo)}; ${command('verify')} tells`,
    ],
    csv: sheet(isGrouped ? rows : [whole], [...used, ...figures], paint).csv,
  }
}

export const summary: Verb = {
  name: 'summary',
  summary: routes.summary.summary,
  options: { ...by(dimensions), ...period, ...filters },
  routes: [routes.summary],
  examples: [
    ['', 'all of it, up to now'],
    ['--by month,partner', 'each month at each partner'],
    ['--by wave,kind --from 2020-10-01 --to 2020-10-31', 'October, by wave and kind of payout'],
  ],
  notes: `ACCRUED, PAID, RETURNED and CANCELLED are flows: what happened within the period (or the row's day or month).
PAYABLE and IN TRANSIT are balances: what stood at its end, from the beginning. So from the first day on
ACCRUED = PAID - RETURNED + CANCELLED + PAYABLE + IN TRANSIT. What is payable has no partner yet: by partner it
stands in a row of its own. The sums are some five minutes behind, and further where counting is held up, which verify
tells. CSV has no total.`,
  plan({ texts }) {
    const { by: names, from, to, partner, wave, kind, platform, provider } = texts
    const query = given({ by: names, from, to, partner, wave, kind, platform, provider })
    return plan(routes.summary, { query }, showSummary)
  },
}
