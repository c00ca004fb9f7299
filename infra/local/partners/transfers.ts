import { instant, jakartaDate } from '../../../shared/domain/instant.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { Accounts } from './accounts.ts'
import type { Case, Reply, Status } from './answers.ts'
import type { BehaviourChoice } from './behaviour-choice.ts'
import {
  type Behaviour,
  type BehaviourNumber,
  behaviourNumbered,
  paidAtOnce,
  type Step,
  type TransferAnswer,
} from './behaviours.ts'
import type { OpenBook } from './book.ts'
import type { Admission } from './gate.ts'
import type { TransferOrder } from './requests.ts'
import type { PartnerState } from './state.ts'
import type { Tokens } from './tokens.ts'
import { createTransferAnswer } from './transfer-answer.ts'

/** A transfer the partner knows of, refused or accepted; all that will become of it is settled on arrival. */
export type KnownTransfer = {
  readonly order: TransferOrder
  readonly externalId: string
  readonly bodyHash: string
  /** Epoch milliseconds. */
  readonly arrivedAt: number
  readonly referenceNo: string
  readonly behaviour: BehaviourNumber
  readonly life: readonly Step[]
  /** Why it was refused; absent: it was accepted. */
  readonly refusal?: Case | undefined
}

export type Transfers = {
  /** Handles services 17 and 38: books what is accepted before it answers. */
  receive(order: TransferOrder, admission: Admission): Reply
  find(partnerReferenceNo: string): KnownTransfer | undefined
  /** What has become of a transfer by now. */
  status(transfer: KnownTransfer): Status
  /** Pays now what has failed or was cancelled and has nothing more before it; false for any other transfer. */
  payAfterAll(partnerReferenceNo: string): boolean
  /** Takes back what it has paid; says whether there was anything. */
  takeBack(partnerReferenceNo: string): boolean
  state(): PartnerState['transfers']
}

const failedAtOnce: readonly Step[] = [{ after: 0, status: '06' }]

export function createTransfers(deps: {
  readonly partner: string
  readonly transferCode: string
  readonly configuration: Pick<
    PartnerConfiguration,
    'kind' | 'signature' | 'duplicateAnswer' | 'idempotencyWindowSeconds'
  >
  readonly credentials: Pick<Credentials, 'sourceAccount'>
  readonly accounts: Accounts
  readonly choice: BehaviourChoice
  readonly book: OpenBook
  readonly tokens: Tokens
  readonly now: () => number
  readonly state?: PartnerState['transfers'] | undefined
}): Transfers {
  const { partner, transferCode, configuration, credentials, accounts, choice, book, tokens, now } = deps
  const known = new Map<string, KnownTransfer>(
    deps.state?.known.map((transfer) => [transfer.order.partnerReferenceNo, transfer]),
  )
  const answer = createTransferAnswer({ configuration, credentials, accounts })
  let lastNumber = deps.state?.lastNumber ?? 0

  function receive(order: TransferOrder, admission: Admission): Reply {
    const earlier = known.get(order.partnerReferenceNo)
    if (earlier !== undefined && isRecognised(earlier)) return repeated(earlier, admission)
    const number = choice.ofTransfer(order.accountNumber, order.partnerReferenceNo)
    const behaviour = behaviourNumbered(number)
    const turnedAway = turnAway(behaviour, order, admission)
    if (turnedAway !== undefined) return turnedAway
    const refusal = refusalOf(behaviour, order, admission)
    const transfer = remember({
      order,
      ...admission,
      arrivedAt: now(),
      referenceNo: nextReferenceNo(),
      behaviour: number,
      life: refusal === undefined ? (behaviour.life ?? paidAtOnce) : failedAtOnce,
      refusal,
    })
    return answer(order, transfer.referenceNo, refusal ?? behaviour.answer ?? '20000')
  }

  /** A partner without a published window recognises a reference for ever; no client may rely on that. */
  function isRecognised({ arrivedAt }: KnownTransfer): boolean {
    const seconds = configuration.idempotencyWindowSeconds
    return seconds === 0 || now() - arrivedAt <= seconds * 1000
  }

  function repeated(earlier: KnownTransfer, { bodyHash }: Admission): Reply {
    if (bodyHash !== earlier.bodyHash) return { case: '40418' }
    const { duplicate } = behaviourNumbered(earlier.behaviour)
    if (duplicate !== undefined) return { case: duplicate }
    if (configuration.duplicateAnswer === 'replay')
      return answer(earlier.order, earlier.referenceNo, replayed(earlier, now()))
    return { case: configuration.duplicateAnswer === '409xx01' ? '40901' : '40418' }
  }

  function turnAway(
    behaviour: Behaviour,
    order: TransferOrder,
    { externalId }: Admission,
  ): Reply | undefined {
    const hitch = behaviour.turnedAway
    if (hitch?.answer === '40101' && configuration.signature === 'rsa-without-token') return undefined
    if (hitch === undefined || !choice.applies(hitch, { ...order, externalId })) return undefined
    if (hitch.answer === '40101') tokens.revoke()
    return hitch.answer === 'lost' ? 'lost' : { case: hitch.answer }
  }

  function refusalOf(
    behaviour: Behaviour,
    order: TransferOrder,
    { externalId }: Admission,
  ): Case | undefined {
    const { refused } = behaviour
    if (accounts.holder(order.accountNumber) === undefined) return '40411'
    if (refused !== undefined && choice.applies(refused, { ...order, externalId })) return refused.answer
    return book.float().available < order.amount ? '40314' : undefined
  }

  function remember(transfer: KnownTransfer): KnownTransfer {
    known.set(transfer.order.partnerReferenceNo, transfer)
    for (const step of transfer.life) enter(transfer, step)
    return transfer
  }

  function enter({ order, arrivedAt, referenceNo }: KnownTransfer, { after, money }: Step): void {
    if (money === undefined) return
    const { partnerReferenceNo, amount, accountNumber } = order
    book.enter({
      at: instant(arrivedAt + after * 1000),
      direction: money,
      partnerReferenceNo,
      referenceNo,
      amount,
      accountNumber,
      serviceCode: transferCode,
    })
  }

  function payAfterAll(partnerReferenceNo: string): boolean {
    const transfer = known.get(partnerReferenceNo)
    if (transfer === undefined || !hasFailed(statusAt(transfer, now()))) return false
    if (isToGoOn(transfer)) return false
    goOn(transfer, { status: '00', money: 'debit' })
    return true
  }

  function takeBack(partnerReferenceNo: string): boolean {
    const transfer = known.get(partnerReferenceNo)
    if (transfer === undefined || statusAt(transfer, now()) !== '00' || isToGoOn(transfer)) return false
    goOn(transfer, { status: '04', money: 'credit' })
    return true
  }

  /** Whether steps of its life are still to come. */
  function isToGoOn(transfer: KnownTransfer): boolean {
    return reached(transfer, now()).length < transfer.life.length
  }

  /** One step more of its life, now. */
  function goOn(transfer: KnownTransfer, what: Omit<Step, 'after'>): void {
    const { order, arrivedAt, life } = transfer
    const step: Step = { after: (now() - arrivedAt) / 1000, ...what }
    known.set(order.partnerReferenceNo, { ...transfer, life: [...life, step] })
    enter(transfer, step)
  }

  function nextReferenceNo(): string {
    lastNumber += 1
    const day = jakartaDate(instant(now())).replaceAll('-', '')
    return `${partner.toUpperCase()}${day}${String(lastNumber).padStart(8, '0')}`
  }

  return {
    receive,
    find: (reference) => known.get(reference),
    status: (transfer) => statusAt(transfer, now()),
    payAfterAll,
    takeBack,
    state: () => ({ known: [...known.values()], lastNumber }),
  }
}

/** The steps of its life that a transfer has reached; `now` in epoch milliseconds. */
const reached = ({ arrivedAt, life }: KnownTransfer, now: number): readonly Step[] =>
  life.filter(({ after }) => arrivedAt + after * 1000 <= now)

const hasFailed = (status: Status): boolean => status === '05' || status === '06'

const statusAt = (transfer: KnownTransfer, now: number): Status =>
  reached(transfer, now).at(-1)?.status ?? '07'

/** As DANA documents it: success if it has paid, failure if it has failed, else the first answer again. */
function replayed(transfer: KnownTransfer, now: number): TransferAnswer {
  if (reached(transfer, now).some(({ money }) => money === 'debit')) return '20000'
  if (transfer.refusal !== undefined) return transfer.refusal
  if (hasFailed(statusAt(transfer, now))) return '50000'
  return behaviourNumbered(transfer.behaviour).answer ?? '20000'
}
