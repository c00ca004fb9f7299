import type { DeferralReason, RejectionReason, UnknownCause } from '../../domain/outcome.ts'
import type { PartnerConfiguration } from '../configuration.ts'

/** What a response code says, before the answer's other fields are looked at. */
export type Meaning =
  | { readonly means: 'success' | 'pending' | 'not-found' }
  | { readonly means: 'rejected'; readonly reason: RejectionReason }
  | { readonly means: 'deferred'; readonly reason: DeferralReason }
  | { readonly means: 'unknown'; readonly cause: UnknownCause }

const rejected = (reason: RejectionReason): Meaning => ({ means: 'rejected', reason })
const deferred = (reason: DeferralReason): Meaning => ({ means: 'deferred', reason })
const unknown = (cause: UnknownCause): Meaning => ({ means: 'unknown', cause })

/**
 * A response code is HTTP status (3 digits), service (2), case (2); the table's key leaves the service out.
 * The messages are SNAP's (https://apidevportal.bi.go.id/snap/api-services/transfer-kredit/trigger-transfer,
 * Response Code); what follows from them is ours, and cautious: only a refusal that cannot come after a
 * payment is rejected or deferred. A code that is not here is `unlisted-code`, never failed and never paid;
 * that covers the standard's cases for cards, bills, one-time passwords and customer tokens.
 */
const standard: Readonly<Record<string, Meaning>> = {
  '200 00': { means: 'success' }, // Successful
  '202 00': { means: 'pending' }, // Request In Progress
  '400 00': rejected('request-refused'), // Bad Request
  '400 01': rejected('request-refused'), // Invalid Field Format {field}
  '400 01 account': rejected('account-unknown'), // the same, and the field is the beneficiary's number
  '400 02': rejected('request-refused'), // Invalid Mandatory Field {field}
  '401 00': deferred('credentials-refused'), // Unauthorized: signature, client or key
  '401 01': deferred('credentials-refused'), // Invalid Token, though it was fresh
  '401 03': deferred('credentials-refused'), // Token Not Found, though it was fresh
  '403 00': unknown('ambiguous-code'), // Transaction Expired
  '403 01': rejected('merchant-refused'), // Feature Not Allowed
  '403 02': rejected('amount-over-limit'), // Exceeds Transaction Amount Limit
  '403 03': rejected('suspected-fraud'), // Suspected Fraud
  '403 04': deferred('daily-limit'), // Activity Count Limit Exceeded
  '403 05': rejected('account-abnormal'), // Do Not Honor: the account's status is abnormal
  '403 06': deferred('cut-off'), // Feature Not Allowed At This Time
  '403 07': rejected('account-blocked'), // Card Blocked
  '403 08': rejected('account-blocked'), // Card Expired
  '403 09': rejected('account-dormant'), // Dormant Account
  '403 14': deferred('float-empty'), // Insufficient Funds: of ours, at the partner
  '403 15': rejected('merchant-refused'), // Transaction Not Permitted
  '403 16': deferred('partner-suspended'), // Suspend Transaction
  '403 18': rejected('account-inactive'), // Inactive Card/Account/Customer
  '403 19': rejected('merchant-refused'), // Merchant Blacklisted
  '403 20': deferred('daily-limit'), // Merchant Limit Exceed
  '403 23': deferred('daily-limit'), // Account Limit Exceed, that day
  '404 00': unknown('ambiguous-code'), // Invalid Transaction Status
  '404 01': { means: 'not-found' }, // Transaction Not Found
  '404 02': rejected('routing-unavailable'), // Invalid Routing
  '404 03': rejected('routing-unavailable'), // Bank Not Supported By Switch
  '404 04': unknown('ambiguous-code'), // Transaction Cancelled
  '404 08': rejected('merchant-refused'), // Invalid Merchant
  '404 09': rejected('merchant-refused'), // No Issuer
  '404 11': rejected('account-unknown'), // Invalid Card/Account/Customer
  '404 13': rejected('request-refused'), // Invalid Amount
  '404 16': rejected('merchant-refused'), // Partner Not Found
  '404 18': unknown('inconsistent-request'), // Inconsistent Request: our reference, other parameters
  '405 00': rejected('request-refused'), // Requested Function Is Not Supported
  '405 01': rejected('request-refused'), // Requested Operation Is Not Allowed
  '409 00': unknown('ambiguous-code'), // Conflict: X-EXTERNAL-ID seen that day, so the request came in twice
  '409 01': unknown('duplicate-reference'), // Duplicate partnerReferenceNo
  '429 00': deferred('rate-limited'), // Too Many Requests
  '500 00': unknown('server-error'), // General Error
  '500 01': unknown('server-error'), // Internal Server Error
  '500 02': unknown('server-error'), // External Server Error
  '504 00': unknown('server-error'), // Timeout
}

const tables: Readonly<Record<PartnerConfiguration['kind'], typeof standard>> = {
  bank: standard,
  wallet: {
    ...standard,
    // A wallet permits no payments into it until its holder has proven who they are.
    '403 15': rejected('wallet-not-upgraded'),
  },
}

/** The standard's messages name the field that they do not like: "Invalid Field Format {field name}". */
const namesField = /(?:field format|mandatory field)\W*\w/i
/** Of those, the participant's. */
const accountField = /beneficiaryAccountNo|customerNumber/i

/** An answer's words about itself, as far as its meaning depends on them. */
export type ResponseCode = {
  /** 7 digits. */
  readonly code: string
  readonly message: string | undefined
  /** DANA's `additionalInfo.resultMsg`, which tells apart what one code covers. */
  readonly detail: string | undefined
}

/**
 * The meaning of a code at a partner: the partner's own exception if there is one, else the table's. An exception
 * speaks of the account, so it does not hold where the message names a field that is ours, such as X-TIMESTAMP.
 */
export function meaningOf(
  { code, message, detail }: ResponseCode,
  { kind, codes = {} }: Pick<PartnerConfiguration, 'kind' | 'codes'>,
): Meaning {
  const namesAccount = accountField.test(message ?? '')
  const exception = codes[`${code} ${detail ?? ''}`] ?? codes[code]
  if (exception && (namesAccount || !namesField.test(message ?? ''))) return rejected(exception)
  const key = `${code.slice(0, 3)} ${code.slice(5)}`
  const isOfAccount = key === '400 01' && namesAccount
  return tables[kind][isOfAccount ? `${key} account` : key] ?? unknown('unlisted-code')
}
