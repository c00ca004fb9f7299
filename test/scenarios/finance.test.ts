import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { movementsBucketOf } from '../../infra/movements.ts'
import { stages } from '../../infra/stages.ts'
import { openWarehouse, type Warehouse } from '../../infra/warehouse/duckdb.ts'
import { copyMovements } from '../support/movement-folder.ts'
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

type Bands = Readonly<Record<string, { readonly count: number; readonly rupiah: number }>>

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
  expect(funnel.total).toMatchObject({ certificates: 4, entitled: 4, 'paid-in-full': 0 })
  const { partners } = await json('float')
  for (const { funded, spent, inTransit, available } of partners)
    expect(available).toBe(funded - spent - inTransit)
})

test('the books sum to zero, and are proven from the journal and from the rows', async () => {
  const { code, out } = await rina('trial-balance', '--prove', '--shares', '3')
  expect(out).toContain('all accounts sum to zero')
  expect(out).toContain('of the journal and the states of all payouts say the same')
  expect(code).toBe(0)
  expect(await rina('verify', '--shares', '2')).toMatchObject({ code: 0, err: '' })
  const ani = createOperator(pipeline.stack.api ?? '', 'operator', 'ani')
  const days = ['--from', '2020-09-18', '--to', '2020-09-20']
  const repair = await ani('repair-totals', ...days, '--reason', 'to see what there is', '--wait')
  expect(repair).toMatchObject({ code: 0, out: expect.stringContaining('nothing to change') })
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
  expect(JSON.stringify(chains)).not.toMatch(/holderName|number"/)
  expect(JSON.stringify(chains)).not.toContain(person?.account.number.slice(-10))
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

describe('by SQL over the movement files, each of them there twice', () => {
  const [from, to] = ['2020-09-18', '2020-10-19']
  let folder: Awaited<ReturnType<typeof copyMovements>>
  let warehouse: Warehouse
  beforeAll(async () => {
    folder = await copyMovements(pipeline.stack.endpoints.sqs, movementsBucketOf(stages.local))
    warehouse = await openWarehouse(folder.path)
  })
  afterAll(() => {
    warehouse.close()
    folder.remove()
  })

  test('the summary is the same', async () => {
    const by = 'partner,wave,kind,platform,provider'
    const { rows } = await json('summary', '--by', by, '--from', from, '--to', to)
    const found = await warehouse.ask('summary', [to, from])
    const nonzero = found.filter((row) => Object.entries(row).some(([name, cell]) => /_/.test(name) && cell))
    expect(nonzero).toHaveLength(rows.length)
    for (const { group, accrued, paid, payable, inTransit } of rows)
      expect(nonzero).toContainEqual(
        expect.objectContaining({
          ...{ ...group, accrued_count: accrued.count, accrued_rupiah: accrued.rupiah },
          ...{ paid_count: paid.count, paid_rupiah: paid.rupiah, payable_count: payable.count },
          ...{ in_transit_count: inTransit.count, in_transit_rupiah: inTransit.rupiah },
        }),
      )
  })

  test('the funnel is the same', async () => {
    const { rows } = await json('funnel', '--by', 'wave', '--to', to)
    const found = await warehouse.ask('funnel', [to])
    expect(found).toEqual(
      rows.map(({ group, reached }: { group: object; reached: Record<string, number> }) => ({
        ...group,
        entitled: reached.entitled,
        first_incentive: reached['first-incentive'],
        all_incentives: reached['all-incentives'],
        paid_in_full: reached['paid-in-full'],
      })),
    )
  })

  test('the trial balance and the floats are the same', async () => {
    const { accounts } = await json('trial-balance', '--at', to)
    expect(await warehouse.ask('trial-balance', [to])).toEqual(accounts)
    const { partners } = await json('float')
    const found = await warehouse.ask('float', [to])
    expect(found).toHaveLength(partners.length)
    for (const { partner, funded, swept, fees, spent, overpaid, inTransit, available } of partners)
      expect(found).toContainEqual({
        ...{ partner, funded, swept, fees, spent, overpaid, available, in_transit: inTransit },
      })
  })

  test('the ages of what is in transit are the same', async () => {
    const { at, rows } = await json('ageing')
    const found = await warehouse.ask('ageing', [to, new Date(at).toISOString()])
    expect(found.length).toBeGreaterThan(0)
    const shown = rows.flatMap(
      ({ standing, partner, bands }: { standing: string; partner: string; bands: Bands }) =>
        Object.entries(bands).flatMap(([band, { count, rupiah }]) =>
          standing === 'in-transit' && count > 0 ? [{ partner, band, payouts: count, rupiah }] : [],
        ),
    )
    expect(found).toEqual(shown)
  })

  test("a participant's payouts stand where the statement says", async () => {
    const [person] = people
    const { payouts, paid } = await json('statement', person?.id ?? '')
    const found = await warehouse.ask('participant', [to, person?.id ?? ''])
    const paidRows = found.filter(({ standing }) => standing === 'paid')
    expect(paidRows.reduce((sum, { rupiah }) => sum + Number(rupiah), 0)).toBe(paid)
    for (const { payout, partner, reference, rupiah } of paidRows)
      expect(payouts).toContainEqual(
        expect.objectContaining({ payout, partner, reference, amount: rupiah, state: 'paid' }),
      )
  })

  test.each(['entries', 'payouts'])('Parquet has the rows of the CSV: %s', async (what) => {
    const file = join(folder.path, `${what}.parquet`)
    const period = ['--what', what, '--from', from, '--to', to]
    const { out } = await rina('export', ...period)
    writeFileSync(join(folder.path, `${what}.csv`), out)
    const { code, out: silence, err } = await rina('export', ...period, '--format', 'parquet', '--file', file)
    expect({ code, silence, err }).toMatchObject({ code: 0, silence: '' })
    const csv = await warehouse.rows(
      `select * from read_csv('${folder.path}/${what}.csv', header = true, all_varchar = true)`,
    )
    const parquet = await warehouse.rows(`select * from read_parquet('${file}')`)
    expect(csv.length).toBeGreaterThan(5)
    const asText = (cell: string | number | null) => (cell === null ? null : String(cell))
    expect(parquet.map((row) => Object.entries(row).map(([name, cell]) => [name, asText(cell)]))).toEqual(
      csv.map((row) => Object.entries(row)),
    )
    expect(parquet.every(({ amount }) => typeof amount === 'number')).toBe(true)
  })
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
