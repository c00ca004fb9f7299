import type * as z from 'zod'
import { jakartaTimestamp } from '../../shared/domain/instant.ts'
import { type PartDifference, verifyTotals } from '../../shared/finance/proof.ts'
import type { verificationAnswer } from '../../shared/finance/schemas.ts'
import type { FinanceDependencies } from './dependencies.ts'

type Verified = z.input<typeof verificationAnswer>

const showDifference = ({
  day,
  partner,
  cells,
  milestones,
}: PartDifference): Verified['differences'][number] => ({
  day,
  partner,
  moves: cells.map(({ left, right }) => ({
    from: left?.from ?? right?.from ?? '',
    to: left?.to ?? right?.to ?? '',
    kept: left?.amount ?? 0,
    proven: right?.amount ?? 0,
  })),
  milestones: milestones !== undefined,
})

/** Reads the whole journal, so that it is for as much of it as one invocation can read. */
export async function verification({ history, counters }: FinanceDependencies): Promise<Verified> {
  const { movements, countedTo, later, differences } = await verifyTotals({ history, counters })
  return {
    movements,
    ...(countedTo !== undefined && { countedTo: jakartaTimestamp(countedTo) }),
    later,
    differences: differences.map(showDifference),
  }
}
