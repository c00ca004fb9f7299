import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { civilDate } from '../../shared/domain/instant.ts'
import { type Movement, movementOf } from '../../shared/finance/movement.ts'
import type { Written } from '../../shared/finance/movements.ts'
import { at } from '../domain/examples.ts'
import { startMovements } from '../support/movements.ts'
import { fundingOf } from './people.ts'

const bucket = await startMovements()
afterEach(() => bucket.empty())
afterAll(() => bucket.stop())

const day = civilDate('2020-09-18')
const funding = (nth: number, partner = 'bni'): Movement[] => {
  const movement = movementOf(fundingOf(partner, nth), undefined)
  return movement ? [movement] : []
}
/** A file of the fundings `from` to `to`, which were the records of these numbers. */
const write = (shard: string, from: number, to: number, partner: string | null = 'bni') =>
  bucket.files.write({
    ...{ partner, day, shard, first: `${from}`, last: `${to}` },
    movements: Array.from({ length: to - from + 1 }, (_, index) => from + index).flatMap((nth) =>
      funding(nth),
    ),
  })

async function read(partner: string | null = 'bni', written?: Written) {
  const ids: string[] = []
  for await (const { id } of bucket.files.read(partner, day, written)) ids.push(id)
  return ids.map((id) => Number(id.split('/').at(-1))).sort((a, b) => a - b)
}
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe('movement files', () => {
  test.each<{
    what: string
    files: readonly (readonly [shard: string, from: number, to: number])[]
    last: number
  }>([
    { what: 'none', files: [], last: 0 },
    { what: 'one', files: [['shardId-1-a', 1, 3]], last: 3 },
    {
      what: 'one after the other',
      files: [
        ['shardId-1-a', 1, 9],
        ['shardId-1-a', 10, 12],
      ],
      last: 12,
    },
    {
      what: 'the same twice',
      files: [
        ['shardId-1-a', 1, 3],
        ['shardId-1-a', 1, 3],
      ],
      last: 3,
    },
    {
      what: 'whole, and in halves',
      files: [
        ['a', 1, 12],
        ['a', 1, 6],
        ['a', 7, 12],
        ['a', 13, 14],
      ],
      last: 14,
    },
    {
      what: 'in steps that overlap',
      files: [
        ['a', 1, 9],
        ['a', 8, 11],
        ['a', 10, 105],
        ['a', 106, 107],
      ],
      last: 107,
    },
    {
      what: 'of two shards',
      files: [
        ['a', 1, 4],
        ['b', 5, 9],
      ],
      last: 9,
    },
  ])('hold each movement once: $what', async ({ files, last }) => {
    for (const file of files) await write(...file)
    expect(await read()).toEqual(upTo(last))
  })

  test('have the movements whole', async () => {
    await write('a', 1, 1)
    const found: Movement[] = []
    for await (const movement of bucket.files.readDay(day)) found.push(movement)
    expect(found).toEqual(funding(1))
    expect(bucket.keys()).toEqual(['movements/partner=bni/day=2020-09-18/a-1-1.ndjson.gz'])
  })

  test('are read by partner, or all of a day', async () => {
    await write('a', 1, 2)
    await write('a', 3, 3, null)
    await write('a', 4, 5, 'gopay')
    expect([await read('bni'), await read(null), await read('ovo')]).toEqual([[1, 2], [3], []])
    const ids: string[] = []
    for await (const { id } of bucket.files.readDay(day)) ids.push(id)
    expect(ids).toHaveLength(5)
  })

  test('are read by when they were written, and what is in an older one too is old', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const writeAt = async (time: string, from: number, to: number) => {
      vi.setSystemTime(time)
      await write('a', from, to)
    }
    const noon = at('2020-09-19T12:00:00+07:00')
    await writeAt('2020-09-19T11:00:00+07:00', 1, 4)
    await writeAt('2020-09-19T13:00:00+07:00', 3, 6)
    await writeAt('2020-09-19T13:00:00+07:00', 1, 4)
    await writeAt('2020-09-19T14:00:00+07:00', 7, 9)
    expect(await read('bni', { until: noon })).toEqual([1, 2, 3, 4])
    expect(await read('bni', { after: noon })).toEqual([5, 6, 7, 8, 9])
    const until = at('2020-09-19T13:30:00+07:00')
    expect(await read('bni', { after: noon, until })).toEqual([5, 6])
  })

  test('are fetched ahead, and read in their order all the same', async () => {
    const files = 60
    for (let nth = 1; nth <= files; nth++) await write('a', nth, nth)
    const before = bucket.fetched()
    const asked: number[] = []
    let reading = 0
    for await (const { id } of bucket.files.read('bni', day)) {
      expect(id).toBe(`partner#bni/float/${++reading}`)
      asked.push(bucket.fetched() - before)
    }
    expect(Math.max(...asked.map((count, index) => count - index))).toBe(16)
    expect(asked.at(-1)).toBe(files)
  })

  test('can be left before their end', async () => {
    await write('a', 1, 5_000)
    for await (const { id } of bucket.files.read('bni', day)) {
      expect(id).toBe('partner#bni/float/1')
      break
    }
  })

  const key = 'movements/partner=bni/day=2020-09-18/a-1-1.ndjson.gz'
  test.each([
    ['is no archive', key, Buffer.from('text')],
    ['ends too early', key, gzipSync('{"id":"1"}\n'.repeat(99)).subarray(0, 20)],
    ['ends within a line', key, gzipSync('{"id":')],
    ['ends within a character', key, gzipSync(Buffer.of(0xc3))],
    ['has no movement in it', key, gzipSync('{"id":"1"}\n')],
    ['has a name of its own', key.replace('a-1-1', 'mine'), gzipSync('')],
  ])('are refused where one %s', async (_, name, content) => {
    bucket.put(name, content)
    await expect(read()).rejects.toThrow()
  })
})
