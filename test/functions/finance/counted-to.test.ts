import { expect, test } from 'vitest'
import { exportDay } from '../../../functions/finance/export.ts'
import { funnel, summary } from '../../../functions/finance/summary.ts'
import { at } from '../../domain/examples.ts'

const now = at('2020-10-12T00:03:00+07:00')
const totals = { read: async () => [] }
const noMovements = { async *[Symbol.asyncIterator]() {} }
const movements = { read: () => noMovements, readDay: () => noMovements }
const yesterday = { what: 'entries', day: '2020-10-11', limit: 10 } as const

test.each([
  ['a summary', () => summary({ totals }, {}, now)],
  ['a funnel', () => funnel({ totals }, {}, now)],
  ['a page of an export', () => exportDay({ movements }, yesterday, { now, timeLeft: () => true })],
])('%s says up to when every entry has to be in it', async (_, answer) => {
  expect(await answer()).toMatchObject({ countedTo: '2020-10-11T23:33:00.000+07:00' })
})
