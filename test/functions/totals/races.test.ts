import { afterAll, describe, expect, test } from 'vitest'
import type { TotalsDependencies } from '../../../functions/totals/totals.ts'
import { lives, nothingWrong, startTotals } from './world.ts'

const totals = await startTotals()
afterAll(() => totals.stop())

/** Lets nobody go on before all who are left have come this far. */
function inStep(walkers: number) {
  let left = walkers
  let waiting: (() => void)[] = []
  const goOn = () => {
    if (waiting.length < left) return
    const all = waiting
    waiting = []
    for (const go of all) go()
  }
  return {
    come: () =>
      new Promise<void>((go) => {
        waiting.push(go)
        goOn()
      }),
    leave: () => {
      left -= 1
      goOn()
    },
  }
}

describe('shards that count the same day in step', () => {
  test.each([2, 8])('%i of them end right, and each has read and written once', async (shards) => {
    const world = await totals.begin()
    const step = inStep(shards)
    const done: string[] = []
    const pauses: number[] = []
    const change = (shard: number): Partial<TotalsDependencies> => ({
      counters: {
        ...world.counters,
        async parts(keys) {
          const parts = await world.counters.parts(keys)
          await step.come()
          return parts
        },
      },
      files: {
        ...world.files,
        write: async (file) => {
          done.push(`${shard} writes ${file.day} ${file.partner}`)
          await world.files.write(file)
        },
      },
      history: {
        ...world.history,
        payments: (owner) => {
          done.push(`${shard} reads ${owner}`)
          return world.history.payments(owner)
        },
      },
      random: () => 0.5,
      pause: async (milliseconds) => void pauses.push(milliseconds),
    })
    const people = Array.from({ length: shards }, (_, shard) => lives(`P-${shard}`))
    const records = await Promise.all(people.map(world.write))
    await Promise.all(
      records.map((own, shard) => world.count(`shard-${shard}`, own, change(shard)).finally(step.leave)),
    )
    expect(await world.wrongFor(people.flat())).toEqual(nothingWrong)
    expect(done.length).toBeGreaterThanOrEqual(2 * shards)
    expect(new Set(done).size).toBe(done.length)
    // One wins a race at a time; whoever loses waits, longer each time, and two seconds at most.
    expect(pauses.length).toBeGreaterThanOrEqual((shards * (shards - 1)) / 2)
    expect(Math.min(...pauses)).toBe(25)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1_000)
  })
})
