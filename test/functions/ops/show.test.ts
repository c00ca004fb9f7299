import { afterEach, expect, test, vi } from 'vitest'
import { civilDate } from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { deferred, paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { accountLinked, certificateIssued, surveyCompleted } from '../events.ts'
import { captureLog } from '../handlers/host.ts'
import { linesOf } from '../handlers/log.ts'
import { answerOf, type Office, openOffice } from './office.ts'

afterEach(() => vi.restoreAllMocks())

const showOf = async (office: Office, participantId: string) =>
  answerOf(routes.show, await office.as('cici', 'viewer')('show', { parameters: { participantId } }))

test('the money timeline, oldest first, with codes and references', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', rejected('merchant-refused'))
  office.pass(60)
  const { set } = answerOf(
    routes.preview,
    await office.as('ani', 'operator')('preview', {
      body: { payouts: [{ participantId: id, payout: 'incentive-1' }] },
    }),
  )
  await office.as('ani', 'operator')('instruct', { body: { instruction: 'retry', set, reason: 'mended' } })
  await office.runJobs()
  office.pass(1_050)
  office.lane('gopay').partner.tells({ outcome: 'failed', evidence: {} })
  await office.lane('gopay').pay(id, { outcome: 'paid', evidence: { code: '2003800', referenceNo: 'G-77' } })

  const shown = await showOf(office, id)
  expect(shown.payouts).toHaveLength(7)
  expect(shown.payouts[0]).toMatchObject({
    payout: 'incentive-1',
    state: 'paid',
    move: 'nobody',
    attempts: [
      { attempt: 1, reference: `${id}-I1-A1`, status: 'rejected', partner: 'gopay', sends: 1 },
      { attempt: 2, reference: `${id}-I1-A2`, status: 'paid', since: '2020-09-18T10:18:31+07:00' },
    ],
  })
  expect(shown.payouts[1]).toMatchObject({
    state: 'scheduled',
    next: 'Sent from 2020-10-18 on through gopay.',
    move: 'system',
  })
  expect(shown.payouts[4]).toMatchObject({ payout: 'survey-1', state: 'waiting', move: 'participant' })
  const lastFour = id.slice(-4)
  expect(shown.timeline.map(({ what, detail, reference = '' }) => [what, detail, reference])).toEqual([
    ['account linked', `gopay …${lastFour}`, ''],
    ['certificate issued', `C-${id} on tokopedia`, ''],
    ['being sent', `Rp600,000 to gopay …${lastFour}`, `${id}-I1-A1`],
    ['failed', 'merchant-refused; code 2003800, HTTP 200', `${id}-I1-A1`],
    ['to be sent again', 'mended (started by ani)', ''],
    ['being sent', `Rp600,000 to gopay …${lastFour}`, `${id}-I1-A2`],
    ['paid', "code 2003800, partner's reference G-77", `${id}-I1-A2`],
  ])
})

test('whoever is in process is never called failed', async () => {
  const office = await openOffice()
  const open = await office.failed('gopay', pending)
  const shown = await showOf(office, open)
  expect(shown.payouts[0]).toMatchObject({
    state: 'pending',
    move: 'partner',
    next: expect.stringMatching(/^In process/),
  })
  expect(JSON.stringify(shown)).not.toContain('failed')
})

test('no name, no whole number, nowhere', async () => {
  const office = await openOffice()
  const id = 'P-SECRET'
  const account = { partner: 'gopay', accountNumber: '081277665544', holderName: 'Rahasia Wijaya' }
  for (const event of [certificateIssued(id), surveyCompleted(id), accountLinked(id, account)])
    await office.tell(event)
  await office.lane('gopay').pay(id, deferred('daily-limit'))
  const shown = await showOf(office, id)
  expect(shown.accounts).toEqual([
    {
      partner: 'gopay',
      lastFour: '5544',
      linkedAt: '2020-09-01T10:00:00+07:00',
      verification: 'verified',
      shared: false,
    },
  ])
  expect(shown.timeline.map(({ what }) => what)).toContain('put off')
  expect(JSON.stringify(shown)).not.toMatch(/Rahasia|Wijaya|77665544|BUDI/i)
})

test('what waits for a paused lane waits for an operator', async () => {
  const office = await openOffice()
  const id = await office.participant()
  await office.as('ani', 'operator')('instruct', {
    body: { instruction: 'pause', partner: 'gopay', reason: 'doubt' },
  })
  expect((await showOf(office, id)).payouts[0]).toMatchObject({
    move: 'operator',
    next: expect.stringContaining('resumed'),
  })
})

test('a row that is behind its journal is not believed', async () => {
  const office = await openOffice()
  const id = await office.participant()
  const stale = await office.row(id)
  await office.lane('gopay').pay(id, paid)
  if (!stale) throw new Error('there is no row')
  const { participants } = office.ledger
  const read = async (participantId: string) => ({
    ...(await participants.read(participantId)),
    rows: [stale],
  })
  office.deps.ledger = { ...office.ledger, participants: { ...participants, read } }
  expect((await showOf(office, id)).payouts[0]).toMatchObject({ state: 'paid', attempt: 1 })
})

test('the lines of statements that were found to be its attempts, by the end of the day they were booked on', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', paid)
  const asked: unknown[] = []
  office.deps.matchedLines = {
    async matchedLinesOf(partner, reference, { from, to }) {
      asked.push({ partner, reference, from, to })
      const day = civilDate('2020-09-19')
      const found = { partner, statementDay: day, file: 'statements/gopay/2020-09-19.csv', line: 17 }
      return [{ ...found, direction: 'debit', amount: rupiah(600_000), valueDay: day }]
    },
  }
  const { timeline } = await showOf(office, id)
  const reference = `${id}-I1-A1`
  expect(asked).toEqual([{ partner: 'gopay', reference, from: '2020-09-18', to: '2020-09-20' }])
  expect(timeline.at(-1)).toEqual({
    at: '2020-09-20T00:00:00+07:00',
    what: 'on the statement',
    detail: 'debit of Rp600,000 at gopay on 2020-09-19; line 17 of statements/gopay/2020-09-19.csv',
    by: 'reconcile',
    payout: 'incentive-1',
    reference,
  })
})

test('statements that cannot be read take nothing else away, and are said to be missing', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', paid)
  await office.tell(surveyCompleted(id))
  await office.lane('gopay').pay(id, paid, 'survey-1')
  const whole = await showOf(office, id)
  expect(whole).not.toHaveProperty('unread')
  const day = civilDate('2020-09-18')
  const line = { partner: 'gopay', statementDay: day, file: 'statements/gopay/2020-09-18.csv', line: 3 }
  office.deps.matchedLines = {
    async matchedLinesOf(_, reference) {
      if (reference === `${id}-I1-A1`) throw new Error('Access Denied')
      return [{ ...line, direction: 'debit', amount: rupiah(50_000), valueDay: day }]
    },
  }
  const log = captureLog()
  const { timeline, unread, ...rest } = await showOf(office, id)
  expect(unread).toEqual([{ partner: 'gopay', payout: 'incentive-1', reference: `${id}-I1-A1` }])
  expect(timeline.slice(0, -1)).toEqual(whole.timeline)
  expect(timeline.at(-1)).toMatchObject({ what: 'on the statement', reference: `${id}-S1-A1` })
  expect({ ...rest, timeline: whole.timeline }).toEqual(whole)
  expect(linesOf(log())).toMatchObject([
    { level: 'ERROR', message: 'statement lines not read', partner: 'gopay', reference: `${id}-I1-A1` },
  ])
})

test('statements of long ago are not looked through: only those around what the journal has of an attempt', async () => {
  const office = await openOffice()
  const id = await office.failed('bni', unknown())
  office.pass(40 * 86_400)
  office.lane('bni').partner.tells(paid)
  await office.lane('bni').inquire()
  const days: string[] = []
  office.deps.matchedLines = {
    async matchedLinesOf(_, __, { from, to }) {
      days.push(`${from} ${to}`)
      return []
    },
  }
  await showOf(office, id)
  expect(days).toEqual(['2020-09-18 2020-09-21', '2020-10-25 2020-10-31'])
})

test('nobody', async () => {
  const office = await openOffice()
  const reply = await office.as('cici', 'viewer')('show', { parameters: { participantId: 'P-NOBODY' } })
  expect(reply).toMatchObject({ status: 404 })
})
