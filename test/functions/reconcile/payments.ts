import { civilDate, plusDays, plusSeconds, startOfDay } from '../../../shared/domain/instant.ts'
import { startReconciliation } from './world.ts'

export const day = civilDate('2020-09-18')
export const later = (days: number) => plusDays(day, days)
export const noon = (days = 0) => plusSeconds(startOfDay(later(days)), 12 * 3_600)
export const referenceOf = (id: string) => `${id}-I1-A1`

/** Payments with these outcomes, on `day`, as seen on the next morning. */
export async function startWith(
  ...outcomes: Parameters<Awaited<ReturnType<typeof startReconciliation>>['partner']['pays']>
) {
  const world = await startReconciliation()
  world.partner.pays(...outcomes)
  const people: string[] = []
  for (const _ of outcomes) people.push(await world.person())
  world.goTo(later(1), 6)
  return { world, people, [Symbol.iterator]: () => people[Symbol.iterator]() }
}
/** The line of somebody's payment on the statement of `day`. */
export const lineOf = (id: string | undefined, days = 0) => ({
  at: noon(days),
  reference: referenceOf(id ?? ''),
})
