import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { TotalsDependencies } from '../../../functions/totals/totals.ts'
import { at } from '../../domain/examples.ts'
import { accrualOf, certificateOf, fundingOf } from '../../finance/people.ts'
import { corrupted, tampered } from '../publish/records.ts'
import { lives, nothingWrong, startTotals, type TotalsWorld } from './world.ts'

const totals = await startTotals()
afterAll(() => totals.stop())
let world: TotalsWorld
beforeEach(async () => {
  world = await totals.begin()
})

/** Does something the first time that a function is called. */
function once<Input extends readonly unknown[], Output>(
  call: (...input: Input) => Promise<Output>,
  first: (call: () => Promise<Output>) => Promise<Output>,
) {
  let calls = 0
  return (...input: Input): Promise<Output> => (++calls === 1 ? first(() => call(...input)) : call(...input))
}
const withCount = (count: TotalsDependencies['counters']['count']) => ({
  counters: { ...world.counters, count },
})

describe('a batch is counted once', () => {
  const all = lives('P-1', 'P-2', 'P-3')
  const half = Math.floor(all.length / 2)

  test.each<{ what: string; batches: readonly (readonly [from: number, to: number])[] }>([
    { what: 'whole', batches: [[0, all.length]] },
    {
      what: 'twice',
      batches: [
        [0, all.length],
        [0, all.length],
      ],
    },
    {
      what: 'halved',
      batches: [
        [0, half],
        [half, all.length],
      ],
    },
    {
      what: 'halved, the first half twice',
      batches: [
        [0, half],
        [0, half],
        [half, all.length],
      ],
    },
    {
      what: 'whole, and then its halves',
      batches: [
        [0, all.length],
        [0, half],
        [half, all.length],
      ],
    },
    {
      what: 'overlapping the one before',
      batches: [
        [0, half + 3],
        [half - 3, all.length],
      ],
    },
    {
      what: 'its first half, and then whole',
      batches: [
        [0, half],
        [0, all.length],
      ],
    },
    { what: 'one by one', batches: all.map((_, index) => [index, index + 1] as const) },
  ])('$what', async ({ batches }) => {
    const records = await world.write(all)
    for (const [from, to] of batches) await world.count('shard-1', records.slice(from, to))
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('of several days and partners together, each its own sums', async () => {
    const funding = [fundingOf('bni', 1), fundingOf('gopay', 1, at('2020-09-20T23:59:59+07:00'))]
    await world.count('shard-1', await world.write([...all, ...funding]))
    expect(await world.wrongFor([...all, ...funding])).toEqual(nothingWrong)
    const days = await world.counters.read()
    expect(days.map(({ day }) => day)).toEqual(['2020-09-18', '2020-09-19', '2020-09-20'])
    const parts = await world.counters.partsBetween()
    expect(parts.map(({ day, partner }) => [day, partner])).toEqual([
      ['2020-09-18', null],
      ['2020-09-18', 'bni'],
      ['2020-09-18', 'gopay'],
      ['2020-09-19', 'gopay'],
      ['2020-09-20', 'gopay'],
    ])
  })
})

describe('a worker that', () => {
  const all = lives('P-1', 'P-2')

  test('dies after its files are written leaves everything to be counted', async () => {
    const records = await world.write(all)
    const dying = withCount(() => Promise.reject(new Error('the machine has died')))
    await expect(world.count('shard-1', records, dying)).rejects.toThrow('died')
    expect(await world.counters.read()).toEqual([])
    expect(world.keys().length).toBeGreaterThan(0)
    // Lambda halves what has failed, so that its files are not the same as before.
    await world.count('shard-1', records.slice(0, 4))
    await world.count('shard-1', records.slice(4))
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('never hears that it has counted counts nothing again', async () => {
    const records = await world.write(all)
    const deaf = withCount(
      once(world.counters.count, async (count) => {
        await count()
        throw new Error('the answer was lost')
      }),
    )
    await expect(world.count('shard-1', records, deaf)).rejects.toThrow('lost')
    expect(await world.count('shard-1', records)).toBe(0)
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('races another for the same records finds them counted', async () => {
    const records = await world.write(all)
    const racing = withCount(
      once(world.counters.count, async (count) => {
        await world.count('shard-1', records.slice(0, 5))
        return count()
      }),
    )
    await world.count('shard-1', records, racing)
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('races one of another shard for the same day counts on top of it', async () => {
    const others = lives('P-9')
    const [records, theirs] = [await world.write(all), await world.write(others)]
    const racing = withCount(
      once(world.counters.count, async (count) => {
        await world.count('shard-2', theirs)
        return count()
      }),
    )
    await world.count('shard-1', records, racing)
    expect(await world.wrongFor([...all, ...others])).toEqual(nothingWrong)
  })

  test('meets a transaction of another tries again', async () => {
    const records = await world.write(all)
    const client = world.connect()
    let conflicts = 3
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (request) => {
          if (commandName !== 'TransactWriteItemsCommand' || conflicts-- <= 0) return next(request)
          throw new TransactionCanceledException({
            ...{ message: 'conflict', $metadata: {} },
            CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
          })
        },
      { step: 'initialize' },
    )
    await world.count('shard-1', records, { counters: world.open(client).counters })
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('is overtaken for ever gives up, with nothing counted', async () => {
    const records = await world.write(all)
    const overtaken = withCount(() => Promise.resolve('overtaken'))
    await expect(world.count('shard-1', records, overtaken)).rejects.toThrow(
      'shard shard-1 was overtaken 20 times',
    )
    expect(await world.counters.read()).toEqual([])
  })
})

describe('what is read', () => {
  test('is the accrual in the journal of whoever has none in the batch', async () => {
    const all = lives('P-1')
    const [accrued, ...others] = await world.write(all)
    await world.count('shard-1', [accrued ?? {}])
    await world.count('shard-1', others)
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('is nothing more where nobody was paid', async () => {
    const accruals = [accrualOf('P-1'), accrualOf('P-2')]
    const records = await world.write(accruals)
    const history = { origins: world.history.origins, payments: () => Promise.reject(new Error('read')) }
    expect(await world.count('shard-1', records, { history })).toBe(2)
  })
})

describe('certificates', () => {
  const counted = async () =>
    (await world.counters.read()).flatMap(({ milestones }) =>
      milestones.map(({ name, participants }) => [name, participants]),
    )

  test('are counted beside the participants, though only the first moves money', async () => {
    const all = [accrualOf('P-1'), certificateOf('P-1', 1), certificateOf('P-1', 2), accrualOf('P-2')]
    const records = await world.write(all)
    expect(await world.count('shard-1', records)).toBe(2)
    await world.count('shard-1', records)
    expect(await counted()).toEqual([
      ['certificates', 4],
      ['entitled', 2],
    ])
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('are counted where nothing else has come', async () => {
    const [accrual = {}, ...notes] = await world.write([accrualOf('P-1'), certificateOf('P-1', 1)])
    await world.count('shard-1', notes)
    expect(await counted()).toEqual([['certificates', 1]])
    await world.count('shard-2', [accrual])
    expect(await counted()).toEqual([
      ['certificates', 2],
      ['entitled', 1],
    ])
  })
})

describe('what is no movement', () => {
  test('changes nothing: notes, and entries that somebody has changed or removed', async () => {
    const all = lives('P-1')
    const [first] = all
    if (!first) throw new Error('nobody lives')
    const records = await world.write(all)
    await world.count('shard-1', [tampered('MODIFY', first), ...records, tampered('REMOVE', first)])
    expect(await world.wrongFor(all)).toEqual(nothingWrong)
  })

  test('is refused, with all that came with it, where it is no entry', async () => {
    const records = await world.write(lives('P-1'))
    await expect(world.count('shard-1', [...records, corrupted()])).rejects.toThrow()
    expect(await world.counters.read()).toEqual([])
  })

  test('an empty batch, as the last of a window may be, does nothing', async () => {
    expect(await world.count('shard-1', [])).toBe(0)
  })
})
