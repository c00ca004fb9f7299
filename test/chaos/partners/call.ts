import * as z from 'zod'
import type { WireReply } from '../../../infra/local/partners/answers.ts'
import { parseJson } from '../../../shared/json.ts'
import type { HttpResult } from '../../../shared/partners/snap/http.ts'

/** Where a run may interfere with a request. */
export type CallPoint = {
  readonly service: 'token' | 'account' | 'transfer' | 'status' | 'balance'
  /** The transfer that is sent or asked about; absent for the other services. */
  readonly partnerReferenceNo?: string
}

/**
 * One step of a request, for a timeline; holds no personal data. `sent`: our side has written it. `handled`: the
 * partner has done what it does and says so. `answered`: what our side gets to hear of that, which may be nothing.
 */
export type CallStep = CallPoint & { readonly partner: string } & (
    | { readonly step: 'sent' }
    | {
        readonly step: 'handled' | 'answered'
        /** A response code, with a status where the answer names one; or how there was no readable answer. */
        readonly said: string
      }
  )

/** E.g. `gopay: transfer P-17-I1-A1 answered 2003800`. */
export function describeCall(call: CallStep): string {
  const { partner, service, partnerReferenceNo, step } = call
  const said = call.step === 'sent' ? undefined : call.said
  return [`${partner}:`, service, partnerReferenceNo, step, said].filter(Boolean).join(' ')
}

const answer = z.object({
  responseCode: z.string(),
  latestTransactionStatus: z.string().optional(),
})

/** What a reply or a result says, in a few words. */
export function saidBy(reply: WireReply | HttpResult): string {
  if (typeof reply === 'string') return reply
  if ('result' in reply && reply.result !== 'answered') return reply.result
  const parsed = answer.safeParse(parseJson(reply.body))
  if (!parsed.success) return `unreadable HTTP ${reply.status}`
  const { responseCode, latestTransactionStatus: status } = parsed.data
  return status === undefined ? responseCode : `${responseCode} status ${status}`
}
