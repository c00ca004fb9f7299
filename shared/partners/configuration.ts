import type { KeyObject } from 'node:crypto'
import { callDeadlineMaxSeconds, claimTermSeconds } from '../domain/deadlines.ts'
import type { RejectionReason } from '../domain/outcome.ts'
import type { PhoneFormat } from '../domain/phone.ts'

/** What differs between partners, as data. Everything that onboarding hands us in confidence is a `Credentials`. */
export type PartnerConfiguration = {
  /** SNAP services: a bank's 15 (account), 17 (intrabank transfer), 36 (status), 11 (balance), 14 (statement); a wallet's
   *  37 (account), 38 (top-up), 39 (status), 11 (balance). */
  readonly kind: 'bank' | 'wallet'
  /** Where a wallet is asked what became of a top-up by the banks' service; absent: by its own, 39. */
  readonly statusService?: '36'
  /** Path before the service's own, e.g. `/snap-service/v1/transfer-intrabank` has `/snap-service/v1`. */
  readonly pathPrefix: string
  readonly tokenPath: string
  /** Type 1: HMAC_SHA512 with the access token. Type 2: SHA256withRSA without a token. */
  readonly signature: 'hmac-with-token' | 'rsa-without-token'
  readonly signatureEncoding: 'base64' | 'hex'
  /** How a wallet's number is written in requests: `+628…`, `628…` or `08…`. Banks ignore it. */
  readonly phoneFormat: PhoneFormat
  /** Longest wait for one answer, in seconds; at most 10. */
  readonly callDeadlineSeconds: number
  /** Requests per second that the partner accepts from us, payments and questions together. */
  readonly ratePerSecond: number
  /** Part of the rate that inquiries may take, 0 to 1. */
  readonly inquiryShare: number
  /** Seconds after the last send's term from which what the partner says of it is final: "not found" counts as an answer,
   *  and "failed", "cancelled" or "refunded" ends the attempt. */
  readonly settleWindowSeconds: number
  /** Seconds after the first send within which the partner recognises a repeated reference. 0: nobody has
   *  published one, so no machine ever resends there. */
  readonly idempotencyWindowSeconds: number
  /** What the partner answers to a reference it already has: the first answer again, 409xx01, or 404xx18. */
  readonly duplicateAnswer: 'replay' | '409xx01' | '404xx18'
  /** Words that the partner writes before a holder's name; one of them is left out when names are compared. */
  readonly salutations?: readonly string[]
  /** Fields the partner demands beyond the standard, in the `additionalInfo` of account inquiry and transfer. */
  readonly additionalInfo?: Readonly<Record<string, string>>
  /** Where the partner's response codes depart from the standard: a code, or a code, a space and the
   *  `additionalInfo.resultMsg` that tells its cases apart, and the rejection it stands for, unless the message names
   *  a field that is not the account's. */
  readonly codes?: Readonly<Record<string, RejectionReason>>
}

/** Onboarding's secret, one per partner; parsed with zod where it is read. */
export type Credentials = {
  /** X-CLIENT-KEY, which asks for tokens. */
  readonly clientKey: string
  /** X-PARTNER-ID of every other request. BNI's clients send their API key there (https://github.com/bni-api/bni-nodejs,
   *  src/lib/api/snapBI.js), and Midtrans gives out a Partner ID beside the Client ID
   *  (https://docs.midtrans.com/reference/getting-started-payouts); at others it may be the client key. */
  readonly partnerId: string
  readonly clientSecret: string
  /** RSA; signs the token request and, for type 2, every request. The secret has its PEM. */
  readonly privateKey: KeyObject
  readonly channelId: string
  /** Our account at the partner: source of transfers (bank), account of balance inquiries. */
  readonly sourceAccount: string
}

type Rate = Pick<PartnerConfiguration, 'ratePerSecond' | 'inquiryShare'>

/** The rate's part for questions about open attempts, resends included; a fraction where the rate is small. */
export const questionsPerSecond = ({ ratePerSecond, inquiryShare }: Rate): number =>
  ratePerSecond * inquiryShare

/** The rest of it, for payments: with the questions' part it is the rate, and neither is ever nothing. */
export const paymentsPerSecond = (rate: Rate): number => rate.ratePerSecond - questionsPerSecond(rate)

/** What makes a configuration unsafe or senseless; each complaint names partner and field. Empty when sound. */
export function checkConfiguration(partner: string, configuration: PartnerConfiguration): readonly string[] {
  const {
    pathPrefix,
    tokenPath,
    callDeadlineSeconds: call,
    ratePerSecond,
    inquiryShare,
    settleWindowSeconds: settle,
    idempotencyWindowSeconds: window,
  } = configuration
  const rules: readonly (readonly [keyof PartnerConfiguration, boolean, string])[] = [
    ['pathPrefix', /^(\/[\w.-]+)+$/.test(pathPrefix), 'must begin with / and not end with it'],
    ['tokenPath', /^(\/[\w.-]+)+$/.test(tokenPath), 'must begin with / and not end with it'],
    [
      'callDeadlineSeconds',
      call > 0 && call <= callDeadlineMaxSeconds,
      `must be over 0 and at most ${callDeadlineMaxSeconds}`,
    ],
    ['ratePerSecond', ratePerSecond > 0, 'must be over 0'],
    ['inquiryShare', inquiryShare > 0 && inquiryShare < 1, 'must lie between 0 and 1'],
    // Sooner than that, the send in question may still be on its way.
    ['settleWindowSeconds', settle > call, 'must be over callDeadlineSeconds'],
    ['idempotencyWindowSeconds', window >= 0, 'must not be negative'],
    // The first resend ends two claim terms and a settle window after the claim, at the earliest.
    [
      'settleWindowSeconds',
      window === 0 || settle + 2 * claimTermSeconds < window,
      `must be under idempotencyWindowSeconds less ${2 * claimTermSeconds}`,
    ],
  ]
  return rules.filter(([, holds]) => !holds).map(([field, , demand]) => `${partner}: ${field} ${demand}`)
}
