import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { AnyEntry, Entry } from '../../shared/domain/entry.ts'
import { type Instant, jakartaTimestamp } from '../../shared/domain/instant.ts'
import { isPayout } from '../../shared/domain/payout.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { amountOf, participantCeiling, schemeNamed } from '../../shared/domain/scheme.ts'
import { paymentOf } from '../../shared/finance/milestones.ts'
import type { statementAnswer } from '../../shared/finance/schemas.ts'
import { hashOf } from '../../shared/ledger/chain.ts'
import type { FinanceDependencies } from './dependencies.ts'

type Statement = z.input<typeof statementAnswer>
type Owed = Statement['payouts'][number]

/** The chains that entries make, in their order. */
function chainsOf(entries: readonly AnyEntry[]): Statement['chains'] {
  const chains = Map.groupBy(entries, ({ subject }) => subject)
  return [...chains].map(([subject, chain]) => ({
    subject,
    entries: chain.map((entry) => ({ ...entry, event: { ...entry.event }, postings: [...entry.postings] })),
    hash: chain.map(hashOf).at(-1) ?? '',
  }))
}

/** The attempt that a row is about: its reference, and the partner's own where it paid. */
function referencesOf({ payout, attempt }: PayoutRow, entries: readonly Entry[]): Partial<Owed> {
  const own = entries.filter(({ subject, event }) => {
    return subject === payout && 'attempt' in event && event.attempt === attempt
  })
  const claim = own.find(({ event }) => event.type === 'claimed')?.event
  const paid = own.findLast((entry) => paymentOf(entry) === 1)?.event
  const referenceNo = paid && 'evidence' in paid ? paid.evidence.referenceNo : undefined
  return {
    ...(claim?.type === 'claimed' && { reference: claim.reference }),
    ...(referenceNo !== undefined && { referenceNo }),
  }
}

function owedOf(row: PayoutRow, amount: number, entries: readonly Entry[]): Owed {
  const { payout, state, since, partner, lastFour } = row
  return {
    payout,
    amount,
    state,
    since: jakartaTimestamp(since),
    ...(partner !== undefined && { partner }),
    ...(lastFour !== undefined && { lastFour }),
    ...referencesOf(row, entries),
  }
}

const isEntry = (entry: AnyEntry): entry is Entry => isPayout(entry.subject)

/** Everything that one participant was owed and paid, with the entries that prove it. Reads strongly consistently. */
export async function statement(
  { history, participants }: FinanceDependencies,
  participantId: string,
  now: Instant,
): Promise<Statement | Refused> {
  const [entries, { entitlement, rows }] = await Promise.all([
    history.entries(participantId),
    participants.read(participantId),
  ])
  if (!entitlement) return refuse(404, `Nobody is entitled under the id ${participantId}.`)
  const scheme = schemeNamed(entitlement.scheme)
  const ofPayouts = entries.filter(isEntry)
  const paid = ofPayouts.reduce((sum, entry) => sum + paymentOf(entry) * amountOf(scheme, entry.subject), 0)
  return {
    participantId,
    at: jakartaTimestamp(now),
    wave: entitlement.wave,
    scheme: scheme.name,
    decrees: { ...scheme.decree },
    payouts: rows
      .toSorted((one, other) => (one.payout < other.payout ? -1 : 1))
      .map((row) => owedOf(row, amountOf(scheme, row.payout), ofPayouts)),
    owed: participantCeiling(scheme),
    paid,
    chains: chainsOf(entries),
  }
}
