import * as z from 'zod'
import { type Instant, parseInstant, secondsBetween } from '../../../shared/domain/instant.ts'
import { noRupiah, type Rupiah, rupiah } from '../../../shared/domain/rupiah.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Accounts } from './accounts.ts'
import type { Answer } from './answers.ts'

/** The bodies of SNAP's services, read as strictly as the standard words them, and what they ask for. */
export type TransferOrder = {
  readonly partnerReferenceNo: string
  readonly accountNumber: string
  readonly amount: Rupiah
  /** As the request wrote it. */
  readonly transactionDate?: string | undefined
}
export type AccountQuestion = {
  readonly accountNumber: string
  readonly partnerReferenceNo: string | undefined
}
export type StatementQuestion = {
  readonly accountNo: string
  readonly from: Instant
  readonly to: Instant
}
export type Read<Content> = { readonly content: Content } | { readonly refusal: Answer }

export type RequestReader = {
  accountQuestion(body: string): Read<AccountQuestion>
  transferOrder(body: string): Read<TransferOrder>
  /** Content: the partnerReferenceNo asked about, by which alone our side asks. */
  statusQuestion(body: string): Read<string>
  /** Content: our account that the question is about. */
  balanceQuestion(body: string): Read<string>
  /** A month at most, as the standard limits it. */
  statementQuestion(body: string): Read<StatementQuestion>
  tokenRequest(body: string): Read<unknown>
}

const text = (length: number) => z.string().min(1).max(length)
/** An absent field may also be written as an empty one, as BNI's own SDK does. */
const optional = (length: number) => z.string().max(length).optional()
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/)
const money = z.object({ value: z.string().regex(/^\d{1,13}\.\d{2}$/), currency: z.literal('IDR') })
const additionalInfo = z.record(z.string(), z.unknown()).optional()
const monthSeconds = 31 * 86_400

const bodies = {
  bankAccount: z.object({
    partnerReferenceNo: optional(64),
    beneficiaryAccountNo: text(34),
    additionalInfo,
  }),
  bankTransfer: z.object({
    partnerReferenceNo: text(64),
    amount: money,
    beneficiaryAccountNo: text(34),
    beneficiaryEmail: optional(50),
    currency: optional(3),
    customerReference: optional(30),
    feeType: optional(25),
    remark: optional(50),
    sourceAccountNo: text(19),
    transactionDate: timestamp,
    additionalInfo,
  }),
  walletAccount: z.object({
    partnerReferenceNo: optional(64),
    customerNumber: text(32),
    amount: money,
    transactionDate: timestamp.optional(),
    additionalInfo,
  }),
  walletTransfer: z.object({
    partnerReferenceNo: text(64),
    customerNumber: text(32),
    customerName: optional(255),
    amount: money,
    feeAmount: money.optional(),
    transactionDate: timestamp.optional(),
    sessionId: optional(25),
    categoryId: optional(10),
    notes: optional(255),
    additionalInfo,
  }),
  status: z.object({
    originalPartnerReferenceNo: text(64),
    originalReferenceNo: optional(64),
    originalExternalId: optional(36),
    serviceCode: text(2),
    transactionDate: z.union([z.literal(''), timestamp]).optional(),
    amount: money.optional(),
    additionalInfo,
  }),
  balance: z.object({ partnerReferenceNo: optional(64), accountNo: text(16), additionalInfo }),
  statement: z.object({
    partnerReferenceNo: optional(64),
    accountNo: text(16),
    fromDateTime: timestamp,
    toDateTime: timestamp,
    additionalInfo,
  }),
  token: z.object({ grantType: z.literal('client_credentials'), additionalInfo }),
}

/** `transferCode` is the service code that a status question must name. */
export function createRequestReader(deps: {
  readonly configuration: Pick<PartnerConfiguration, 'kind' | 'additionalInfo'>
  readonly credentials: Pick<Credentials, 'sourceAccount'>
  readonly accounts: Accounts
  readonly transferCode: string
}): RequestReader {
  const { configuration, credentials, accounts, transferCode } = deps
  const isBank = configuration.kind === 'bank'
  const numberField = isBank ? 'beneficiaryAccountNo' : 'customerNumber'

  /** Reads the account's number, once everything is there that this partner demands beyond the standard. */
  function withAccount<Content>(
    written: string,
    given: Readonly<Record<string, unknown>> | undefined,
    content: (accountNumber: string) => Content,
  ): Read<Content> {
    const demanded = Object.entries(configuration.additionalInfo ?? {})
    const missing = demanded.find(([name, value]) => given?.[name] !== value)?.[0]
    if (missing !== undefined) return { refusal: { case: '40002', detail: `additionalInfo.${missing}` } }
    const accountNumber = accounts.read(written)
    return accountNumber === undefined ? wrongFormat(numberField) : { content: content(accountNumber) }
  }

  function order(
    written: string,
    body: z.infer<typeof bodies.walletTransfer> | z.infer<typeof bodies.bankTransfer>,
  ): Read<TransferOrder> {
    const { partnerReferenceNo, transactionDate } = body
    const amount = wholeRupiah(body.amount.value)
    if (amount === noRupiah) return { refusal: { case: '40413' } }
    return withAccount(written, body.additionalInfo, (accountNumber) => ({
      partnerReferenceNo,
      accountNumber,
      amount,
      transactionDate,
    }))
  }

  return {
    accountQuestion: (body) =>
      isBank
        ? read(bodies.bankAccount, body, ({ partnerReferenceNo, beneficiaryAccountNo, additionalInfo }) =>
            withAccount(beneficiaryAccountNo, additionalInfo, (accountNumber) => ({
              accountNumber,
              partnerReferenceNo,
            })),
          )
        : read(bodies.walletAccount, body, ({ partnerReferenceNo, customerNumber, additionalInfo }) =>
            withAccount(customerNumber, additionalInfo, (accountNumber) => ({
              accountNumber,
              partnerReferenceNo,
            })),
          ),
    transferOrder: (body) =>
      isBank
        ? read(bodies.bankTransfer, body, (fields) =>
            fields.sourceAccountNo === credentials.sourceAccount
              ? order(fields.beneficiaryAccountNo, fields)
              : wrongFormat('sourceAccountNo'),
          )
        : read(bodies.walletTransfer, body, (fields) => order(fields.customerNumber, fields)),
    statusQuestion: (body) =>
      read(bodies.status, body, ({ originalPartnerReferenceNo, serviceCode }) =>
        serviceCode === transferCode ? { content: originalPartnerReferenceNo } : wrongFormat('serviceCode'),
      ),
    balanceQuestion: (body) =>
      read(bodies.balance, body, ({ accountNo }) =>
        accountNo === credentials.sourceAccount ? { content: accountNo } : { refusal: { case: '40411' } },
      ),
    statementQuestion: (body) =>
      read(bodies.statement, body, ({ accountNo, fromDateTime, toDateTime }) => {
        const [from, to] = [parseInstant(fromDateTime), parseInstant(toDateTime)]
        if (!from || !to || to < from) return wrongFormat('toDateTime')
        if (secondsBetween(from, to) > monthSeconds) return wrongFormat('fromDateTime')
        return accountNo === credentials.sourceAccount
          ? { content: { accountNo, from, to } }
          : { refusal: { case: '40411' } }
      }),
    tokenRequest: (body) => read(bodies.token, body, (content) => ({ content })),
  }
}

const wrongFormat = (field: string): { readonly refusal: Answer } => ({
  refusal: { case: '40001', detail: field },
})

/** Zero for an amount with a fraction of a rupiah, which nobody can be paid either. */
const wholeRupiah = (value: string): Rupiah =>
  value.endsWith('.00') ? rupiah(Number(value.slice(0, -3))) : noRupiah

function read<Body, Content>(
  schema: z.ZodType<Body>,
  body: string,
  then: (fields: Body) => Read<Content>,
): Read<Content> {
  const json = parsed(body)
  if (json === undefined) return { refusal: { case: '40000' } }
  const result = schema.safeParse(json)
  if (result.success) return then(result.data)
  const path = result.error.issues[0]?.path ?? []
  const isMissing = [undefined, null, ''].some((absent) => valueAt(json, path) === absent)
  return { refusal: { case: isMissing ? '40002' : '40001', detail: path.join('.') } }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    json,
  )
