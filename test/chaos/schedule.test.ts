import { describe, expect, it } from 'vitest'
import { epochMs, instant } from '../../shared/domain/instant.ts'
import { createErrands } from './errands.ts'
import { createOpenings, createSchedule, type Looked } from './schedule.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** How far a clock may be behind. */
const slow = 5_000
const noon = Date.UTC(2020, 10, 12, 12)
const idle: Looked = { next: null, more: false }

/** A schedule at noon whose runs take no time. */
function scheduleAt(now: number, habits: Parameters<typeof createSchedule>[1] = {}) {
  const clock = { now }
  const schedule = createSchedule(() => clock.now, habits)
  const look = (looked: Looked | (() => Looked), meanwhile = () => {}) => {
    clock.now = Math.max(clock.now, schedule.due())
    schedule.begin()
    meanwhile()
    schedule.end(typeof looked === 'function' ? looked() : looked)
    return schedule.due() - clock.now
  }
  return { ...schedule, clock, look }
}

describe('a function that runs every minute', () => {
  it('is run when it says that there is work, or in the next minute when its machine died', () => {
    const { look, begin, due } = scheduleAt(noon)
    expect(look({ next: instant(noon + 3 * day), more: false })).toBe(3 * day)
    begin()
    expect(due()).toBe(noon + minute)
  })

  it('is run for what is listed before, also while it runs', () => {
    const { look, listed, due, clock } = scheduleAt(noon)
    look({ next: instant(noon + 3 * day), more: false })
    listed('P-1', noon + 4 * day)
    expect(due()).toBe(noon + 3 * day)
    listed('P-2', noon + 2 * day)
    expect(due()).toBe(noon + 2 * day)
    clock.now = noon + 2 * day
    expect(look(idle, () => listed('P-3', clock.now - hour))).toBe(minute)
  })

  it('is run when it is appointed to, also where it has looked before, and once', () => {
    const { look, appoint, listed, due, clock } = scheduleAt(noon)
    appoint(noon + 2 * day)
    expect(look(idle)).toBe(2 * day)
    listed('P-1', noon + day)
    expect(look(idle)).toBe(day)
    expect(due()).toBe(noon + 2 * day)
    expect(look(idle)).toBe(30 * day)
    expect(clock.now).toBe(noon + 2 * day)
  })

  it('gives what it has let go some minutes, and what is listed meanwhile none', () => {
    const { look, listed, due, clock } = scheduleAt(noon)
    expect(look({ next: null, more: true })).toBe(4 * minute)
    listed('P-1', noon)
    expect(due()).toBe(clock.now + minute)
  })

  it('sees at once what the calendar may let go before its day', () => {
    const early = Date.UTC(2020, 11, 10)
    const { look, listed } = scheduleAt(early, { early: createOpenings(() => early, 1) })
    const due = look({ next: instant(early + 9 * day), more: false })
    expect(due).toBe(9 * day)
    expect(look(idle, () => listed('P-1', early + 6 * day))).toBe(minute)
  })

  it('looks less and less often at what does not move, until it is stirred', () => {
    const { look, stir, due, clock } = scheduleAt(noon)
    const stuck = () => ({ next: instant(clock.now + 30 * minute), more: false })
    const pauses = Array.from({ length: 12 }, () => look(stuck))
    expect(pauses.slice(1).every((pause, index) => pause >= (pauses[index] ?? 0))).toBe(true)
    expect(pauses.at(-1)).toBe(day)
    stir()
    expect(due()).toBe(clock.now + minute)
    expect(look(() => ({ next: instant(clock.now + 3 * day), more: false }))).toBe(3 * day)
    stir()
    expect(due()).toBe(clock.now + 3 * day)
  })

  it('that is patient forgets nothing that was listed, and leaves what comes up daily for a week', () => {
    const { look, listed, due, clock } = scheduleAt(noon, { patient: true })
    look(idle)
    listed('P-1', noon + hour)
    listed('P-2', noon + day)
    expect(due()).toBe(noon + hour + slow)
    look(idle)
    expect(clock.now).toBe(noon + hour + slow)
    expect(due()).toBe(noon + 7 * day + slow)
  })
})

it('the calendar lets go early while it is open early, and else when it changes', () => {
  const opening = (now: number) => createOpenings(() => now, 1)()
  expect(instant(opening(noon))).toBe('2020-12-06T17:00:00.000Z')
  expect(opening(Date.UTC(2020, 11, 10))).toBe(Date.UTC(2020, 11, 10))
  expect(opening(epochMs(instant(Date.UTC(2021, 2, 10))))).toBe(Number.POSITIVE_INFINITY)
})

it('people do again what they have not heard of, after an hour', () => {
  const clock = { now: noon }
  const errands = createErrands<string>(() => clock.now)
  errands.add('hold')
  expect([errands.due(), errands.next()]).toEqual([['hold'], noon])
  errands.begin('hold')
  expect([errands.due(), errands.next()]).toEqual([[], noon + hour])
  clock.now += hour
  expect(errands.due()).toEqual(['hold'])
  errands.done('hold')
  expect([errands.due(), errands.next()]).toEqual([[], Number.POSITIVE_INFINITY])
})
