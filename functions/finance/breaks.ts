import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import {
  civilDate,
  daysBetween,
  type Instant,
  jakartaDate,
  jakartaTimestamp,
} from '../../shared/domain/instant.ts'
import type { breaksAnswer, breaksQuery, runsAnswer, runsQuery } from '../../shared/finance/break-schemas.ts'
import { breakRemedies } from '../../shared/reconciliation/break.ts'
import type { BreakRecord } from '../../shared/reconciliation/follow.ts'
import type { Remark } from '../../shared/reconciliation/register.ts'
import { writtenOff } from '../../shared/reconciliation/written-off.ts'
import type { FinanceDependencies } from './dependencies.ts'

type Broken = z.input<typeof breaksAnswer>['breaks'][number]

/** Days of runs in one answer. */
const daysMax = 366

/** The last run of each day. */
export async function runs(
  { reconciliations, partners }: FinanceDependencies,
  { from, to, partner }: z.output<typeof runsQuery>,
  now: Instant,
): Promise<z.input<typeof runsAnswer> | Refused> {
  const period = [civilDate(from), civilDate(to)] as const
  const days = daysBetween(...period)
  if (days < 0 || days >= daysMax)
    return refuse(400, `The query cannot be read. to: from the first day on, within ${daysMax} days`)
  const wanted = partner === undefined ? partners : [partner]
  const [found, arrivals] = await Promise.all([
    Promise.all(wanted.map((name) => reconciliations.runs(name, ...period))),
    Promise.all(wanted.map((name) => reconciliations.arrivals(name, ...period))),
  ])
  return {
    at: jakartaTimestamp(now),
    arrivals: arrivals.flat().map((arrival) => ({ ...arrival, at: jakartaTimestamp(arrival.at) })),
    runs: found.flat().map(({ partner: of, day, run, at, hash, complete, summary }) => ({
      ...{ partner: of, day, run, hash, complete },
      at: jakartaTimestamp(at),
      summary: { ...summary, breaks: { ...summary.breaks } },
    })),
  }
}

const showRemark = ({ partner: _, id: __, at, ...said }: Remark): Broken['remarks'][number] => ({
  ...said,
  at: jakartaTimestamp(at),
})

type Said = { readonly remarks: readonly Remark[]; readonly isWrittenOff: boolean }

function showBreak(record: BreakRecord, { remarks, isWrittenOff }: Said, now: Instant): Broken {
  return {
    ...record,
    state: isWrittenOff ? 'written-off' : record.state,
    history: [...record.history],
    age: daysBetween(record.firstSeen, jakartaDate(now)),
    remedy: breakRemedies[record.kind],
    remarks: remarks.map(showRemark),
  }
}

/** What one answer holds: Lambda's are at most 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const shownMax = 2_000

/** What was found, and what people have said of it. */
export async function breaks(
  { reconciliations, partners }: Pick<FinanceDependencies, 'reconciliations' | 'partners'>,
  { partner, state }: z.output<typeof breaksQuery>,
  now: Instant,
): Promise<z.input<typeof breaksAnswer>> {
  const wanted = partner === undefined ? partners : [partner]
  const found = await Promise.all(
    wanted.map(async (name) => {
      const [records, remarks] = await Promise.all([
        reconciliations.breaks(name),
        reconciliations.remarks(name),
      ])
      const byBreak = Map.groupBy(remarks, ({ id }) => id)
      const unresolved = records.filter((record) => record.state !== 'resolved')
      const given = await writtenOff(reconciliations, name, unresolved, remarks)
      return records
        .map((record) => {
          const said = { remarks: byBreak.get(record.id) ?? [], isWrittenOff: given.has(record.id) }
          return showBreak(record, said, now)
        })
        .filter((one) => (state === undefined ? one.state !== 'resolved' : one.state === state))
    }),
  )
  const oldestFirst = found.flat().sort((one, other) => other.age - one.age)
  return {
    at: jakartaTimestamp(now),
    breaks: oldestFirst.slice(0, shownMax),
    more: Math.max(0, oldestFirst.length - shownMax),
  }
}
