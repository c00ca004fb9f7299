import * as z from 'zod'
import { civilDate, epochMs, startOfDay } from '../../shared/domain/instant.ts'
import type { Activity } from './activity.ts'
import type { VirtualClock } from './clock.ts'
import type { Invocation } from './functions.ts'
import { nameOf } from './references.ts'
import type { Schedule } from './resources.ts'
import type { Source } from './timeline.ts'

/**
 * Schedules on virtual time: rates, and daily ones in Jakarta's. On AWS they tick always; here a tick is skipped where nothing can come of it,
 * for an idle month has 43,200 minutes. A function promises `{ next }`, the earliest instant (ISO 8601) at which
 * it will have work, `null` when it knows of none. Its next tick to run is the first one at or after
 * - that instant, or a day after its last run, should any function whose work can concern schedules have been invoked
 *   since; or, if earlier,
 * - the first tick after somebody else may have changed what it looked at: after any invocation that no schedule
 *   made, and after a scheduled one that worked. Worked means that its result counts something, as in
 *   `{ next, sent: 12 }`: any positive number beside `next`. A result without numbers worked if it came because
 *   the instant that it had promised was reached.
 * A function that promises nothing, or fails, runs at every tick, and what is daily runs daily. A template's functions may
 * name the schedules that their work can concern; the rare payout that moves to another lane when its attempt ends
 * is found there within the day.
 */
export type Schedules = Source & {
  /** A function did something that scheduled ones may have to look at. */
  wake(functionName: string): void
  /** Somebody else may have done something that they have to look at within the day. */
  look(): void
}

type ScheduleOptions = {
  readonly schedules: readonly Schedule[]
  readonly clock: VirtualClock
  readonly activity: Activity
  readonly invoke: (functionName: string, event: unknown) => Promise<Invocation>
  /** The scheduled functions that may have work after a function; all, where nothing is said. */
  readonly wakesOf: (functionName: string) => readonly string[] | undefined
}

type Running = {
  readonly schedule: Schedule
  readonly periodMs: number
  /** From an epoch's whole periods to its ticks. */
  readonly offsetMs: number
  lastRun?: number
  /** What its last run promised, if it did; `Infinity` for no work at all. */
  promised?: number | undefined
}

const day = 86_400_000
const unitMs = { minute: 60_000, hour: 3_600_000, day } as const
const jakarta = 'Asia/Jakarta'
const daily = /^cron\((\d+) (\d+) \* \* \? \*\)$/
const rate = /^rate\((\d+) (minute|hour|day)s?\)$/
const result = z.looseObject({ next: z.iso.datetime().nullable() })

export function createSchedules({ schedules, clock, activity, invoke, wakesOf }: ScheduleOptions): Schedules {
  /** When each scheduled function may last have been given work. */
  const changes = new Map<string, number>()
  /** When anything was last done that can concern any of them. */
  let touchedAt = clock.now()
  const look = () => {
    touchedAt = clock.now()
  }
  const wake = (functionName: string) => {
    const names = wakesOf(functionName) ?? schedules.map(({ Target }) => nameOf(Target.Arn))
    for (const name of names) changes.set(name, clock.now())
    if (names.length > 0) look()
  }
  const running = schedules
    .filter(({ State }) => State === 'ENABLED')
    .map((schedule): Running => ({ schedule, ...ticksOf(schedule) }))
  for (const { schedule } of running) inputOf(schedule, clock.now())
  const startedAt = clock.now()

  function nextTick({ schedule, periodMs, offsetMs, lastRun, promised }: Running): number {
    const firstAtOrAfter = (epochMs: number) =>
      Math.ceil((epochMs - offsetMs) / periodMs) * periodMs + offsetMs
    const firstAfter = (epochMs: number) =>
      (Math.floor((epochMs - offsetMs) / periodMs) + 1) * periodMs + offsetMs
    if (lastRun === undefined) return firstAtOrAfter(startedAt)
    const mayDiffer = periodMs === day || touchedAt >= lastRun
    const due = Math.min(promised ?? lastRun, mayDiffer ? lastRun + day : Number.POSITIVE_INFINITY)
    const own = Math.max(firstAtOrAfter(due), firstAfter(lastRun))
    const changedAt = changes.get(nameOf(schedule.Target.Arn)) ?? Number.NEGATIVE_INFINITY
    return changedAt >= lastRun ? Math.min(own, firstAfter(changedAt)) : own
  }

  async function run(each: Running) {
    const now = clock.now()
    const kept = each.promised !== undefined && now >= each.promised
    each.lastRun = now
    each.promised = undefined
    const functionName = nameOf(each.schedule.Target.Arn)
    const invocation = await invoke(functionName, inputOf(each.schedule, now))
    const parsed = result.safeParse(invocation.outcome === 'returned' ? invocation.value : undefined)
    if (!parsed.success) return
    const { next, ...others } = parsed.data
    each.promised = next === null ? Number.POSITIVE_INFINITY : Date.parse(next)
    const counts = Object.values(others).filter((value) => typeof value === 'number')
    if (counts.length === 0 ? kept : counts.some((count) => count > 0)) wake(functionName)
  }

  return {
    wake,
    look,
    next: () => Math.min(...running.map(nextTick)),
    fire() {
      for (const each of running.filter((one) => nextTick(one) <= clock.now()))
        activity.start(() => run(each))
    },
  }
}

function ticksOf({ Name, ScheduleExpression, ScheduleExpressionTimezone: zone }: Schedule) {
  const [, count, unit] = rate.exec(ScheduleExpression) ?? []
  if (unit === 'minute' || unit === 'hour' || unit === 'day')
    return { periodMs: Number(count) * unitMs[unit], offsetMs: 0 }
  const [, minute, hour] = daily.exec(ScheduleExpression) ?? []
  if (minute !== undefined && hour !== undefined && zone === jakarta) {
    // Of any day: all have 24 hours there.
    const offsetMs = epochMs(startOfDay(civilDate('1970-01-02'))) + Number(hour) * unitMs.hour
    return { periodMs: day, offsetMs: offsetMs + Number(minute) * unitMs.minute }
  }
  throw new Error(
    `schedule ${Name}: ${ScheduleExpression} is neither a rate nor once a day in ${jakarta}, and nothing else is known here`,
  )
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
function inputOf({ Name, Target }: Schedule, now: number): unknown {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`
  const input = Target.Input.replaceAll('<aws.scheduler.scheduled-time>', time)
  const unknown = /<aws\.scheduler\.[^>]*>/.exec(input)
  if (unknown) throw new Error(`schedule ${Name}: ${unknown[0]} is not known here`)
  return JSON.parse(input)
}
