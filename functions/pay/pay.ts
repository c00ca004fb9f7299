import { horizon, isOpen } from '../../shared/domain/calendar.ts'
import { claimTermSeconds, maySend } from '../../shared/domain/deadlines.ts'
import type { Entry } from '../../shared/domain/entry.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { isSettledAt } from '../../shared/domain/not-found.ts'
import type {
  DeferralReason,
  Evidence,
  InquiryOutcome,
  TransferOutcome,
  UnknownCause,
} from '../../shared/domain/outcome.ts'
import { type Payout, shardOf } from '../../shared/domain/payout.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { nextQuestion } from '../../shared/domain/row.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { amountOf, schemeNamed } from '../../shared/domain/scheme.ts'
import type { State } from '../../shared/domain/state.ts'
import { apply, type PayoutCase, project, type Writer } from '../../shared/ledger/payout.ts'
import type { Account, LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import type { Partner } from '../../shared/partners/partner.ts'
import { transferOf, unsent } from '../../shared/partners/transfer.ts'
import { keptOf, withVerification } from './verification.ts'

export type PayDependencies = {
  readonly ledger: LedgerWithAccounts
  readonly partnerName: string
  readonly partner: Partner
  readonly configuration: Pick<PartnerConfiguration, 'settleWindowSeconds'>
  readonly shards: number
  readonly now: () => Instant
  readonly by: string
  /** Accounts that the partner was asked about in this batch, by participant and version: their next payout need not ask
   *  again. */
  readonly verified: Map<string, Account>
}

type Scheduled = Extract<State, { state: 'scheduled' }>
/** A payout that may be paid now, and the account it goes to. */
export type Payable = { readonly now: PayoutCase; readonly state: Scheduled; readonly account: Account }

/** What became of a message. `paused`: its kind was, before the claim. `sent`: the number of the attempt that was sent and
 *  holds its part of the permit, if one was; the payout may have had others since. */
export type PayResult = {
  readonly done: 'settled' | 'refused' | 'held' | 'postponed' | 'paused' | 'nothing-to-do'
  readonly sent: number | undefined
  readonly now: PayoutCase
  readonly entries: readonly Entry[]
  /** Of what was postponed: why the partner has not said what must be known before the claim. */
  readonly unanswered?: Unanswered
}
type Unanswered = {
  readonly reason: DeferralReason | UnknownCause
  /** SNAP response code, 7 digits. */
  readonly code?: string
}

const writer = ({ now, by }: PayDependencies): Writer => ({ at: now(), by })
const unused = (done: PayResult['done'], now: PayoutCase, entries: readonly Entry[] = []): PayResult => ({
  done,
  sent: undefined,
  now,
  entries,
})

/**
 * What a wake-up does for a payout that cannot be claimed: a claim whose term has ended becomes unknown, and the row
 * follows the journal. Somebody else's claim within its term is left alone, and so is what moves the float: without a
 * permit that is for inquire, in whose list the row then is.
 */
async function bringUpToDate(deps: PayDependencies, found: PayoutCase): Promise<PayResult> {
  if (found.state.state !== 'sending') {
    await project(deps.ledger, found, deps.shards)
    return unused('nothing-to-do', found)
  }
  const command = { command: 'expire', now: deps.now() } as const
  const { now, entries } = await apply(deps.ledger, found, command, writer(deps))
  if (entries.length > 0) await project(deps.ledger, now, deps.shards)
  return unused('nothing-to-do', now, entries)
}

/**
 * Put off, by the partner or because it gave no answer, to a time that the calendar lets go already: before a blackout
 * it lets go what is due in it, and cannot tell the two apart.
 */
function isPutOff({ row, standing }: PayoutCase, { accountVersion }: Scheduled, now: Instant): boolean {
  const { obstacle } = standing
  const deferred = obstacle?.type === 'deferred' && obstacle.version === accountVersion
  if (deferred && obstacle.notBefore > now) return true
  return row?.seq === standing.seq && row.inquiries !== undefined && row.at !== undefined && row.at > now
}

/** Whether the calendar lets a payout of that date leave now. */
function mayLeave(
  { now, shards }: PayDependencies,
  { participantId, payout, scheme }: PayoutCase,
  dated: Instant,
): boolean {
  const shard = shardOf(participantId, payout, shards)
  return isOpen(horizon(schemeNamed(scheme), now(), shard, shards), dated)
}

/**
 * Sees whether a payout may be paid. If not, its row is brought up to date and that was all: a message is only a
 * wake-up.
 */
export async function examine(deps: PayDependencies, found: PayoutCase): Promise<Payable | PayResult> {
  const { state } = found
  const here = state.state === 'scheduled' && state.partner === deps.partnerName
  const account = here ? found.accounts.find(({ version }) => version === state.accountVersion) : undefined
  if (state.state !== 'scheduled' || !account) return bringUpToDate(deps, found)
  const leaves = mayLeave(deps, found, state.at) && !isPutOff(found, state, deps.now())
  if (leaves) return { now: found, state, account }
  const behind = found.row?.seq !== found.standing.seq
  return behind ? bringUpToDate(deps, found) : unused('nothing-to-do', found)
}

async function refuse(deps: PayDependencies, { now, account }: Payable, evidence = {}): Promise<PayResult> {
  const { verification, partner, version: accountVersion } = account
  if (verification?.outcome !== 'refused') throw new Error('only a refused account refuses a payout')
  const { reason } = verification
  const command = { command: 'refuse', partner, accountVersion, reason, evidence } as const
  const applied = await apply(deps.ledger, now, command, writer(deps))
  await project(deps.ledger, applied.now, deps.shards)
  return unused('refused', applied.now, applied.entries)
}

/**
 * What needs no partner and no permit: an account that two participants have linked is held for an operator, and one
 * that was refused before fails without another call.
 */
export async function withoutCalling(
  deps: PayDependencies,
  payable: Payable,
): Promise<PayResult | undefined> {
  const { now, account } = payable
  if (account.shared && !now.standing.cleared.includes(account.version)) {
    const command = { command: 'hold', reason: 'account-shared', accountVersion: account.version } as const
    const applied = await apply(deps.ledger, now, command, writer(deps))
    await project(deps.ledger, applied.now, deps.shards)
    return unused('held', applied.now, applied.entries)
  }
  return account.verification?.outcome === 'refused' ? refuse(deps, payable) : undefined
}

/** Whether nothing more may be sent at this partner until people have acted. */
export const pausesLane = (reason: string): reason is 'float-empty' | 'credentials-refused' =>
  reason === 'float-empty' || reason === 'credentials-refused'

/**
 * Leaves the payout alone, where nothing can be concluded: longer each time, daily in the end. What pauses the lane says
 * nothing of the payout, which goes on as soon as people have acted.
 */
async function postpone(
  deps: PayDependencies,
  now: PayoutCase,
  reason: Unanswered['reason'],
  { code }: Evidence,
): Promise<PayResult> {
  const { row } = now
  if (row && !pausesLane(reason)) {
    const inquiries = (row.inquiries ?? 0) + 1
    await deps.ledger.participants.postpone(row, nextQuestion(inquiries, deps.now()), inquiries)
  }
  return { ...unused('postponed', now), unanswered: { reason, ...(code !== undefined && { code }) } }
}

/** Leaves the payout alone for as long as the partner may still be at work on what it has rejected. */
async function postponeUntil(deps: PayDependencies, now: PayoutCase, at: Instant): Promise<PayResult> {
  if (now.row) await deps.ledger.participants.postpone(now.row, at, now.row.inquiries ?? 0)
  return unused('postponed', now)
}

/** Whose account it is, asked once per version. The result is kept in the table Accounts. */
async function verify(deps: PayDependencies, payable: Payable): Promise<Account | PayResult> {
  const { now } = payable
  const key = `${now.participantId} ${payable.account.version}`
  const account = deps.verified.get(key) ?? payable.account
  if (account.verified) return account
  if (account.verification?.outcome === 'refused') return refuse(deps, { ...payable, account })
  const amount = amountOf(schemeNamed(now.scheme), now.payout)
  const result = await deps.partner.verify(account, amount, deps.now())
  if (result.outcome === 'unavailable') return postpone(deps, now, result.reason, result.evidence)
  const kept = keptOf(result)
  const first = await deps.ledger.accounts.recordVerification(now.participantId, account.version, kept)
  const known = first ?? withVerification(account, kept)
  deps.verified.set(key, known)
  if (known.verified) return known
  return refuse(deps, { ...payable, account: known }, first ? {} : result.evidence)
}

/** The attempt at that partner that was rejected last: of those before it the same was asked before it was made. */
export const rejectedAt = ({ standing }: PayoutCase, partner: string): Attempt | undefined =>
  standing.attempts.findLast(({ status, claim }) => status === 'rejected' && claim.partner === partner)

/** Money that has left, whether or not it has come back since. */
const asPaid = (outcome: InquiryOutcome): TransferOutcome | undefined => {
  if (outcome.outcome === 'paid') return outcome
  if (outcome.outcome !== 'refunded') return undefined
  return { outcome: 'paid', evidence: { ...outcome.evidence, status: '04' } }
}

/** The partner contradicts itself: whichever account or partner is next, nothing more is sent before people have looked. */
async function hold(deps: PayDependencies, now: PayoutCase): Promise<PayResult> {
  const command = { command: 'hold', reason: 'attempt-at-work' } as const
  const held = await apply(deps.ledger, now, command, writer(deps))
  await project(deps.ledger, held.now, deps.shards)
  return unused('held', held.now, held.entries)
}

/**
 * A rejected attempt at this partner is asked about once more before the next one, as soon as what the partner says is
 * final: should it have paid after all, that is the payment, and nothing is sent.
 */
async function lateProof(deps: PayDependencies, now: PayoutCase): Promise<PayResult | undefined> {
  const last = rejectedAt(now, deps.partnerName)
  if (!last) return undefined
  const { settleWindowSeconds } = deps.configuration
  const { reference, amount, transactionDate, attempt } = last.claim
  const askedAt = deps.now()
  if (!isSettledAt(last, askedAt, deps.configuration))
    return postponeUntil(deps, now, plusSeconds(last.until, settleWindowSeconds))
  const question = { partnerReferenceNo: reference, amount, transactionDate }
  const outcome = await deps.partner.inquire(question, askedAt)
  if (outcome.outcome === 'pending') return hold(deps, now)
  if (outcome.outcome === 'unknown') return postpone(deps, now, outcome.cause, outcome.evidence)
  const paid = asPaid(outcome)
  if (!paid) return undefined
  const command = { command: 'settle', attempt, seq: now.standing.seq, outcome: paid } as const
  const applied = await apply(deps.ledger, now, command, writer(deps))
  await project(deps.ledger, applied.now, deps.shards)
  return unused('settled', applied.now, applied.entries)
}

/**
 * Verify, claim, send once, settle. Needs a permit. The calls before the claim may have taken long: what was paused
 * meanwhile, or what the calendar has closed on, is not claimed. Leaves the row of what it has settled to the caller.
 */
export async function pay(
  deps: PayDependencies,
  payable: Payable,
  isPaused: (payout: Payout) => Promise<boolean>,
): Promise<PayResult> {
  const account = await verify(deps, payable)
  if ('done' in account) return account
  const late = await lateProof(deps, payable.now)
  if (late) return late
  if (await isPaused(payable.now.payout)) return unused('paused', payable.now)
  if (!mayLeave(deps, payable.now, payable.state.at)) return unused('nothing-to-do', payable.now)

  const { participantId, payout, scheme, standing } = payable.now
  const at = deps.now()
  const attempt = standing.attempts.length + 1
  const { fee, session } = account.verified ?? {}
  const intent = {
    attempt,
    reference: referenceOf(participantId, payout, attempt),
    partner: account.partner,
    accountVersion: account.version,
    lastFour: account.lastFour,
    amount: amountOf(schemeNamed(scheme), payout),
    transactionDate: at,
    ...(fee !== undefined && { fee: rupiah(fee) }),
    ...(session !== undefined && { session }),
  }
  const request = deps.partner.transfer(transferOf(intent, account))
  const until = plusSeconds(at, claimTermSeconds)
  const claim = { type: 'claimed', ...intent, bodyHash: request.bodyHash, until } as const

  // After this point the money may move: whatever happens to this worker, the journal says that it was sent.
  const claimed = await apply(deps.ledger, payable.now, { command: 'claim', claim }, { at, by: deps.by })
  if (claimed.entries[0]?.event.type !== 'claimed') {
    const { now, entries } = await bringUpToDate(deps, claimed.now)
    return unused('nothing-to-do', now, [...claimed.entries, ...entries])
  }
  const { seq } = claimed.now.standing
  const now = deps.now()
  const outcome = maySend(claim, now) ? await request.send(now) : unsent(now)
  const command = { command: 'settle', attempt, seq, outcome } as const
  const settled = await apply(deps.ledger, claimed.now, command, writer(deps))
  return { done: 'settled', sent: attempt, now: settled.now, entries: settled.entries }
}
