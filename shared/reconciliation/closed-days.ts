import type { CivilDate } from '../domain/instant.ts'
import { configurationOf } from '../partners/registry.ts'
import type { AbsenceWindows, ClosedDay } from './absence.ts'
import type { Reconciliations } from './register.ts'
import { toleranceOf } from './tolerance.ts'

/** What an attempt at the partner may be absent for. Throws on a name that is no partner's. */
export const absenceWindowsOf = (partner: string): AbsenceWindows => ({
  settleWindowSeconds: configurationOf(partner).settleWindowSeconds,
  toleranceDays: toleranceOf(partner),
})

/** What the partner's last statement of each day leaves open, from the first day to the last, both inclusive. */
export async function closedDays(
  { runs }: Pick<Reconciliations, 'runs'>,
  partner: string,
  { from, to }: { readonly from: CivilDate; readonly to: CivilDate },
): Promise<ReadonlyMap<CivilDate, ClosedDay>> {
  const found = await runs(partner, from, to)
  return new Map(found.map(({ day, complete, unmatchedDebits }) => [day, { day, complete, unmatchedDebits }]))
}
