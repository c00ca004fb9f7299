import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Checks } from './checks.ts'
import type { ChaosPartner } from './partners/partner.ts'

/** Transfers that a partner has paid although it had refused them: its fault, which our books have to bear. */
export type Contradictions = {
  /** A partner pays one of those that it has refused, if there is one that it would pay. */
  add(among: number): void
}

/** Takes down in `contradicted` the references that have been paid so. */
export function createContradictions(deps: {
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly checks: Checks
  readonly contradicted: Set<string>
  readonly note: (line: string) => void
}): Contradictions {
  const { partners, checks, contradicted, note } = deps
  return {
    add(among) {
      const refused = checks.refused()
      const from = among % Math.max(1, refused.length)
      for (const { reference, partner } of [...refused.slice(from), ...refused.slice(0, from)]) {
        const simulator = [...partners].find(([name]) => name === partner)?.[1].simulator
        if (!simulator?.payAfterAll(reference)) continue
        contradicted.add(reference)
        note(`${partner}: pays ${reference} after all`)
        return
      }
    },
  }
}
