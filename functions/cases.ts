import { payoutsOf, schemeNamed } from '../shared/domain/scheme.ts'
import { caseOf, type PayoutCase, project, readParticipant } from '../shared/ledger/payout.ts'
import type { LedgerWithAccounts } from '../shared/ledger/ports.ts'

/**
 * Every payout of a participant, read strongly consistently, in the scheme's order; `undefined` where there is no
 * entitlement.
 */
export async function readAllCases(
  ledger: LedgerWithAccounts,
  participantId: string,
): Promise<readonly PayoutCase[] | undefined> {
  const [{ facts, accounts, rows }, chains] = await Promise.all([
    readParticipant(ledger, participantId),
    ledger.journal.readAll(participantId),
  ])
  const { entitlement } = facts
  if (!entitlement) return undefined
  return payoutsOf(schemeNamed(entitlement.scheme)).map((payout) => {
    const row = rows.find((one) => one.payout === payout)
    const chain = chains.get(payout) ?? []
    const read = { chain, facts: { ...facts, entitlement }, accounts, ...(row && { row }) }
    return caseOf(participantId, payout, read)
  })
}

/**
 * Writes the row of a payout whose journal has moved on: by what was written just now, or by a command that died before
 * it came so far.
 */
export async function bringUpToDate(
  { ledger, shards }: { readonly ledger: LedgerWithAccounts; readonly shards: number },
  now: PayoutCase,
): Promise<void> {
  if (now.row?.seq !== now.standing.seq) await project(ledger, now, shards)
}
