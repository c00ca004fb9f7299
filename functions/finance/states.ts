import * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { amountOf, schemeOfWave } from '../../shared/domain/scheme.ts'
import type { statesAnswer } from '../../shared/finance/schemas.ts'
import { parseJson } from '../../shared/json.ts'
import type { FinanceDependencies } from './dependencies.ts'

/** Items that one look at the table takes, and looks that one answer takes. */
const itemsPerLook = 2_000
const looksMax = 20

function amountOfRow({ wave, payout }: PayoutRow): number {
  const scheme = schemeOfWave(wave)
  if (!scheme) throw new Error(`no scheme covers wave ${wave}`)
  return amountOf(scheme, payout)
}

/**
 * Where a sweep goes on: the two parts of a key, whatever characters they have, for among them are ids that others have
 * chosen. What the query takes is shorter than either may be: 750 bytes, of 2,048 and 1,024.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const placeForm = z.tuple([z.string().min(1), z.string().min(1)])
const writeCursor = (place: string): string => Buffer.from(place).toString('base64url')
const readCursor = (text: string): unknown => parseJson(Buffer.from(text, 'base64url').toString())

/** How many payouts are in which state, of the rows that one answer reads. */
export async function states(
  { participants }: FinanceDependencies,
  after: string | undefined,
  timeLeft: () => boolean,
): Promise<z.input<typeof statesAnswer> | Refused> {
  const place = after === undefined ? undefined : placeForm.safeParse(readCursor(after))
  if (place?.success === false)
    return refuse(400, 'The query cannot be read. after: not one that an answer has given')
  const found: Record<string, { count: number; rupiah: number }> = {}
  let next = place && JSON.stringify(place.data)
  for (let look = 0; look < looksMax; look++) {
    const page = await participants.sweep(itemsPerLook, next)
    for (const row of page.rows) {
      const figure = found[row.state] ?? { count: 0, rupiah: 0 }
      found[row.state] = { count: figure.count + 1, rupiah: figure.rupiah + amountOfRow(row) }
    }
    next = page.next
    if (next === undefined || !timeLeft()) break
  }
  return { states: found, ...(next !== undefined && { next: writeCursor(next) }) }
}
