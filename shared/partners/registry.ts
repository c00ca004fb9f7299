import { checkConfiguration, type PartnerConfiguration } from './configuration.ts'

/**
 * The programme's payment partners. Each value says where it is from; `ASPI default` is the standard's own
 * (https://apidevportal.bi.go.id/snap/api-services), taken where a partner has published nothing. A further
 * partner is one more entry, its settings in each stage and one more secret.
 */

const minutes = (count: number): number => count * 60
const days = (count: number): number => count * 86_400

/** Paths, signature and limits of a partner that has published none. */
const aspiDefault = {
  pathPrefix: '/v1.0',
  tokenPath: '/v1.0/access-token/b2b',
  // Type 1 is the standard's default.
  signature: 'hmac-with-token',
  // The standard leaves it open; every partner whose client code is public sends base64.
  signatureEncoding: 'base64',
  // Chosen: as long as our own deadlines allow, because every call given up is an unknown outcome.
  callDeadlineSeconds: 10,
  // Chosen, to be agreed at onboarding: twice what a quarter of a million payouts in ten hours asks.
  ratePerSecond: 15,
  // Chosen: at most one call in five is a question.
  inquiryShare: 0.2,
  // Chosen: longer than the ten minutes after which Midtrans calls a status final
  // (https://docs.midtrans.com/reference/transfer-status-inquiry).
  settleWindowSeconds: minutes(15),
  // Not published, so no machine resends.
  idempotencyWindowSeconds: 0,
  // ASPI's case 409xx01, "Duplicate partnerReferenceNo".
  duplicateAnswer: '409xx01',
} as const satisfies Partial<PartnerConfiguration>

/** A wallet that has published no SNAP pages of its own. */
const aspiWallet: PartnerConfiguration = {
  ...aspiDefault,
  kind: 'wallet',
  // Chosen; the form DANA documents (https://dashboard.dana.id/api-docs-v2/api/disbursement/customer-top-up).
  phoneFormat: '62',
}

export const partnerConfigurations = {
  /** BNI's own client code: https://github.com/bni-api/bni-python and bni-nodejs; limits: ASPI default. */
  bni: {
    ...aspiDefault,
    kind: 'bank',
    pathPrefix: '/snap-service/v1',
    tokenPath: '/snap/v1/access-token/b2b',
    phoneFormat: 'e164',
    // The client code's tests expect it of an inactive account, as of a number that is not there.
    codes: { '4001501': 'account-inactive' },
    // "Bpk JONOMADE …", "Bpk ABDUL QODIR": https://digitalservices.bni.co.id/documentation/public/services/1 and /3;
    // all four are in messages of its core system, https://github.com/ag2uki/BNI-TCS-BANCS, CoreService.
    salutations: ['Bpk', 'Ibu', 'Sdr', 'Sdri'],
  },
  /** GoPay through Midtrans payouts: https://docs.midtrans.com/reference/customer-top-up. */
  gopay: {
    ...aspiWallet,
    // https://docs.midtrans.com/reference/transfer-status-inquiry
    statusService: '36',
    // "Uniqueness checking" lasts two months there; 55 days are less than any two.
    idempotencyWindowSeconds: days(55),
    // https://docs.midtrans.com/reference/error-mapping: 409XX01 for a reference that already exists.
    duplicateAnswer: '409xx01',
    // https://docs.midtrans.com/reference/e-money-provider
    additionalInfo: { beneficiaryProvider: 'gopay' },
  },
  /** Not published; ASPI default. */
  linkaja: aspiWallet,
  /** Not published; ASPI default. */
  ovo: aspiWallet,
} as const satisfies Record<string, PartnerConfiguration>

export type PartnerName = keyof typeof partnerConfigurations

/** Throws on a name that has no entry. */
export function configurationOf(partner: string): PartnerConfiguration {
  const configurations: Readonly<Record<string, PartnerConfiguration>> = partnerConfigurations
  const configuration = Object.hasOwn(configurations, partner) ? configurations[partner] : undefined
  if (!configuration) throw new Error(`${partner} is not a payment partner: it has no configuration`)
  return configuration
}

const complaints = Object.entries(partnerConfigurations).flatMap(([partner, configuration]) =>
  checkConfiguration(partner, configuration),
)
if (complaints.length > 0) throw new Error(`unsound partner configuration: ${complaints.join('; ')}`)
