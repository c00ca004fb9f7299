import { expect, onTestFinished, test } from 'vitest'
import { partnerState } from '../../infra/local/partners/state.ts'
import { recordsPerPage } from '../../infra/local/partners/statements/bank-statement.ts'
import { type Booked, bookedByDay, isOfAttempt } from '../../infra/local/partners/statements/booked.ts'
import { type StatementError, statementErrors } from '../../infra/local/partners/statements/planted.ts'
import { writeStatement } from '../../infra/local/partners/statements/write.ts'
import { civilDate, instant, plusDays } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { createSnapPartner } from '../../shared/partners/snap/client.ts'
import { createPost } from '../../shared/partners/snap/http.ts'
import { fetchBankStatement } from '../../shared/statements/bank-statement.ts'
import { statementMappings } from '../../shared/statements/mappings.ts'
import { gather, read, whole } from '../statements/reading.ts'
import { bank, credentials, startPartner, wallet } from '../support/simulated-partner.ts'

const number = '1234567890'
const today = civilDate('2020-09-18')
const formats = [
  ['bni', 'csv'],
  ['bni', 'camt.053'],
  ['gopay', 'csv'],
  ['linkaja', 'csv'],
  ['ovo', 'csv'],
] as const

/** A bank that has paid some, taken a fee, and was sent and asked for money. */
async function busyPartner(transfers: number) {
  const partner = await startPartner(
    { ...bank, ratePerSecond: 10_000 },
    { float: 1_000_000_000, document: 'SP2D-1' },
  )
  onTestFinished(() => partner.simulator.stop())
  const { simulator, client } = partner
  simulator.knowAccount(number, 'BUDI SANTOSO')
  simulator.behave('P-1-I1-A1', '32')
  for (let index = 1; index <= transfers; index += 1) {
    const answer = await client.transfer(`P-${index}-I1-A1`, number, 600_000)
    if (answer === 'lost' || answer.code !== '2001700') throw new Error('the transfer was not paid')
  }
  simulator.topUp(1_000_000, 'SP2D-2')
  simulator.topUp(-500_000, 'SWEEP-1')
  simulator.charge(rupiah(2_500), 'INV-1')
  return partner
}

/** What the reading of a booked line has to say. */
const asLine = (booked: Booked, index: number) => {
  const { day, direction, amount, ours, referenceNo } = booked
  const named =
    ours === undefined ? {} : isOfAttempt({ ours }) ? { partnerReferenceNo: ours } : { document: ours }
  return { line: index + 1, day, direction, amount, ...named, referenceNo }
}

test.each(formats)(
  'the statement of %s as %s has every movement of the day, and nothing else',
  async (partner, format) => {
    const { simulator, pass } = await busyPartner(5)
    await pass(86_400)
    const days = bookedByDay(simulator.book)
    expect([...days.keys()]).toEqual([today, plusDays(today, 1)])
    for (const [day, booked] of days) {
      const { text, planted } = writeStatement({ partner, day, format }, simulator.book)
      expect(planted).toEqual([])
      expect(await read(partner, format, [...text].join(''))).toEqual({
        lines: booked.map(asLine),
        unparsable: [],
        ending: whole(booked.length),
      })
    }
    expect(days.get(today)).toHaveLength(9)
    expect(days.get(plusDays(today, 1))?.map(asLine)).toMatchObject([
      { direction: 'credit', partnerReferenceNo: 'P-1-I1-A1' },
    ])
  },
)

test('what came and went of the float outlives the process', async () => {
  const { simulator } = await busyPartner(1)
  const state = partnerState.parse(JSON.parse(JSON.stringify(simulator.state())))
  const next = await startPartner(bank, { state, float: 1 })
  onTestFinished(() => next.simulator.stop())
  expect(next.simulator.book.floatMovements()).toEqual(simulator.book.floatMovements())
  expect(
    next.simulator.book
      .floatMovements()
      .map(({ direction, amount, document }) => [direction, amount, document]),
  ).toEqual([
    ['credit', 1_000_000_000, 'SP2D-1'],
    ['credit', 1_000_000, 'SP2D-2'],
    ['debit', 500_000, 'SWEEP-1'],
    ['fee', 2_500, 'INV-1'],
  ])
})

/** Our own client against the simulated bank. */
async function connectedBank(transfers: number) {
  const partner = await busyPartner(transfers)
  const ids = Array.from({ length: 100 }, (_, index) => `9${index}`)
  const externalId = () => ids.pop() ?? ''
  const post = createPost(partner.simulator.baseUrl)
  const client = createSnapPartner({ configuration: bank, credentials, post, externalId })
  const fetch = (day = today) =>
    gather(
      fetchBankStatement({
        partner: client,
        day,
        now: () => instant(partner.now()),
        secondsLeft: () => 900,
        remark: statementMappings.bni.remark,
      }),
    )
  return { ...partner, bankStatement: client.bankStatement, fetch }
}

test('service 14 gives the same as the files, over all its pages', async () => {
  const transfers = 2 * recordsPerPage
  const { simulator, fetch } = await connectedBank(transfers)
  const { lines, unparsable, ending } = await fetch()
  const booked = bookedByDay(simulator.book).get(today) ?? []
  expect(booked).toHaveLength(transfers + 4)
  expect({ unparsable, ending }).toEqual({ unparsable: [], ending: whole(transfers + 4) })
  expect(lines).toEqual(booked.toReversed().map(asLine))
})

test('service 14 has pages, and goes on where one ends', async () => {
  const partner = await connectedBank(recordsPerPage)
  await partner.pass(60)
  for (let index = 0; index < recordsPerPage; index += 1)
    await partner.client.transfer(`P-${index}-S1-A1`, number, 50_000)
  const { lines, ending } = await partner.fetch()
  expect(new Set(lines.map(({ referenceNo }) => referenceNo)).size).toBe(2 * recordsPerPage + 4)
  expect(ending).toEqual(whole(2 * recordsPerPage + 4))
})

test('service 14 says that nothing was booked on an empty day', async () => {
  const { fetch } = await connectedBank(1)
  expect(await fetch(plusDays(today, 5))).toEqual({ lines: [], unparsable: [], ending: whole(0) })
})

test.each([
  ['more than a month', 32 * 86_400, 'unavailable'],
  ['a month', 31 * 86_400, 'page'],
])('service 14 is asked for %s', async (_, seconds, outcome) => {
  const { bankStatement, now } = await connectedBank(1)
  const range = { from: instant(now() - seconds * 1000), to: instant(now()) }
  expect(await bankStatement?.(range, instant(now()))).toMatchObject({ outcome })
})

test('a wallet has no bank statement', () => {
  const post = createPost('http://127.0.0.1:1')
  const client = createSnapPartner({
    configuration: wallet,
    credentials,
    post,
    externalId: () => '1',
  })
  expect(client.bankStatement).toBeUndefined()
})

test.each(formats)(
  'errors are planted into the statement of %s as %s, and no others',
  async (partner, format) => {
    const { simulator } = await busyPartner(30)
    const names = Object.keys(statementErrors) as readonly string[]
    const isError = (name: string): name is StatementError => Object.hasOwn(statementErrors, name)
    const errors = {
      seed: 7,
      plant: Object.fromEntries(names.filter(isError).map((name) => [name, 1])),
      toleranceDays: 2,
      strangers: ['P-900-I1-A1'],
    }
    const of = { partner, day: today, format }
    const { text, planted } = writeStatement(of, simulator.book, errors)
    expect(planted.map(({ error }) => error).toSorted()).toEqual(names.toSorted())
    expect(writeStatement(of, simulator.book, errors).planted).toEqual(planted)
    expect(writeStatement(of, simulator.book, { ...errors, seed: 8 }).planted).not.toEqual(planted)

    const { lines, unparsable } = await read(partner, format, [...text].join(''))
    const referenceOf = (error: StatementError) => planted.find((one) => one.error === error)?.ours ?? ''
    const under = (error: StatementError) =>
      lines.filter(({ partnerReferenceNo }) => partnerReferenceNo === referenceOf(error))
    expect(under('missing')).toEqual([])
    expect(under('unknown')).toMatchObject([{ direction: 'debit', amount: 600_000 }])
    expect(under('amount')).toMatchObject([{ amount: 601_000 }])
    expect(under('twice')).toHaveLength(2)
    expect(under('other-partner')).toHaveLength(1)
    expect(under('within-tolerance')).toMatchObject([{ day: plusDays(today, -2) }])
    expect(under('beyond-tolerance')).toMatchObject([{ day: plusDays(today, -3) }])
    expect(under('reversed')).toMatchObject([{ direction: 'debit' }, { direction: 'credit' }])
    expect(under('unparsable')).toEqual([])
    expect(under('failed')).toHaveLength(partner === 'gopay' ? 0 : 1)
    expect(unparsable).toHaveLength(1)
    const befallen = new Set(planted.map(({ ours }) => ours))
    const sound = lines.filter(({ partnerReferenceNo = '' }) => !befallen.has(partnerReferenceNo))
    expect(sound.filter(({ partnerReferenceNo }) => partnerReferenceNo !== undefined)).toHaveLength(22)
  },
)

test('a number of lines that is wrong is noticed where there is one', async () => {
  const { simulator } = await busyPartner(2)
  const errors = { seed: 1, plant: { total: 1 }, toleranceDays: 0 }
  for (const [partner, format] of formats) {
    const { text } = writeStatement({ partner, day: today, format }, simulator.book, errors)
    const { ending } = await read(partner, format, [...text].join(''))
    const differences = ['gopay', 'ovo'].includes(partner) ? [] : [{ total: 'lines', stated: 7, read: 6 }]
    expect(ending).toEqual({ ...whole(6), differences })
  }
})
