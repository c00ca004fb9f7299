import { type Entitlement, type Facts, factCount } from '../../shared/domain/facts.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { type PayoutRow, projectRow, saysTheSame } from '../../shared/domain/row.ts'
import { payoutsOf, schemeNamed } from '../../shared/domain/scheme.ts'
import { project, readFacts } from '../../shared/ledger/payout.ts'
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
  const { facts, accounts } = await readFacts(ledger, participantId)
  const { entitlement } = facts
  if (!entitlement) return
  const known = { ...facts, entitlement }
  const unchanged = written?.every((row) => row.facts === factCount(known, row.payout))
  if (unchanged) return
  const [chains, rows] = await Promise.all([
    ledger.journal.readAll(participantId),
    ledger.participants.rows(participantId),
  ])
  const { scheme } = entitlement
  for (const payout of payoutsOf(schemeNamed(scheme))) {
    const chain = chains.get(payout) ?? []
    const standing = replay(chain)
    const state = stateOf(standing, known, payout)
    const row = projectRow(participantId, payout, { standing, state, facts: known }, shards)
    const stored = rows.find((candidate) => candidate.payout === payout)
    if (stored && saysTheSame(stored, row)) continue
    const found = { participantId, payout, scheme, standing, state, chain, facts: known, accounts }
    await project(ledger, found, shards)
  }
}
