import { noRupiah } from '../../../shared/domain/rupiah.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Accounts } from './accounts.ts'
import { type Answer, money, statuses } from './answers.ts'
import type { BehaviourChoice } from './behaviour-choice.ts'
import { type Behaviour, behaviourNumbered } from './behaviours.ts'
import type { OpenBook } from './book.ts'
import { distorted, isDistortion } from './distortion.ts'
import type { Admission } from './gate.ts'
import type { AccountQuestion } from './requests.ts'
import type { KnownTransfer, Transfers } from './transfers.ts'

/** The services that move nothing. */
export type Inquiries = {
  /** Services 15 and 37. */
  account(question: AccountQuestion, admission: Admission): Answer
  /** Service 36 or 39. A reference never heard of is 404xx01; one that is not visible yet has status 07. */
  status(partnerReferenceNo: string, admission: Admission): Answer
  /** Service 11. */
  balance(accountNo: string): Answer
}

export function createInquiries(deps: {
  readonly configuration: Pick<PartnerConfiguration, 'kind'>
  readonly credentials: Pick<Credentials, 'sourceAccount'>
  readonly accounts: Accounts
  readonly choice: BehaviourChoice
  readonly transfers: Transfers
  readonly transferCode: string
  readonly statusCode: string
  readonly book: OpenBook
}): Inquiries {
  const { configuration, credentials, accounts, choice, transfers, transferCode, statusCode, book } = deps
  const isBank = configuration.kind === 'bank'

  function account(question: AccountQuestion, { externalId }: Admission): Answer {
    const { accountNumber, partnerReferenceNo = '' } = question
    const behaviour = choice.ofAccount(accountNumber)
    const hitch = behaviour.accountInquiry
    if (hitch !== undefined && choice.applies(hitch, { accountNumber, partnerReferenceNo, externalId })) {
      const detail = isBank ? 'beneficiaryAccountNo' : 'customerNumber'
      return hitch.answer === '40001' ? { case: '40001', detail } : { case: hitch.answer }
    }
    const holderName = accounts.holder(accountNumber)
    if (holderName === undefined) return { case: '40411' }
    const name = shownName(behaviour, holderName)
    const number = accounts.write(accountNumber)
    const holder = isBank
      ? { beneficiaryAccountName: name, beneficiaryAccountNo: number, currency: 'IDR' }
      : { customerName: name, customerNumber: number, feeAmount: money(noRupiah) }
    return { case: '20000', fields: { partnerReferenceNo: question.partnerReferenceNo, ...holder } }
  }

  function status(partnerReferenceNo: string, { externalId }: Admission): Answer {
    const transfer = transfers.find(partnerReferenceNo)
    if (transfer === undefined) return { case: '40401' }
    const hitch = behaviourNumbered(transfer.behaviour).statusInquiry
    if (hitch === undefined || !choice.applies(hitch, { ...transfer.order, externalId })) {
      return truth(transfer)
    }
    return isDistortion(hitch.answer)
      ? distorted(truth(transfer), hitch.answer, transfer.order.amount)
      : { case: hitch.answer }
  }

  function truth(transfer: KnownTransfer): Answer {
    const latest = transfers.status(transfer)
    return {
      case: '20000',
      fields: {
        originalPartnerReferenceNo: transfer.order.partnerReferenceNo,
        serviceCode: transferCode,
        latestTransactionStatus: latest,
        transactionStatusDesc: statuses[latest],
        ...(latest === '07' ? {} : details(transfer, latest === '06' || latest === '05')),
      },
    }
  }

  /** A transfer that failed got no reference of the partner's. */
  function details(transfer: KnownTransfer, failed: boolean): NonNullable<Answer['fields']> {
    const { order, externalId, referenceNo } = transfer
    const bank = {
      beneficiaryAccountNo: order.accountNumber,
      sourceAccountNo: credentials.sourceAccount,
      referenceNumber: referenceNo,
    }
    return {
      originalExternalId: externalId,
      amount: money(order.amount),
      ...(failed ? {} : { originalReferenceNo: referenceNo }),
      ...(isBank ? bank : {}),
      ...(statusCode === '36' ? { transactionDate: order.transactionDate } : {}),
    }
  }

  function balance(accountNo: string): Answer {
    const { available, held } = book.float()
    const info = {
      balanceType: 'Cash',
      holdAmount: money(held),
      availableBalance: money(available),
      status: '0001',
    }
    return { case: '20000', fields: { accountNo, accountInfos: [info] } }
  }

  return { account, status, balance }
}

function shownName({ holder }: Behaviour, holderName: string): string {
  if (holder === 'other') return 'ORANG LAIN'
  return holder === 'masked' ? masked(holderName) : holderName
}

const masked = (name: string): string =>
  name.replace(/\S+/g, (word) => `${word.slice(0, 1)}${'*'.repeat(word.length - 1)}`)
