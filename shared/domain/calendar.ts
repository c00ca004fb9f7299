import {
  type CivilDate,
  daysBetween,
  type Instant,
  jakartaDate,
  plusDays,
  plusSeconds,
  startOfDay,
} from './instant.ts'
import { type Blackout, derivedFrom, endOfPayments, type Scheme } from './scheme.ts'

/**
 * When payouts may leave. A payout's own date never moves: the calendar says which dates are open now.
 */

/** Payouts dated from `from` (inclusive; absent: ever) to `to` (inclusive) may leave. */
export type Window = { readonly from?: Instant; readonly to: Instant }

/** The last second of a Jakarta day. */
const endOfDay = (date: CivilDate): Instant => plusSeconds(startOfDay(plusDays(date, 1)), -1)

function earlyWindow(
  blackout: Blackout,
  today: CivilDate,
  shard: number,
  shards: number,
): Window | undefined {
  const { opensFrom, opensTo, datedTo } = blackout.early
  if (today < opensFrom || today > opensTo) return undefined
  const days = daysBetween(opensFrom, opensTo) + 1
  const opening = plusDays(opensFrom, Math.floor((shard * days) / shards))
  return today < opening ? undefined : { from: startOfDay(blackout.from), to: endOfDay(datedTo) }
}

/**
 * The open windows of one shard at `now`: everything dated up to now, and before a blackout what would fall
 * into it; none during a blackout or after the scheme's last payment day.
 */
export function horizon(scheme: Scheme, now: Instant, shard: number, shards: number): readonly Window[] {
  if (now >= endOfPayments(scheme)) return []
  const today = jakartaDate(now)
  if (scheme.blackouts.some(({ from, until }) => today >= from && today < until)) return []
  const early = scheme.blackouts.flatMap((blackout) => earlyWindow(blackout, today, shard, shards) ?? [])
  return [{ to: now }, ...early]
}

/**
 * Which dates of one shard will have left by the end of `day`, seen from `today`, if nothing holds them up; no two
 * windows overlap. What is dated into a blackout leaves before it or after it, as the scheme says.
 */
export function leavingBy(
  scheme: Scheme,
  { today, day }: Readonly<Record<'today' | 'day', CivilDate>>,
  shard: number,
  shards: number,
): readonly Window[] {
  let last = day < scheme.lastPayment ? day : scheme.lastPayment
  for (const { from, until } of scheme.blackouts) if (last >= from && last < until) last = plusDays(from, -1)
  if (last < today) return []
  const early = scheme.blackouts.flatMap((blackout) => {
    const { opensTo } = blackout.early
    if (last >= blackout.from || today > opensTo) return []
    return earlyWindow(blackout, last < opensTo ? last : opensTo, shard, shards) ?? []
  })
  return [{ to: endOfDay(last) }, ...early]
}

/** Whether a payout dated `at` may leave now. */
export const isOpen = (windows: readonly Window[], at: Instant): boolean =>
  windows.some(({ from, to }) => (from === undefined || at >= from) && at <= to)

/** Every instant at which the calendar itself changes what is open, in order. */
const changesIn = derivedFrom((scheme): readonly Instant[] => {
  const changes = scheme.blackouts.flatMap(({ from, until, early }) => {
    const days = daysBetween(early.opensFrom, early.opensTo) + 1
    const openings = Array.from({ length: days }, (_, day) => startOfDay(plusDays(early.opensFrom, day)))
    return [...openings, startOfDay(from), startOfDay(until)]
  })
  return [...changes, endOfPayments(scheme)].sort()
})

/**
 * The next instant after `now` at which the calendar itself changes what is open, so that a waiting scheduler
 * need not look before; `undefined` when nothing is open any more for good.
 */
export const nextChange = (scheme: Scheme, now: Instant): Instant | undefined =>
  changesIn(scheme).find((change) => change > now)
