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
import { count } from '../local/text.ts'

/** The totals behind every sum, held against the journal share by share. */

export type Verification = {
  /** Entries of the journal that move money. */
  readonly movements: number
  /** When the latest entry that has been counted was written; absent before the first. */
  readonly countedTo?: string
  /** Entries that are later: the stream has not brought them yet. */
  readonly later: number
  readonly differences: readonly Difference[]
}
type Days = { readonly from: string | undefined; readonly to: string | undefined }
type Counted = z.output<typeof countedAnswer>

async function readJournal(
  session: Session,
  shares: number,
  query: Readonly<Record<string, string>>,
): Promise<(Omit<Verification, 'differences'> & { readonly proven: readonly Imprint[] }) | Stopped> {
  let [movements, later] = [0, 0]
  let proven: readonly Imprint[] = []
  for (let share = 0; share < shares; share++) {
    session.progress(`${count(movements)} movements, share ${count(share + 1)} of ${count(shares)}`)
    const part = await session.ask(routes.verification, {
      query: { ...query, share: String(share), of: String(shares) },
    })
    if (isStopped(part)) return part
    movements += part.movements
    later += part.later
    proven = mergeImprints([...proven, ...part.parts])
  }
  return { movements, later, proven }
}

/** What was counted first: whatever is counted meanwhile is later. */
async function verify(
  { countedTo, parts }: Counted,
  days: Days,
  shares: number,
  session: Session,
): Promise<Verification | Stopped> {
  const journal = await readJournal(session, shares, given({ ...days, countedTo }))
  if (isStopped(journal)) return journal
  const { proven, ...read } = journal
  const differences = differencesBetween(mergeImprints(parts), proven)
  return { ...read, ...(countedTo !== undefined && { countedTo }), differences }
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
