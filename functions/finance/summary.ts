import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import { civilDate, type Instant, jakartaTimestamp } from '../../shared/domain/instant.ts'
import { funnelOf } from '../../shared/finance/funnel.ts'
import type { FunnelQuery, funnelAnswer, SummaryQuery, summaryAnswer } from '../../shared/finance/schemas.ts'
import { summarise } from '../../shared/finance/summary.ts'
import { dueBy } from '../../shared/finance/totals.ts'
import type { FinanceDependencies } from './dependencies.ts'
import { toTheMillisecond } from './trial-balance.ts'

/** An answer of Lambda's has 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const rowsMax = 10_000

type Period = { readonly from?: string; readonly to?: string }
/** Why a period is none, if it is not. */
export const backwards = ({ from, to }: Period): Refused | undefined =>
  from !== undefined && to !== undefined && from > to
    ? refuse(400, 'The query cannot be read. from: after the last day')
    : undefined

const dated = ({ from, to }: Period) => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
})

/** When sums are read, and up to when every entry has to be in them. */
export const readAt = (now: Instant) => ({
  at: jakartaTimestamp(now),
  countedTo: toTheMillisecond(dueBy(now)),
})

/** Reads the totals of whole days alone, so that it takes as long whatever number of payouts they have. */
export async function summary(
  { totals }: Pick<FinanceDependencies, 'totals'>,
  query: SummaryQuery,
  now: Instant,
): Promise<z.input<typeof summaryAnswer> | Refused> {
  const mistake = backwards(query)
  if (mistake) return mistake
  const { to } = query
  const days = await totals.read(undefined, to === undefined ? undefined : civilDate(to))
  const { rows, total } = summarise(days, query)
  if (rows.length > rowsMax)
    return refuse(
      422,
      `That is ${rows.length} rows, and an answer has at most ${rowsMax}: group by less, or choose a shorter period.`,
    )
  return { ...readAt(now), ...dated(query), rows: [...rows], total }
}

/** How far participants have come. */
export async function funnel(
  { totals }: Pick<FinanceDependencies, 'totals'>,
  query: FunnelQuery,
  now: Instant,
): Promise<z.input<typeof funnelAnswer> | Refused> {
  const mistake = backwards(query)
  if (mistake) return mistake
  const [from, to] = [query.from, query.to].map((day) => (day === undefined ? undefined : civilDate(day)))
  const { rows, total } = funnelOf(await totals.read(from, to), query)
  return { ...readAt(now), rows: [...rows], total }
}
