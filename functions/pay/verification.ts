import type { Verification } from '../../shared/domain/outcome.ts'
import type { Account, VerificationResult } from '../../shared/ledger/ports.ts'

/** What of the partner's answer stays with the account. */
export function keptOf(answer: Exclude<Verification, { outcome: 'unavailable' }>): VerificationResult {
  if (answer.outcome === 'refused') return { outcome: 'refused', reason: answer.reason }
  const { verifiedName: name, fee, session } = answer
  return {
    outcome: 'verified',
    name,
    ...(fee !== undefined && { fee }),
    ...(session !== undefined && { session }),
  }
}

/** The account as the table has it from then on. */
export function withVerification(account: Account, kept: VerificationResult): Account {
  if (kept.outcome === 'refused') return { ...account, verification: kept }
  const { outcome, ...verified } = kept
  return { ...account, verification: { outcome }, verified }
}
