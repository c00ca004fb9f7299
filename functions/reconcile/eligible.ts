import { openAttempt } from '../../shared/domain/fold.ts'
import { type Instant, jakartaDate, plusDays } from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import { readCases } from '../../shared/ledger/payout.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import { isAbsent } from '../../shared/reconciliation/absence.ts'
import { absenceWindowsOf, closedDays } from '../../shared/reconciliation/closed-days.ts'
import type { Reconciliations, Remarks } from '../../shared/reconciliation/register.ts'
import { casesMax, inBatches } from '../batches.ts'
import type { JudgingDependencies } from './judging.ts'
import type { Reconciled } from './reconcile.ts'

export type EligibleDependencies = Pick<JudgingDependencies, 'ledger' | 'shards'> & {
  readonly reconciliations: Pick<Reconciliations, 'runs' | 'runsOf' | 'breaks' | 'writeEligible'>
  readonly remarks: Pick<Remarks, 'remarks'>
}

/** Open attempts that are read from a shard's list at once. */
const pageMax = 100
/**
 * Pages of each shard that one run looks at, in the order of their next questions. A partner that leaves more than
 * 2,000 outcomes a shard unknown has a trouble that no list of references mends.
 */
const pagesMax = 20
/** Statements that one run looks back over; what was sent before has been looked at long ago. */
const daysBack = 366
/** References that are kept: an item of DynamoDB has 400 KB. Those left out follow as the others are settled. */
const referencesMax = 5_000

async function openPlaces(
  { worklist }: EligibleDependencies['ledger'],
  list: string,
): Promise<readonly Place[]> {
  const places: Place[] = []
  for (let page = 0; page < pagesMax; page++) {
    const after = places.at(-1)
    const found = await worklist.nominate(list, { limit: pageMax, ...(after && { after }) })
    places.push(...found)
    if (found.length < pageMax) break
  }
  return places
}

/**
 * References of attempts that a partner's statements and answers together say it never paid. Two people may settle
 * these as not paid, by the partner's document; nothing else ever follows from it.
 */
export async function eligibleForSettle(
  deps: EligibleDependencies,
  partner: string,
  now: Instant,
): Promise<readonly string[]> {
  const { ledger, shards } = deps
  const today = jakartaDate(now)
  const days = await closedDays(deps, partner, { from: plusDays(today, -daysBack), to: today })
  const windows = absenceWindowsOf(partner)
  const nominated = await Promise.all(
    Array.from({ length: shards }, (_, shard) => openPlaces(ledger, lists.inquire(partner, shard))),
  )
  const found = await inBatches(nominated.flat(), casesMax, async (batch) => {
    const cases = await readCases(ledger, batch)
    return cases.flatMap((one) => {
      const attempt = one && openAttempt(one.standing)
      if (!attempt || attempt.claim.partner !== partner) return []
      return isAbsent(attempt, days, windows, now) ? [attempt.claim.reference] : []
    })
  })
  // The index may show a payout at its old place and at its new one.
  return [...new Set(found)]
}

/**
 * Makes the partner's list of eligible references anew after its days were reconciled, and answers with it. A file that
 * only repeats its day counts, too: days after it may be new, or the run before may have died before it came so far.
 */
export async function renewEligible(
  deps: EligibleDependencies,
  reconciled: readonly Reconciled[],
  now: Instant,
): Promise<readonly string[]> {
  const done = reconciled.find((one) => 'run' in one)
  if (!done) return []
  const { partner } = done.run
  const references = (await eligibleForSettle(deps, partner, now)).slice(0, referencesMax)
  await deps.reconciliations.writeEligible({ partner, at: now, references: [...references] })
  return references
}
