import { expect, test } from 'vitest'
import { openTotals } from '../../../shared/ledger/dynamodb/totals.ts'
import { verify } from '../../finance/verify.ts'
import { openOffice } from './office.ts'

const instruction = { instruction: 'repair-totals', reason: 'finance has found differences' }
const day = '2020-09-18, at no partner'

/** An office with a participant whom nobody has counted. */
async function openUncounted() {
  const office = await openOffice()
  await office.participant()
  const counters = openTotals(office.engine.connect(), office.engine.tables.finance, () => {})
  const differences = async () =>
    (await verify({ history: office.deps.books.history, counters })).differences.length
  const repair = (key?: string) =>
    office.as('ani', 'operator')('instruct', { body: instruction, ...(key && { key }) })
  return { office, differences, repair }
}

test('totals that are not what the journal says are written anew, and the trail says who wanted it', async () => {
  const { office, differences, repair } = await openUncounted()
  office.pass(3 * 86_400)
  const key = '00000000-0000-4000-8000-000000000001'
  expect(await differences()).toBe(1)
  for (let time = 0; time < 2; time++)
    expect(await repair(key)).toMatchObject({
      body: { result: 'done', effects: [{ subject: day, outcome: 'written anew' }] },
    })
  expect(await differences()).toBe(0)
  const trail = await office.as('cici', 'viewer')('audit', {
    query: { from: '2020-09-21', to: '2020-09-21' },
  })
  expect(trail.body).toMatchObject({
    records: [
      { action: 'instruct/repair-totals', detail: { phase: 'intent', instruction } },
      { action: 'instruct/repair-totals', detail: { phase: 'outcome', effects: { 'written anew': 1 } } },
    ],
  })
  expect(await repair()).toMatchObject({ body: { result: 'done', effects: [] } })
})

test('a day whose entries may still be on their way is left alone', async () => {
  const { differences, repair } = await openUncounted()
  expect(await repair()).toMatchObject({
    body: { effects: [{ subject: day, outcome: 'left alone: its entries may still be on their way' }] },
  })
  expect(await differences()).toBe(1)
})

test('whoever may only look may not repair', async () => {
  const { office } = await openUncounted()
  const refused = await office.as('cici', 'viewer')('instruct', { body: instruction })
  expect(refused.status).toBe(403)
})
