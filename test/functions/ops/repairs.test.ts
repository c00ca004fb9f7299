import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, pending, rejected } from '../../domain/examples.ts'
import { accountLinked, certificateIssued, type Envelope, surveyCompleted } from '../events.ts'
import { answerOf, type Office, openOffice } from './office.ts'

/** Has intake refuse an event; gives the hash it is kept under. */
async function refused(office: Office, event: Envelope | string): Promise<string> {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  const intake = { ledger: office.ledger, publishers: {}, partners: {}, shards: 2, scheme: scheme2020 }
  await takeIn(intake, body, office.now(), 'intake/test')
  return createHash('sha256').update(body).digest('hex')
}
const resubmit = (office: Office, hash: string, event?: object) =>
  office.as('ani', 'operator')('resubmit', {
    parameters: { hash },
    body: event === undefined ? {} : { event: JSON.stringify(event) },
  })

describe('a quarantined event', () => {
  test('is listed without its content', async () => {
    const office = await openOffice()
    await refused(office, accountLinked('P-1', { accountNumber: '081277665544', holderName: 'Rahasia' }))
    const reply = await office.as('cici', 'viewer')('quarantine')
    expect(reply.body).toMatchObject({
      events: [{ reason: 'wrong_publisher', at: '2020-09-18T10:00:01+07:00' }],
    })
    expect(JSON.stringify(reply.body)).not.toMatch(/77665544|Rahasia/)
  })

  test('is listed page by page', async () => {
    const office = await openOffice()
    const hashes = []
    for (const id of ['P-1', 'P-2', 'P-3']) hashes.push(await refused(office, certificateIssued(id)))
    const found: string[] = []
    let cursor: string | undefined
    do {
      const query = { limit: '2', ...(cursor !== undefined && { cursor }) }
      const reply = await office.as('cici', 'viewer')('quarantine', { query })
      const { events, next } = answerOf(routes.quarantine, reply)
      found.push(...events.map(({ hash }) => hash))
      cursor = next
    } while (cursor !== undefined && found.length < 10)
    expect(found).toEqual(hashes.toSorted())
  })

  test('is shown without account number and name, whatever field they are in', async () => {
    const office = await openOffice()
    const event = accountLinked('P-1', { accountNumber: '081277665544', holderName: 'Rahasia' })
    const detail = {
      ...event.detail,
      wave: '0812 7766 5544',
      trainingId: '0812-7766.5544',
      trainingProvider: '0198c0de-4152-7001-8904-806061120304',
      linkedAt: '2020-09-01T10:00:00.000Z',
      Rahasia: 'Rahasia',
      certificateId: { a: 'Rahasia' },
    }
    const hash = await refused(office, JSON.stringify({ ...event, detail, extra: 'Rahasia' }))
    const reply = await office.as('cici', 'viewer')('quarantined', { parameters: { hash } })
    expect(reply).toMatchObject({
      status: 200,
      body: {
        hash,
        event: {
          'detail-type': 'PayoutAccountLinked',
          detail: {
            participantId: 'P-1',
            accountNumber: '…5544',
            holderName: 'hidden',
            wave: '…5544',
            trainingId: '…5544',
            trainingProvider: '0198c0de-4152-7001-8904-806061120304',
            linkedAt: '2020-09-01T10:00:00.000Z',
          },
        },
        hidden: 3,
      },
    })
    expect(JSON.stringify(reply.body)).not.toMatch(/7766|Rahasia/)
  })

  test('that is none is shown by what was wrong with it only, and one that is not there not at all', async () => {
    const office = await openOffice()
    const cici = office.as('cici', 'viewer')
    const hash = await refused(office, '{"accountNumber": "081277665544"')
    const reply = await cici('quarantined', { parameters: { hash } })
    expect(reply).toMatchObject({ status: 200, body: { hash, hidden: 0 } })
    expect(reply.body).not.toHaveProperty('event')
    expect(await cici('quarantined', { parameters: { hash: 'a'.repeat(64) } })).toMatchObject({ status: 404 })
  })

  test('is sent to intake again as it is; taken in twice it changes nothing', async () => {
    const office = await openOffice()
    const event = certificateIssued('P-AGAIN')
    const hash = await refused(office, event)
    expect(await resubmit(office, hash)).toMatchObject({ status: 200 })
    await resubmit(office, hash)
    expect(office.queues.events).toEqual([JSON.stringify(event), JSON.stringify(event)])
    for (const body of office.queues.events) await office.tell(JSON.parse(body))
    const { rows } = await office.ledger.participants.read('P-AGAIN')
    expect(rows).toHaveLength(7)
  })

  test('may be repaired', async () => {
    const office = await openOffice()
    const hash = await refused(office, certificateIssued('P-1', { issuedAt: 'yesterday' }))
    const repaired = certificateIssued('P-1')
    expect(await resubmit(office, hash, repaired)).toMatchObject({ status: 200 })
    expect(office.queues.events).toEqual([JSON.stringify(repaired)])
    const trail = (
      await office.as('cici', 'viewer')('audit', { query: { from: '2020-09-18', to: '2020-09-18' } })
    ).body
    expect(trail).toMatchObject({ records: [{ detail: { phase: 'intent', repairs: ['issuedAt'] } }, {}] })
  })

  /** What the trail says of the one resubmission that there was. */
  async function intentOf(office: Office): Promise<unknown> {
    const query = { from: '2020-09-18', to: '2020-09-18' }
    const reply = await office.as('cici', 'viewer')('audit', { query })
    return answerOf(routes.audit, reply).records[0]?.detail
  }

  test('that is repaired leaves in the trail the name of every field that was', async () => {
    const office = await openOffice()
    const wrong = certificateIssued('P-1', { issuedAt: 'yesterday', wave: '5', platform: 'Tokopedia' })
    const hash = await refused(office, { ...wrong, time: 'noon' })
    expect(await resubmit(office, hash, certificateIssued('P-1'))).toMatchObject({ status: 200 })
    const repairs = ['time', 'issuedAt', 'wave', 'platform']
    const detail = await intentOf(office)
    expect(detail).toMatchObject({ phase: 'intent', refused: hash, repairs })
    expect(detail).not.toHaveProperty('otherFields')
  })

  test('that loses or gains fields which nobody knows leaves their number in the trail, and no name', async () => {
    const office = await openOffice()
    const kept = certificateIssued('P-1', { wave: 99, Rahasia: 'x', same: 'y' })
    const hash = await refused(office, JSON.stringify({ ...kept, Rahasia: 1, resources: [] }))
    const sent = { ...certificateIssued('P-1', { same: 'y', Nama: 'z' }) }
    expect(await resubmit(office, hash, sent)).toMatchObject({ status: 200 })
    const detail = await intentOf(office)
    expect(detail).toMatchObject({ repairs: ['resources', 'wave'], otherFields: 3 })
    expect(JSON.stringify(detail)).not.toMatch(/Rahasia|Nama/)
  })

  test('that is sent again as it is leaves no repair in the trail', async () => {
    const office = await openOffice()
    const hash = await refused(office, certificateIssued('P-1', { extra: 'x' }))
    await resubmit(office, hash)
    const detail = await intentOf(office)
    expect(detail).toMatchObject({ refused: hash, sent: hash, repairs: [] })
    expect(detail).not.toHaveProperty('otherFields')
  })

  const link = accountLinked('P-1', { partner: 'gopay', accountNumber: '12' })
  test.for<[string, Envelope | string, object]>([
    ['another participant', certificateIssued('P-1'), certificateIssued('P-2', { certificateId: 'C-P-1' })],
    ['another certificate', certificateIssued('P-1'), certificateIssued('P-1', { certificateId: 'C-2' })],
    [
      'another training provider',
      certificateIssued('P-1'),
      certificateIssued('P-1', { trainingProvider: 'pijar' }),
    ],
    ['another training', certificateIssued('P-1'), certificateIssued('P-1', { trainingId: 'T-0002' })],
    ['another survey', surveyCompleted('P-1', { survey: 4 }), surveyCompleted('P-1', { survey: 3 })],
    ['another account', link, accountLinked('P-1', { accountNumber: '081234567890' })],
    ['another holder', link, accountLinked('P-1', { accountNumber: '12', holderName: 'Somebody' })],
    ['another partner', link, accountLinked('P-1', { accountNumber: '12', partner: 'ovo' })],
    ['another source', certificateIssued('P-1'), { ...certificateIssued('P-1'), source: 'prakerja.core' }],
    [
      'another type',
      certificateIssued('P-1'),
      { ...certificateIssued('P-1'), 'detail-type': 'SurveyCompleted' },
    ],
    ['another AWS account', certificateIssued('P-1'), { ...certificateIssued('P-1'), account: '1' }],
    ['something where nothing could be read', '{"no":', certificateIssued('P-1')],
  ])('cannot be made to say %s', async ([, event, repaired]) => {
    const office = await openOffice()
    const hash = await refused(office, event)
    expect(await resubmit(office, hash, repaired)).toMatchObject({ status: 422 })
    expect(office.queues.events).toEqual([])
  })

  test('that was too long to be kept whole is not sent', async () => {
    const office = await openOffice()
    const hash = await refused(office, 'x'.repeat(300_001))
    expect(await resubmit(office, hash)).toMatchObject({ status: 422 })
    expect(office.queues.events).toEqual([])
  })

  test('that never was is not found', async () => {
    const office = await openOffice()
    expect(await resubmit(office, 'a'.repeat(64))).toMatchObject({ status: 404 })
  })
})

describe('an inquiry', () => {
  test('goes to the head of the questions, and asks nothing itself', async () => {
    const office = await openOffice()
    const [first, second] = [await office.failed('gopay', pending), await office.failed('gopay', pending)]
    const lane = office.lane('gopay')
    const body = { payouts: [{ participantId: second, payout: 'incentive-1' }] }
    expect((await office.as('ani', 'operator')('inquire', { body })).body).toEqual({
      result: 'done',
      effects: [{ subject: `${second}/incentive-1`, outcome: 'asked with the next run', done: true }],
    })
    lane.partner.tells(paid)
    await lane.inquire()
    expect(await office.row(second)).toMatchObject({ state: 'paid' })
    expect(await office.row(first)).toMatchObject({ state: 'pending' })
  })

  test('comes before all that are due when they are more than a run may put, and is due itself', async () => {
    const office = await openOffice()
    const waiting = []
    for (let nth = 0; nth < 11; nth++) {
      waiting.push(await office.failed('gopay', pending))
      office.pass(1)
    }
    office.pass(3_600)
    const lane = office.lane('gopay')
    const last = waiting.at(-1) ?? ''
    const body = { payouts: [{ participantId: last, payout: 'incentive-1' }] }
    await office.as('ani', 'operator')('inquire', { body })
    for (let nth = 0; nth < 10; nth++) lane.partner.tells(paid)
    await lane.inquire()
    const rows = await Promise.all(waiting.map((id) => office.row(id)))
    const paidOnes = Array.from({ length: 9 }, () => 'paid')
    expect(rows.map((row) => row?.state)).toEqual([...paidOnes, 'pending', 'paid'])
  })

  test('says why there is nothing to ask', async () => {
    const office = await openOffice()
    const [scheduled, failed] = [await office.participant(), await office.failed('gopay', rejected())]
    const payouts = [scheduled, failed, 'P-NOBODY'].map((participantId) => ({
      participantId,
      payout: 'incentive-1',
    }))
    const reply = await office.as('ani', 'operator')('inquire', { body: { payouts } })
    expect(reply.body).toMatchObject({
      effects: [
        { outcome: 'not asked: no attempt is open, it is scheduled', done: false },
        { outcome: 'not asked: no attempt is open, it is failed', done: false },
        { outcome: 'not found: nobody is entitled to it', done: false },
      ],
    })
  })
})
