import type * as z from 'zod'
import { type Instant, jakartaDate } from '../../shared/domain/instant.ts'
import type { breaksAnswer, breaksQuery } from '../../shared/operations/breaks.ts'
import { breakRemedies } from '../../shared/reconciliation/break.ts'
import type { BreakRecord } from '../../shared/reconciliation/follow.ts'
import type { Remark } from '../../shared/reconciliation/register.ts'
import { daysBetween } from '../../shared/reconciliation/tolerance.ts'
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

const oldestFirst = (one: Shown, other: Shown): number =>
  one.firstSeen < other.firstSeen ? -1 : one.firstSeen > other.firstSeen ? 1 : one.id < other.id ? -1 : 1

/** A partner's breaks, with what people have said of each. */
export async function listBreaks(
  { reconciliations, remarks }: OpsDependencies,
  { partner, all }: z.output<typeof breaksQuery>,
  now: Instant,
): Promise<Answer> {
  const [records, said] = await Promise.all([reconciliations.breaks(partner), remarks.remarks(partner)])
  const byBreak = Map.groupBy(said, ({ id }) => id)
  const unresolved = records.filter(({ state }) => state !== 'resolved')
  const given = await writtenOff(reconciliations, partner, unresolved, said)
  const breaks = records
    .map((record) => {
      const isWrittenOff = given.has(record.id)
      return shown(record, { remarks: byBreak.get(record.id) ?? [], isWrittenOff }, now)
    })
    .filter((one) => all === 'true' || isOpen(one))
    .sort(oldestFirst)
  return { breaks: breaks.slice(0, shownMax), more: Math.max(0, breaks.length - shownMax) }
}
