import { currentAccount, type Facts, factCount } from './facts.ts'
import {
  attemptNumbered,
  endedAttempt,
  openAttempt,
  outstanding,
  overpaidAttempt,
  type Standing,
} from './fold.ts'
import { type Instant, jakartaDate, plusDays, plusSeconds, startOfDay } from './instant.ts'
import type { Remedy } from './outcome.ts'
import { type Payout, shardOf } from './payout.ts'
import { schemeNamed } from './scheme.ts'
import { type FailureReason, remedyOf, type State, type StateName } from './state.ts'

/**
 * A payout's row: what lists and people need, projected from the journal and the facts. It can always be written
 * again from them, so nothing is decided by it.
 */
export type PayoutRow = {
  readonly participantId: string
  readonly payout: Payout
  /** The journal's last entry and the number of facts this row was projected from; neither ever goes back. */
  readonly seq: number
  readonly facts: number
  readonly state: StateName
  /** Work list this row is in, and its place there; absent where nobody but the participant can do anything, or
   *  everything is done and nothing was ever paid twice. */
  readonly list?: string
  readonly at?: Instant
  readonly wave: number
  readonly since: Instant
  readonly partner?: string
  readonly lastFour?: string
  readonly attempt?: number
  /** Since when money is in transit: of the open attempt, however often it was sent or asked about since. */
  readonly claimedAt?: Instant
  readonly reason?: FailureReason | string
  /** Of what has failed, has come back or is held; rows of the latter two that were written long ago lack it. */
  readonly remedy?: Remedy
  /** How often the partner has been asked since `since`; sets the pause before the next question. */
  readonly inquiries?: number
}

/** Work lists, sharded. A row is in at most one. */
export const lists = {
  waiting: (shard: number) => `waiting#${shard}`,
  open: (partner: string, shard: number) => `open#${partner}#${shard}`,
  inquire: (partner: string, shard: number) => `inquire#${partner}#${shard}`,
  failed: (partner: string, shard: number) => `failed#${partner}#${shard}`,
  held: (shard: number) => `held#${shard}`,
  /** Paid twice by a partner, until people have got it back or given it up. */
  overpaid: (shard: number) => `overpaid#${shard}`,
  /** Paid twice once, and nothing is left to do but to remember it. */
  recovered: (shard: number) => `recovered#${shard}`,
  writtenOff: (shard: number) => `written-off#${shard}`,
} as const

const pausesSeconds = [60, 300, 900, 3_600, 21_600]

/** When to put question number `inquiries` + 1: after 1, 5, 15, 60, 360 minutes, then daily at 06:00 in Jakarta. */
export function nextQuestion(inquiries: number, now: Instant): Instant {
  const pause = pausesSeconds[inquiries]
  if (pause !== undefined) return plusSeconds(now, pause)
  return plusSeconds(startOfDay(plusDays(jakartaDate(now), 1)), 6 * 3_600)
}

type Placement = Pick<
  PayoutRow,
  'list' | 'at' | 'since' | 'partner' | 'attempt' | 'claimedAt' | 'reason' | 'remedy'
>

/** Where a payout belongs, in whatever state, whose next entry is certain: the next run of inquire there writes it. */
function awaiting(state: State, standing: Standing, shard: number): Placement | undefined {
  const next = outstanding(standing)
  const attempt = next && attemptNumbered(standing, next.attempt)
  if (!attempt) return undefined
  const { claim, since } = attempt
  const list = lists.inquire(claim.partner, shard)
  return {
    ...(state.state === 'paid' && { attempt: state.attempt }),
    list,
    at: since,
    since,
    partner: claim.partner,
  }
}

/** Where what was paid twice is found again, once nothing else is to be done about the payout. */
function remembered(standing: Standing, shard: number): Pick<Placement, 'list' | 'at'> {
  const open = overpaidAttempt(standing)
  if (open) return { list: lists.overpaid(shard), at: open.since }
  const ended = endedAttempt(standing)
  if (!ended) return {}
  const list = ended.ending === 'written-off' ? lists.writtenOff : lists.recovered
  return { list: list(shard), at: ended.since }
}

function placement(state: State, standing: Standing, shard: number): Placement {
  const open = openAttempt(standing)
  const partner = open?.claim.partner ?? ''
  const claimed = open && { claimedAt: open.claimedAt }
  const remedy = remedyOf(state)
  const move = remedy && { remedy }
  switch (state.state) {
    case 'waiting':
      return state.missing === 'survey'
        ? { since: state.since }
        : { list: lists.waiting(shard), at: state.since, since: state.since }
    case 'scheduled':
      return {
        list: lists.open(state.partner, shard),
        at: state.at,
        since: state.at,
        partner: state.partner,
      }
    case 'sending': {
      const { attempt, until } = state
      const since = open?.lastSentAt ?? until
      return { list: lists.open(partner, shard), at: until, since, partner, attempt, ...claimed }
    }
    case 'pending':
    case 'unknown': {
      const { attempt, since } = state
      return {
        list: lists.inquire(partner, shard),
        at: nextQuestion(0, since),
        since,
        partner,
        attempt,
        ...claimed,
      }
    }
    case 'failed': {
      const { reason, since } = state
      return {
        list: lists.failed(state.partner, shard),
        at: since,
        since,
        partner: state.partner,
        reason,
        ...move,
      }
    }
    case 'returned':
      return {
        list: lists.failed(state.partner, shard),
        at: state.since,
        since: state.since,
        partner: state.partner,
        ...move,
      }
    case 'held': {
      const { reason, since } = state
      return { list: lists.held(shard), at: since, since, reason, ...move }
    }
    case 'paid': {
      const paidTo = attemptNumbered(standing, state.attempt)?.claim.partner
      return {
        ...remembered(standing, shard),
        since: state.since,
        attempt: state.attempt,
        ...(paidTo !== undefined && { partner: paidTo }),
      }
    }
    case 'cancelled':
      return { ...remembered(standing, shard), since: state.since, reason: state.reason }
  }
}

const placed = (state: State, standing: Standing, shard: number): Placement =>
  awaiting(state, standing, shard) ?? placement(state, standing, shard)

function lastFourOf(state: State, standing: Standing, facts: Facts): string | undefined {
  if (state.state === 'waiting') return undefined
  const attempt = 'attempt' in state ? state.attempt : undefined
  const claimed = standing.attempts.find(({ claim }) => claim.attempt === attempt)?.claim.lastFour
  const scheme = facts.entitlement && schemeNamed(facts.entitlement.scheme)
  return claimed ?? (scheme && currentAccount(facts, scheme)?.lastFour)
}

/** The partner that a held payout would go to, which its state does not name. */
function partnerOfHeld(state: State, facts: Facts): Pick<PayoutRow, 'partner'> {
  if (state.state !== 'held' || !facts.entitlement) return {}
  const account = currentAccount(facts, schemeNamed(facts.entitlement.scheme))
  return account ? { partner: account.partner } : {}
}

/** The row of a payout. Throws without an entitlement. */
export function projectRow(
  participantId: string,
  payout: Payout,
  situation: { readonly standing: Standing; readonly state: State; readonly facts: Facts },
  shards: number,
): PayoutRow {
  const { standing, state, facts } = situation
  if (!facts.entitlement) throw new Error(`${payout} has no entitlement`)
  const lastFour = lastFourOf(state, standing, facts)
  return {
    participantId,
    payout,
    seq: standing.seq,
    facts: factCount(facts, payout),
    state: state.state,
    wave: facts.entitlement.wave,
    ...partnerOfHeld(state, facts),
    ...placed(state, standing, shardOf(participantId, payout, shards)),
    ...(lastFour !== undefined && { lastFour }),
  }
}

/** The row that follows `before` where the journal alone decides the state: no fact has to be read for it. */
export function followingRow(before: PayoutRow, standing: Standing, state: State, shards: number): PayoutRow {
  const { participantId, payout, facts, wave } = before
  const attempt = 'attempt' in state ? state.attempt : undefined
  const claimed = standing.attempts.find(({ claim }) => claim.attempt === attempt)?.claim.lastFour
  const lastFour = claimed ?? before.lastFour
  const place = placed(state, standing, shardOf(participantId, payout, shards))
  const known = {
    ...{ participantId, payout, seq: standing.seq, facts, state: state.state, wave },
    ...(state.state === 'held' && before.partner !== undefined && { partner: before.partner }),
  }
  return { ...known, ...place, ...(lastFour !== undefined && { lastFour }) }
}
