import { factCount } from '../../shared/domain/facts.ts'
import { payoutsOf, schemeNamed } from '../../shared/domain/scheme.ts'
import { caseOf, project, readParticipant } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'

type Placing = { readonly ledger: LedgerWithAccounts; readonly shards: number }

/**
 * Puts every row of a participant where the facts now allow it to be, and writes only those that have seen other facts,
 * or are not there yet. Run after each fact, and again for a fact that comes twice: whatever a crash left out is made up
 * then.
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
  // A row that has seen no entry, or is not there yet, stands for an empty chain; should it be out of date, whoever
  // wrote the entry writes the row after us and finds that this one has seen more facts.
  const untouched = behind.every((payout) => (stored.get(payout)?.seq ?? 0) === 0)
  const chains = untouched ? undefined : await ledger.journal.readAll(participantId)
  await Promise.all(
    behind.map((payout) => {
      const chain = chains?.get(payout) ?? []
      return project(ledger, caseOf(participantId, payout, { chain, facts: known, accounts }), shards)
    }),
  )
}
