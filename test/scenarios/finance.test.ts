import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOperator, type Operator } from '../support/operator.ts'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** Finance asks a small programme by the command line, each question a process of its own. */
let pipeline: Pipeline
let rina: Operator
let people: readonly Person[]
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
  rina = createOperator(pipeline.stack.api ?? '', 'finance', 'rina')
  // Two are paid at once, one fails after an hour, one keeps silent.
  people = [
    pipeline.enrol('gopay'),
    pipeline.enrol('ovo'),
    pipeline.enrol('bni', '21'),
    pipeline.enrol('gopay', '33'),
  ]
  await pipeline.pass({ days: 32 })
})
afterAll(() => pipeline.stop())

const json = async (...args: readonly string[]) => {
  const { code, out, err } = await rina(...args, '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return JSON.parse(out)
}

test('the summary, the funnel and the floats say what both books say', async () => {
  const paid = people.flatMap((person) => pipeline.credits(person)).length
  expect(paid).toBeGreaterThan(3)
  const { total } = await json('summary')
  expect(total).toMatchObject({
    accrued: { count: 28, rupiah: 4 * 2_550_000 },
    paid: { count: paid, rupiah: paid * 600_000 },
  })
  const funnel = await json('funnel', '--by', 'wave')
  expect(funnel.total).toMatchObject({ entitled: 4, 'paid-in-full': 0 })
  const { partners } = await json('float')
  for (const { funded, spent, inTransit, available } of partners)
    expect(available).toBe(funded - spent - inTransit)
})

test('the books sum to zero, and are proven from the journal and from the rows', async () => {
  const { code, out } = await rina('trial-balance', '--prove', '--shares', '3')
  expect(out).toContain('all accounts sum to zero')
  expect(out).toContain('of the journal and the states of all payouts say the same')
  expect(code).toBe(0)
  expect(await rina('verify')).toMatchObject({ code: 0, err: '' })
})

test('the trial balance at an instant of a day is proven, too', async () => {
  const { code, out } = await rina('trial-balance', '--at', '2020-09-18T10:00:30+07:00', '--prove')
  expect(out).toMatch(/proven: \d+ entries of the journal say the same/)
  expect(code).toBe(0)
})

test("a participant's statement is whole, and names nobody", async () => {
  const [person] = people
  const { code, out } = await rina('statement', person?.id ?? '')
  expect(code).toBe(0)
  expect(out).toMatch(/\d+ entries, each following from the one before it/)
  const { chains } = await json('statement', person?.id ?? '')
  expect(JSON.stringify(chains)).not.toMatch(/holderName|number"|0812/)
})

test('an export is the same to the byte when it is repeated', async () => {
  const period = ['--from', '2020-09-18', '--to', '2020-10-19']
  const [first, again] = [
    await rina('export', '--what', 'entries', ...period),
    await rina('export', '--what', 'entries', ...period),
  ]
  expect(first.code).toBe(0)
  expect(again.out).toBe(first.out)
  const paid = first.out.split('\n').filter((line) => line.includes(',disbursed,')).length
  expect(paid).toBe(people.flatMap((person) => pipeline.credits(person)).length)
})

test('nobody else may ask', async () => {
  const { stack } = pipeline
  const answer = await fetch(`${stack.api}/finance/summary`, {
    headers: { 'x-local-role': 'approver', 'x-local-person': 'dewi' },
  })
  expect(answer.status).toBe(403)
  const write = await fetch(`${stack.api}/instructions`, {
    method: 'POST',
    headers: { 'x-local-role': 'finance', 'x-local-person': 'rina', 'idempotency-key': 'rina-0001' },
    body: JSON.stringify({ instruction: 'pause', partner: 'bni', reason: 'why not' }),
  })
  expect(write.status).toBe(403)
})
