import { counted, verification } from '../../functions/finance/verification.ts'
import { isRefused, type Refused } from '../../shared/api/problem.ts'
import type { History } from '../../shared/finance/history.ts'
import { differencesBetween, mergeImprints } from '../../shared/finance/imprint.ts'
import type { Counters } from '../../shared/finance/totals.ts'
import { at } from '../domain/examples.ts'

type Verified = {
  readonly history: Pick<History, 'owners'>
  readonly counters: Pick<Counters, 'partsBetween'>
}
type Days = { readonly from?: string; readonly to?: string }

function taken<Answer extends object>(answer: Answer | Refused): Answer {
  if (isRefused(answer)) throw new Error(answer.problem.detail)
  return answer
}

/** When everything that any test writes has long been counted. */
const longAfter = at('2022-01-01T00:00:00+07:00')

/** The totals held against the journal, as the command line does it by the API's two answers. */
export async function verify({ history, counters }: Verified, shares = 1, days: Days = {}, now = longAfter) {
  const { countedTo, parts } = taken(await counted({ counters }, days, now))
  const read = Array.from({ length: shares }, async (_, share) =>
    taken(await verification({ history }, { ...days, countedTo, share, of: shares })),
  )
  const journal = await Promise.all(read)
  const proven = mergeImprints(journal.flatMap((share) => share.parts))
  const later = mergeImprints(journal.flatMap((share) => share.laterParts))
  return {
    differences: differencesBetween(mergeImprints(parts), proven, later),
    movements: journal.reduce((sum, { movements }) => sum + movements, 0),
    later: journal.reduce((sum, share) => sum + share.later, 0),
    countedTo,
  }
}
