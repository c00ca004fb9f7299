import { expect, test } from 'vitest'
import { civilDate, plusDays } from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { createReconciliations } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { breaksOf, type Finding } from '../../../shared/reconciliation/break.ts'
import { followBreaks } from '../../../shared/reconciliation/follow.ts'
import { answerOf, openOffice } from './office.ts'
import { reconciledFor } from './reconciled.ts'

const day = civilDate('2020-09-17')
const lineOf = (amount: number): Finding => ({
  ...{ kind: 'wrong-partner', day, amount: rupiah(amount), line: `${day}/${amount}` },
})

/** An office with one break of each of some amounts. */
const openWith = (...amounts: readonly number[]) => openWithFindings(amounts.map(lineOf))

/** An office with a break of each of some findings on one statement. */
async function openWithFindings(findings: readonly Finding[]) {
  const office = await openOffice()
  const reconciliations = createReconciliations(
    createTable(office.engine.connect(), office.engine.tables.finance, () => {}),
  )
  const found = breaksOf('bni', findings)
  const record = async (open: typeof found, run: number, { corrected = run > 1 } = {}) => {
    const known = await reconciliations.breaks('bni')
    await reconciliations.writeBreaks(followBreaks(known, open, { day, run }))
    await reconciledFor(office).reconcileAgain('bni', day, [], { run, corrected })
  }
  await record(found, 1)
  const list = async (query: object = {}) =>
    answerOf(
      routes.breaks,
      await office.as('cici', 'viewer')('breaks', { query: { partner: 'bni', ...query } }),
    ).breaks
  const instruct = (body: object, key?: string) =>
    office.as('ani', 'operator')('instruct', { body: { partner: 'bni', ...body }, ...(key && { key }) })
  const propose = async (id = found[0]?.id ?? '') => {
    const body = { instruction: 'write-off-break', break: id, reason: 'given up by the treasury' }
    const answer = answerOf(routes.instruct, await instruct(body))
    if (answer.result !== 'proposed') throw new Error('it did not take two people')
    return answer.proposal.id
  }
  const approve = (id: string) => office.as('budi', 'approver')('approve', { parameters: { id } })
  return { office, found, record, list, instruct, propose, approve }
}

test('a break is listed with its remedy and its age, and with what one person says of it, once', async () => {
  const { found, list, instruct } = await openWith(600_000)
  const [{ id } = { id: '' }] = found
  expect(await list()).toMatchObject([{ id, state: 'new', amount: 600_000, age: 1, notes: [] }])
  const body = { instruction: 'explain-break', break: id, note: 'asked BNI, ticket 4711', assignedTo: 'budi' }
  const key = '00000000-0000-4000-8000-000000000001'
  for (let time = 0; time < 2; time++) {
    expect(await instruct(body, key)).toMatchObject({
      status: 200,
      body: { result: 'done', effects: [{ subject: id, outcome: 'with budi', done: true }] },
    })
  }
  expect(await list()).toMatchObject([
    { assignedTo: 'budi', notes: [{ by: 'ani', note: 'asked BNI, ticket 4711' }] },
  ])
})

test('a break is written off by two people, and is listed no more', async () => {
  const { found, list, propose, approve } = await openWith(600_000, 50_000)
  const [{ id } = { id: '' }] = found
  const proposal = await propose()
  expect(await list()).toHaveLength(2)
  expect(await approve(proposal)).toMatchObject({ status: 200 })
  expect((await list()).map((one) => one.id)).toEqual([found[1]?.id])
  expect(await list({ all: 'true' })).toContainEqual(expect.objectContaining({ id, state: 'written-off' }))
})

test('a break that is another difference by now is listed again, until that is written off, too', async () => {
  const { office, found, record, list, propose, approve } = await openWith(600_000)
  await approve(await propose())
  office.pass(60)
  await record(found, 2, { corrected: false })
  expect(await list()).toEqual([])
  office.pass(60)
  const other = found.map((one) => ({ ...one, amount: rupiah(700_000) }))
  await record(other, 3)
  expect(await list()).toMatchObject([{ id: found[0]?.id, state: 'new', amount: 700_000 }])
  await approve(await propose())
  expect(await list()).toEqual([])
})

test.for<readonly [string, open: number, Finding]>([
  ['line', 1, { ...lineOf(600_000), referenceNo: 'BNI-1' }],
  ['sum', 1, { kind: 'control-total-differs', day, amount: rupiah(0), document: 'debits' }],
  ['movement', 0, { kind: 'paid-here-not-on-statement', day, amount: rupiah(5), movement: 'P-1#1' }],
])(
  'of a %s that was written off before its statement was corrected, %i is open',
  async ([, open, finding]) => {
    const { office, found, record, list, propose, approve } = await openWithFindings([finding])
    await approve(await propose())
    expect(await list()).toEqual([])
    office.pass(60)
    await record(found, 2)
    expect(await list()).toHaveLength(open)
  },
)

test('a break that is resolved before the second person approves is not written off', async () => {
  const { found, record, list, propose, approve } = await openWith(600_000)
  const proposal = await propose()
  await record([], 2)
  expect(await approve(proposal)).toMatchObject({ status: 422 })
  await record(found, 3)
  expect(await list()).toMatchObject([{ state: 'persisting', notes: [] }])
})

test('nor is one whose statement is corrected before the second person approves', async () => {
  const { office, found, record, list, propose, approve } = await openWith(600_000)
  const proposal = await propose()
  office.pass(60)
  await record(found, 2)
  expect((await approve(proposal)).body).toMatchObject({
    effects: [{ outcome: expect.stringContaining('not written off'), done: false }],
  })
  expect(await list()).toMatchObject([{ state: 'new', notes: [] }])
})

test('what nobody has found cannot be explained, and what is resolved cannot be written off', async () => {
  const { found, record, list, instruct } = await openWith(600_000)
  const [{ id } = { id: '' }] = found
  const unknown = { instruction: 'explain-break', break: 'f'.repeat(16), note: 'nothing' }
  expect(await instruct(unknown)).toMatchObject({ status: 404 })
  await record([], 2)
  expect(await list()).toEqual([])
  expect(await instruct({ instruction: 'write-off-break', break: id, reason: 'given up' })).toMatchObject({
    status: 422,
  })
})

test('without a partner the breaks of all of them are listed, and the last statement of each that was reconciled', async () => {
  const { office, found } = await openWith(600_000)
  await reconciledFor(office).breakOf('ovo', '2020-09-10', 50_000)
  await reconciledFor(office).close('ovo', ['2020-09-12', '2020-09-13'])
  await reconciledFor(office).close('gopay', ['2020-08-01'])
  const all = answerOf(routes.breaks, await office.as('cici', 'viewer')('breaks', { query: {} }))
  expect(all.breaks.map(({ partner, firstSeen }) => [partner, firstSeen])).toEqual([
    ['ovo', '2020-09-13'],
    ['bni', found[0]?.day],
  ])
  expect(all.statements).toEqual([
    { partner: 'bni', lastDay: day },
    { partner: 'gopay' },
    { partner: 'linkaja' },
    { partner: 'ovo', lastDay: '2020-09-13' },
  ])
  const one = await office.as('cici', 'viewer')('breaks', { query: { partner: 'ovo' } })
  expect(answerOf(routes.breaks, one)).toMatchObject({
    breaks: [{ partner: 'ovo' }],
    statements: [{ partner: 'ovo', lastDay: '2020-09-13' }],
  })
})

test('more breaks than one answer holds are gone through in pages, each once, oldest first', async () => {
  const office = await openOffice()
  const found = breaksOf(
    'bni',
    Array.from({ length: 1_100 }, (_, index) => lineOf(index + 1)),
  )
  const records = found.flatMap((one, index) =>
    followBreaks([], [one], { day: plusDays(day, -(index % 7)), run: 1 }),
  )
  const breaks = async (partner: string) => (partner === 'bni' ? records : [])
  office.deps.reconciliations = { ...office.deps.reconciliations, breaks }
  const page = async (cursor?: string) => {
    const query = cursor === undefined ? {} : { cursor }
    return answerOf(routes.breaks, await office.as('cici', 'viewer')('breaks', { query }))
  }
  const pages = [await page()]
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) pages.push(await page(next))
  const seen = pages.flatMap((one) => one.breaks)
  expect(pages.map(({ more }) => more)).toEqual([600, 100, 0])
  expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(found.map(({ id }) => id)))
  expect(seen).toHaveLength(found.length)
  const days = seen.map(({ firstSeen }) => firstSeen)
  expect(days).toEqual(days.toSorted())
})

test('a break that names an attempt is in the timeline of its participant, until it is resolved and after', async () => {
  const office = await openOffice()
  const reconciliations = createReconciliations(
    createTable(office.engine.connect(), office.engine.tables.finance, () => {}),
  )
  const id = await office.participant()
  const reference = `${id}-I1-A1`
  const found = breaksOf('bni', [
    { kind: 'wrong-day', day, direction: 'debit', amount: rupiah(600_000), partnerReferenceNo: reference },
    { kind: 'wrong-day', day, direction: 'debit', amount: rupiah(600_000), partnerReferenceNo: 'P-9-I1-A1' },
  ])
  const timeline = async () => {
    const shown = answerOf(
      routes.show,
      await office.as('cici', 'viewer')('show', { parameters: { participantId: id } }),
    )
    return shown.timeline.filter(({ what }) => what.startsWith('break'))
  }
  const follow = async (open: typeof found, run: number) =>
    reconciliations.writeBreaks(followBreaks(await reconciliations.breaks('bni'), open, { day, run }))
  await follow(found, 1)
  const line = {
    at: '2020-09-18T00:00:00+07:00',
    what: 'break: wrong-day',
    by: 'reconcile',
    payout: 'incentive-1',
    reference,
  }
  expect(await timeline()).toMatchObject([
    { ...line, detail: expect.stringMatching(/^debit of Rp600,000 at bni; new as [0-9a-f]{16}$/) },
  ])
  await follow([], 2)
  expect(await timeline()).toMatchObject([{ ...line, detail: expect.stringContaining('resolved as') }])
})
