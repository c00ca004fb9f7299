import { expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import { answerOf, openOffice } from './office.ts'

const days = { from: '2020-09-18', to: '2020-09-18' }
const body = { ...days, reason: 'finance has found differences' }
const key = '00000000-0000-4000-8000-000000000001'

async function openMonthLater() {
  const office = await openOffice()
  office.goTo('2020-10-20T10:00:00+07:00')
  return { office, ani: office.as('ani', 'operator'), cici: office.as('cici', 'viewer') }
}

test('a repair is started once, seen by everybody, and the trail says who wanted it', async () => {
  const { office, ani, cici } = await openMonthLater()
  const started = { ...body, state: 'running', entries: 0, read: false, parts: 0, of: 5, startedBy: 'ani' }
  for (let time = 0; time < 2; time++)
    expect(await ani('startRepair', { body, key })).toMatchObject({ status: 200, body: started })
  const [id = ''] = office.queues.repairs
  expect(new Set(office.queues.repairs).size).toBe(1)
  expect(await cici('repair', { parameters: { id } })).toMatchObject({ body: { id, ...started } })
  expect(await cici('repairs')).toMatchObject({ body: { repairs: [{ id }] } })
  const trail = await cici('audit', { query: { from: '2020-10-20', to: '2020-10-20' } })
  expect(trail.body).toMatchObject({
    records: [
      { action: 'startRepair', detail: { phase: 'intent', ...body } },
      { action: 'startRepair', detail: { phase: 'outcome', repair: id } },
    ],
  })
})

test('a repair is stopped, which cannot be done to one that is done', async () => {
  const { office, ani } = await openMonthLater()
  const { id } = answerOf(routes.startRepair, await ani('startRepair', { body }))
  const stop = () => ani('stopRepair', { parameters: { id }, body: {} })
  for (let time = 0; time < 2; time++) expect(await stop()).toMatchObject({ body: { state: 'stopped' } })
  const stopped = await office.deps.repairs.repair(id)
  if (!stopped) throw new Error('there is none')
  await office.deps.repairs.change({ ...stopped, state: 'done', version: stopped.version + 1 })
  expect(await stop()).toMatchObject({ status: 409 })
  expect(await ani('stopRepair', { parameters: { id: key }, body: {} })).toMatchObject({ status: 404 })
})

test.each([
  ['the day before', '2020-10-18', '2020-10-20T00:59:59+07:00', 422],
  ['a day that ended 25 hours ago', '2020-10-18', '2020-10-20T01:00:00+07:00', 200],
  ['today', '2020-10-20', '2020-10-20T10:00:00+07:00', 422],
])('%s: entries that may still be on their way are waited for', async (_, to, now, status) => {
  const { office, ani } = await openMonthLater()
  office.goTo(now)
  const reply = await ani('startRepair', { body: { ...body, from: to, to } })
  expect(reply.status).toBe(status)
  expect(office.queues.repairs).toHaveLength(status === 200 ? 1 : 0)
})

test.each([
  ['2020-09-19', '2020-09-18', 422],
  ['2020-09-01', '2020-10-01', 200],
  ['2020-09-01', '2020-10-02', 422],
  ['yesterday', '2020-09-18', 400],
])('from %s to %s is answered with %i %i', async (from, to, status) => {
  const { ani } = await openMonthLater()
  expect((await ani('startRepair', { body: { ...body, from, to } })).status).toBe(status)
})

test('whoever may only look may not repair', async () => {
  const { cici } = await openMonthLater()
  expect((await cici('startRepair', { body })).status).toBe(403)
})
