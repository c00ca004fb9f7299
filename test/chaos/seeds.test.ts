import { describe, expect, it } from 'vitest'
import type { Outcome, Task } from './attempt.ts'
import { points } from './coverage.ts'
import { runSeeds } from './seeds.ts'
import { openThreads } from './threads.ts'

const met = {
  points: new Map([[points[0] ?? '', new Set(['crash-after' as const])]]),
  faults: new Map(),
  behaviours: new Map(),
}
const asked = { participants: 2, engine: false }
const problem = { check: 'planted', subject: '', detail: 'as told' }

/** Threads in which seeds that 10 divides fail, from 7 steps with faults on; the first ones take longest. */
function createStub() {
  const tasks: Task[] = []
  return {
    tasks,
    threads: {
      async attempt(task: Task): Promise<Outcome> {
        tasks.push(task)
        for (let turn = task.seed; turn < 100; turn++) await Promise.resolve()
        const fails = task.seed % 10 === 0 && (task.faultsUntil ?? 100) >= 7
        return {
          seed: task.seed,
          problems: fails ? [problem] : [],
          steps: 100,
          digest: `of seed ${task.seed}`,
          met,
        }
      },
      close: async () => {},
    },
  }
}

describe('seeds', () => {
  it('run once each, side by side, and come out in order', async () => {
    const { threads, tasks } = createStub()
    const notes: number[] = []
    const note = ({ done }: { done: number }) => void notes.push(done)
    const results = await runSeeds({ ...asked, from: 5, seeds: 30 }, { threads, width: 3, note })
    const whole = tasks.filter(({ faultsUntil }) => faultsUntil === undefined)
    expect(whole.map(({ seed }) => seed).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 30 }, (_, index) => 5 + index),
    )
    expect(results.steps).toBe(3_000)
    expect(notes).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(results.met.points.size).toBe(1)
    expect(results.failed.map(({ outcome, shrunk }) => [outcome.seed, shrunk?.prefix])).toEqual([
      [10, 7],
      [20, 7],
      [30, 7],
    ])
  })

  it('have one digest, however many run side by side, and other seeds another', async () => {
    const digestOf = async (from: number, width: number) => {
      const asked30 = { ...asked, from, seeds: 30 }
      return (await runSeeds(asked30, { threads: createStub().threads, width, note() {} })).digest
    }
    const [alone, aside, others] = [await digestOf(5, 1), await digestOf(5, 3), await digestOf(6, 3)]
    expect([aside === alone, others === alone]).toEqual([true, false])
  })

  it('are shrunk for the first five that failed', async () => {
    const { threads } = createStub()
    const results = await runSeeds({ ...asked, from: 1, seeds: 70 }, { threads, width: 2, note() {} })
    expect(results.failed.map(({ shrunk }) => shrunk?.prefix)).toEqual([7, 7, 7, 7, 7, undefined, undefined])
  })

  it.each<readonly [boolean, string | undefined, readonly number[]]>([
    [false, 'http://engine', [200]],
    [true, 'http://engine', Array.from({ length: 70 }, (_, index) => 160 + index)],
    [true, undefined, []],
  ])(
    'run on the engine, all of them or every 200th, if there is one (%s, %s)',
    async (all, engine, seeds) => {
      const { threads, tasks } = createStub()
      const running = { threads, width: 2, ...(engine && { engine }), note() {} }
      const { engineSeeds } = await runSeeds({ ...asked, engine: all, from: 160, seeds: 70 }, running)
      expect(engineSeeds).toBe(seeds.length)
      const onEngine = tasks.flatMap((task) => (task.engine ? [task.seed] : []))
      expect([...new Set(onEngine)].sort((one, other) => one - other)).toEqual(seeds)
      // A seed that fails on the engine is shrunk there.
      const attempts = tasks.filter(({ seed }) => seed === 200)
      expect(attempts.length).toBeGreaterThan(1)
      expect(attempts.map((task) => task.engine === engine)).not.toContain(false)
    },
  )
})

describe('a thread', () => {
  it('brings home what went wrong, and goes on', async () => {
    const threads = openThreads(1)
    try {
      const [broken, sound] = await Promise.all([
        threads.attempt({ seed: 1, participants: Number.POSITIVE_INFINITY }),
        threads.attempt({ seed: 1, participants: 1 }),
      ])
      expect(broken.problems).toMatchObject([{ check: 'error', detail: expect.stringContaining('length') }])
      expect(sound.problems).toEqual([])
      expect(sound.met.points.size).toBeGreaterThan(0)
    } finally {
      await threads.close()
    }
  })
})
