import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type RepairDependencies, workOnRepair } from '../../../functions/jobs/repair.ts'
import type { AnyEntry } from '../../../shared/domain/entry.ts'
import { civilDate } from '../../../shared/domain/instant.ts'
import type { Repair } from '../../../shared/finance/repair.ts'
import { openRepairs } from '../../../shared/ledger/dynamodb/repairs.ts'
import { at } from '../../domain/examples.ts'
import { certificateOf, entriesOfLife, fundingOf, paidAfter } from '../../finance/people.ts'
import { startTotals, type TotalsWorld } from '../totals/world.ts'

/** A stream that has left something out, and the repair of what it should have written. */

const totals = await startTotals()
afterAll(() => totals.stop())
let world: TotalsWorld
beforeEach(async () => {
  world = await totals.begin()
})

const day = civilDate('2020-09-18')
const now = at('2020-10-01T00:00:00+07:00')
const journal: readonly AnyEntry[] = [
  ...Array.from({ length: 8 }, (_, nth) => [
    ...entriesOfLife(`P-${nth}`, {
      'incentive-1': paidAfter(nth),
      'survey-2': paidAfter(86_400 * (nth % 2)),
    }),
    certificateOf(`P-${nth}`, 1),
  ]).flat(),
  fundingOf('gopay', 1),
]

let ids = 0
const messagesMax = 600

/** A repair of all days, by workers that have time for one small piece or one file each. */
async function openRepair(
  change: Partial<RepairDependencies> = {},
  days: Partial<Repair> = {},
  timeLeft = () => false,
) {
  const repairs = openRepairs(totals.engine.connect(), totals.engine.tables.operations, () => {})
  const id = `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`
  const fresh: Repair = {
    ...{ id, from: day, to: civilDate('2020-09-20'), reason: 'verify', state: 'running', entries: 0 },
    ...{ pieces: [], parts: 0, sums: 0, movements: 0, startedBy: 'ani', at: now, version: 1, ...days },
  }
  await repairs.start(fresh)
  let [names, awake] = [0, 1]
  const deps: RepairDependencies = {
    ...world,
    history: { walk: (after) => world.history.walk(after, 20) },
    aside: totals.bucket.aside,
    ...{ repairs, partners: ['bni', 'gopay', 'ovo'], now: () => now },
    name: () => `worker-${id.slice(-3)}-${++names}`,
    wake: async () => {
      awake += 1
    },
    ...change,
  }
  const work = () => workOnRepair(deps, id, timeLeft)
  return {
    repairs,
    work,
    found: async () => (await repairs.repair(id)) ?? fresh,
    /** Works until nobody is woken up any more; gives how many messages that took. */
    async finish() {
      let messages = 0
      for (; awake > 0 && messages < messagesMax; messages++) {
        awake -= 1
        await work()
      }
      return messages
    },
  }
}

const nothingWrong = { differences: [], files: [] }
const isLeftOut = (_: unknown, index: number) => index % 5 === 2
/** Counts all but every fifth entry. */
const countSome = async () => {
  const records = await world.write(journal)
  await world.count(
    'shard-1',
    records.filter((record, index) => !isLeftOut(record, index)),
  )
}

describe('a repair', () => {
  test('makes sums and files what the journal says, piece by piece', async () => {
    await countSome()
    expect(await world.wrongFor(journal)).not.toEqual(nothingWrong)
    const before = world.keys()
    const repair = await openRepair()
    const messages = await repair.finish()
    expect(await world.wrongFor(journal)).toEqual(nothingWrong)
    const { state, entries, pieces, parts, sums, movements, endedAt } = await repair.found()
    expect({ state, entries, parts, endedAt }).toEqual({
      ...{ state: 'done', entries: journal.length, parts: 12, endedAt: now },
    })
    expect(pieces.length).toBeGreaterThan(2)
    expect(messages).toBeGreaterThan(pieces.length + parts)
    const leftOut = journal.filter(isLeftOut).filter(({ postings }) => postings.length > 0)
    expect(movements).toBe(leftOut.length)
    expect(sums).toBeGreaterThan(0)
    expect(world.keys()).toEqual(expect.arrayContaining([...before]))
  })

  test('takes one message for a day at a partner where there is time', async () => {
    await countSome()
    const repair = await openRepair({}, {}, () => true)
    expect(await repair.finish()).toBe(1 + 12)
    expect(await repair.found()).toMatchObject({ state: 'done', parts: 12 })
    expect(await world.wrongFor(journal)).toEqual(nothingWrong)
  })

  test('takes up no more than one file or one piece where there is none, however large a day is', async () => {
    const records = await world.write(journal)
    for (const [index, record] of records.entries())
      if (!isLeftOut(record, index)) await world.count(`shard-${index}`, [record])
    let [files, pieces] = [0, 0]
    const { aside } = totals.bucket
    const repair = await openRepair({
      files: {
        ...world.files,
        readFile: (name) => {
          files += 1
          return world.files.readFile(name)
        },
      },
      aside: {
        ...aside,
        async *read(...asked) {
          for await (const piece of aside.read(...asked)) {
            pieces += piece.length > 0 ? 1 : 0
            yield piece
          }
        },
      },
    })
    let [messages, filesRead, piecesRead] = [0, 0, 0]
    for (; (await repair.found()).state === 'running' && messages < messagesMax; messages++) {
      await repair.work()
      expect(files + pieces).toBeLessThanOrEqual(1)
      filesRead += files
      piecesRead += pieces
      files = 0
      pieces = 0
    }
    expect(filesRead).toBeGreaterThan(20)
    expect(piecesRead).toBeGreaterThan(8)
    expect(await repair.found()).toMatchObject({ state: 'done' })
    expect(await world.wrongFor(journal)).toEqual(nothingWrong)
  })

  test('repeated changes nothing more', async () => {
    await countSome()
    await (await openRepair()).finish()
    const files = world.keys().filter((key) => key.startsWith('movements/'))
    const again = await openRepair()
    await again.finish()
    expect(await again.found()).toMatchObject({ state: 'done', sums: 0, movements: 0 })
    expect(world.keys().filter((key) => key.startsWith('movements/'))).toEqual(files)
  })

  test('adds the same files, to the byte, whoever does it', async () => {
    const added: string[][] = []
    for (let time = 0; time < 2; time++) {
      world = await totals.begin()
      await world.write(journal)
      await (await openRepair()).finish()
      const keys = world.keys().filter((key) => key.startsWith('movements/'))
      added.push(keys.map((key) => `${key} ${totals.bucket.hash(key)}`))
    }
    expect(added[0]?.length).toBeGreaterThan(2)
    expect(added[1]).toEqual(added[0])
  })

  test('takes away what is needless, and looks at no other day', async () => {
    await world.count('shard-1', await world.write(journal))
    const [kept] = await world.counters.parts([{ day, partner: 'gopay' }])
    if (!kept) throw new Error('nothing is kept')
    await world.counters.replace({ ...kept, partner: 'ovo', version: 0 })
    const other = { day: civilDate('2020-09-21'), partner: 'ovo' }
    await world.counters.replace({ ...kept, ...other, version: 0 })
    const repair = await openRepair()
    await repair.finish()
    expect(await repair.found()).toMatchObject({ sums: 1, movements: 0 })
    const { differences } = await world.wrongFor(journal)
    expect(differences).toMatchObject([other])
  })

  test.each(['aside', 'files', 'counters', 'wake'] as const)(
    'that dies at its %s goes on, and comes to the same',
    async (what) => {
      await countSome()
      let deaths = 0
      const dying =
        <Input extends readonly unknown[], Output>(call: (...input: Input) => Promise<Output>) =>
        async (...input: Input): Promise<Output> => {
          const done = await call(...input)
          if (++deaths % 3 === 1) throw new Error('the machine has died')
          return done
        }
      const { aside } = totals.bucket
      const repair = await openRepair({
        ...(what === 'aside' && { aside: { ...aside, write: dying(aside.write) } }),
        ...(what === 'files' && { files: { ...world.files, write: dying(world.files.write) } }),
        ...(what === 'counters' && {
          counters: { ...world.counters, replace: dying(world.counters.replace) },
        }),
        ...(what === 'wake' && { wake: dying(async () => {}) }),
      })
      for (let message = 0; message < messagesMax && (await repair.found()).state === 'running'; message++)
        await repair.work().catch(() => {})
      expect(await repair.found()).toMatchObject({ state: 'done' })
      expect(await world.wrongFor(journal)).toEqual(nothingWrong)
    },
  )

  test('that two work on at once counts everything once', async () => {
    await countSome()
    const repair = await openRepair()
    for (let message = 0; message < messagesMax && (await repair.found()).state === 'running'; message++)
      await Promise.all([repair.work(), repair.work()])
    expect(await repair.found()).toMatchObject({ state: 'done', entries: journal.length })
    expect(await world.wrongFor(journal)).toEqual(nothingWrong)
  })

  test('that was stopped stays stopped', async () => {
    await countSome()
    const repair = await openRepair()
    await repair.work()
    const begun = await repair.found()
    await repair.repairs.change({ ...begun, state: 'stopped', endedAt: now, version: begun.version + 1 })
    expect(await repair.work()).toMatchObject({ state: 'over' })
    expect((await repair.found()).pieces).toHaveLength(1)
  })
})
