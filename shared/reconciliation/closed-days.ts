import type { CivilDate } from '../domain/instant.ts'
import { configurationOf } from '../partners/registry.ts'
import type { AbsenceWindows, ClosedDay } from './absence.ts'
import { statementDayOf } from './item.ts'
import type { UnmatchedDebit } from './outcome.ts'
import type { Reconciliations, Remarks } from './register.ts'
import { toleranceOf } from './tolerance.ts'

export type ClosedDaysDependencies = {
  readonly reconciliations: Pick<Reconciliations, 'runs' | 'runsOf' | 'breaks'>
  readonly remarks: Pick<Remarks, 'remarks'>
}

/** What an attempt at the partner may be absent for. Throws on a name that is no partner's. */
export const absenceWindowsOf = (partner: string): AbsenceWindows => ({
  settleWindowSeconds: configurationOf(partner).settleWindowSeconds,
  toleranceDays: toleranceOf(partner),
})

const nameOf = ({ line, amount }: UnmatchedDebit): string => `${line} ${amount}`

/**
 * Those of some debits that two people have written off since their statement was first reconciled as it is now: on the
 * one before the same line may have been another debit, and of this one nobody has said anything.
 */
async function debitsWrittenOff(
  { reconciliations, remarks }: ClosedDaysDependencies,
  partner: string,
  debits: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (debits.size === 0) return debits
  const [breaks, said] = await Promise.all([reconciliations.breaks(partner), remarks.remarks(partner)])
  const found = new Set<string>()
  for (const { id, line, amount, state } of breaks) {
    // What is on no statement any more is no debit of today's.
    if (state === 'resolved') continue
    const last = said.findLast((remark) => remark.id === id && remark.writtenOffBy !== undefined)
    if (!last || line === undefined || !debits.has(nameOf({ line, amount }))) continue
    const day = statementDayOf(line)
    const runs = await reconciliations.runsOf(partner, day)
    const statement = runs.at(-1)?.summary.statement
    const first = runs.find((run) => run.summary.statement === statement)
    if (first && first.at <= last.at) found.add(nameOf({ line, amount }))
  }
  return found
}

/**
 * What the partner's last statement of each day leaves open, from the first day to the last, both inclusive. A debit whose
 * break is written off is open no more, though whoever decides is told of it; one that is only explained still is.
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
    runs.map(({ day, complete, unmatchedDebits }) => {
      const { open = [], writtenOff = [] } = Object.groupBy(unmatchedDebits, (debit) =>
        given.has(nameOf(debit)) ? 'writtenOff' : 'open',
      )
      const amounts = (debits: readonly UnmatchedDebit[]) => debits.map(({ amount }) => amount)
      return [day, { day, complete, unmatchedDebits: amounts(open), writtenOffDebits: amounts(writtenOff) }]
    }),
  )
}
