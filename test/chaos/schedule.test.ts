import { describe, expect, it } from 'vitest'
import { instant } from '../../shared/domain/instant.ts'
import { createErrands } from './errands.ts'
import { createOpening, createSchedule, type Looked } from './schedule.ts'

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

  it('of whose work all is listed is run once some of it may be done, whatever it said or was told', () => {
    const { look, listed, unlisted, wake, due, clock } = scheduleAt(noon, { opening: (at) => at })
    listed('P-1', noon - hour)
    listed('P-2', noon + 3 * day)
    expect(look({ next: instant(noon), more: true })).toBe(4 * minute)
    unlisted('P-1')
    expect(due()).toBe(noon + 3 * day)
    wake()
    expect(due()).toBe(noon + 3 * day)
    listed('P-2', noon + 2 * day)
    clock.now = due()
    expect(clock.now).toBe(noon + 2 * day)
    listed('P-2', noon + 5 * day)
    expect(due()).toBe(noon + 5 * day)
    unlisted('P-2')
    expect(due()).toBe(Number.POSITIVE_INFINITY)
  })

  it('need not come when it is not appointed any more', () => {
    const { look, listed, appoint, due } = scheduleAt(noon, { opening: (at) => at })
    listed('P-1', noon)
    look({ next: instant(noon + 9 * day), more: false }, () => listed('P-1', noon + 9 * day))
    appoint(noon + 2 * day)
    expect(due()).toBe(noon + 2 * day)
    appoint(Number.POSITIVE_INFINITY)
    expect(due()).toBe(noon + 9 * day)
  })

  it('sees at once what the calendar may let go before its day', () => {
    const before = Date.UTC(2020, 11, 10)
    const { look, listed } = scheduleAt(before, { opening: createOpening(() => before, 1) })
    listed('P-1', before + 60 * day)
    expect(look(idle, () => listed('P-1', before + 6 * day))).toBe(minute)
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

it('what is dated into a blackout may leave before it, and else on its day, or when the calendar changes', () => {
  const openingAt = (now: number, at: number) => createOpening(() => now, 1)(at)
  expect(openingAt(noon, noon - day)).toBe(noon - day)
  expect(openingAt(noon, noon + day)).toBe(noon + day)
  expect(instant(openingAt(noon, noon + 60 * day))).toBe('2020-12-06T17:00:00.000Z')
  const early = Date.UTC(2020, 11, 10)
  expect(openingAt(early, Date.UTC(2020, 11, 20))).toBe(early)
  expect(instant(openingAt(early, Date.UTC(2021, 0, 20)))).toBe('2020-12-10T17:00:00.000Z')
  expect(instant(openingAt(Date.UTC(2020, 11, 20), early))).toBe('2021-01-04T17:00:00.000Z')
  expect(openingAt(Date.UTC(2021, 2, 10), noon)).toBe(Number.POSITIVE_INFINITY)
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
