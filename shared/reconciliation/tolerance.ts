import type { PartnerName } from '../partners/registry.ts'

/**
 * Days that our day and the partner's may lie apart: we write a payment down when we hear of it, which an inquiry may
 * do the day after. Chosen, to be agreed at onboarding: two for the wallets; three for the bank, which books what
 * comes after its cut-off on its next day.
 */
const toleranceDays: Readonly<Record<PartnerName, number>> = { bni: 3, gopay: 2, linkaja: 2, ovo: 2 }

/** Throws on a name that is no partner's. */
export function toleranceOf(partner: string): number {
  const days: Readonly<Record<string, number>> = toleranceDays
  const tolerance = Object.hasOwn(days, partner) ? days[partner] : undefined
  if (tolerance === undefined) throw new Error(`${partner} is not a payment partner: it has no tolerance`)
  return tolerance
}
