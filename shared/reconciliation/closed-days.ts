import type { CivilDate } from '../domain/instant.ts'
import { configurationOf } from '../partners/registry.ts'
import type { AbsenceWindows, ClosedDay } from './absence.ts'
import type { BreakRecord } from './follow.ts'
import type { LeftOut, UnmatchedDebit } from './outcome.ts'
import type { Reconciliations, Remarks, Run } from './register.ts'
import { toleranceOf } from './tolerance.ts'
import { writtenOff } from './written-off.ts'

export type ClosedDaysDependencies = {
  readonly reconciliations: Pick<Reconciliations, 'runs' | 'runsOf' | 'breaks'>
  readonly remarks: Pick<Remarks, 'remarks'>
}

/** What an attempt at the partner may be absent for. Throws on a name that is no partner's. */
export function absenceWindowsOf(partner: string): AbsenceWindows {
  const { settleWindowSeconds, idempotencyWindowSeconds } = configurationOf(partner)
  return { settleWindowSeconds, idempotencyWindowSeconds, toleranceDays: toleranceOf(partner) }
}

const nameOf = ({ line, amount }: UnmatchedDebit): string => `${line} ${amount}`

/** Those of some debits that two people have written off. What is on no statement any more is no debit of today's. */
async function debitsWrittenOff(
  { reconciliations, remarks }: ClosedDaysDependencies,
  partner: string,
  debits: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (debits.size === 0) return debits
  const [breaks, said] = await Promise.all([reconciliations.breaks(partner), remarks.remarks(partner)])
  const nameOfOpen = ({ line, amount, state }: BreakRecord): string | undefined =>
    line === undefined || state === 'resolved' ? undefined : nameOf({ line, amount })
  const records = breaks.filter((record) => debits.has(nameOfOpen(record) ?? ''))
  const given = await writtenOff(reconciliations, partner, records, said)
  return new Set(records.filter(({ id }) => given.has(id)).flatMap((record) => nameOfOpen(record) ?? []))
}

const nothing: LeftOut = { amounts: [], references: false }

/**
 * Whether the next run has all that this one left open and that is open still. One that went on from what this day was
 * before it was reconciled again has not, and neither has one that was recorded before references were kept.
 */
const isCarriedOn = ({ hash }: Run, next: Run | undefined): boolean =>
  next?.leftOut !== undefined && next.summary.previous === hash

/**
 * What the partner's last statement of each day leaves open, from the first day to the last, both inclusive. A debit whose
 * break is written off is open no more, though whoever decides is told of it; one that is only explained still is. Of a
 * run that was recorded before references were kept, debits have their amounts alone.
 */
export async function closedDays(
  deps: ClosedDaysDependencies,
  partner: string,
  { from, to }: { readonly from: CivilDate; readonly to: CivilDate },
): Promise<ReadonlyMap<CivilDate, ClosedDay>> {
  const runs = await deps.reconciliations.runs(partner, from, to)
  const debits = new Set(runs.flatMap(({ unmatchedDebits }) => unmatchedDebits.map(nameOf)))
  const given = await debitsWrittenOff(deps, partner, debits)
  return new Map(
    runs.map((run, index) => {
      const { day, complete, unmatchedDebits, leftOut = nothing } = run
      const { open = [], writtenOff = [] } = Object.groupBy(unmatchedDebits, (debit) =>
        given.has(nameOf(debit)) ? 'writtenOff' : 'open',
      )
      const debits = { unmatchedDebits: open, writtenOffDebits: writtenOff, leftOut }
      return [day, { day, complete, ...debits, isCarriedOn: isCarriedOn(run, runs[index + 1]) }]
    }),
  )
}
