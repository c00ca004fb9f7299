import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import { civilDate, type Instant, latest, parseInstant } from '../../shared/domain/instant.ts'
import { type Imprint, imprintOf } from '../../shared/finance/imprint.ts'
import { type ProofDependencies, prove } from '../../shared/finance/proof.ts'
import type {
  countedAnswer,
  countedQuery,
  verificationAnswer,
  verificationQuery,
} from '../../shared/finance/schemas.ts'
import type { Part } from '../../shared/finance/totals.ts'
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
): Promise<z.input<typeof countedAnswer> | Refused> {
  const mistake = backwards(query)
  if (mistake) return mistake
  const [from, to] = [query.from, query.to].map((day) => (day === undefined ? undefined : civilDate(day)))
  const instants = (await counters.checkpoints()).map(({ at }) => at)
  const parts = await counters.partsBetween(from, to)
  return {
    ...(instants.length > 0 && {
      countedTo: toTheMillisecond(instants.reduce((one, other) => latest(one, other))),
    }),
    parts: imprints(parts),
  }
}

/** What one share of the journal comes to, in the same words. */
export async function verification(
  { history }: Pick<ProofDependencies, 'history'>,
  { share, of, countedTo, ...days }: z.output<typeof verificationQuery>,
): Promise<z.input<typeof verificationAnswer> | Refused> {
  const mistake = backwards(days)
  if (mistake) return mistake
  if (share >= of) return refuse(400, `The query cannot be read. share: from 0 to ${of - 1}`)
  const { parts, movements, later } = await prove(history, { share, of }, days, instantOf(countedTo))
  return { movements, later, parts: imprints(parts) }
}

const instantOf = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : parseInstant(text)
