import { marshall } from '@aws-sdk/util-dynamodb'
import { expect, it } from 'vitest'
import { createFunds } from './funds.ts'
import { createPermits } from './permits.ts'

const day = 86_400_000
const row = (permits: object) => marshall({ pk: 'partner#bni', sk: 'CONTROL', permits })
const taken = (at: number) => ({ at: new Date(at).toISOString(), payouts: [] })

it('release looks at a lane once its oldest permit is left to it, and none may stay', () => {
  const appointed: [string, number][] = []
  const permits = createPermits((lane, at) => appointed.push([lane, at]))
  permits.changed(row({ 'pay/1': taken(0), 'pay/2': taken(day) }))
  expect(appointed).toEqual([['bni', 2 * day + 300_000]])
  expect(permits.breaks(3 * day)).toEqual([])
  expect(permits.breaks(3 * day + 1)).toMatchObject([
    { check: 'permit', detail: expect.stringContaining('pay/1') },
  ])
  permits.changed(row({ 'pay/2': taken(day) }))
  expect(permits.breaks(3 * day + 1)).toEqual([])
  permits.changed(row({}))
  expect(appointed.slice(1)).toEqual([
    ['bni', 3 * day + 300_000],
    ['bni', Number.POSITIVE_INFINITY],
  ])
})

it('the row of the budget is what was funded less what was swept; a fee is spent', () => {
  const funds = createFunds(() => {})
  const moves = (type: string, document: string, amount: number) =>
    funds.written(marshall({ event: { type, document, amount } }))
  const keeps = (funded: number) => funds.changed(marshall({ pk: 'scheme#s', sk: 'BUDGET', funded }))
  moves('funded', 'SP2D-1', 500)
  expect(funds.breaks()).toMatchObject([{ check: 'budget' }])
  keeps(500)
  expect(funds.breaks()).toEqual([])
  moves('fee', 'fee-1', 5)
  moves('swept', 'sweep-1', 200)
  expect(funds.breaks().length).toBe(1)
  keeps(300)
  expect(funds.breaks()).toEqual([])
})
