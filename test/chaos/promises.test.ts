import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, startEngine } from '../../infra/local/engine.ts'
import { attempt } from './attempt.ts'
import { coverageOf } from './coverage.ts'
import type { Around } from './database.ts'
import { tables } from './environments.ts'
import { createMemoryDatabase } from './memory/database.ts'
import { createSigningKey } from './partners/partner.ts'
import { run } from './run.ts'
import { createTally } from './tally.ts'

const signingKey = createSigningKey()
const participants = 12
const seedsEach = 5
const seedsInAll = 50
/** These on the engine, too. */
const engineSeeds = [25, 50]

describe('every promise holds in the worlds of the seeds', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine({})
  })
  afterAll(() => engine.stop())

  const firsts = Array.from({ length: seedsInAll / seedsEach }, (_, index) => 1 + index * seedsEach)

  it.each(firsts.map((from) => [from, from + seedsEach - 1]))(
    '%i to %i',
    async (from, to) => {
      const tally = createTally()
      const broken: string[] = []
      for (let seed = from; seed <= to; seed++) {
        const place = engineSeeds.includes(seed) && { engine: engine.endpoint }
        const { problems, met } = await attempt({ seed, participants, ...place }, signingKey)
        tally.include(met)
        for (const { check, subject, detail } of problems)
          broken.push(
            `npm run chaos -- --seed ${seed} --participants ${participants}${place ? ' --engine' : ''}: ${check} ${subject} ${detail}`,
          )
      }
      expect(broken).toEqual([])
      expect(coverageOf(tally.met).unlisted).toEqual([])
    },
    30_000,
  )
})

describe('a run', () => {
  it('is the same for the same seed, whatever ran before and whichever key signs', async () => {
    const first = await run({ seed: 7, participants: 3, signingKey })
    const other = await run({ seed: 8, participants: 3, signingKey })
    const again = await run({ seed: 7, participants: 3, signingKey: createSigningKey() })
    expect(again.digest).toBe(first.digest)
    expect(other.digest).not.toBe(first.digest)
  })

  it('that throws is a failure of its seed', async () => {
    const { problems } = await attempt({ seed: 1, participants: Number.POSITIVE_INFINITY }, signingKey)
    expect(problems).toEqual([
      { check: 'error', subject: '', detail: expect.stringContaining('Invalid array length') },
    ])
  })

  it('that throws on its way tells its story until then', async () => {
    const memory = createMemoryDatabase(tables)
    let commands = 0
    const database = {
      ...memory,
      // What people do outside of any invocation comes through such a client.
      connect: (around?: Around) =>
        memory.connect(
          around ??
            (async (_, apply) => {
              if (++commands > 60) throw new Error('planted')
              return apply()
            }),
        ),
    }
    const { problems, lines } = await run({ seed: 1, participants: 3, signingKey, database })
    expect(problems).toEqual([{ check: 'error', subject: '', detail: expect.stringContaining('planted') }])
    expect(lines.length).toBeGreaterThan(100)
  })
})
