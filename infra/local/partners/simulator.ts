import { type Rupiah, rupiah } from '../../../shared/domain/rupiah.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import { createAccounts } from './accounts.ts'
import { createBehaviourChoice } from './behaviour-choice.ts'
import type { BehaviourNumber } from './behaviours.ts'
import { type Book, createBook } from './book.ts'
import { createGate } from './gate.ts'
import { createInquiries } from './inquiries.ts'
import { createRateCap } from './rate-cap.ts'
import { createRequestReader } from './requests.ts'
import { type AnswerWire, createRouting } from './routing.ts'
import { type PartnerServer, startServer } from './server.ts'
import { createServices, statusCodes, type TransferHook, transferCodes } from './services.ts'
import type { PartnerState } from './state.ts'
import { createBankStatement } from './statements/bank-statement.ts'
import type { Errors } from './statements/planted.ts'
import { createTokens, tokenSeconds } from './tokens.ts'
import { createTransfers } from './transfers.ts'

export type SimulatorOptions = {
  readonly partner: string
  readonly configuration: PartnerConfiguration
  readonly credentials: Credentials
  /** Epoch milliseconds; never runs backwards. */
  readonly now: () => number
  /** Whole rupiah in our account at the start; a partner that goes on has its own. */
  readonly float: number
  /** How long a token is valid; 900 when absent. */
  readonly tokenSeconds?: number
  /** The number of the document by which that came. */
  readonly document?: string
  /** What it knew when it was last asked for its `state`; absent: it begins anew. */
  readonly state?: PartnerState | undefined
  /** Part of the references to ordinary accounts that draw a behaviour, 0 (as when absent) to 1. */
  readonly misbehaviourRate?: number
  /** The same seed draws the same behaviour for the same reference; 0 when absent. */
  readonly seed?: number
  /** What is drawn from; absent: all that neither shows at the account inquiry nor costs real seconds. */
  readonly drawn?: readonly BehaviourNumber[]
  /** Told of the behaviour that a transfer meets, or an account inquiry where that shows it. */
  readonly behaves?: (behaviour: BehaviourNumber) => void
}

/** A payment partner without a wire. */
export type SimulatedPartner = {
  readonly book: Book
  /** Answers one request, whatever carries it. */
  readonly answer: AnswerWire
  /** Opens an account: bank digits, or a wallet in E.164. */
  knowAccount(number: string, holderName: string): void
  /** From now on an account (written as in `knowAccount`) or a new partnerReferenceNo behaves so. */
  behave(accountOrReference: string, behaviour: BehaviourNumber): void
  /** Pays now what was refused, failed or cancelled for good, against all that was answered; false for any other
   *  transfer, and for one that was turned away: the partner knows nothing of it. */
  payAfterAll(partnerReferenceNo: string): boolean
  /** Takes back what it has paid; says whether there was anything. */
  takeBack(partnerReferenceNo: string): boolean
  /** Adds whole rupiah to our account, by a document of the treasury's; takes away what is less than nothing. */
  topUp(amount: number, document?: string): void
  /** Takes a fee from our account, by an invoice. */
  charge(amount: Rupiah, document: string): void
  /** From now on its service 14 gives statements with these errors; `undefined` takes them away. */
  misstate(errors: Errors | undefined): void
  revokeTokens(): void
  /** For so many seconds from now every request gets 429xx00, those for a token too. */
  throttle(seconds: number): void
  /** Replaces the hook; `undefined` takes it away. */
  onTransfer(hook: TransferHook | undefined): void
  /** All it knows that outlives a run, for another one to go on from. */
  state(): PartnerState
}

export type Simulator = SimulatedPartner & PartnerServer

/**
 * Plays a payment partner as its configuration describes it: SNAP's services, its checks and its codes, on a float
 * and a book of its own. All time is `now`: no business happens by a timer.
 */
export function createSimulator(options: SimulatorOptions): SimulatedPartner {
  const { partner, configuration, credentials, now, seed = 0, misbehaviourRate = 0, drawn, state } = options
  const transferCode = transferCodes[configuration.kind]
  const statusCode = configuration.statusService ?? statusCodes[configuration.kind]
  const book = createBook({
    float: rupiah(options.float),
    document: options.document,
    now,
    state: state?.book,
  })
  const tokens = createTokens({ now, seconds: options.tokenSeconds ?? tokenSeconds })
  const accounts = createAccounts(configuration, state?.accounts)
  const choice = createBehaviourChoice({
    now,
    seed,
    misbehaviourRate,
    ...(drawn && { drawn }),
    state: state?.choice,
    behaves: options.behaves,
  })
  const rateCap = createRateCap({ ratePerSecond: configuration.ratePerSecond, now })
  const parts = { configuration, credentials, tokens, accounts, choice, book, transferCode, statusCode, now }
  const transfers = createTransfers({ ...parts, partner, state: state?.transfers })
  let hook: TransferHook | undefined
  let errors: Errors | undefined
  const services = createServices({
    ...parts,
    gate: createGate(parts),
    rateCap,
    reader: createRequestReader(parts),
    transfers,
    inquiries: createInquiries({ ...parts, transfers }),
    bankStatement: createBankStatement({ book, errors: () => errors }),
    hook: () => hook,
  })
  return {
    book,
    answer: createRouting({ services, now }),
    knowAccount: accounts.know,
    behave: choice.set,
    payAfterAll: transfers.payAfterAll,
    takeBack: transfers.takeBack,
    topUp: book.topUp,
    charge: book.charge,
    misstate(wanted) {
      errors = wanted
    },
    revokeTokens: tokens.revoke,
    throttle: rateCap.close,
    onTransfer(replacement) {
      hook = replacement
    },
    state: () => ({
      accounts: accounts.state(),
      choice: choice.state(),
      book: book.state(),
      transfers: transfers.state(),
    }),
  }
}

/** The same over HTTP. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const simulated = createSimulator(options)
  return { ...simulated, ...(await startServer(simulated.answer)) }
}
