import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import { civilDate, type Instant, parseInstant } from '../../shared/domain/instant.ts'
import { type Imprint, imprintOf } from '../../shared/finance/imprint.ts'
import { type ProofDependencies, prove } from '../../shared/finance/proof.ts'
import type {
  countedAnswer,
  countedQuery,
  verificationAnswer,
  verificationQuery,
} from '../../shared/finance/schemas.ts'
import { dueBy, type Part } from '../../shared/finance/totals.ts'
import type { FinanceDependencies } from './dependencies.ts'
import { backwards } from './summary.ts'
import { toTheMillisecond } from './trial-balance.ts'

const shown = ({ moves, milestones, ...place }: Imprint) => ({
  ...place,
  moves: [...moves],
  milestones: [...milestones],
})
const imprints = (parts: readonly Part[]) => parts.map((part) => shown(imprintOf(part)))

/** What is kept of every day at every partner, in short. */
export async function counted(
  { counters }: Pick<FinanceDependencies, 'counters'>,
  query: z.output<typeof countedQuery>,
  now: Instant,
): Promise<z.input<typeof countedAnswer> | Refused> {
  const mistake = backwards(query)
  if (mistake) return mistake
  const [from, to] = [query.from, query.to].map((day) => (day === undefined ? undefined : civilDate(day)))
  const parts = await counters.partsBetween(from, to)
  return { countedTo: toTheMillisecond(dueBy(now)), parts: imprints(parts) }
}

/** What one share of the journal comes to, in the same words. */
export async function verification(
  { history }: Pick<ProofDependencies, 'history'>,
  { share, of, countedTo: text, ...days }: z.output<typeof verificationQuery>,
): Promise<z.input<typeof verificationAnswer> | Refused> {
  const mistake = backwards(days)
  if (mistake) return mistake
  if (share >= of) return refuse(400, `The query cannot be read. share: from 0 to ${of - 1}`)
  const countedTo = parseInstant(text)
  if (countedTo === undefined) return refuse(400, 'The query cannot be read. countedTo: no instant')
  const { parts, laterParts, ...numbers } = await prove(history, { share, of }, days, countedTo)
  return { ...numbers, parts: imprints(parts), laterParts: imprints(laterParts) }
}
