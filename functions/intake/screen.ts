import type * as z from 'zod'
import {
  type CivilDate,
  type Instant,
  plusDays,
  secondsBetween,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { parsePhone } from '../../shared/domain/phone.ts'
import { isPlatform, wasPartnerIn } from '../../shared/domain/platform.ts'
import { type Scheme, schemeOfWave } from '../../shared/domain/scheme.ts'
import { parseJson } from '../../shared/json.ts'
import type { AccountLink } from '../../shared/ledger/ports.ts'
import { type IntakeRefusal, refuse } from './refusals.ts'
import {
  type CertificateIssued,
  certificateIssued,
  complaintsOf,
  envelopeSchema,
  type PayoutAccountLinked,
  payoutAccountLinked,
  type SurveyCompleted,
  surveyCompleted,
} from './schema.ts'

/** An event that may take effect. */
export type Accepted =
  | { readonly type: 'CertificateIssued'; readonly certificate: CertificateIssued; readonly scheme: Scheme }
  | { readonly type: 'SurveyCompleted'; readonly survey: SurveyCompleted }
  | { readonly type: 'PayoutAccountLinked'; readonly link: AccountLink }

export type Screening = {
  readonly now: Instant
  /** Event source to the AWS account that may publish under it. */
  readonly publishers: Readonly<Record<string, string>>
  /** Payment partner to its kind: a bank's accounts are digits, a wallet's are mobile numbers. */
  readonly partners: Readonly<Record<string, 'bank' | 'wallet'>>
  /** The only one that gives entitlements. */
  readonly scheme: Scheme
}
export type Screened = { readonly accepted: Accepted } | { readonly refused: IntakeRefusal }

/** Publishers' clocks may be ahead of ours by this much. */
const skewSeconds = 300
const core = 'prakerja.core'
const bankAccount = /^\d{5,34}$/

type Envelope = z.infer<typeof envelopeSchema>
const refused = (...reason: Parameters<typeof refuse>): Screened => ({ refused: refuse(...reason) })
const isAfter = (day: CivilDate, at: Instant): boolean => at >= startOfDay(plusDays(day, 1))
const inFuture = (at: Instant, now: Instant): boolean => secondsBetween(now, at) > skewSeconds

const publishedBy = ({ source, account }: Envelope, expected: string, { publishers }: Screening): boolean =>
  source === expected && Object.hasOwn(publishers, source) && publishers[source] === account

function screenCertificate(
  envelope: Envelope,
  certificate: CertificateIssued,
  screening: Screening,
): Screened {
  const { platform, wave, issuedAt } = certificate
  const claimed = /^prakerja\.platform\.(.*)$/.exec(envelope.source)?.[1]
  if (!isPlatform(platform) || (claimed !== undefined && !isPlatform(claimed)))
    return refused('unknown_platform')
  if (!publishedBy(envelope, `prakerja.platform.${platform}`, screening)) return refused('wrong_publisher')
  const scheme = schemeOfWave(wave)
  if (scheme?.name !== screening.scheme.name) return refused('unknown_wave')
  if (!wasPartnerIn(platform, wave)) return refused('platform_not_partner_in_wave')
  const early = issuedAt < startOfDay(scheme.firstCertificate)
  if (early || isAfter(scheme.lastCertificate, issuedAt)) return refused('outside_scheme')
  if (inFuture(issuedAt, screening.now)) return refused('issued_in_future')
  return { accepted: { type: 'CertificateIssued', certificate, scheme } }
}

function screenSurvey(envelope: Envelope, survey: SurveyCompleted, screening: Screening): Screened {
  if (!publishedBy(envelope, core, screening)) return refused('wrong_publisher')
  if (inFuture(survey.completedAt, screening.now)) return refused('issued_in_future')
  return { accepted: { type: 'SurveyCompleted', survey } }
}

function screenAccount(envelope: Envelope, linked: PayoutAccountLinked, screening: Screening): Screened {
  const { participantId, partner, accountNumber, holderName, linkedAt } = linked
  if (!publishedBy(envelope, core, screening)) return refused('wrong_publisher')
  const kind = Object.hasOwn(screening.partners, partner) ? screening.partners[partner] : undefined
  if (!kind) return refused('unknown_partner')
  const number = kind === 'wallet' ? parsePhone(accountNumber) : bankAccount.exec(accountNumber)?.[0]
  if (number === undefined) return refused('invalid_account_number')
  if (isAfter(screening.scheme.lastLink, linkedAt)) return refused('outside_scheme')
  if (inFuture(linkedAt, screening.now)) return refused('issued_in_future')
  const link = { participantId, partner, number, holderName, linkedAt }
  return { accepted: { type: 'PayoutAccountLinked', link } }
}

/** Checks an envelope's detail against its schema, then by the rules of its type. */
function detailed<T>(
  envelope: Envelope,
  schema: z.ZodType<T>,
  rules: (envelope: Envelope, detail: T, screening: Screening) => Screened,
  screening: Screening,
): Screened {
  const parsed = schema.safeParse(envelope.detail)
  return parsed.success
    ? rules(envelope, parsed.data, screening)
    : refused('malformed', complaintsOf(parsed.error))
}

/** What becomes of a queue body, as far as that can be told without the ledger. Total: never throws. */
export function screen(body: string, screening: Screening): Screened {
  const json = parseJson(body)
  if (json === undefined) return refused('malformed', 'not JSON')
  const parsed = envelopeSchema.safeParse(json)
  if (!parsed.success) return refused('malformed', complaintsOf(parsed.error))
  const envelope = parsed.data
  switch (envelope['detail-type']) {
    case 'CertificateIssued':
      return detailed(envelope, certificateIssued, screenCertificate, screening)
    case 'SurveyCompleted':
      return detailed(envelope, surveyCompleted, screenSurvey, screening)
    case 'PayoutAccountLinked':
      return detailed(envelope, payoutAccountLinked, screenAccount, screening)
    default:
      return refused('unknown_event_type')
  }
}
