import { horizon, nextChange } from '../../shared/domain/calendar.ts'
import { canaryLeft, isFullyOpen } from '../../shared/domain/canary.ts'
import { earliest, type Instant, plusSeconds, secondsBetween } from '../../shared/domain/instant.ts'
import type { Pause } from '../../shared/domain/pause.ts'
import { type Kind, kindOf, kinds, shardOf } from '../../shared/domain/payout.ts'
import {
  abandonedPermits,
  type Control,
  nextAbandoned,
  type Permit,
  settlePermit,
} from '../../shared/domain/permit.ts'
import { availableChange } from '../../shared/domain/postings.ts'
import { lists } from '../../shared/domain/row.ts'
import type { Scheme } from '../../shared/domain/scheme.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import type { Cursor, Described, Ledger, Place } from '../../shared/ledger/ports.ts'
import { settleCanaries } from './canary.ts'
import { byDate, candidates, type OpenWindow, withinCanary } from './candidates.ts'

/** A wake-up for one payout. */
export type LaneMessage = Place & {
  /** Whole seconds from now until a worker may have it; 900 at most. */
  readonly delaySeconds: number
}

/** The lane's queue, as release sees it. */
export type LaneQueue = {
  /** Messages waiting, in work or still delayed; approximate. */
  depth(): Promise<number>
  /** Sends them all, in batches of ten; throws if any was refused. */
  send(messages: readonly LaneMessage[]): Promise<void>
}

export type ReleaseDependencies = {
  readonly ledger: Ledger
  readonly queue: LaneQueue
  readonly partnerName: string
  /** Requests for payments; questions have a share of the partner's rate to themselves. */
  readonly ratePerSecond: number
  readonly shards: number
  readonly scheme: Scheme
}

/** `next`: when there may be something to do again; `null`: not before something else happens. `pause`: a canary of the
 *  lane has failed. `floatShort`: something is due, and the float does not cover a payment of each kind, but lacks so many
 *  rupiah of one. `overdue`: something has been due for half a day, perhaps put off, though its kind is open, with no
 *  canary. */
export type Released = {
  readonly sent: number
  readonly depth: number
  readonly next: Instant | null
  readonly pause?: Pause
  readonly floatShort?: number
  readonly overdue?: true
}

/** The lane is kept filled for this long at the partner's rate; the backlog stays in the table. */
const laneSeconds = 120
/** However fast a partner is, one run sends no more. */
const sentMax = 5_000
/** A lane that cannot move (paused, no float) is looked at again after this. */
const restSeconds = 1_800
/** A peak day's backlog takes ten hours at the partners' rates. */
const overdueSeconds = 12 * 3_600
/** A pass through the list starts at its head again after this. */
const passSeconds = 1_800
const tickSeconds = 60
/**
 * What a permit's overdue worker left of it: the payouts' amounts, less what its own entries took of them and plus what
 * they gave back. The permit has the worker's signature as its name. Whoever has written to these payouts since, another
 * worker or inquire, has settled that with the lane.
 */
async function leftByWorker(
  { ledger, partnerName }: ReleaseDependencies,
  worker: string,
  { payouts }: Permit,
): Promise<number> {
  const left = await Promise.all(
    payouts.map(async ({ participantId, payout, amount }) => {
      const chain = await ledger.journal.read(participantId, payout)
      const own = chain.filter(({ by }) => by === worker)
      return own.reduce<number>((sum, { postings }) => sum + availableChange(postings, partnerName), amount)
    }),
  )
  return left.reduce((sum, amount) => sum + amount, 0)
}

/** Settles the permits of overdue workers by what the journal says became of their payouts; the row as it is then. */
async function settleAbandoned(deps: ReleaseDependencies, before: Control, now: Instant): Promise<Control> {
  let control = before
  for (const [permitId, permit] of abandonedPermits(before, now)) {
    const back = await leftByWorker(deps, permitId, permit)
    const changed = await changeControl(deps.ledger.lanes, deps.partnerName, (current) => ({
      control: settlePermit(current, permitId, back, now),
    }))
    control = changed.control
  }
  return control
}

/** The kinds that the control row lets pass: not paused, the float covers one, and a canary has some left. */
const kindsOpen = (control: Control, { amount }: Scheme): readonly Kind[] =>
  kinds.filter(
    (kind) => !control.paused[kind] && amount[kind] <= control.available && canaryLeft(control, kind) > 0,
  )

/** Since when the oldest payout is due that nothing holds back but the rate, or its partner, which has put it off. Where a
 *  kind is held back otherwise it is the oldest of the other that this pass has come to: every pass begins at the head. */
function oldestWaiting(
  dueSince: Instant | undefined,
  found: readonly Place[],
  open: readonly Kind[],
  control: Control,
): Instant | undefined {
  const free = open.filter((kind) => isFullyOpen(control, kind))
  if (free.length === kinds.length) return dueSince
  return found.find(({ payout }) => free.includes(kindOf(payout)))?.at
}

/** Rupiah that the float lacks of one payment of any kind that is not paused; 0: none. */
const floatShort = ({ paused, available }: Control, { amount }: Scheme): number =>
  Math.max(0, ...kinds.filter((kind) => !paused[kind]).map((kind) => amount[kind] - available))

/** Every shard's oldest payout by its date, whether or not it is due. */
const headsOf = ({ ledger, partnerName, shards }: ReleaseDependencies): Promise<(Described | undefined)[]> =>
  Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const [head] = await ledger.worklist.describe(lists.open(partnerName, shard), { limit: 1 })
      return head
    }),
  )

/** Since when one of the heads is due: what was put off has the date of its next try, and is due since its own day. */
const dueSinceOf = (heads: readonly Described[]): Instant | undefined =>
  heads.map(({ state, since, at }) => (state === 'scheduled' ? earliest(since, at) : at)).sort()[0]

/** The windows that the calendar opens, but for those that end before their shard's oldest payout. */
const windowsOf = (
  { scheme, shards }: ReleaseDependencies,
  heads: readonly (Described | undefined)[],
  now: Instant,
): readonly OpenWindow[] =>
  heads.flatMap((head, shard) =>
    horizon(scheme, now, shard, shards)
      .filter(({ to }) => head !== undefined && head.at <= to)
      .map((window) => ({ shard, window })),
  )

/** The next date at which a lane with nothing to do has something: its oldest payout's, or the calendar's. */
function whenDue(scheme: Scheme, now: Instant, head: Instant): Instant | null {
  const change = nextChange(scheme, now)
  return head > now && (change === undefined || head < change) ? head : (change ?? null)
}

/**
 * One run of the governor: tops the lane's queue up to two minutes of the partner's rate, oldest due first. It changes
 * no payout; a message is only a wake-up, and one too many does no harm. A lane costs one look at the head of
 * each shard and at its control row, and more at those shards only that have something due. The row is looked at also
 * where nothing can leave any more: what a dead worker's permit hides could never go back to the treasury.
 */
export async function release(deps: ReleaseDependencies, now: Instant): Promise<Released> {
  const heads = await headsOf(deps)
  const windows = windowsOf(deps, heads, now)
  const present = heads.filter((head) => head !== undefined).sort(byDate)
  const [first] = present
  const dueSince = dueSinceOf(present)
  if (first && windows.length > 0) return topUp(deps, windows, { head: first.at, dueSince }, now)
  const control = await settleAbandoned(deps, await deps.ledger.lanes.read(deps.partnerName), now)
  const nexts = [nextAbandoned(control), first && whenDue(deps.scheme, now, first.at)]
  const next = nexts.filter((instant) => typeof instant === 'string').sort()[0] ?? null
  return { sent: 0, depth: 0, next, ...overdueIn(deps, dueSince, control, now) }
}

const overdueSince = (since: Instant | undefined, now: Instant): Pick<Released, 'overdue'> =>
  since !== undefined && secondsBetween(since, now) > overdueSeconds ? { overdue: true } : {}

/** Of a lane that has nothing to send now. */
const overdueIn = (
  { scheme }: ReleaseDependencies,
  since: Instant | undefined,
  control: Control,
  now: Instant,
): Pick<Released, 'overdue'> =>
  horizon(scheme, now, 0, 1).length === 0
    ? {}
    : overdueSince(oldestWaiting(since, [], kindsOpen(control, scheme), control), now)

async function topUp(
  deps: ReleaseDependencies,
  windows: readonly OpenWindow[],
  { head, dueSince }: { readonly head: Instant; readonly dueSince: Instant | undefined },
  now: Instant,
): Promise<Released> {
  const { ledger, queue, partnerName, ratePerSecond, scheme } = deps
  const [before, depth] = await Promise.all([ledger.lanes.read(partnerName), queue.depth()])
  const settled = await settleAbandoned(deps, before, now)
  const { control, pause } = await settleCanaries(deps, settled, now)
  const room = Math.min(sentMax, Math.ceil(ratePerSecond * laneSeconds)) - depth
  const soon = plusSeconds(now, tickSeconds)
  if (pause) return { sent: 0, depth, next: soon, pause }
  if (room <= 0 || kinds.every((kind) => canaryLeft(control, kind) === 0))
    return { sent: 0, depth, next: soon }

  const kept = await ledger.lanes.cursor(partnerName)
  const cursor = startingPoint(kept, now, depth)
  const open = kindsOpen(control, scheme)
  const { found, past } = await candidates(deps, windows, cursor, { limit: room, open, control })
  const chosen = withinCanary(found, control).slice(0, room)
  await queue.send(spaced(chosen, depth, ratePerSecond))
  const isMore = found.length > chosen.length || chosen.length === room
  const sending = new Set(chosen)
  const unsent = found.filter((place) => !sending.has(place))
  const left = new Set(unsent.map((place) => shardOfPlace(place, deps)))
  const lookedPast = Object.entries(past).filter(([shard]) => !left.has(Number(shard)))
  const goesOn = lookedPast.length > 0
  const moved = isMore || goesOn ? advanced(cursor, chosen, lookedPast, deps) : kept
  if (chosen.length > 0) await ledger.lanes.moveCursor(partnerName, { ...moved, releasedAt: now })
  else if (goesOn) await ledger.lanes.moveCursor(partnerName, moved)
  else if (kept.past)
    await ledger.lanes.moveCursor(partnerName, { ...withReleasedAt(kept), startedAt: now, places: {} })
  const short = floatShort(control, scheme)
  const sent = {
    sent: chosen.length,
    depth,
    ...(short > 0 && { floatShort: short }),
    ...overdueSince(oldestWaiting(dueSince, found, open, control), now),
  }
  const tried = Object.values(control.canary ?? {}).some(({ payouts }) => payouts.length > 0)
  if (chosen.length > 0 || depth > 0 || tried || goesOn) return { ...sent, next: soon }
  if (open.length < kinds.length) return { ...sent, next: plusSeconds(now, restSeconds) }
  // A head that was due and is in no window any more has just been paid; what is behind it may be due, too.
  return { ...sent, next: head <= now ? soon : whenDue(scheme, now, head) }
}

/**
 * One after another at the partner's rate, behind those that the queue holds. Workers are faster than a slow partner
 * allows: handed out all at once, most would be denied for the rate, be acknowledged, and wait for the next run.
 */
const spaced = (places: readonly Place[], ahead: number, ratePerSecond: number): readonly LaneMessage[] =>
  places.map((place, index) => ({ ...place, delaySeconds: Math.floor((ahead + index) / ratePerSecond) }))

/** Where the pass through the list goes on; from the head when the lane is empty or the pass is old. */
function startingPoint(kept: Cursor, now: Instant, depth: number): Cursor {
  const isOver = secondsBetween(kept.startedAt, now) > passSeconds || (depth === 0 && !kept.past)
  return isOver ? { ...withReleasedAt(kept), startedAt: now, places: {} } : kept
}

const withReleasedAt = ({ releasedAt }: Cursor): Pick<Cursor, 'releasedAt'> => ({
  ...(releasedAt && { releasedAt }),
})

const shardOfPlace = ({ participantId, payout }: Place, { shards }: ReleaseDependencies): number =>
  shardOf(participantId, payout, shards)

/** The cursor behind the last place sent, and behind what was looked past, per shard. */
function advanced(
  cursor: Cursor,
  sent: readonly Place[],
  lookedPast: readonly (readonly [shard: string, place: Place])[],
  deps: ReleaseDependencies,
): Cursor {
  const places = { ...cursor.places }
  for (const place of sent) places[shardOfPlace(place, deps)] = place
  for (const [shard, place] of lookedPast) places[shard] = place
  const { startedAt } = cursor
  return { ...withReleasedAt(cursor), startedAt, places, ...(lookedPast.length > 0 && { past: true }) }
}
