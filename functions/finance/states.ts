import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { amountOf, schemeOfWave } from '../../shared/domain/scheme.ts'
import type { statesAnswer } from '../../shared/finance/schemas.ts'
import type { FinanceDependencies } from './dependencies.ts'

/** Items that one look at the table takes, and looks that one answer takes. */
const itemsPerLook = 2_000
const looksMax = 20

function amountOfRow({ wave, payout }: PayoutRow): number {
  const scheme = schemeOfWave(wave)
  if (!scheme) throw new Error(`no scheme covers wave ${wave}`)
  return amountOf(scheme, payout)
}

const cursorForm = /^\["[^"\\]{1,100}","[^"\\]{1,100}"\]$/

/** How many payouts are in which state, of the rows that one answer reads. */
export async function states(
  { participants }: FinanceDependencies,
  after: string | undefined,
  timeLeft: () => boolean,
): Promise<z.input<typeof statesAnswer> | Refused> {
  if (after !== undefined && !cursorForm.test(after))
    return refuse(400, 'The query cannot be read. after: not one that an answer has given')
  const found: Record<string, { count: number; rupiah: number }> = {}
  let next = after
  for (let look = 0; look < looksMax; look++) {
    const page = await participants.sweep(itemsPerLook, next)
    for (const row of page.rows) {
      const figure = found[row.state] ?? { count: 0, rupiah: 0 }
      found[row.state] = { count: figure.count + 1, rupiah: figure.rupiah + amountOfRow(row) }
    }
    next = page.next
    if (next === undefined || !timeLeft()) break
  }
  return { states: found, ...(next !== undefined && { next }) }
}
