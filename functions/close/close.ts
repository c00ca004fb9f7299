import { decide, draft } from '../../shared/domain/decide.ts'
import type { Entry } from '../../shared/domain/entry.ts'
import { replay, stateOfStanding } from '../../shared/domain/fold.ts'
import { type Instant, jakartaDate, plusDays, startOfDay } from '../../shared/domain/instant.ts'
import { followingRow, type PayoutRow } from '../../shared/domain/row.ts'
import { endOfPayments, payoutsOf, type Scheme } from '../../shared/domain/scheme.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { BrokenChain } from '../../shared/ledger/chain.ts'
import { standingOf } from '../../shared/ledger/payout.ts'
import type { Ledger } from '../../shared/ledger/ports.ts'

export type CloseDependencies = {
  readonly ledger: Ledger
  readonly scheme: Scheme
  readonly shards: number
  readonly by: string
  /** Whether there is time for another portion. */
  readonly timeLeft: () => boolean
  /** Told of a payout that is left alone because its journal is damaged. */
  readonly skipped: (row: PayoutRow, error: BrokenChain) => void
}
export type Closed = { readonly cancelled: number; readonly next: Instant | null }

/** Items looked at in one portion of the sweep. */
const portion = 500
/** Rows looked at side by side. */
const sideBySide = 8
/** Portions of one run, however quick they are. */
const portionsMax = 10_000
const racesMax = 5

/**
 * What closing looks at. Of the first four nothing is in transit: they end. A claim whose sender died has nobody left to
 * wake it, since nothing leaves any more. Whatever else is open or held stays until it is decided.
 */
const nominating: readonly StateName[] = ['waiting', 'scheduled', 'failed', 'returned', 'sending']

/** Writes a row the journal has decided, from the row as it stands: a relink may have been there in between. */
async function writeRow(
  deps: CloseDependencies,
  nominated: PayoutRow,
  chain: readonly Entry[],
): Promise<void> {
  const standing = replay(chain)
  const state = stateOfStanding(standing)
  if (!state) return
  let before = nominated
  for (let race = 0; race < racesMax; race++) {
    const row = followingRow(before, standing, state, deps.shards)
    const stored = await deps.ledger.participants.project(row)
    if (stored === 'projected' || stored.seq >= row.seq) return
    before = stored
  }
}

/**
 * Cancels one payout, if the journal agrees that nothing of it is open, paid or held; the row only nominates. A claim
 * past its term becomes unknown, so that it is asked about. Where the row was behind the journal, it is written again.
 * Losing a race for the entry leaves the payout to tomorrow's sweep.
 */
async function end(
  deps: CloseDependencies,
  nominated: PayoutRow,
  at: Instant,
): Promise<'cancelled' | 'kept'> {
  const { ledger, scheme, by } = deps
  const { participantId, payout } = nominated
  const chain = await ledger.journal.read(participantId, payout)
  const standing = standingOf(participantId, payout, chain)
  const decided = stateOfStanding(standing)
  // Which of waiting, scheduled, failed and returned it is depends on facts that closing neither has nor needs.
  const state = decided ?? ({ state: 'waiting', missing: 'survey', since: at } as const)
  const situation = { participantId, payout, scheme: scheme.name, standing, state }
  const command = decided
    ? ({ command: 'expire', now: at } as const)
    : ({ command: 'cancel', reason: 'scheme-closed' } as const)
  const decision = decide(situation, command)
  if ('refusal' in decision) {
    await writeRow(deps, nominated, chain)
    return 'kept'
  }
  const entry = await ledger.journal.append(chain, draft(situation, decision.event, at, by))
  if (entry === 'overtaken') return 'kept'
  await writeRow(deps, nominated, [...chain, entry])
  return decision.event.type === 'cancelled' ? 'cancelled' : 'kept'
}

/** The same, but for a payout whose journal is damaged: that must not hold up the others. */
async function endReadable(deps: CloseDependencies, row: PayoutRow, at: Instant) {
  try {
    return await end(deps, row, at)
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error
    deps.skipped(row, error)
    return 'kept'
  }
}

/** How many of them were cancelled. */
async function endAll(deps: CloseDependencies, rows: readonly PayoutRow[], now: Instant): Promise<number> {
  let cancelled = 0
  for (let start = 0; start < rows.length; start += sideBySide) {
    const outcomes = await Promise.all(
      rows.slice(start, start + sideBySide).map((row) => endReadable(deps, row, now)),
    )
    cancelled += outcomes.filter((outcome) => outcome === 'cancelled').length
  }
  return cancelled
}

/**
 * One run of the closing sweep, from where the last one stopped. A sweep is begun on every day after the scheme's last
 * payment day, so that what is decided later is closed, too.
 */
export async function close(deps: CloseDependencies, now: Instant): Promise<Closed> {
  const { ledger, scheme, timeLeft } = deps
  if (now < endOfPayments(scheme)) return { cancelled: 0, next: endOfPayments(scheme) }
  const day = jakartaDate(now)
  const tomorrow = startOfDay(plusDays(day, 1))
  const last = await ledger.participants.closing(scheme.name)
  if (last?.day === day && last.next === undefined) return { cancelled: 0, next: tomorrow }

  const { first, last: lastWave } = scheme.waves
  const payouts = payoutsOf(scheme)
  const isOurs = ({ wave, state, payout }: PayoutRow) =>
    wave >= first && wave <= lastWave && payouts.includes(payout) && nominating.includes(state)
  let cancelled = 0
  let from = last?.next
  for (let count = 0; count < portionsMax; count++) {
    const { rows, next } = await ledger.participants.sweep(portion, from)
    cancelled += await endAll(deps, rows.filter(isOurs), now)
    from = next
    // After a portion, not before: every run makes headway, and only a sweep that has met everything is complete.
    if (from === undefined || !timeLeft()) break
  }
  const begun = last?.next === undefined ? day : last.day
  await ledger.participants.recordClosing(scheme.name, {
    day: begun,
    ...(from !== undefined && { next: from }),
  })
  return { cancelled, next: from === undefined && begun === day ? tomorrow : now }
}
