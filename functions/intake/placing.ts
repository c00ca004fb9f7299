import { type Entitlement, type Facts, factCount } from '../../shared/domain/facts.ts'
import { replay, stateOf } from '../../shared/domain/fold.ts'
import { type PayoutRow, projectRow } from '../../shared/domain/row.ts'
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
 * Puts every row of a participant where the facts now allow it to be, and writes only those that have seen other facts.
 * Run after each fact, and again for a fact that comes twice: whatever a crash left out is made up then.
 */
export async function placeRows({ ledger, shards }: Placing, participantId: string): Promise<void> {
  const { facts, accounts, rows } = await readParticipant(ledger, participantId)
  const { entitlement } = facts
  if (!entitlement) return
  const known = { ...facts, entitlement }
  const stored = new Map(rows.map((row) => [row.payout, row]))
  const behind = payoutsOf(schemeNamed(entitlement.scheme)).filter(
    (payout) => stored.get(payout)?.facts !== factCount(known, payout),
  )
  // A row that has seen no entry stands for an empty chain; should it be out of date, whoever wrote the entry
  // writes the row after us and finds that this one has seen more facts.
  const untouched = behind.every((payout) => stored.get(payout)?.seq === 0)
  const chains = untouched ? undefined : await ledger.journal.readAll(participantId)
  await Promise.all(
    behind.map((payout) => {
      const chain = chains?.get(payout) ?? []
      return project(ledger, caseOf(participantId, payout, { chain, facts: known, accounts }), shards)
    }),
  )
}
