import type * as z from 'zod'
import type { Refused } from '../../shared/api/problem.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
import { lists } from '../../shared/domain/row.ts'
import { type PayoutCase, readCases } from '../../shared/ledger/payout.ts'
import type { RecoveryState, recoveryAnswer, recoveryQuery } from '../../shared/operations/schemas.ts'
import { casesMax, inBatches } from '../batches.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'
import { nominateFrom, positionOf, writeCursor } from './pages.ts'

type Answer = z.input<typeof recoveryAnswer>
type Recovery = Answer['cases'][number]

/** Where payouts with such a case may be: one that had several is with the case that needs most. */
const listsOf: Readonly<Record<RecoveryState, readonly ((shard: number) => string)[]>> = {
  open: [lists.overpaid],
  'written-off': [lists.overpaid, lists.writtenOff],
  recovered: [lists.overpaid, lists.writtenOff, lists.recovered],
}

/** How far the case of an attempt has come; `undefined` for one that never was a case, or is the payment by now. */
const stateOf = ({ status, ending }: Attempt): RecoveryState | undefined =>
  ending ?? (status === 'overpaid' ? 'open' : undefined)

/** The reference of another attempt that the journal says was paid. */
function paidBeside({ standing, chain }: PayoutCase, { claim }: Attempt): string | undefined {
  const paid = chain.flatMap(({ event }) =>
    event.type === 'disbursed' || event.type === 'surfaced' ? [event.attempt] : [],
  )
  return standing.attempts.findLast(
    (other) => other.claim.attempt !== claim.attempt && paid.includes(other.claim.attempt),
  )?.claim.reference
}

function caseOf(found: PayoutCase, attempt: Attempt, state: RecoveryState): Recovery {
  const { participantId, payout, chain } = found
  const { partner, amount, reference, attempt: number } = attempt.claim
  const told = chain.filter(({ event }) => 'attempt' in event && event.attempt === number)
  const since = told.findLast(({ event }) => event.type === 'overpaid')?.at ?? attempt.since
  const closing = told.findLast(({ event }) => event.type === state)
  const paidBy = paidBeside(found, attempt)
  return {
    participantId,
    payout,
    state,
    partner,
    amount,
    ...(paidBy !== undefined && { paidBy }),
    overpaidBy: reference,
    since: shownAt(since),
    ...(closing && { closedAt: shownAt(closing.at) }),
    ...(closing &&
      'evidence' in closing.event &&
      closing.event.evidence.document !== undefined && { document: closing.event.evidence.document }),
  }
}

const casesOf = (found: PayoutCase, wanted: RecoveryState): readonly Recovery[] =>
  found.standing.attempts.flatMap((attempt) =>
    stateOf(attempt) === wanted ? [caseOf(found, attempt, wanted)] : [],
  )

/**
 * What partners have paid twice: one page of the cases in one state, the longest in it first, as the journals say. A page
 * may hold less than `limit`, even nothing, and still say how it goes on. A payout that has failed since is in the list
 * of failed ones instead; its case is in its participant's timeline.
 */
export async function recovery(
  deps: OpsDependencies,
  { state, limit, cursor }: z.output<typeof recoveryQuery>,
): Promise<Answer | Refused> {
  const names = listsOf[state].flatMap((list) =>
    Array.from({ length: deps.shards }, (_, shard) => list(shard)),
  )
  const after = positionOf(cursor, names)
  if (after && 'problem' in after) return after
  const positions = await nominateFrom(deps.ledger, { lists: names, range: {}, limit, after })
  const cases = await inBatches(positions, casesMax, async (batch) => {
    const found = await readCases(
      deps.ledger,
      batch.map(({ place }) => place),
    )
    return found.flatMap((one) => (one ? casesOf(one, state) : []))
  })
  const last = positions.length === limit ? positions.at(-1) : undefined
  return { cases: [...cases], ...(last && { next: writeCursor(last) }) }
}
