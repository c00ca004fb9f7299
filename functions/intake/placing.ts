import { replay, stateOf } from '../../shared/domain/fold.ts'
import { projectRow, saysTheSame } from '../../shared/domain/row.ts'
import { payoutsOf, schemeNamed } from '../../shared/domain/scheme.ts'
import { project, readFacts } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'

/**
 * Puts every row of a participant where the facts now allow it to be, and writes only those that change. Run after
 * each fact, and again for a fact that comes twice: whatever a crash left out is made up then.
 */
export async function placeRows(
  deps: { readonly ledger: LedgerWithAccounts; readonly shards: number },
  participantId: string,
): Promise<void> {
  const { ledger, shards } = deps
  const [{ facts, accounts }, chains, rows] = await Promise.all([
    readFacts(ledger, participantId),
    ledger.journal.readAll(participantId),
    ledger.participants.rows(participantId),
  ])
  const { entitlement } = facts
  if (!entitlement) return
  const known = { ...facts, entitlement }
  for (const payout of payoutsOf(schemeNamed(entitlement.scheme))) {
    const chain = chains.get(payout) ?? []
    const standing = replay(chain)
    const state = stateOf(standing, known, payout)
    const row = projectRow(participantId, payout, { standing, state, facts: known }, shards)
    const stored = rows.find((candidate) => candidate.payout === payout)
    if (stored && saysTheSame(stored, row)) continue
    const { scheme } = entitlement
    await project(
      ledger,
      { participantId, payout, scheme, standing, state, chain, facts: known, accounts },
      shards,
    )
  }
}
