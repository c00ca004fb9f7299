import type { Instant } from '../../domain/instant.ts'
import { namesAgree } from '../../domain/names.ts'
import {
  type Evidence,
  type InquiryOutcome,
  type RefusalReason,
  type RejectionReason,
  rejectionRemedy,
  type TransferOutcome,
  type UnknownCause,
  type Verification,
} from '../../domain/outcome.ts'
import type { Rupiah } from '../../domain/rupiah.ts'
import type { AccountDetails, Balance } from '../partner.ts'
import type { Meaning } from './codes.ts'
import { notBefore } from './deferral.ts'
import type { Answer } from './exchange.ts'
import { accountAnswer, balanceAnswer, readAmount, statusAnswer, transferAnswer } from './messages.ts'

/** From an answer to its outcome. Whatever does not fit the question is unknown: never failed, never paid. */

type Asked = { readonly partnerReferenceNo: string; readonly amount: Rupiah }
type Named = {
  readonly reference: string | undefined
  readonly amount: Parameters<typeof readAmount>[0] | undefined
}

/** An answer counts only if what it names is ours. */
const isOurs = (asked: Asked, named: Named): boolean =>
  (named.reference === undefined || named.reference === asked.partnerReferenceNo) &&
  (named.amount === undefined || readAmount(named.amount) === asked.amount)

const unknown = (cause: UnknownCause, evidence: Evidence) =>
  ({ outcome: 'unknown', cause, evidence }) as const

/** What one send came to. Success needs the partner's own reference, which SNAP demands of it. */
export function transferOutcome(answer: Answer, asked: Asked, now: Instant): TransferOutcome {
  const { meaning, evidence: seen } = answer
  const parsed = transferAnswer.safeParse(answer.fields)
  if (!parsed.success) return unknown('unreadable-answer', seen)
  const { partnerReferenceNo: reference, referenceNo, amount } = parsed.data
  if (!isOurs(asked, { reference, amount })) return unknown('answer-mismatch', seen)
  const evidence = referenceNo === undefined ? seen : { ...seen, referenceNo }
  switch (meaning.means) {
    case 'success':
      return referenceNo === undefined ? unknown('answer-mismatch', evidence) : { outcome: 'paid', evidence }
    case 'pending':
      return { outcome: 'pending', evidence }
    case 'rejected':
      return { outcome: 'rejected', reason: meaning.reason, evidence }
    case 'deferred':
      return {
        outcome: 'deferred',
        reason: meaning.reason,
        notBefore: notBefore(meaning.reason, now),
        evidence,
      }
    case 'not-found':
      return unknown('ambiguous-code', evidence)
    case 'unknown':
      return unknown(meaning.cause, evidence)
  }
}

/** `latestTransactionStatus`, https://apidevportal.bi.go.id/snap/api-services/transfer-kredit/customer-top-up. */
const outcomeOfStatus: Readonly<Record<string, Exclude<InquiryOutcome['outcome'], 'unknown'>>> = {
  '00': 'paid', // Success
  '01': 'pending', // Initiated
  '02': 'pending', // Paying
  '03': 'pending', // Pending
  '04': 'refunded', // Refunded
  '05': 'cancelled', // Canceled
  '06': 'failed', // Failed
  '07': 'not-found', // Not found
}

/** What the partner says became of an attempt: its status, never the response code alone. */
export function inquiryOutcome(answer: Answer, asked: Asked): InquiryOutcome {
  const { meaning, evidence: seen } = answer
  const parsed = statusAnswer.safeParse(answer.fields)
  if (!parsed.success) return unknown('unreadable-answer', seen)
  const { originalPartnerReferenceNo: reference, amount, latestTransactionStatus: status } = parsed.data
  if (!isOurs(asked, { reference, amount })) return unknown('answer-mismatch', seen)
  const referenceNo = parsed.data.originalReferenceNo ?? parsed.data.referenceNumber
  const evidence = referenceNo === undefined ? seen : { ...seen, referenceNo }
  if (meaning.means === 'not-found') return { outcome: 'not-found', evidence }
  if (meaning.means !== 'success') return unknown(causeOf(meaning), evidence)
  if (status === undefined) return unknown('unreadable-answer', evidence)
  const outcome = outcomeOfStatus[status]
  return outcome === undefined
    ? unknown('unlisted-code', evidence)
    : { outcome, evidence: { ...evidence, status } }
}

/** A question that was refused, or put off, is a question without an answer. */
function causeOf(meaning: Meaning): UnknownCause {
  if (meaning.means === 'unknown') return meaning.cause
  const notConnected = meaning.means === 'deferred' && meaning.reason === 'not-connected'
  return notConnected ? 'connection-lost' : 'ambiguous-code'
}

const isParticipants = (reason: RejectionReason): reason is RefusalReason =>
  rejectionRemedy[reason] === 'participant'

/** What the partner says of an account. Refused only for what the participant can repair. */
export function verification(
  answer: Answer,
  account: AccountDetails,
  amount: Rupiah,
  salutations: readonly string[] = [],
): Verification {
  const { meaning, evidence } = answer
  if (meaning.means === 'rejected' && isParticipants(meaning.reason))
    return { outcome: 'refused', reason: meaning.reason, evidence }
  if (meaning.means === 'deferred') return { outcome: 'unavailable', reason: meaning.reason, evidence }
  if (meaning.means !== 'success') return { outcome: 'unavailable', reason: causeOf(meaning), evidence }
  return verified(answer, account, amount, salutations)
}

function verified(
  { fields, evidence: seen }: Answer,
  account: AccountDetails,
  amount: Rupiah,
  salutations: readonly string[],
): Verification {
  const unavailable = (reason: UnknownCause) => ({ outcome: 'unavailable', reason, evidence: seen }) as const
  const parsed = accountAnswer.safeParse(fields)
  if (!parsed.success) return unavailable('unreadable-answer')
  const { beneficiaryAccountNo, referenceNo, sessionId, maxAmount, feeAmount } = parsed.data
  const verifiedName = parsed.data.beneficiaryAccountName ?? parsed.data.customerName
  const fee = feeAmount && readAmount(feeAmount)
  const limit = maxAmount && readAmount(maxAmount, true)
  if (verifiedName === undefined || (feeAmount && fee === undefined) || (maxAmount && limit === undefined))
    return unavailable('unreadable-answer')
  if (beneficiaryAccountNo !== undefined && beneficiaryAccountNo !== account.number)
    return unavailable('answer-mismatch')

  const evidence = referenceNo === undefined ? seen : { ...seen, referenceNo }
  if (!namesAgree(account.holderName, verifiedName, salutations))
    return { outcome: 'refused', reason: 'name-mismatch', evidence }
  if (limit !== undefined && limit < amount)
    return { outcome: 'refused', reason: 'amount-over-limit', evidence }
  return {
    outcome: 'verified',
    verifiedName,
    ...(fee === undefined ? {} : { fee }),
    ...(sessionId === undefined ? {} : { session: sessionId }),
    evidence,
  }
}

/** What may be spent now: `availableBalance` of the account's first entry, sen dropped. */
export function balanceOf({ meaning, fields }: Answer): Balance {
  const parsed = balanceAnswer.safeParse(fields)
  const available = parsed.data?.accountInfos[0]?.availableBalance
  if (meaning.means !== 'success' || !available) return { outcome: 'unavailable' }
  const amount = readAmount(available, true)
  return amount === undefined ? { outcome: 'unavailable' } : { outcome: 'known', available: amount }
}
