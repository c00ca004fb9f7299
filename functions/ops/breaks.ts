import type * as z from 'zod'
import { daysBetween, type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import { type breaksAnswer, type breaksQuery, statementDays } from '../../shared/operations/breaks.ts'
import { breakRemedies } from '../../shared/reconciliation/break.ts'
import type { BreakRecord } from '../../shared/reconciliation/follow.ts'
import type { Remark } from '../../shared/reconciliation/register.ts'
import { writtenOff } from '../../shared/reconciliation/written-off.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'

type Answer = z.input<typeof breaksAnswer>
type Shown = Answer['breaks'][number]

/** What one answer holds. */
const shownMax = 500

type Said = { readonly remarks: readonly Remark[]; readonly isWrittenOff: boolean }

function shown(record: BreakRecord, { remarks, isWrittenOff }: Said, now: Instant): Shown {
  const { id, partner, kind, day, amount, direction, detail, firstSeen, lastSeen } = record
  const reference = record.partnerReferenceNo ?? record.referenceNo ?? record.document
  const assignedTo = remarks.findLast((remark) => remark.assignedTo !== undefined)?.assignedTo
  return {
    id,
    partner,
    kind,
    state: isWrittenOff ? 'written-off' : record.state,
    day,
    amount,
    ...(direction !== undefined && { direction }),
    ...(reference !== undefined && { reference }),
    ...(detail !== undefined && { detail }),
    remedy: breakRemedies[kind],
    firstSeen,
    lastSeen,
    age: Math.max(0, daysBetween(firstSeen, jakartaDate(now))),
    ...(assignedTo !== undefined && { assignedTo }),
    notes: remarks.map(({ at, by, note }) => ({ at: shownAt(at), by, note })),
  }
}

const isOpen = ({ state }: Shown): boolean => state === 'new' || state === 'persisting'

/** A break's place among all others, which is also the cursor behind it. */
const placeOf = ({ firstSeen, id }: Shown): string => `${firstSeen}-${id}`

/** A partner's breaks, with what people have said of each. */
async function breaksAt(
  { reconciliations, remarks }: OpsDependencies,
  partner: string,
  now: Instant,
): Promise<readonly Shown[]> {
  const [records, said] = await Promise.all([reconciliations.breaks(partner), remarks.remarks(partner)])
  const byBreak = Map.groupBy(said, ({ id }) => id)
  const unresolved = records.filter(({ state }) => state !== 'resolved')
  const given = await writtenOff(reconciliations, partner, unresolved, said)
  return records.map((record) => {
    const isWrittenOff = given.has(record.id)
    return shown(record, { remarks: byBreak.get(record.id) ?? [], isWrittenOff }, now)
  })
}

async function lastStatement(
  { reconciliations }: OpsDependencies,
  partner: string,
  now: Instant,
): Promise<Answer['statements'][number]> {
  const today = jakartaDate(now)
  const last = (await reconciliations.runs(partner, plusDays(today, -statementDays), today)).at(-1)
  return { partner, ...(last && { lastDay: last.day }) }
}

/** One page of one partner's breaks, or of all partners', oldest first. */
export async function listBreaks(
  deps: OpsDependencies,
  { partner, all, cursor = '' }: z.output<typeof breaksQuery>,
  now: Instant,
): Promise<Answer> {
  const wanted = partner === undefined ? deps.partners : [partner]
  const [found, statements] = await Promise.all([
    Promise.all(wanted.map((name) => breaksAt(deps, name, now))),
    Promise.all(wanted.map((name) => lastStatement(deps, name, now))),
  ])
  const left = found
    .flat()
    .filter((one) => (all === 'true' || isOpen(one)) && placeOf(one) > cursor)
    .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
  const page = left.slice(0, shownMax)
  const more = left.length - page.length
  const last = page.at(-1)
  return { breaks: page, more, ...(more > 0 && last && { next: placeOf(last) }), statements }
}
