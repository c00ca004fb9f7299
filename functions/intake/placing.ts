import { type Entitlement, type Facts, factCount } from '../../shared/domain/facts.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { type PayoutRow, projectRow, saysTheSame } from '../../shared/domain/row.ts'
import { payoutsOf, schemeNamed } from '../../shared/domain/scheme.ts'
import { caseOf, project, readParticipant } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'

type Placing = { readonly ledger: LedgerWithAccounts; readonly shards: number }
type Known = Facts & { readonly entitlement: Entitlement }

/** The rows of payouts of which the journal has nothing yet, where the facts place them. */
export function firstRows(facts: Known, shards: number): readonly PayoutRow[] {
  const { participantId, scheme } = facts.entitlement
  const standing = replay([])
  return payoutsOf(schemeNamed(scheme)).map((payout) => {
    const state = stateOf(standing, facts, payout)
    return projectRow(participantId, payout, { standing, state, facts }, shards)
  })
}

/**
 * Puts every row of a participant where the facts now allow it to be, and writes only those that change. Run after
 * each fact, and again for a fact that comes twice: whatever a crash left out is made up then. `written`: the rows as
 * this invocation has just created them; if no fact has come since, they need not be read.
 */
export async function placeRows(
  { ledger, shards }: Placing,
  participantId: string,
  written?: readonly PayoutRow[],
): Promise<void> {
  const { facts, accounts, rows } = await readParticipant(ledger, participantId)
  const { entitlement } = facts
  if (!entitlement) return
  const known = { ...facts, entitlement }
  const unchanged = written?.every((row) => row.facts === factCount(known, row.payout))
  if (unchanged) return
  const untouched = rows.every(({ seq }) => seq === 0)
  const chains = untouched ? undefined : await ledger.journal.readAll(participantId)
  for (const payout of payoutsOf(schemeNamed(entitlement.scheme))) {
    const chain = chains?.get(payout) ?? []
    const found = caseOf(participantId, payout, { chain, facts: known, accounts })
    const stored = rows.find((candidate) => candidate.payout === payout)
    if (stored && saysTheSame(stored, projectRow(participantId, payout, found, shards))) continue
    await project(ledger, found, shards)
  }
}
