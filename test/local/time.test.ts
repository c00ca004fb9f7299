import { afterEach, describe, expect, test, vi } from 'vitest'
import { createActivity } from '../../infra/local/activity.ts'
import { createClock } from '../../infra/local/clock.ts'
import { createAgenda, runTimeline, type Timeline } from '../../infra/local/timeline.ts'

const start = Date.parse('2020-09-18T03:00:00Z')

describe('Date on virtual time', () => {
  const clock = createClock(start)
  let restore = () => {}
  afterEach(() => restore())

  test('reads the clock and is otherwise the real one', () => {
    const real = Date
    restore = clock.install()
    expect(Date.now()).toBe(start)
    expect(new Date().toISOString()).toBe('2020-09-18T03:00:00.000Z')
    expect(Date()).toBe(new real(start).toString())
    expect(new Date('2021-01-01T00:00:00Z').getTime()).toBe(real.UTC(2021, 0))
    expect(new Date() instanceof real && new real() instanceof Date).toBe(true)
    clock.moveTo(start + 1)
    expect(Date.now()).toBe(start + 1)
    restore()
    expect(Date).toBe(real)
  })

  test('belongs to one clock at a time', () => {
    restore = clock.install()
    expect(() => createClock(start).install()).toThrow('another virtual clock')
  })

  test('never goes back', () => {
    expect(() => createClock(start).moveTo(start - 1)).toThrow(RangeError)
  })
})

describe('the timeline', () => {
  function setUp({ busy = () => 0, settled = async () => {} }: Partial<Timeline> = {}) {
    const clock = createClock(start)
    const activity = createActivity()
    const agenda = createAgenda(clock, activity)
    const timeline = { clock, activity, sources: [agenda], settled, busy, check: () => {} }
    return {
      clock,
      activity,
      at: agenda.at,
      runUntil: (until: number) => runTimeline(timeline, start + until),
    }
  }

  test('runs what is due in the order of time, however it was entered, and stops where told', async () => {
    const { clock, at, runUntil } = setUp()
    const seen: [string, number][] = []
    const entry = (name: string, offset: number) =>
      at(start + offset, () => void seen.push([name, clock.now() - start]))
    entry('late', 30)
    entry('early', 10)
    entry('beyond', 31)
    entry('middle', 20)
    await runUntil(30)
    expect(seen).toEqual([
      ['early', 10],
      ['middle', 20],
      ['late', 30],
    ])
    expect(clock.now()).toBe(start + 30)
  })

  test('runs the entries of one instant together, and entries that they add, even for a time that has passed', async () => {
    const { clock, at, runUntil } = setUp()
    const seen: string[] = []
    let begun = 0
    const together = async () => {
      begun += 1
      await vi.waitUntil(() => begun === 2)
      seen.push(`together at ${clock.now() - start}`)
    }
    at(start + 10, together)
    at(start + 10, together)
    at(start + 20, () => at(start + 5, () => void seen.push(`overdue at ${clock.now() - start}`)))
    await runUntil(100)
    expect(seen).toEqual(['together at 10', 'together at 10', 'overdue at 20'])
  })

  test('moves time only when nothing is under way and no answer is owed', async () => {
    let owed = 1
    const { clock, activity, runUntil } = setUp({ busy: () => owed })
    const { promise, resolve: finish } = Promise.withResolvers<void>()
    activity.start(() => promise)
    const running = runUntil(10)
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock.now()).toBe(start)
    finish()
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock.now()).toBe(start)
    owed = 0
    await running
    expect(clock.now()).toBe(start + 10)
  })

  test('comes to its end only when what time does not wait for is over, and with what that has left to do', async () => {
    const seen: number[] = []
    const { promise, resolve: finish } = Promise.withResolvers<void>()
    const { clock, at, runUntil } = setUp({ settled: () => promise })
    at(start + 5, () => void seen.push(clock.now() - start))
    let ended = false
    const running = runUntil(10).then(() => {
      ended = true
    })
    await vi.waitUntil(() => seen.length === 1)
    await new Promise((resolve) => setImmediate(resolve))
    expect([ended, clock.now()]).toEqual([false, start + 5])
    at(start + 7, () => void seen.push(clock.now() - start))
    finish()
    await running
    expect([seen, clock.now()]).toEqual([[5, 7], start + 10])
  })

  test('ends with the first failure of an action', async () => {
    const { at, runUntil } = setUp()
    at(start + 10, () => Promise.reject(new Error('a bug')))
    await expect(runUntil(20)).rejects.toThrow('a bug')
  })

  test('refuses to go on when something is due again and again', async () => {
    const { at, runUntil } = setUp()
    const again = () => at(start, again)
    at(start, again)
    await expect(runUntil(20)).rejects.toThrow('stuck')
  })

  test('a quiet month takes no time', async () => {
    const { runUntil } = setUp()
    const since = performance.now()
    await runUntil(30 * 86_400_000)
    expect(performance.now() - since).toBeLessThan(50)
  })
})
