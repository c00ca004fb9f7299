import { type Instant, latest } from './instant.ts'
import { type Kind, kinds } from './payout.ts'
import type { Control } from './permit.ts'

/** Why a lane does not pay. All but `operator` are the lane's own doing. */
export const pauseReasons = [
  'float-empty',
  'credentials-refused',
  'operator',
  'canary-failed',
  'unknown-outcomes',
] as const
export type PauseReason = (typeof pauseReasons)[number]
export type Pause = {
  readonly reason: PauseReason
  readonly since: Instant
  readonly by: string
  /** What the last person who wanted it has said of it. */
  readonly note?: string
  /** A person's pause, and the lane has paused itself before or since. */
  readonly itself?: true
  /** When it last came again, from whomever. A resumption that was asked for before does not undo it. */
  readonly confirmed?: Instant
}
export type Paused = Readonly<Partial<Record<Kind, Pause>>>

const isOwn = ({ reason, itself }: Pause): boolean => reason !== 'operator' || itself === true

/** When somebody, or the lane itself, last wanted it paused. */
export const lastPaused = ({ since, confirmed = since }: Pause): Instant => confirmed

/** What people have said last of either. */
function lastNote(before: Pause, pause: Pause): string | undefined {
  const [last, first] = lastPaused(pause) < lastPaused(before) ? [before, pause] : [pause, before]
  return last.note ?? first.note
}

/** Of two pauses the one that stays: only one that funding lifts gives way. The other is not forgotten: neither when it
 *  came, nor what was said of it, nor that it was the lane's own doing, or a person could make it their own and then undo
 *  it alone. */
function staying(before: Pause, pause: Pause): Pause {
  const [stays, goes] = before.reason === 'float-empty' ? [pause, before] : [before, pause]
  const itself = isOwn(goes) && !isOwn(stays)
  const confirmed = latest(lastPaused(stays), lastPaused(goes))
  const note = lastNote(before, pause)
  if (!itself && confirmed === lastPaused(stays) && note === stays.note) return stays
  return {
    ...stays,
    ...(note !== undefined && { note }),
    ...(itself && { itself }),
    ...(confirmed > stays.since && { confirmed }),
  }
}

/** The kinds paused; but a pause that funding does not lift is not replaced by another: it only knows when that came. */
export function pausedWith(paused: Paused, pause: Pause, wanted: readonly Kind[] = kinds): Paused {
  const next = wanted.map((kind) => [kind, paused[kind] ? staying(paused[kind], pause) : pause])
  return { ...paused, ...Object.fromEntries(next) }
}

const wantedKinds = (kind: Kind | undefined): readonly Kind[] => (kind ? [kind] : kinds)

/** Whether the lane has paused itself, for this kind or either: re-opening it takes two people. */
export const pausedItself = ({ paused }: Pick<Control, 'paused'>, kind?: Kind): boolean =>
  wantedKinds(kind).some((each) => paused[each] !== undefined && isOwn(paused[each]))

/** A person's pause, of one kind or both. Absent when nothing changes: it is the same pause, come again. */
export function pauseLane(control: Control, pause: Pause, kind?: Kind): { readonly control?: Control } {
  const paused = pausedWith(control.paused, pause, wantedKinds(kind))
  if (kinds.every((each) => paused[each] === control.paused[each])) return {}
  return { control: { ...control, version: control.version + 1, paused } }
}

/**
 * The lane re-opened, for one kind or both, whatever it was paused for. Each kind that was paused starts with a canary of
 * its own, which nothing that was permitted before belongs to; what was unknown before counts no longer. Absent when it
 * was not paused.
 */
export function resume(control: Control, at: Instant, kind?: Kind): { readonly control?: Control } {
  const reopened = wantedKinds(kind).filter((each) => control.paused[each])
  if (reopened.length === 0) return {}
  const stays = Object.entries(control.paused).filter(([name]) => reopened.every((each) => each !== name))
  const { recent: _, ...rest } = control
  const begun = reopened.map((each) => [each, { since: at, payouts: [] }])
  const canary = { ...control.canary, ...Object.fromEntries(begun) }
  return { control: { ...rest, version: control.version + 1, paused: Object.fromEntries(stays), canary } }
}

/** The last sends that are looked back on, how many there must be, and the share of them that is too many. */
const recentMax = 50
const recentMin = 20
const unknownShareMax = 0.2
const known = '.'
const unknown = '?'

/** The lane's last sends with these behind them: a character each, oldest first. */
export const withRecent = (
  recent: string,
  sends: { readonly known: number; readonly unknown: number },
): string => `${recent}${known.repeat(sends.known)}${unknown.repeat(sends.unknown)}`.slice(-recentMax)

/** Whether of the last sends too many ended without anybody knowing whether they paid. */
export function tooManyUnknown(recent: string): boolean {
  const count = [...recent].filter((each) => each === unknown).length
  return recent.length >= recentMin && count >= recent.length * unknownShareMax
}
