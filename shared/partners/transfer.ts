import type { Claim } from '../domain/entry.ts'
import type { Instant } from '../domain/instant.ts'
import type { TransferOutcome } from '../domain/outcome.ts'
import type { Transfer } from './partner.ts'
import { notBefore } from './snap/deferral.ts'

/** What a transfer takes from an account version. */
export type VerifiedAccount = {
  readonly version: string
  readonly number: string
  readonly verified?: { readonly name: string }
}

/**
 * The transfer of an attempt, from its claim and its account version alone, so that a resend is the same to the byte.
 * Throws if the account was never verified: then there cannot be such an attempt.
 */
export function transferOf(
  claim: Pick<Claim, 'reference' | 'amount' | 'transactionDate' | 'fee' | 'session'>,
  account: VerifiedAccount,
): Transfer {
  const { reference, amount, transactionDate, fee, session } = claim
  if (!account.verified) throw new Error(`account version ${account.version} was never verified`)
  return {
    partnerReferenceNo: reference,
    amount,
    transactionDate,
    accountNumber: account.number,
    verifiedName: account.verified.name,
    ...(fee !== undefined && { fee }),
    ...(session !== undefined && { session }),
  }
}

/** What a request comes to that is too late to be sent: no connection was made for it. */
export const unsent = (now: Instant): TransferOutcome => {
  const reason = 'not-connected'
  return { outcome: 'deferred', reason, notBefore: notBefore(reason, now), evidence: {} }
}
