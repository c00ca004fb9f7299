import { expect, test } from 'vitest'
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
