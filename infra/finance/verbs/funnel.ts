import type * as z from 'zod'
import { financeRoutes as routes } from '../../../shared/finance/routes.ts'
import { type funnelAnswer, funnelDimensions } from '../../../shared/finance/schemas.ts'
import { given, plan, type Shown, type Verb, type View } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { count } from '../../local/text.ts'
import { by, period, wave } from '../options.ts'
import { type SheetColumn, sheet } from '../sheet.ts'
import { everyEntryUpTo } from '../verification.ts'

type Funnel = z.output<typeof funnelAnswer>
type Row = Funnel['rows'][number]

const reached = (title: string, name: keyof Row['reached']): SheetColumn<Row> => ({
  title,
  name: name.replaceAll('-', '_'),
  right: true,
  value: (row) => row.reached[name],
  text: (row) => count(row.reached[name]),
})

const dimensionColumns: readonly SheetColumn<Row>[] = funnelDimensions.map((name) => ({
  title: name.toUpperCase(),
  name,
  value: ({ group }) => group[name] ?? null,
}))

const columns: readonly SheetColumn<Row>[] = [
  reached('CERTIFICATES', 'certificates'),
  reached('FIRST CERTIFICATE', 'entitled'),
  reached('PAID AN INCENTIVE', 'first-incentive'),
  reached('PAID ALL INCENTIVES', 'all-incentives'),
  reached('PAID IN FULL', 'paid-in-full'),
]

function showFunnel({ rows, total, at, countedTo }: Funnel, { paint }: View): Shown {
  const whole: Row = { group: {}, reached: total }
  const used = dimensionColumns.filter(({ name }) => rows.some(({ group }) => name in group))
  const isGrouped = used.length > 0
  const { lines } = sheet(isGrouped ? [...rows, whole] : [whole], [...dimensionColumns, ...columns], paint)
  return {
    lines: [
      ...lines.map((line, index) => (index === lines.length - 1 ? paint('strong', line) : line)),
      `certificates and participants, as the sums stood at ${moment(at)} in Jakarta, usually five minutes behind: ${everyEntryUpTo(countedTo)}`,
    ],
    csv: sheet(isGrouped ? rows : [whole], [...used, ...columns], paint).csv,
  }
}

export const funnel: Verb = {
  name: 'funnel',
  summary: routes.funnel.summary,
  options: { ...by(funnelDimensions), ...period, ...wave },
  routes: [routes.funnel],
  examples: [
    ['', 'so far'],
    [
      '--to 2020-09-30',
      'as it stood at the end of September: finished a training, had received an incentive',
    ],
    ['--by wave', 'each wave'],
  ],
  notes: `CERTIFICATES counts all of them, on the day on which they arrived. In the other columns each participant counts
once, on the day on which the first certificate arrived, the first incentive was paid, the last of the incentives, or
the last of all payouts. Who falls back because a payment returns is taken off on that day. The movement files hold no
notes: what is asked of them in SQL knows first certificates only.`,
  plan({ texts }) {
    const { by: names, from, to, wave: only } = texts
    return plan(routes.funnel, { query: given({ by: names, from, to, wave: only }) }, showFunnel)
  },
}
