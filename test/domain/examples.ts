import type { AccountVersion, Certificate, Entitlement, Facts } from '../../shared/domain/facts.ts'
import { type Instant, parseInstant } from '../../shared/domain/instant.ts'
import type {
  DeferralReason,
  Evidence,
  InquiryOutcome,
  RejectionReason,
  TransferOutcome,
  UnknownCause,
} from '../../shared/domain/outcome.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'

/** One participant of 2020, and the words partners use. */

/** The instant of an ISO text with an offset; throws on a test's own mistake. */
export function at(text: string): Instant {
  const parsed = parseInstant(text)
  if (!parsed) throw new Error(`not an instant: ${text}`)
  return parsed
}

export const participantId = 'P-00017'

export const certificate: Certificate = {
  certificateId: 'C-0001',
  issuedAt: at('2020-09-18T10:00:00+07:00'),
  platform: 'tokopedia',
  trainingProvider: 'skill-academy',
  trainingId: 'T-0001',
}

export const entitlement: Entitlement = {
  participantId,
  wave: 5,
  scheme: scheme2020.name,
  governing: certificate,
  replacements: 0,
}

export const account = (version: string, change: Partial<AccountVersion> = {}): AccountVersion => ({
  version,
  partner: 'gopay',
  lastFour: `000${version.slice(-1)}`,
  linkedAt: at('2020-09-01T10:00:00+07:00'),
  shared: false,
  ...change,
})

/** Certificate and account `1`; no survey. */
export const linked: Facts = { entitlement, surveys: {}, accounts: [account('1')] }
/** Certificate only. */
export const unlinked: Facts = { entitlement, surveys: {}, accounts: [] }

const evidence: Evidence = { code: '2003800', http: 200 }

export const paid = { outcome: 'paid', evidence } as const
export const pending = { outcome: 'pending', evidence } as const
export const failed: InquiryOutcome = { outcome: 'failed', evidence: { ...evidence, status: '06' } }
export const cancelled: InquiryOutcome = { outcome: 'cancelled', evidence: { ...evidence, status: '05' } }
export const refunded: InquiryOutcome = { outcome: 'refunded', evidence: { ...evidence, status: '04' } }
export const notFound: InquiryOutcome = { outcome: 'not-found', evidence }
export const unknown = (cause: UnknownCause = 'timeout') =>
  ({ outcome: 'unknown', cause, evidence: {} }) as const
export const rejected = (reason: RejectionReason = 'account-blocked'): TransferOutcome => ({
  outcome: 'rejected',
  reason,
  evidence,
})
export const deferred = (
  reason: DeferralReason = 'daily-limit',
  notBefore = at('2020-09-19T00:00:00+07:00'),
): TransferOutcome => ({ outcome: 'deferred', reason, notBefore, evidence })
