import { rupiah } from '../../../shared/domain/rupiah.ts'
import type { Credentials, PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import { createAccounts } from './accounts.ts'
import { createBehaviourChoice } from './behaviour-choice.ts'
import type { BehaviourNumber } from './behaviours.ts'
import { type Book, createBook } from './book.ts'
import { createGate } from './gate.ts'
import { createInquiries } from './inquiries.ts'
import { createRateCap } from './rate-cap.ts'
import { createRequestReader } from './requests.ts'
import { startServer } from './server.ts'
import { createServices, type TransferHook, transferCodes } from './services.ts'
import { createTokens } from './tokens.ts'
import { createTransfers } from './transfers.ts'

export type SimulatorOptions = {
  readonly partner: string
  readonly configuration: PartnerConfiguration
  readonly credentials: Omit<Credentials, 'baseUrl'>
  /** Epoch milliseconds; never runs backwards. */
  readonly now: () => number
  /** Whole rupiah in our account at the start. */
  readonly float: number
  /** Part of the references to ordinary accounts that draw a behaviour, 0 (as when absent) to 1. */
  readonly misbehaviourRate?: number
  /** The same seed draws the same behaviour for the same reference; 0 when absent. */
  readonly seed?: number
  /** What is drawn from; absent: all that neither shows at the account inquiry nor costs real seconds. */
  readonly drawn?: readonly BehaviourNumber[]
}

export type Simulator = {
  readonly baseUrl: string
  readonly book: Book
  /** Requests that have arrived and are not answered. */
  openAnswers(): number
  /** Opens an account: bank digits, or a wallet in E.164. */
  knowAccount(number: string, holderName: string): void
  /** From now on an account (written as in `knowAccount`) or a new partnerReferenceNo behaves so. */
  behave(accountOrReference: string, behaviour: BehaviourNumber): void
  /** Adds whole rupiah to our account. */
  topUp(amount: number): void
  revokeTokens(): void
  /** Replaces the hook; `undefined` takes it away. */
  onTransfer(hook: TransferHook | undefined): void
  /** Cuts every connection and frees the port. */
  stop(): Promise<void>
}

/**
 * Plays a payment partner over HTTP as its configuration describes it: SNAP's services, its checks and its
 * codes, on a float and a book of its own. All time is `now`: no business happens by a timer.
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { partner, configuration, credentials, now, seed = 0, misbehaviourRate = 0, drawn } = options
  const transferCode = transferCodes[configuration.kind]
  const book = createBook({ float: rupiah(options.float), now })
  const tokens = createTokens({ now })
  const accounts = createAccounts(configuration)
  const choice = createBehaviourChoice({ now, seed, misbehaviourRate, ...(drawn && { drawn }) })
  const parts = { configuration, credentials, tokens, accounts, choice, book, transferCode, now }
  const transfers = createTransfers({ ...parts, partner })
  let hook: TransferHook | undefined
  const services = createServices({
    ...parts,
    gate: createGate(parts),
    rateCap: createRateCap({ ratePerSecond: configuration.ratePerSecond, now }),
    reader: createRequestReader(parts),
    transfers,
    inquiries: createInquiries({ ...parts, transfers }),
    hook: () => hook,
  })
  const { baseUrl, openAnswers, stop } = await startServer({ services, now })
  return {
    baseUrl,
    book,
    openAnswers,
    knowAccount: accounts.know,
    behave: choice.set,
    topUp: (amount) => book.topUp(rupiah(amount)),
    revokeTokens: tokens.revoke,
    onTransfer(replacement) {
      hook = replacement
    },
    stop,
  }
}
