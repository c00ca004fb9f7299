import { rupiah } from '../../../shared/domain/rupiah.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Accounts } from './accounts.ts'
import { type Answer, money, type Reply } from './answers.ts'
import type { TransferAnswer } from './behaviours.ts'
import type { TransferOrder } from './requests.ts'

/** Writes what a behaviour wants answered to a transfer; `referenceNo` is the partner's own. */
export type AnswerTransfer = (order: TransferOrder, referenceNo: string, wanted: TransferAnswer) => Reply

export function createTransferAnswer(deps: {
  readonly configuration: Pick<PartnerConfiguration, 'kind'>
  readonly credentials: Pick<Credentials, 'sourceAccount'>
  readonly accounts: Accounts
}): AnswerTransfer {
  const { configuration, credentials, accounts } = deps

  function fieldsOf(order: TransferOrder, referenceNo: string): NonNullable<Answer['fields']> {
    const { partnerReferenceNo, accountNumber, amount, transactionDate } = order
    const common = { referenceNo, partnerReferenceNo, amount: money(amount) }
    if (configuration.kind === 'wallet') return { ...common, customerNumber: accounts.write(accountNumber) }
    return {
      ...common,
      beneficiaryAccountNo: accountNumber,
      sourceAccountNo: credentials.sourceAccount,
      currency: 'IDR',
      transactionDate,
    }
  }

  return (order, referenceNo, wanted) => {
    const fields = fieldsOf(order, referenceNo)
    switch (wanted) {
      case 'lost':
      case 'held':
        return wanted
      case 'html':
      case 'truncated':
        return { case: '20000', fields, spoilt: wanted }
      case 'wrong-amount':
        return { case: '20000', fields: { ...fields, amount: money(rupiah(order.amount + 1)) } }
      case 'wrong-reference':
        return { case: '20000', fields: { ...fields, partnerReferenceNo: `${order.partnerReferenceNo}0` } }
      default:
        // The partner's reference belongs to a success only, and 202 is one in SNAP's table.
        return wanted.startsWith('2') ? { case: wanted, fields } : { case: wanted }
    }
  }
}
