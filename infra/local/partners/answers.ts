import { instant, jakartaTimestamp } from '../../../shared/domain/instant.ts'
import type { Rupiah } from '../../../shared/domain/rupiah.ts'

/**
 * The answers that a simulated partner gives, by HTTP status and SNAP case: `40315` is `403xx15`, with the
 * service's code in place of `xx` (https://apidevportal.bi.go.id/snap/api-services/keamanan).
 */
export const messages = {
  '20000': 'Successful',
  '20200': 'Request In Progress',
  '40000': 'Bad Request',
  '40001': 'Invalid Field Format',
  '40002': 'Invalid Mandatory Field',
  '40100': 'Unauthorized.',
  '40101': 'Invalid Token (B2B)',
  '40103': 'Token Not Found (B2B)',
  '40302': 'Exceeds Transaction Amount Limit',
  '40303': 'Suspected Fraud',
  '40305': 'Do Not Honor',
  '40306': 'Feature Not Allowed At This Time',
  '40309': 'Dormant Account',
  '40314': 'Insufficient Funds',
  '40315': 'Transaction Not Permitted. Account not upgraded',
  '40318': 'Inactive Card/Account/Customer',
  '40323': 'Account Limit Exceed',
  '40400': 'Not Found',
  '40401': 'Transaction Not Found',
  '40411': 'Invalid Card/Account/Customer',
  '40413': 'Invalid Amount',
  '40418': 'Inconsistent Request',
  '40500': 'Requested Function Is Not Supported',
  '40900': 'Conflict',
  '40901': 'Duplicate partnerReferenceNo',
  '42900': 'Too Many Requests',
  '50000': 'General Error',
  '50400': 'Timeout',
} as const
export type Case = keyof typeof messages

/** `latestTransactionStatus` and its description. */
export const statuses = {
  '00': 'Success',
  '03': 'Pending',
  '04': 'Refunded',
  '05': 'Canceled',
  '06': 'Failed',
  '07': 'Not found',
} as const
export type Status = keyof typeof statuses

export type Answer = {
  readonly case: Case
  /** Ends the message: the field or the reason. */
  readonly detail?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** How the answer is spoilt on its way out; absent: it is not. */
  readonly spoilt?: 'html' | 'truncated'
}

/** SNAP's form of an amount. */
export const money = (amount: Rupiah): { readonly value: string; readonly currency: 'IDR' } => ({
  value: `${amount}.00`,
  currency: 'IDR',
})

/** `lost`: the connection is cut without an answer. `held`: it stays open without one. */
export type Reply = Answer | 'lost' | 'held'

/** A reply as it goes over the wire. */
export type WireReply =
  | {
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | 'lost'
  | 'held'

/** Writes a reply as it is sent; `serviceCode` has two digits, `now` is in epoch milliseconds. */
export function render(serviceCode: string, reply: Reply, now: number): WireReply {
  if (reply === 'lost' || reply === 'held') return reply
  const timestamp = { 'X-TIMESTAMP': jakartaTimestamp(instant(now)) }
  if (reply.spoilt === 'html') {
    const body = '<html><body>The service is under maintenance.</body></html>'
    return { status: 200, headers: { ...timestamp, 'Content-Type': 'text/html' }, body }
  }
  const text = answerText(serviceCode, reply)
  return {
    status: Number(reply.case.slice(0, 3)),
    headers: { ...timestamp, 'Content-Type': 'application/json', ...reply.headers },
    body: reply.spoilt === 'truncated' ? text.slice(0, text.length / 2) : text,
  }
}

function answerText(serviceCode: string, answer: Answer): string {
  const responseCode = `${answer.case.slice(0, 3)}${serviceCode}${answer.case.slice(3)}`
  const message = messages[answer.case]
  const responseMessage = answer.detail === undefined ? message : `${message} ${answer.detail}`
  return JSON.stringify({ responseCode, responseMessage, ...answer.fields })
}
