import { describe, expect, test } from 'vitest'
import { breaks } from '../../../functions/finance/breaks.ts'
import { civilDate, plusDays } from '../../../shared/domain/instant.ts'
import { breakRecordSchema } from '../../../shared/reconciliation/follow.ts'
import { at } from '../../domain/examples.ts'

const first = civilDate('2020-09-18')
const records = Array.from({ length: 2_100 }, (_, index) => {
  const day = plusDays(first, index % 30)
  const broken = { id: `${index}`, partner: 'bni', kind: 'wrong-day', day, amount: 600_000 }
  return breakRecordSchema.parse({ ...broken, state: 'new', firstSeen: day, lastSeen: day, history: [] })
})

test('of more breaks than an answer holds the oldest are shown, and how many more there are', async () => {
  const reconciliations = {
    breaks: async () => records,
    runs: async () => [],
    runsOf: async () => [],
    arrivals: async () => [],
    remarks: async () => [
      { partner: 'bni', id: '30', at: at('2020-09-19T10:00:00+07:00'), by: 'finance/ani', note: 'asked' },
    ],
  }
  const answer = await breaks({ partners: ['bni'], reconciliations }, {}, at('2020-10-18T10:00:00+07:00'))
  expect(answer.breaks).toHaveLength(2_000)
  expect(answer.more).toBe(100)
  expect(answer.breaks[0]).toMatchObject({ firstSeen: first, age: 30 })
  const noted = answer.breaks.filter(({ remarks }) => remarks.length > 0)
  expect(noted).toMatchObject([{ id: '30', remarks: [{ note: 'asked' }] }])
  expect(JSON.stringify(answer).length).toBeLessThan(6 * 1024 ** 2)
})

describe('what two people have written off', () => {
  const now = at('2020-10-18T10:00:00+07:00')
  const said = { partner: 'bni', at: at('2020-10-01T10:00:00+07:00'), by: 'ani', note: 'given up' }
  const reconciliations = {
    breaks: async () =>
      ['1', '2', '3'].map((id) => {
        const seen = { day: first, amount: 600_000, firstSeen: first, lastSeen: first, history: [] }
        const state = id === '3' ? 'resolved' : 'persisting'
        return breakRecordSchema.parse({
          ...seen,
          id,
          partner: 'bni',
          kind: 'wrong-day',
          movement: 'P-1#1',
          state,
        })
      }),
    runs: async () => [],
    runsOf: async () => [],
    arrivals: async () => [],
    remarks: async () => ['1', '3'].map((id) => ({ ...said, id, writtenOffBy: 'budi' })),
  }
  test.for<['new' | 'persisting' | 'resolved' | 'written-off' | undefined, Readonly<Record<string, string>>]>(
    [
      [undefined, { 1: 'written-off', 2: 'persisting' }],
      ['written-off', { 1: 'written-off' }],
      ['persisting', { 2: 'persisting' }],
      ['resolved', { 3: 'resolved' }],
      ['new', {}],
    ],
  )('is called that, and chosen by it: --state %s', async ([state, expected]) => {
    const { breaks: shown } = await breaks(
      { partners: ['bni'], reconciliations },
      { ...(state && { state }) },
      now,
    )
    expect(Object.fromEntries(shown.map((one) => [one.id, one.state]))).toEqual(expected)
  })
})
