import type { Claim } from '../domain/entry.ts'
import type { Instant } from '../domain/instant.ts'
import type { TransferOutcome } from '../domain/outcome.ts'
import type { Transfer, TransferRequest } from './partner.ts'
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

/**
 * Sends a request whose term has not ended by `now`; a late one stays unsent, which is proof that nothing has left with
 * it. Whoever sees a term ended takes it that nobody is sending, and counts the partner's windows by that.
 */
export async function sendInTerm(
  request: Pick<TransferRequest, 'send'>,
  { until }: { readonly until: Instant },
  now: Instant,
): Promise<TransferOutcome> {
  if (now < until) return request.send(now)
  const reason = 'not-connected'
  return { outcome: 'deferred', reason, notBefore: notBefore(reason, now), evidence: {} }
}
