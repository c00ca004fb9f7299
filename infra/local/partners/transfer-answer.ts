import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Accounts } from './accounts.ts'
import { type Answer, money, type Reply } from './answers.ts'
import type { TransferAnswer } from './behaviours.ts'
import { distorted, isDistortion } from './distortion.ts'
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
    if (wanted === 'lost' || wanted === 'held') return wanted
    const fields = fieldsOf(order, referenceNo)
    if (isDistortion(wanted)) return distorted({ case: '20000', fields }, wanted, order.amount)
    // The partner's reference belongs to a success only, and 202 is one in SNAP's table.
    return wanted.startsWith('2') ? { case: wanted, fields } : { case: wanted }
  }
}
