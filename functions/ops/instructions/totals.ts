import { type Repair, repairTotals } from '../../../shared/finance/proof.ts'
import type { PartKey } from '../../../shared/finance/totals.ts'
import type { OpsDependencies } from '../dependencies.ts'
import type { Behind, Carried } from './carried.ts'

/** Finance's totals, made what the journal says. The journal itself, and so all money, stays as it is. */

const outcomes: Readonly<Record<keyof Repair, string>> = {
  repaired: 'written anew',
  tooYoung: 'left alone: its entries may still be on their way',
  overtaken: 'left alone: somebody else has changed it meanwhile',
}

const subjectOf = ({ day, partner }: PartKey): string => `${day}, ${partner ?? 'at no partner'}`

/** Reads the whole journal before it writes anything: what it has no time for changes nothing. */
export async function carryOutRepair({ books }: OpsDependencies, { now }: Behind): Promise<Carried> {
  const repair = await repairTotals(books, now)
  const effectsOf = (name: keyof Repair) =>
    repair[name].map((key) => ({ subject: subjectOf(key), outcome: outcomes[name] }))
  return { effects: [...effectsOf('repaired'), ...effectsOf('tooYoung'), ...effectsOf('overtaken')] }
}
