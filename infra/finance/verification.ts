import type * as z from 'zod'
import {
  type Difference,
  differencesBetween,
  type Imprint,
  mergeImprints,
} from '../../shared/finance/imprint.ts'
import { financeRoutes as routes } from '../../shared/finance/routes.ts'
import { countedAnswer } from '../../shared/finance/schemas.ts'
import {
  given,
  isStopped,
  type Plan,
  printable,
  type Session,
  type Shown,
  type Stopped,
  type View,
} from '../command/verb.ts'
import { second } from '../command/words.ts'
import { count } from '../local/text.ts'

/** The totals behind every sum, held against the journal share by share. */

export type Verification = {
  /** Entries of the journal that move money. */
  readonly movements: number
  /** Up to then every entry has to be counted. */
  readonly countedTo: string
  /** Entries that are later, where not all of them are counted; 0 where the sums have them all. */
  readonly later: number
  readonly differences: readonly Difference[]
}
type Days = { readonly from: string | undefined; readonly to: string | undefined }
type Counted = z.output<typeof countedAnswer>

/** What the journal comes to. */
type Read = Pick<Verification, 'movements' | 'later'> & {
  readonly proven: readonly Imprint[]
  readonly laterProven: readonly Imprint[]
}

/** What has to be in sums, and is as long as counting is not held up. */
export const everyEntryUpTo = (countedTo: string): string =>
  `every entry up to ${second(countedTo)} should be in them`

/** What to add to a verdict while the sums have not all entries. */
export const notAllCounted = ({ later, countedTo }: Pick<Verification, 'later' | 'countedTo'>): string =>
  later > 0
    ? `; of the entries since ${second(countedTo)} in Jakarta (${count(later)}) not all are counted yet`
    : ''

async function readJournal(
  session: Session,
  shares: number,
  query: Readonly<Record<string, string>>,
): Promise<Read | Stopped> {
  let [movements, later] = [0, 0]
  let proven: readonly Imprint[] = []
  let laterProven: readonly Imprint[] = []
  for (let share = 0; share < shares; share++) {
    session.progress(`${count(movements)} movements, share ${count(share + 1)} of ${count(shares)}`)
    const part = await session.ask(routes.verification, {
      query: { ...query, share: String(share), of: String(shares) },
    })
    if (isStopped(part)) return part
    movements += part.movements
    later += part.later
    proven = mergeImprints([...proven, ...part.parts])
    laterProven = mergeImprints([...laterProven, ...part.laterParts])
  }
  return { movements, later, proven, laterProven }
}

/** What was counted is read first: whatever is written meanwhile is later. */
async function verify(
  { countedTo, parts }: Counted,
  days: Days,
  shares: number,
  session: Session,
): Promise<Verification | Stopped> {
  const journal = await readJournal(session, shares, given({ ...days, countedTo }))
  if (isStopped(journal)) return journal
  const { movements, later, proven, laterProven } = journal
  const kept = mergeImprints(parts)
  const isAllCounted = differencesBetween(kept, mergeImprints([...proven, ...laterProven])).length === 0
  return isAllCounted
    ? { movements, countedTo, later: 0, differences: [] }
    : { movements, countedTo, later, differences: differencesBetween(kept, proven, laterProven) }
}

/** A plan that proves the totals of these days from the journal, read in so many shares. */
export function verificationPlan(
  days: Days,
  shares: number,
  show: (verification: Verification, view: View) => Shown,
): Plan {
  return {
    route: routes.counted,
    request: { query: given(days) },
    async finish(body, session) {
      const read = countedAnswer.safeParse(printable(body))
      if (!read.success) return undefined
      const verified = await verify(read.data, days, shares, session)
      return isStopped(verified) ? verified : { json: verified, show: (view) => show(verified, view) }
    },
  }
}
