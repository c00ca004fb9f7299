import { type CivilDate, type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import type { Lanes } from '../../shared/ledger/ports.ts'
import type { Reconciliations } from '../../shared/reconciliation/register.ts'

export type ArrivalDependencies = {
  readonly lanes: Pick<Lanes, 'read' | 'funding'>
  readonly reconciliations: Pick<Reconciliations, 'runs'>
}

/** Days that are looked at: what is missing for longer has been told of for a month. */
const daysMax = 31

/**
 * Days that are over, of which the partner owes us a statement, and none has come that can be used: oldest first, of
 * the last 31. It owes one of every calendar day from the first on which it was given money to that on which the last was
 * taken back: days on which nothing was booked too, since only a closed day proves by saying nothing, and those on which
 * it has nothing left, since what it was given may be on its way.
 */
export async function missingStatements(
  { lanes, reconciliations }: ArrivalDependencies,
  partner: string,
  now: Instant,
): Promise<readonly CivilDate[]> {
  const today = jakartaDate(now)
  const [{ available }, funding] = await Promise.all([lanes.read(partner), lanes.funding(partner)])
  if (!funding) return []
  const first = jakartaDate(funding.openedAt)
  const last = available === 0 && funding.sweptAt ? jakartaDate(funding.sweptAt) : today
  const from = plusDays(today, -daysMax)
  const runs = await reconciliations.runs(partner, from, plusDays(today, -1))
  const closed = new Set(runs.map(({ day }) => day))
  return Array.from({ length: daysMax }, (_, index) => plusDays(from, index)).filter(
    (day) => first <= day && day <= last && !closed.has(day),
  )
}
