import type { CivilDate } from '../domain/instant.ts'
import { configurationOf } from '../partners/registry.ts'
import type { AbsenceWindows, ClosedDay } from './absence.ts'
import { statementDayOf } from './item.ts'
import type { UnmatchedDebit } from './outcome.ts'
import type { Reconciliations, Remarks } from './register.ts'
import { toleranceOf } from './tolerance.ts'

export type ClosedDaysDependencies = {
  readonly reconciliations: Pick<Reconciliations, 'runs' | 'breaks'>
  readonly remarks: Pick<Remarks, 'remarks'>
}

/** What an attempt at the partner may be absent for. Throws on a name that is no partner's. */
export const absenceWindowsOf = (partner: string): AbsenceWindows => ({
  settleWindowSeconds: configurationOf(partner).settleWindowSeconds,
  toleranceDays: toleranceOf(partner),
})

const nameOf = ({ line, amount }: UnmatchedDebit): string => `${line} ${amount}`

/**
 * Those of some debits that two people have written off since their statement was reconciled last: on a corrected one
 * the same line may be another debit, of which nobody has said anything.
 */
async function writtenOff(
  { reconciliations, remarks }: ClosedDaysDependencies,
  partner: string,
  debits: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  if (debits.size === 0) return debits
  const [breaks, said] = await Promise.all([reconciliations.breaks(partner), remarks.remarks(partner)])
  const found = new Set<string>()
  for (const { id, line, amount } of breaks) {
    const last = said.findLast((remark) => remark.id === id && remark.writtenOffBy !== undefined)
    if (!last || line === undefined || !debits.has(nameOf({ line, amount }))) continue
    const day = statementDayOf(line)
    const [run] = await reconciliations.runs(partner, day, day)
    if (run && run.at <= last.at) found.add(nameOf({ line, amount }))
  }
  return found
}

/**
 * What the partner's last statement of each day leaves open, from the first day to the last, both inclusive. A debit whose
 * break is written off is open no more; one that is only explained still is.
 */
export async function closedDays(
  deps: ClosedDaysDependencies,
  partner: string,
  { from, to }: { readonly from: CivilDate; readonly to: CivilDate },
): Promise<ReadonlyMap<CivilDate, ClosedDay>> {
  const runs = await deps.reconciliations.runs(partner, from, to)
  const debits = new Set(runs.flatMap(({ unmatchedDebits }) => unmatchedDebits.map(nameOf)))
  const given = await writtenOff(deps, partner, debits)
  return new Map(
    runs.map(({ day, complete, unmatchedDebits }) => {
      const open = unmatchedDebits.filter((debit) => !given.has(nameOf(debit)))
      return [day, { day, complete, unmatchedDebits: open.map(({ amount }) => amount) }]
    }),
  )
}
