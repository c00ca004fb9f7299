import { type Canaries, canariesOf, canaryLeft, canaryWith, opened } from './canary.ts'
import { claimTermSeconds } from './deadlines.ts'
import { type Instant, latest, plusSeconds, secondsBetween } from './instant.ts'
import { type Pause, type Paused, pausedWith, tooManyUnknown, withRecent } from './pause.ts'
import { kindOf, type Payout } from './payout.ts'
import { noRupiah, type Rupiah } from './rupiah.ts'

/**
 * A lane's control row: who may send how much, now. Pay takes one permit for a batch and gives back what the batch
 * did not use. A worker that dies in between leaves its permit behind: too little float is shown, never too much,
 * until release settles the permit from the journals of the payouts it names.
 */
export type Control = {
  /** Goes up by one with every write. */
  readonly version: number
  readonly paused: Paused
  /** Requests that may start at once; refills at the lane's rate up to one second's worth, at least one payment's. */
  readonly tokens: { readonly count: number; readonly at: Instant }
  /** Float that no open or paid attempt and no permit has taken, in whole rupiah. Below zero, a partner has paid more
   *  than was there to be paid: what comes next makes up for that first. */
  readonly available: number
  readonly permits: Readonly<Record<string, Permit>>
  /** While a kind has one, the lane is open for its payments only, as far as that kind goes. */
  readonly canary?: Canaries
  /** What became of the lane's last sends, see `withRecent`. */
  readonly recent?: string
}
export type Permit = {
  readonly at: Instant
  readonly payouts: readonly PermittedPayout[]
  /** Whole rupiah that release has put back by the journal, its worker being overdue. Who ends the permit after all,
   *  because it was only late, puts back the difference. */
  readonly givenBack?: number
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
export type Denial = 'paused' | 'canary' | 'over-rate' | 'no-float'
export type Grant = {
  readonly granted: readonly Ask[]
  readonly denied: readonly { readonly ask: Ask; readonly denial: Denial }[]
  /** The row to write; absent when nothing was granted. */
  readonly control?: Control
}

/** What one payment may need: verify, ask about the attempt before, transfer. It must fit into one bucket whatever the
 *  rate; a batch need not, what is left of it waits. */
const bucketMin = 3

/** The control row of a lane that has none: nothing is paused or permitted, and there is no float to pay from. */
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

function denialOf(
  { paused }: Control,
  { payout, requests, amount }: Ask,
  { tokens, available, left }: { readonly tokens: number; readonly available: number; readonly left: number },
): Denial | undefined {
  if (paused[kindOf(payout)]) return 'paused'
  if (left <= 0) return 'canary'
  if (tokens < requests) return 'over-rate'
  return available < amount ? 'no-float' : undefined
}

type Named = Pick<PermittedPayout, 'participantId' | 'payout'>

/** The last sends with those of permits that were used to the last rupiah: each was one send whose outcome is known. */
function recentWith({ recent = '', permits }: Control, usedUp: ReadonlySet<string>): Pick<Control, 'recent'> {
  const sends = [...usedUp].reduce((sum, id) => sum + (permits[id]?.payouts.length ?? 0), 0)
  return sends === 0 ? {} : { recent: withRecent(recent, { known: sends, unknown: 0 }) }
}

/** As much of the batch as pauses, rate and float allow, oldest first, as one change of the control row. */
export function takePermit(
  control: Control,
  asks: readonly Ask[],
  lane: {
    readonly now: Instant
    readonly ratePerSecond: number
    readonly permitId: string
    /** Permits that this worker knows to have been used to the last rupiah, for sends whose outcome is known: taken
     *  off, and counted, in the same write. */
    readonly usedUp?: ReadonlySet<string>
  },
): Grant {
  const granted: Ask[] = []
  const denied: { ask: Ask; denial: Denial }[] = []
  let tokens = tokensAt(control, lane.now, lane.ratePerSecond)
  const { usedUp = new Set() } = lane
  let available = control.available - givenBackTo(control, usedUp)
  for (const ask of asks) {
    const kind = kindOf(ask.payout)
    const ofKind = granted.filter(({ payout }) => kindOf(payout) === kind).length
    const denial = denialOf(control, ask, { tokens, available, left: canaryLeft(control, kind) - ofKind })
    if (denial) {
      denied.push({ ask, denial })
      continue
    }
    tokens -= ask.requests
    available -= ask.amount
    granted.push(ask)
  }
  if (granted.length === 0) return { granted, denied }
  const payouts = granted.map(({ participantId, payout, amount }) => ({ participantId, payout, amount }))
  const others = Object.entries(control.permits).filter(([id]) => !usedUp.has(id))
  const permits = { ...Object.fromEntries(others), [lane.permitId]: { at: lane.now, payouts } }
  const next = {
    ...control,
    tokens: { count: tokens, at: latest(control.tokens.at, lane.now) },
    available,
    permits,
    ...canaryWith(control, granted, lane.now),
    ...recentWith(control, usedUp),
  }
  return { granted, denied, control: { ...next, version: control.version + 1 } }
}

/**
 * Names a payout of which `permitId`'s worker may be about to write what moves the float, though it takes none of it
 * beforehand: a proof that an attempt has not paid, or has paid after all. Should the worker die before it tells the
 * row, release finds in the payout's journal what it has moved: once, also where an invocation that died is repeated under
 * its own name.
 */
export function announce(
  control: Control,
  permitId: string,
  { participantId, payout }: Omit<PermittedPayout, 'amount'>,
  at: Instant,
): Control {
  const { payouts = [], ...begun } = control.permits[permitId] ?? {}
  const isNamed = payouts.some((one) => one.participantId === participantId && one.payout === payout)
  const named = isNamed ? payouts : [...payouts, { participantId, payout, amount: noRupiah }]
  const permit = { ...begun, at, payouts: named }
  return { ...control, permits: { ...control.permits, [permitId]: permit }, version: control.version + 1 }
}

export type PermitEnd = {
  /** Rupiah the batch did not use after all. */
  readonly back: number
  /** Payouts of which this worker does not know whether they were claimed: they stay for release to settle. */
  readonly unsettled: readonly PermittedPayout[]
  /** What the partner's answers ask for. */
  readonly pause?: Pause
  /** What became of the permit's sends, where its worker knows. */
  readonly sends?: Sends
}

/** How many sends of a batch ended how, by `at`, and which were paid. `known`: these included. */
export type Sends = {
  readonly at: Instant
  readonly known: number
  readonly unknown: number
  readonly paid: readonly Named[]
}

/** The row that knows of a batch's sends: a paid one of a canary opens its kind, too many unknown ones pause the lane. */
function afterSends(control: Control, permitId: string, sends: Sends): Control {
  const permit = control.permits[permitId]
  const proven = permit ? canariesOf(control, sends.paid, permit.at) : []
  const next = proven.reduce(opened, control)
  const recent = withRecent(control.recent ?? '', sends)
  if (!tooManyUnknown(recent)) return { ...next, recent }
  const pause = { reason: 'unknown-outcomes', since: sends.at, by: permitId } as const
  return { ...next, recent, paused: pausedWith(control.paused, pause) }
}

/**
 * Ends a permit. What release has given back of it is not given back twice; one that is no longer there was settled long
 * ago. Pauses the lane where the answers ask for it, or where it is not known of too many sends whether they paid.
 */
export function endPermit(
  control: Control,
  permitId: string,
  { back, unsettled, pause, sends }: PermitEnd,
): Control {
  const { [permitId]: permit, ...others } = control.permits
  const kept = permit && unsettled.length > 0 ? { [permitId]: { at: permit.at, payouts: unsettled } } : {}
  const known = sends ? afterSends(control, permitId, sends) : control
  const paused = pause ? pausedWith(known.paused, pause) : known.paused
  const next = { ...known, version: control.version + 1, permits: { ...others, ...kept }, paused }
  return permit ? { ...next, available: control.available + back - (permit.givenBack ?? 0) } : next
}

/**
 * Puts back what the journal says that an overdue worker has left. The permit stays until nobody can be so late that it
 * still writes: what it writes by then is counted when the permit goes.
 */
export function settlePermit(control: Control, permitId: string, back: number, now: Instant): Control {
  const { [permitId]: permit, ...others } = control.permits
  if (!permit) return { ...control, version: control.version + 1 }
  const permits = isForgotten(permit, now)
    ? others
    : { ...others, [permitId]: { ...permit, givenBack: back } }
  const available = control.available + back - (permit.givenBack ?? 0)
  return { ...control, version: control.version + 1, permits, available }
}

/** Rupiah that release has given back of permits whose workers know now that they have used them all the same. */
const givenBackTo = ({ permits }: Control, usedUp: ReadonlySet<string>): number =>
  [...usedUp].reduce((sum, id) => sum + (permits[id]?.givenBack ?? 0), 0)

/** Permits past their term that may stay on the row, since settling them costs more than they hide. */
const lingeringMax = 4
const lingeringSeconds = 2 * 86_400
/** Longer than any function may run: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const forgottenSeconds = 3_600

const age = ({ at }: Permit, now: Instant): number => secondsBetween(at, now)
const isForgotten = (permit: Permit, now: Instant): boolean => age(permit, now) > forgottenSeconds

/**
 * The permits to be settled from the journal. One past a claim's term was either used up, and its worker has had
 * nothing to do since, or its worker is gone; as long as they are few and not old, the next batch sees to the first. One
 * that was settled comes once more, when its worker can no longer be alive.
 */
export function abandonedPermits(control: Control, now: Instant): readonly (readonly [string, Permit])[] {
  const past = Object.entries(control.permits).filter(([, permit]) => age(permit, now) > claimTermSeconds)
  const fresh = past.filter(([, { givenBack }]) => givenBack === undefined)
  const forgotten = past.filter(([, permit]) => permit.givenBack !== undefined && isForgotten(permit, now))
  const old = fresh.some(([, permit]) => age(permit, now) > lingeringSeconds)
  return [...(old || fresh.length > lingeringMax ? fresh : []), ...forgotten]
}

/** When a permit of those on the row is next to be settled from the journal at the latest, if nobody ends them; `undefined`:
 *  there is none. */
export function nextAbandoned({ permits }: Control): Instant | undefined {
  const waits = Object.values(permits).map(({ at, givenBack }) =>
    plusSeconds(at, givenBack === undefined ? lingeringSeconds + 1 : forgottenSeconds + 1),
  )
  return waits.sort()[0]
}

/** More (or, with late proof, less) float than the row knew of. */
export const changeAvailable = (control: Control, change: number): Control => ({
  ...control,
  version: control.version + 1,
  available: control.available + change,
})

/** Float has come: what the partner paused for want of it goes on. */
export function afterFunding(control: Control, amount: Rupiah): Control {
  const kept = Object.entries(control.paused).filter(([, pause]) => pause.reason !== 'float-empty')
  return { ...changeAvailable(control, amount), paused: Object.fromEntries(kept) }
}
