import { claimTermSeconds } from './deadlines.ts'
import { type Instant, latest, secondsBetween } from './instant.ts'
import { type Kind, kindOf, type Payout } from './payout.ts'
import { noRupiah, type Rupiah, rupiah, subtract } from './rupiah.ts'

/**
 * A lane's control row: who may send how much, now. Pay takes one permit for a batch and gives back what the batch
 * did not use. A worker that dies in between leaves its permit behind: too little float is shown, never too much,
 * until release settles the permit from the journals of the payouts it names.
 */
export type Control = {
  /** Goes up by one with every write. */
  readonly version: number
  readonly paused: Readonly<Partial<Record<Kind, Pause>>>
  /** Requests that may start at once; refills at the lane's rate up to one second's worth, at least a batch. */
  readonly tokens: { readonly count: number; readonly at: Instant }
  /** Float that no open or paid attempt and no permit has taken, in rupiah. */
  readonly available: Rupiah
  readonly permits: Readonly<Record<string, Permit>>
}
export type Pause = { readonly reason: PauseReason; readonly since: Instant; readonly by: string }
export type PauseReason = 'float-empty' | 'credentials-refused' | 'operator'
export type Permit = {
  readonly at: Instant
  readonly payouts: readonly PermittedPayout[]
}
export type PermittedPayout = {
  readonly participantId: string
  readonly payout: Payout
  readonly amount: Rupiah
}

/** What one message of a batch asks for. */
export type Ask = PermittedPayout & {
  /** Requests to the partner it needs: the transfer, the account's verification if it has none yet, and one question
   *  about a rejected attempt before. */
  readonly requests: number
}
export type Denial = 'paused' | 'over-rate' | 'no-float'
export type Grant = {
  readonly granted: readonly Ask[]
  readonly denied: readonly { readonly ask: Ask; readonly denial: Denial }[]
  /** The row to write; absent when nothing was granted. */
  readonly control?: Control
}

/** A batch of ten, each with up to three requests, must fit into one bucket whatever the rate. */
const bucketMin = 30

export const newControl = (at: Instant): Control => ({
  version: 0,
  paused: {},
  tokens: { count: bucketMin, at },
  available: noRupiah,
  permits: {},
})

/** Requests that may start now at `ratePerSecond`; part of one is not one yet. A clock that runs backwards adds none. */
export function tokensAt(control: Control, now: Instant, ratePerSecond: number): number {
  const refill = Math.max(0, secondsBetween(control.tokens.at, now)) * ratePerSecond
  return Math.min(control.tokens.count + refill, Math.max(ratePerSecond, bucketMin))
}

function denialOf(control: Control, ask: Ask, tokens: number, available: Rupiah): Denial | undefined {
  if (control.paused[kindOf(ask.payout)]) return 'paused'
  if (tokens < ask.requests) return 'over-rate'
  return available < ask.amount ? 'no-float' : undefined
}

/** As much of the batch as pauses, rate and float allow, oldest first, as one change of the control row. */
export function takePermit(
  control: Control,
  asks: readonly Ask[],
  lane: {
    readonly now: Instant
    readonly ratePerSecond: number
    readonly permitId: string
    /** Permits that this worker knows to have been used to the last rupiah: taken off in the same write. */
    readonly usedUp?: ReadonlySet<string>
  },
): Grant {
  const granted: Ask[] = []
  const denied: { ask: Ask; denial: Denial }[] = []
  let tokens = tokensAt(control, lane.now, lane.ratePerSecond)
  let available = control.available
  for (const ask of asks) {
    const denial = denialOf(control, ask, tokens, available)
    if (denial) {
      denied.push({ ask, denial })
      continue
    }
    tokens -= ask.requests
    available = subtract(available, ask.amount)
    granted.push(ask)
  }
  if (granted.length === 0) return { granted, denied }
  const payouts = granted.map(({ participantId, payout, amount }) => ({ participantId, payout, amount }))
  const others = Object.entries(control.permits).filter(([id]) => !lane.usedUp?.has(id))
  const permits = { ...Object.fromEntries(others), [lane.permitId]: { at: lane.now, payouts } }
  const next = {
    ...control,
    tokens: { count: tokens, at: latest(control.tokens.at, lane.now) },
    available,
    permits,
  }
  return { granted, denied, control: { ...next, version: control.version + 1 } }
}

/**
 * Names a payout of which `permitId`'s worker may be about to write what moves the float, though it takes none of it
 * beforehand: a proof that an attempt has not paid, or has paid after all. Should the worker die before it tells the
 * row, release finds in the payout's journal what it has moved.
 */
export function announce(
  control: Control,
  permitId: string,
  { participantId, payout }: Omit<PermittedPayout, 'amount'>,
  at: Instant,
): Control {
  const announced = control.permits[permitId]?.payouts ?? []
  const permit = { at, payouts: [...announced, { participantId, payout, amount: noRupiah }] }
  return { ...control, permits: { ...control.permits, [permitId]: permit }, version: control.version + 1 }
}

export type PermitEnd = {
  /** Rupiah the batch did not use after all. */
  readonly back: number
  /** Payouts of which this worker does not know whether they were claimed: they stay for release to settle. */
  readonly unsettled: readonly PermittedPayout[]
  /** What the partner's answers ask for. */
  readonly pause?: Pause
}

/** Both kinds paused; but a pause that funding does not lift is not replaced by one that it does. */
function pausedAnew({ paused }: Control, pause: Pause): Control['paused'] {
  const outlasting = Object.entries(paused).filter(([, { reason }]) => reason !== 'float-empty')
  return { incentive: pause, survey: pause, ...Object.fromEntries(outlasting) }
}

/** Ends a permit. One that is no longer there was settled by release: then nothing is given back twice. */
export function endPermit(
  control: Control,
  permitId: string,
  { back, unsettled, pause }: PermitEnd,
): Control {
  const { [permitId]: permit, ...others } = control.permits
  const kept = permit && unsettled.length > 0 ? { [permitId]: { ...permit, payouts: unsettled } } : {}
  const paused = pause ? pausedAnew(control, pause) : control.paused
  const next = permit ? changeAvailable(control, back) : { ...control, version: control.version + 1 }
  return { ...next, permits: { ...others, ...kept }, paused }
}

/** Permits past their term that may stay on the row, since settling them costs more than they hide. */
const lingeringMax = 4
const lingeringSeconds = 2 * 86_400

/**
 * The permits to be settled from the journal. One past a claim's term was either used up, and its worker has had
 * nothing to do since, or its worker is gone; as long as they are few and not old, the next batch sees to the first.
 */
export function abandonedPermits(control: Control, now: Instant): readonly (readonly [string, Permit])[] {
  const age = ({ at }: Permit) => secondsBetween(at, now)
  const past = Object.entries(control.permits).filter(([, permit]) => age(permit) > claimTermSeconds)
  const old = past.some(([, permit]) => age(permit) > lingeringSeconds)
  return old || past.length > lingeringMax ? past : []
}

/** More (or, with late proof, less) float than the row knew of. Never below zero: the partner refuses first. */
export const changeAvailable = (control: Control, change: number): Control => ({
  ...control,
  version: control.version + 1,
  available: rupiah(Math.max(0, control.available + change)),
})

/** Float has come: what the partner paused for want of it goes on. */
export function afterFunding(control: Control, amount: Rupiah): Control {
  const kept = Object.entries(control.paused).filter(([, pause]) => pause.reason !== 'float-empty')
  return { ...changeAvailable(control, amount), paused: Object.fromEntries(kept) }
}
