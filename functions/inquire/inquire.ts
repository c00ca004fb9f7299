import { horizon } from '../../shared/domain/calendar.ts'
import { claimTermSeconds, maySend } from '../../shared/domain/deadlines.ts'
import { type Decision, decide } from '../../shared/domain/decide.ts'
import type { PayoutEvent } from '../../shared/domain/entry.ts'
import { type Attempt, openAttempt } from '../../shared/domain/fold.ts'
import { earliest, type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { InquiryOutcome } from '../../shared/domain/outcome.ts'
import { type Payout, shardOf } from '../../shared/domain/payout.ts'
import { nextQuestion } from '../../shared/domain/row.ts'
import { schemeNamed } from '../../shared/domain/scheme.ts'
import {
  type Applied,
  apply,
  type PayoutCase,
  project,
  readCase,
  type Writer,
} from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts, PayoutKey, Place } from '../../shared/ledger/ports.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import type { Partner, TransferRequest } from '../../shared/partners/partner.ts'
import { transferOf } from '../../shared/partners/transfer.ts'

export type InquireDependencies = {
  readonly ledger: LedgerWithAccounts
  readonly partner: Partner
  readonly configuration: Pick<PartnerConfiguration, 'settleWindowSeconds' | 'idempotencyWindowSeconds'>
  readonly shards: number
  readonly now: () => Instant
  readonly by: string
  /** Whether the lane lets a kind go now. A lane that is paused, or open for a canary only, asks, but never resends. */
  readonly isOpen: (payout: Payout) => Promise<boolean>
  /** Waits until the lane's share of the rate allows one more request, a question or a resend. Whether it does: not when
   *  there is no time left for it. */
  readonly turn: () => Promise<boolean>
  /** Awaited before anything is written that moves the lane's float. */
  readonly announce: (payout: PayoutKey) => Promise<void>
}

/** What became of one question. */
export type InquireResult = Pick<Applied, 'now' | 'entries' | 'refusal'>

const writer = ({ now, by }: InquireDependencies): Writer => ({ at: now(), by })

/** Whether the calendar lets payments leave at all. */
function calendarOpen({ now, shards }: InquireDependencies, found: PayoutCase): boolean {
  const { participantId, payout, scheme } = found
  const shard = shardOf(participantId, payout, shards)
  return horizon(schemeNamed(scheme), now(), shard, shards).length > 0
}

/** The row's next place in the list: asked again later and later, daily in the end, but not later than `finalAt`. */
export async function askLater(
  { ledger, now }: Pick<InquireDependencies, 'ledger' | 'now'>,
  { row }: Pick<PayoutCase, 'row'>,
  finalAt?: Instant,
): Promise<void> {
  if (!row) return
  const inquiries = (row.inquiries ?? 0) + 1
  const next = nextQuestion(inquiries, now())
  await ledger.participants.postpone(row, finalAt ? earliest(next, finalAt) : next, inquiries)
}

/** Other bytes than were claimed: by a change of the configuration, or of what the account's row says. */
export class RequestChanged extends Error {}

/**
 * An attempt's request once more, made from its claim and its account version alone. Throws `RequestChanged` if that does
 * not give the bytes that were claimed: nothing has been written or sent then.
 */
function requestAgain(
  { partner }: InquireDependencies,
  found: PayoutCase,
  { claim }: Attempt,
): TransferRequest {
  const account = found.accounts.find(({ version }) => version === claim.accountVersion)
  if (!account) throw new RequestChanged(`the account version of ${claim.reference} is gone`)
  const request = partner.transfer(transferOf(claim, account))
  if (request.bodyHash === claim.bodyHash) return request
  throw new RequestChanged(`the request of ${claim.reference} is not the one that was claimed`)
}

/** Whether the float is another after what is written because of this: a payment that was expected leaves it alone, but
 *  one that was refunded comes back, and a request that is sent again may be rejected. */
const mayMoveFloat = ({ type }: PayoutEvent, { outcome }: InquiryOutcome): boolean =>
  type === 'disbursed' ? outcome === 'refunded' : !['asked', 'pending', 'unknown'].includes(type)

/** From then on what the partner says of the attempt is final. */
const finalFrom = ({ configuration }: InquireDependencies, { until }: Attempt): Instant =>
  plusSeconds(until, configuration.settleWindowSeconds)

/** What becomes of a resend that is not sent after all: the first send is as unknown as before. */
const tooLate = { outcome: 'unknown', cause: 'claim-term-ended', evidence: {} } as const

const isResent = (decision: Decision): boolean => 'event' in decision && decision.event.type === 'resent'

/**
 * Asks about an open attempt and writes down what the answer proves. A resend takes no permit, for its attempt has its
 * part of the float; and what comes of it does not count among the lane's last sends, where the attempt has counted
 * already: even the partner's plain refusal of a resend leaves open what became of the first.
 */
async function ask(deps: InquireDependencies, found: PayoutCase, attempt: Attempt): Promise<InquireResult> {
  const { reference, amount, transactionDate } = attempt.claim
  const askedAt = deps.now()
  const outcome = await deps.partner.inquire(
    { partnerReferenceNo: reference, amount, transactionDate },
    askedAt,
  )
  const { settleWindowSeconds, idempotencyWindowSeconds } = deps.configuration
  const { seq } = found.standing
  const number = attempt.claim.attempt
  const answerWhere = (laneOpen: boolean) => {
    const until = plusSeconds(deps.now(), claimTermSeconds)
    const resend = { settleWindowSeconds, idempotencyWindowSeconds, laneOpen, until }
    return { command: 'answer', attempt: number, seq, askedAt, outcome, resend } as const
  }
  const isOpen = async () => (await deps.isOpen(found.payout)) && calendarOpen(deps, found)
  const resends = isResent(decide(found, answerWhere(calendarOpen(deps, found)))) && (await isOpen())
  const request = resends ? requestAgain(deps, found, attempt) : undefined
  let announced = false
  const announce = async (event: PayoutEvent) => {
    if (announced || !mayMoveFloat(event, outcome)) return
    announced = true
    await deps.announce(found)
  }
  const wished = decide(found, answerWhere(resends))
  if ('event' in wished) await announce(wished.event)
  // The turn may be waited for, and an announcement held up, until the lane, the day or the partner's window has closed.
  const answer = answerWhere(resends && (await deps.turn()) && (await isOpen()))
  const answered = await apply(deps.ledger, found, answer, writer(deps), announce)
  const resent = answered.entries.at(-1)?.event
  if (!request || resent?.type !== 'resent') return answered
  const now = deps.now()
  const sent = maySend(resent, now) ? await request.send(now) : tooLate
  const command = {
    command: 'settle',
    attempt: number,
    seq: answered.now.standing.seq,
    outcome: sent,
  } as const
  const settled = await apply(deps.ledger, answered.now, command, writer(deps))
  return { now: settled.now, entries: [...answered.entries, ...settled.entries] }
}

/** One nominated payout: asked about if it is open here, else only its row is brought up to date. */
export async function inquire(deps: InquireDependencies, place: Place): Promise<InquireResult> {
  const { ledger, shards } = deps
  const found = await readCase(ledger, place)
  if (!found) throw new Error(`${place.payout} of ${place.participantId} has no entitlement`)
  const open = openAttempt(found.standing)
  if (!open) {
    if ('event' in decide(found, { command: 'continue' })) await deps.announce(found)
    const { now, entries } = await apply(ledger, found, { command: 'continue' }, writer(deps))
    await project(ledger, now, shards)
    return { now, entries }
  }
  const { status } = open
  const result =
    status === 'sending'
      ? await apply(ledger, found, { command: 'expire', now: deps.now() }, writer(deps))
      : await ask(deps, found, open)
  const { now, entries, refusal } = result
  // An attempt that is being sent would leave the list of questions, though its sender may be gone.
  const behind = status !== 'sending' && now.row?.seq !== now.standing.seq
  if (entries.length > 0 || behind) await project(ledger, now, shards)
  else await askLater(deps, found, refusal === 'too-early' ? finalFrom(deps, open) : undefined)
  return result
}
