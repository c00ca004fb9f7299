import type * as z from 'zod'
import { paidAttempt } from '../../shared/domain/fold.ts'
import { lists } from '../../shared/domain/row.ts'
import { type PayoutCase, readCases } from '../../shared/ledger/payout.ts'
import type { recoveryAnswer } from '../../shared/operations/schemas.ts'
import { casesMax, inBatches } from '../batches.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'
import { nominateFrom } from './pages.ts'

type Recovery = z.input<typeof recoveryAnswer>['cases'][number]

/** A partner that has paid so often twice has a trouble that this list does not mend. */
const casesShownMax = 500

function casesOf({ participantId, payout, standing }: PayoutCase): readonly Recovery[] {
  const paidBy = paidAttempt(standing)?.claim.reference
  if (paidBy === undefined) return []
  return standing.attempts
    .filter(({ status }) => status === 'overpaid')
    .map(({ claim, since }) => ({
      participantId,
      payout,
      partner: claim.partner,
      amount: claim.amount,
      paidBy,
      overpaidBy: claim.reference,
      since: shownAt(since),
    }))
}

/** What partners have paid twice and nobody has closed, oldest first; closed cases stay in the participants' timelines. */
export async function recovery(deps: OpsDependencies): Promise<z.input<typeof recoveryAnswer>> {
  const names = Array.from({ length: deps.shards }, (_, shard) => lists.overpaid(shard))
  const positions = await nominateFrom(deps.ledger, { lists: names, range: {}, limit: casesShownMax })
  const cases = await inBatches(positions, casesMax, async (batch) => {
    const found = await readCases(
      deps.ledger,
      batch.map(({ place }) => place),
    )
    return found.flatMap((one) => (one ? casesOf(one) : []))
  })
  return { cases: [...cases] }
}
