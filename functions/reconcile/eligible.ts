import { openAttempt } from '../../shared/domain/fold.ts'
import { type CivilDate, type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import { readCases } from '../../shared/ledger/payout.ts'
import { configurationOf } from '../../shared/partners/registry.ts'
import { type ClosedDay, isAbsent } from '../../shared/reconciliation/absence.ts'
import type { Reconciliations } from '../../shared/reconciliation/register.ts'
import { toleranceOf } from '../../shared/reconciliation/tolerance.ts'
import { casesMax, inBatches } from '../batches.ts'
import type { JudgingDependencies } from './judging.ts'

export type EligibleDependencies = Pick<JudgingDependencies, 'ledger' | 'shards'> & {
  readonly reconciliations: Pick<Reconciliations, 'runs'>
}

/** The oldest open attempts of each shard that one run looks at. */
const attemptsMax = 100
/** Statements that one run looks back over; what was sent before has been looked at long ago. */
const daysBack = 366

async function closedDays(
  { reconciliations }: EligibleDependencies,
  partner: string,
  today: CivilDate,
): Promise<ReadonlyMap<CivilDate, ClosedDay>> {
  const runs = await reconciliations.runs(partner, plusDays(today, -daysBack), today)
  return new Map(runs.map(({ day, complete, unmatchedDebits }) => [day, { day, complete, unmatchedDebits }]))
}

/**
 * References of attempts that a partner's statements and answers together say it never paid. Two people may settle
 * these as not paid, with the statements as their document; nothing else ever follows from it.
 */
export async function eligibleForSettle(
  deps: EligibleDependencies,
  partner: string,
  now: Instant,
): Promise<readonly string[]> {
  const { ledger, shards } = deps
  const days = await closedDays(deps, partner, jakartaDate(now))
  const { settleWindowSeconds } = configurationOf(partner)
  const windows = { settleWindowSeconds, toleranceDays: toleranceOf(partner) }
  const nominated = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      ledger.worklist.nominate(lists.inquire(partner, shard), { limit: attemptsMax }),
    ),
  )
  return inBatches(nominated.flat(), casesMax, async (batch) => {
    const cases = await readCases(ledger, batch)
    return cases.flatMap((found) => {
      const attempt = found && openAttempt(found.standing)
      if (!attempt || attempt.claim.partner !== partner) return []
      return isAbsent(attempt, days, windows) ? [attempt.claim.reference] : []
    })
  })
}
