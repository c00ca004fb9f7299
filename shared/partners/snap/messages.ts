import * as z from 'zod'
import { type Instant, jakartaTimestamp } from '../../domain/instant.ts'
import { renderPhone } from '../../domain/phone.ts'
import { type Rupiah, rupiah } from '../../domain/rupiah.ts'
import type { PartnerConfiguration } from '../configuration.ts'
import type { AttemptQuestion, InstantRange, Transfer } from '../partner.ts'

/**
 * The messages of the services we use, as they travel. Banks:
 * https://apidevportal.bi.go.id/snap/api-services/transfer-kredit/account-inquiry (15), trigger-transfer (17),
 * transaction-status-inquiry-bank (36), bank statement (14, under riwayat-transaksi); wallets: customer-top-up (37, 38,
 * 39; Midtrans has 36 instead of it, https://docs.midtrans.com/reference/transfer-status-inquiry); both: balance
 * inquiry (11).
 */

/** A SNAP service: its code, which every response code repeats, and its path after the partner's prefix. */
export type Service = { readonly code: string; readonly path: string }

type Services = Readonly<Record<'account' | 'transfer' | 'status', Service>>

const transferStatus: Service = { code: '36', path: '/transfer/status' }
const services: Readonly<Record<PartnerConfiguration['kind'], Services>> = {
  bank: {
    account: { code: '15', path: '/account-inquiry-internal' },
    transfer: { code: '17', path: '/transfer-intrabank' },
    status: transferStatus,
  },
  wallet: {
    account: { code: '37', path: '/emoney/account-inquiry' },
    transfer: { code: '38', path: '/emoney/topup' },
    status: { code: '39', path: '/emoney/topup-status' },
  },
}

/** A partner's own: those of its kind, but for the status service where it has another. */
export const servicesOf = ({
  kind,
  statusService,
}: Pick<PartnerConfiguration, 'kind' | 'statusService'>): Services =>
  statusService === '36' ? { ...services[kind], status: transferStatus } : services[kind]

export const balanceService: Service = { code: '11', path: '/balance-inquiry' }
export const statementService: Service = { code: '14', path: '/bank-statement' }

const wireAmount = (amount: Rupiah) => ({ value: `${amount}.00`, currency: 'IDR' })

/** Who owns the account, and, from a wallet, how much it may still receive. */
export function accountRequest(
  { kind, phoneFormat, additionalInfo }: PartnerConfiguration,
  asked: {
    readonly number: string
    readonly amount: Rupiah
    readonly reference: string
    readonly now: Instant
  },
): string {
  const body =
    kind === 'bank'
      ? { partnerReferenceNo: asked.reference, beneficiaryAccountNo: asked.number }
      : {
          partnerReferenceNo: asked.reference,
          customerNumber: renderPhone(asked.number, phoneFormat),
          amount: wireAmount(asked.amount),
          transactionDate: jakartaTimestamp(asked.now),
        }
  return JSON.stringify({ ...body, additionalInfo })
}

/** A bank's intrabank transfer. The reference is also its remark, so that the bank statement's lines carry it. */
const bankTransfer = (transfer: Transfer, sourceAccount: string) => ({
  partnerReferenceNo: transfer.partnerReferenceNo,
  amount: wireAmount(transfer.amount),
  beneficiaryAccountNo: transfer.accountNumber,
  remark: transfer.partnerReferenceNo,
  sourceAccountNo: sourceAccount,
  transactionDate: jakartaTimestamp(transfer.transactionDate),
})

/** A wallet's top-up. Midtrans takes letters, digits, spaces and underscores in `notes`, and demands them. */
const walletTopUp = (transfer: Transfer, { phoneFormat }: PartnerConfiguration) => ({
  partnerReferenceNo: transfer.partnerReferenceNo,
  customerNumber: renderPhone(transfer.accountNumber, phoneFormat),
  customerName: transfer.verifiedName,
  amount: wireAmount(transfer.amount),
  feeAmount: transfer.fee === undefined ? undefined : wireAmount(transfer.fee),
  transactionDate: jakartaTimestamp(transfer.transactionDate),
  sessionId: transfer.session,
  notes: transfer.partnerReferenceNo.replace(/[^A-Za-z0-9 _]/g, '_'),
})

/** The same transfer always gives the same bytes: nothing but its arguments is read. */
export function transferRequest(
  configuration: PartnerConfiguration,
  transfer: Transfer,
  sourceAccount: string,
): string {
  const body =
    configuration.kind === 'bank'
      ? bankTransfer(transfer, sourceAccount)
      : walletTopUp(transfer, configuration)
  return JSON.stringify({ ...body, additionalInfo: configuration.additionalInfo })
}

/** `serviceCode` is the asked transfer's. A bank takes date and amount too; a wallet's 39 and Midtrans' 36 do not. */
export function statusRequest(kind: PartnerConfiguration['kind'], question: AttemptQuestion): string {
  const asked = {
    originalPartnerReferenceNo: question.partnerReferenceNo,
    serviceCode: services[kind].transfer.code,
  }
  if (kind === 'wallet') return JSON.stringify(asked)
  return JSON.stringify({
    ...asked,
    transactionDate: jakartaTimestamp(question.transactionDate),
    amount: wireAmount(question.amount),
  })
}

export const balanceRequest = (reference: string, accountNo: string): string =>
  JSON.stringify({ partnerReferenceNo: reference, accountNo })

/** SNAP lets it ask for a month at most, and for the last year. */
export const statementRequest = (reference: string, accountNo: string, { from, to }: InstantRange): string =>
  JSON.stringify({
    partnerReferenceNo: reference,
    accountNo,
    fromDateTime: jakartaTimestamp(from),
    toDateTime: jakartaTimestamp(to),
  })

/**
 * A field of at most the standard's length. Absent, null and empty are one: BNI writes absent fields as `""`,
 * others as null.
 */
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .nullish()
    .transform((value) => value || undefined)
const amount = z
  .object({ value: text(16), currency: text(3) })
  .nullish()
  .transform((value) => (value?.value === undefined ? undefined : { ...value, value: value.value }))
type WireAmount = NonNullable<z.infer<typeof amount>>

/** What every answer begins with. Only the code is indispensable. */
export const envelope = z.object({
  responseCode: z.string().regex(/^\d{7}$/),
  responseMessage: text(1000).catch(undefined),
  additionalInfo: z
    .object({ resultMsg: text(100) })
    .nullish()
    .catch(undefined),
})

export const accountAnswer = z.object({
  beneficiaryAccountNo: text(34),
  beneficiaryAccountName: text(255),
  customerName: text(255),
  referenceNo: text(64),
  sessionId: text(25),
  maxAmount: amount,
  feeAmount: amount,
})

export const transferAnswer = z.object({ partnerReferenceNo: text(64), referenceNo: text(64), amount })

export const statusAnswer = z.object({
  originalPartnerReferenceNo: text(64),
  originalReferenceNo: text(64),
  referenceNumber: text(64),
  amount,
  latestTransactionStatus: text(2),
})

export const balanceAnswer = z.object({ accountInfos: z.array(z.object({ availableBalance: amount })) })

/** Some banks write it as a number, some as a text. */
const entries = z
  .object({
    numberOfEntries: z.coerce.number().pipe(z.int().nonnegative()).nullish(),
    amount,
  })
  .nullish()

export const statementAnswer = z.object({
  totalCreditEntries: entries,
  totalDebitEntries: entries,
  hasMore: z.enum(['Y', 'N']).nullish(),
  lastRecordDateTime: text(25),
  detailData: z
    .array(z.unknown())
    .nullish()
    .transform((records) => records ?? []),
})

/**
 * The amount in whole rupiah, read from its digits; `undefined` when it is no amount of rupiah or has sen.
 * `roundDown` drops sen instead, for balances.
 */
export function readAmount(wire: WireAmount, roundDown = false): Rupiah | undefined {
  const form = roundDown ? /^(\d{1,13})(?:\.\d{1,2})?$/ : /^(\d{1,13})(?:\.0{1,2})?$/
  const whole = form.exec(wire.value)?.[1]
  if (whole === undefined || (wire.currency ?? 'IDR') !== 'IDR') return undefined
  return rupiah(Number(whole))
}
