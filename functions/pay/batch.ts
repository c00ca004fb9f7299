import type { Instant } from '../../shared/domain/instant.ts'
import type { Pause } from '../../shared/domain/pause.ts'
import {
  type Ask,
  type Control,
  type Denial,
  endPermit,
  type Grant,
  type PermitEnd,
  type Sends,
  takePermit,
} from '../../shared/domain/permit.ts'
import { availableChange } from '../../shared/domain/postings.ts'
import { amountOf, schemeNamed } from '../../shared/domain/scheme.ts'
import { parseJson } from '../../shared/json.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import { type PayoutCase, project, readCases } from '../../shared/ledger/payout.ts'
import {
  examine,
  type Payable,
  type PayDependencies,
  type PayResult,
  pausesLane,
  pay,
  rejectedAt,
  withoutCalling,
} from './pay.ts'
import { type PayMessage, payMessage } from './schema.ts'
import { watchPauses } from './watch.ts'

export type BatchDependencies = PayDependencies & {
  /** Requests for payments; questions have a share of the partner's rate to themselves. */
  readonly ratePerSecond: number
  readonly permitId: string
  /** Permits of this environment that were used to the last rupiah, for sends whose outcome is known: they leave the
   *  control row with the next one. */
  readonly usedUp: Set<string>
  /** Whether there is time for that many more calls, one after another, and for writing down what they say. */
  readonly timeFor: (calls: number) => boolean
}

type Denied = { readonly denied: Denial | 'no-time' | 'twice' }
type Failed = { readonly failed: unknown }
/** What became of one message. `denied`: acknowledged and left alone, release sends it again. `failed`: ours. */
export type MessageResult = PayResult | Denied | Failed

const attempt = async <T>(work: () => Promise<T>): Promise<T | Failed> =>
  work().catch((error: unknown) => ({ failed: error }))

type Examined = Payable | PayResult | Failed
const isPayable = (examined: Examined): examined is Payable => 'account' in examined

function parseMessage(body: string): PayMessage | Failed {
  const parsed = payMessage.safeParse(parseJson(body))
  if (parsed.success) return parsed.data
  return { failed: new Error('a message in the lane is not a pay message') }
}

type Read = PayoutCase | undefined | Failed

/** Reads them all in one go; where that fails, each on its own, so that one of them does not hold up the others. */
async function readAll(
  { ledger }: BatchDependencies,
  messages: readonly PayMessage[],
): Promise<readonly Read[]> {
  const together = await attempt(() => readCases(ledger, messages, true))
  if (!('failed' in together)) return together
  const alone = async (message: PayMessage) => (await readCases(ledger, [message], true))[0]
  return Promise.all(messages.map((message) => attempt(() => alone(message))))
}

/** Examined side by side; only the calls to the partner go one after another. */
async function examineAll(deps: BatchDependencies, bodies: readonly string[]): Promise<readonly Examined[]> {
  const messages = bodies.map(parseMessage)
  const wanted = messages.filter((message): message is PayMessage => !('failed' in message))
  const read = await readAll(deps, wanted)
  return Promise.all(
    messages.map((message) => {
      if ('failed' in message) return message
      const found = read[wanted.indexOf(message)]
      return found && 'failed' in found ? found : attempt(() => examineOne(deps, message, found))
    }),
  )
}

/** Throws for a payout nobody is entitled to: such a message is our own bug. */
async function examineOne(
  deps: BatchDependencies,
  { participantId, payout }: PayMessage,
  found: PayoutCase | undefined,
): Promise<Examined> {
  if (!found) throw new Error(`${payout} of ${participantId} has no entitlement`)
  const examined = await examine(deps, found)
  return isPayable(examined) ? ((await withoutCalling(deps, examined)) ?? examined) : examined
}

const askOf = ({ now, account }: Payable): Ask => ({
  participantId: now.participantId,
  payout: now.payout,
  amount: amountOf(schemeNamed(now.scheme), now.payout),
  requests: 1 + (account.verified ? 0 : 1) + (rejectedAt(now, account.partner) ? 1 : 0),
})

/** One ask a payout, whichever of its messages came first: a permit names nothing twice. */
function asksOf(examined: readonly Examined[]): ReadonlyMap<Payable, Ask> {
  const payables = examined.filter(isPayable)
  const first = new Map(
    payables.toReversed().map((one) => [`${one.now.participantId} ${one.now.payout}`, one]),
  )
  return new Map(payables.flatMap((one) => ([...first.values()].includes(one) ? [[one, askOf(one)]] : [])))
}

/** A transfer that was deferred pauses the lane, and so does a question before it that was not answered. */
function pauseAfter({ entries, unanswered }: PayResult, at: Instant, by: string): Pause | undefined {
  const deferred = entries.flatMap(({ event }) => (event.type === 'deferred' ? [event.reason] : []))
  const reason = [...deferred, unanswered?.reason ?? ''].find(pausesLane)
  return reason && { reason, since: at, by }
}

/** What is left of a message's part of the permit: all of it without a claim, else what its outcome gives back. */
function leftOver(result: PayResult, ask: Ask, partner: string): number {
  const afterClaim = result.entries.filter(({ event }) => event.type !== 'claimed')
  const change = afterClaim.reduce((total, entry) => total + availableChange(entry.postings, partner), 0)
  return change + (result.sent === undefined ? ask.amount : 0)
}

/** The sends with one more: that of a claim that was made, whatever other workers have sent of the payout since. */
function counted(sends: Omit<Sends, 'at'>, { sent, now }: PayResult): Omit<Sends, 'at'> {
  const attempt = now.standing.attempts.find(({ claim }) => claim.attempt === sent)
  if (!attempt) return sends
  const { status } = attempt
  if (status === 'unknown') return { ...sends, unknown: sends.unknown + 1 }
  return { ...sends, known: sends.known + 1, paid: [...sends.paid, ...(status === 'paid' ? [now] : [])] }
}

/** What is told of a payment. The row of a settled one is written while the next is under way. */
function resultOf(
  { ledger, shards }: BatchDependencies,
  result: PayResult | Failed,
): MessageResult | Promise<MessageResult> {
  if ('failed' in result) return result
  if (result.done === 'paused') return { denied: 'paused' }
  if (result.sent === undefined) return result
  return attempt(async () => {
    await project(ledger, result.now, shards)
    return result
  })
}

/** Pays what was granted, in order, until the lane has to pause or time runs out. */
async function payGranted(
  deps: BatchDependencies,
  examined: readonly Examined[],
  asks: ReadonlyMap<Payable, Ask>,
  grant: Grant,
) {
  const results: (MessageResult | Promise<MessageResult>)[] = []
  const unsettled: Ask[] = []
  const isPaused = watchPauses(deps, grant.control)
  let pause: Pause | undefined
  let back = 0
  let sends: Omit<Sends, 'at'> = { known: 0, unknown: 0, paid: [] }
  for (const one of examined) {
    if (!isPayable(one)) {
      results.push(one)
      continue
    }
    const asked = asks.get(one)
    const ask = grant.granted.find((granted) => granted === asked)
    if (!ask) {
      const denied = grant.denied.find((denial) => denial.ask === asked)
      results.push({ denied: denied?.denial ?? 'twice' })
      continue
    }
    const stopped = pause || (await isPaused(ask.payout)) ? 'paused' : 'no-time'
    if (stopped === 'paused' || !deps.timeFor(ask.requests)) {
      back += ask.amount
      results.push({ denied: stopped })
    } else {
      const result = await attempt(() => pay(deps, one, isPaused))
      results.push(resultOf(deps, result))
      if ('failed' in result) unsettled.push(ask)
      else {
        back += leftOver(result, ask, deps.partnerName)
        sends = counted(sends, result)
        pause = pauseAfter(result, deps.now(), deps.by)
      }
    }
  }
  const payouts = unsettled.map(({ requests: _, ...payout }) => payout)
  const told = { at: deps.now(), ...sends }
  const end = { back, unsettled: payouts, sends: told, ...(pause && { pause }) } satisfies PermitEnd
  return { results: await Promise.all(results), end }
}

/**
 * Pays a batch of message bodies: one permit for all of it, one payment after another, and at the end the permit is
 * taken off the control row with what was not used, and what became of the sends. A permit that was used up stays until
 * this environment takes its next one, unless the lane waits to hear of it. `pause`: this batch has paused the lane.
 * Never throws for one message: its failure is its own result.
 */
export async function payBatch(
  deps: BatchDependencies,
  bodies: readonly string[],
): Promise<{ readonly results: readonly MessageResult[]; readonly pause?: Pause }> {
  const { lanes } = deps.ledger
  const { partnerName, permitId, ratePerSecond, usedUp } = deps
  const examined = await examineAll(deps, bodies)
  const asks = asksOf(examined)
  if (asks.size === 0) return payGranted(deps, examined, asks, { granted: [], denied: [] })
  const grant = await changeControl(lanes, partnerName, (control) =>
    takePermit(control, [...asks.values()], { now: deps.now(), ratePerSecond, permitId, usedUp }),
  )
  if (grant.control) usedUp.clear()
  const { results, end } = await payGranted(deps, examined, asks, grant)
  const allUsed = end.back === 0 && end.unsettled.length === 0 && !end.pause
  const nothingToTell = end.sends.unknown === 0 && !grant.control?.canary
  if (!grant.control) return { results }
  if (allUsed && nothingToTell) {
    usedUp.add(permitId)
    return { results }
  }
  const ended = (control: Control) => ({ control: endPermit(control, permitId, end) })
  const { control } = await changeControl(lanes, partnerName, ended, grant.control)
  const pause = end.pause ?? Object.values(control.paused).find(({ by }) => by === permitId)
  return { results, ...(pause && { pause }) }
}
