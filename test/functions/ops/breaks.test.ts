import { expect, test } from 'vitest'
import { civilDate } from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { createReconciliations } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { breaksOf } from '../../../shared/reconciliation/break.ts'
import { followBreaks } from '../../../shared/reconciliation/follow.ts'
import { answerOf, openOffice } from './office.ts'

const day = civilDate('2020-09-17')

/** An office with one break of each of some amounts. */
async function openWith(...amounts: readonly number[]) {
  const office = await openOffice()
  const reconciliations = createReconciliations(
    createTable(office.engine.connect(), office.engine.tables.finance, () => {}),
  )
  const found = breaksOf(
    'bni',
    amounts.map((amount) => ({
      kind: 'wrong-partner',
      day,
      amount: rupiah(amount),
      line: `${day}/${amount}`,
    })),
  )
  const record = (open: typeof found, run: number) =>
    reconciliations
      .breaks('bni')
      .then((known) => reconciliations.writeBreaks(followBreaks(known, open, { day, run })))
  await record(found, 1)
  const list = async (query: object = {}) =>
    answerOf(
      routes.breaks,
      await office.as('cici', 'viewer')('breaks', { query: { partner: 'bni', ...query } }),
    ).breaks
  const instruct = (body: object, key?: string) =>
    office.as('ani', 'operator')('instruct', { body: { partner: 'bni', ...body }, ...(key && { key }) })
  return { office, found, record, list, instruct }
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
  const { office, found, list, instruct } = await openWith(600_000, 50_000)
  const [{ id } = { id: '' }] = found
  const reply = await instruct({
    instruction: 'write-off-break',
    break: id,
    reason: 'given up by the treasury',
  })
  const answer = answerOf(routes.instruct, reply)
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  expect(await list()).toHaveLength(2)
  const parameters = { id: answer.proposal.id }
  expect(await office.as('budi', 'approver')('approve', { parameters })).toMatchObject({ status: 200 })
  expect((await list()).map((one) => one.id)).toEqual([found[1]?.id])
  expect(await list({ all: 'true' })).toContainEqual(expect.objectContaining({ id, state: 'written-off' }))
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
