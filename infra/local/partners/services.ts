import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Answer, Reply } from './answers.ts'
import type { Admission, Gate, WireRequest } from './gate.ts'
import type { Inquiries } from './inquiries.ts'
import type { RateCap } from './rate-cap.ts'
import type { Read, RequestReader, TransferOrder } from './requests.ts'
import type { BankStatement } from './statements/bank-statement.ts'
import type { Tokens } from './tokens.ts'
import type { Transfers } from './transfers.ts'

/** One service of the partner: where it is, its two-digit code, and what it does with a request let in. */
export type Service = {
  readonly path: string
  readonly code: string
  handle(request: WireRequest): Promise<Reply>
}

/** Told that a transfer arrived, and again when it is booked or refused but not yet answered; awaited. */
export type TransferHook = (event: {
  readonly partnerReferenceNo: string
  readonly moment: 'before-booking' | 'after-booking'
}) => void | Promise<void>

export const transferCodes = { bank: '17', wallet: '38' } as const
/** A wallet may have 36 as well, in place of its own. */
export const statusCodes = { bank: '36', wallet: '39' } as const
const statusPaths = { '36': '/transfer/status', '39': '/emoney/topup-status' } as const

/** SNAP's services for a bank or a wallet. https://apidevportal.bi.go.id/snap/api-services */
export function createServices(deps: {
  readonly configuration: Pick<PartnerConfiguration, 'kind' | 'pathPrefix' | 'tokenPath'>
  readonly credentials: Pick<Credentials, 'clientKey'>
  readonly gate: Gate
  readonly rateCap: RateCap
  readonly reader: RequestReader
  readonly transfers: Transfers
  readonly inquiries: Inquiries
  readonly statusCode: keyof typeof statusPaths
  readonly bankStatement: BankStatement
  readonly tokens: Tokens
  readonly hook: () => TransferHook | undefined
}): readonly Service[] {
  const { configuration, credentials, gate, rateCap, reader, transfers, inquiries, tokens, hook } = deps

  /** Every service but the token's, which has no rate: rate, then gate, then body, then business. */
  function service<Content>(
    path: string,
    code: string,
    read: (body: string) => Read<Content>,
    business: (content: Content, admission: Admission) => Reply | Promise<Reply>,
  ): Service {
    return {
      path: `${configuration.pathPrefix}${path}`,
      code,
      async handle(request) {
        if (!rateCap.take()) return { case: '42900' }
        const admission = gate.admit(request)
        if ('case' in admission) return admission
        const asked = read(request.body)
        return 'refusal' in asked ? asked.refusal : business(asked.content, admission)
      },
    }
  }

  async function transfer(order: TransferOrder, admission: Admission): Promise<Reply> {
    const { partnerReferenceNo } = order
    await hook()?.({ partnerReferenceNo, moment: 'before-booking' })
    const reply = transfers.receive(order, admission)
    await hook()?.({ partnerReferenceNo, moment: 'after-booking' })
    return reply
  }

  function issueToken(request: WireRequest): Answer {
    if (rateCap.closed()) return { case: '42900' }
    const refusal = gate.admitTokenRequest(request)
    if (refusal !== undefined) return refusal
    const asked = reader.tokenRequest(request.body)
    if ('refusal' in asked) return asked.refusal
    return {
      case: '20000',
      headers: { 'X-CLIENT-KEY': credentials.clientKey },
      fields: { accessToken: tokens.issue(), tokenType: 'Bearer', expiresIn: `${tokens.seconds}` },
    }
  }

  const { accountQuestion, statusQuestion, balanceQuestion, transferOrder } = reader
  const { account, status, balance } = inquiries
  const isBank = configuration.kind === 'bank'
  const transferCode = transferCodes[configuration.kind]
  const paths = isBank
    ? { account: '/account-inquiry-internal', transfer: '/transfer-intrabank' }
    : { account: '/emoney/account-inquiry', transfer: '/emoney/topup' }
  return [
    { path: configuration.tokenPath, code: '73', handle: async (request) => issueToken(request) },
    service(paths.account, isBank ? '15' : '37', accountQuestion, account),
    service(paths.transfer, transferCode, transferOrder, transfer),
    service(statusPaths[deps.statusCode], deps.statusCode, statusQuestion, status),
    service('/balance-inquiry', '11', balanceQuestion, balance),
    ...(isBank ? [service('/bank-statement', '14', reader.statementQuestion, deps.bankStatement)] : []),
  ]
}
