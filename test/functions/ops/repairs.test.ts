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
          detail: { participantId: 'P-1', accountNumber: '…5544', holderName: 'hidden', wave: '…5544' },
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

  const link = accountLinked('P-1', { partner: 'gopay', accountNumber: '12' })
  test.for<[string, Envelope | string, object]>([
    ['another participant', certificateIssued('P-1'), certificateIssued('P-2', { certificateId: 'C-P-1' })],
    ['another certificate', certificateIssued('P-1'), certificateIssued('P-1', { certificateId: 'C-2' })],
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

describe('dead letters', () => {
  const lane = 'test-pay-gopay-dlq'
  const message = (participantId: string) => JSON.stringify({ participantId, payout: 'incentive-1' })

  async function filled(office: Office) {
    const ids = [
      await office.failed('gopay', paid),
      await office.participant(),
      await office.failed('gopay', pending),
    ]
    for (const id of ids) office.queues.die(lane, message(id))
    office.queues.die(lane, message('P-NOBODY'))
    office.queues.die(lane, 'secret 081277665544')
    office.queues.die('test-jobs-dlq', JSON.stringify({ jobId: '6f9619ff-8b86-4011-b42d-00c04fc964ff' }))
    office.queues.die('test-jobs-dlq', JSON.stringify({ repairId: '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c' }))
    office.queues.die(
      'test-intake-dlq',
      JSON.stringify(accountLinked('P-1', { accountNumber: '081277665544' })),
    )
    return ids
  }

  test('are shown with what the journal says of them, and stay', async () => {
    const office = await openOffice()
    const [settled, waiting, open] = await filled(office)
    const cici = office.as('cici', 'viewer')
    const reply = await cici('deadLetters')
    const { messages } = answerOf(routes.deadLetters, reply)
    expect(messages.map(({ about, standing }) => [about, standing])).toEqual([
      [`${settled}/incentive-1`, 'settled'],
      [`${waiting}/incentive-1`, 'waiting'],
      [`${open}/incentive-1`, 'unknown'],
      ['P-NOBODY/incentive-1', 'not-a-payout'],
      ['cannot be read', 'not-a-payout'],
      ['PayoutAccountLinked of P-1', 'not-a-payout'],
      ['job 6f9619ff-8b86-4011-b42d-00c04fc964ff', 'not-a-payout'],
      ['repair 0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c', 'not-a-payout'],
    ])
    expect(JSON.stringify(reply.body)).not.toContain('77665544')
    expect((await cici('deadLetters')).body).toEqual(reply.body)
  })

  test('are tidied: what is settled goes, the rest wakes up', async () => {
    const office = await openOffice()
    const [settled, waiting] = await filled(office)
    const reply = await office.as('ani', 'operator')('tidyDeadLetters')
    expect(reply.body).toMatchObject({
      effects: [
        { subject: `${lane} ${settled}/incentive-1`, outcome: 'deleted: its payout is settled' },
        { subject: `${lane} ${waiting}/incentive-1`, outcome: 'sent to its queue again' },
        ...Array.from({ length: 6 }, () => ({ outcome: 'sent to its queue again' })),
      ],
    })
    expect(office.queues.revived).toHaveLength(7)
    expect((await office.as('cici', 'viewer')('deadLetters')).body).toEqual({ messages: [] })
  })
})

describe('one dead letter', () => {
  const body = (participantId: string) => JSON.stringify({ participantId, payout: 'incentive-1' })
  const lane = 'test-pay-gopay-dlq'

  test('is tidied alone, and the others stay', async () => {
    const office = await openOffice()
    for (const id of [await office.participant(), await office.participant()])
      office.queues.die(lane, body(id))
    const look = async () =>
      answerOf(routes.deadLetters, await office.as('cici', 'viewer')('deadLetters')).messages
    const [first, second] = await look()
    const tidy = (messageId = '') => office.as('ani', 'operator')('tidyDeadLetters', { body: { messageId } })
    expect(await tidy(first?.messageId)).toMatchObject({
      body: { effects: [{ subject: `${lane} ${first?.about}`, outcome: 'sent to its queue again' }] },
    })
    expect(await look()).toEqual([second])
    expect(await tidy(first?.messageId)).toMatchObject({ status: 404 })
    expect(await look()).toEqual([second])
  })

  test('that stands for a part of the stream is shown, and left to an engineer', async () => {
    const office = await openOffice()
    const info = { batchSize: 7, approximateArrivalOfFirstRecord: '2020-09-18T03:00:00.000Z', shardId: 's-1' }
    office.queues.die('test-jobs-dlq', JSON.stringify({ DDBStreamBatchInfo: info, version: '1.0' }))
    const cici = office.as('cici', 'viewer')
    const before = (await cici('deadLetters')).body
    expect(before).toMatchObject({
      messages: [
        { about: '7 changes of the journal since 2020-09-18T03:00:00.000Z', standing: 'part-of-stream' },
      ],
    })
    expect(await office.as('ani', 'operator')('tidyDeadLetters')).toMatchObject({
      body: { effects: [{ outcome: expect.stringContaining('left alone') }] },
    })
    expect((await cici('deadLetters')).body).toEqual(before)
  })
})

test.each([
  {
    key: 'statements/gopay/2020-10-01.csv.gz',
    about: 'statement of gopay of 2020-10-01',
  },
  { key: 'statements/anything', about: 'a statement whose name cannot be read' },
])('a statement that was given up is shown, and left to an engineer: $about', async ({ key, about }) => {
  const office = await openOffice()
  const requestPayload = { Records: [{ s3: { object: { key } } }] }
  const requestContext = { functionArn: 'arn:aws:lambda:x:1:function:test-reconcile:$LATEST' }
  office.queues.die('test-jobs-dlq', JSON.stringify({ version: '1.0', requestContext, requestPayload }))
  const cici = office.as('cici', 'viewer')
  const before = (await cici('deadLetters')).body
  expect(before).toMatchObject({ messages: [{ about, standing: 'statement' }] })
  expect(await office.as('ani', 'operator')('tidyDeadLetters')).toMatchObject({
    body: { effects: [{ outcome: expect.stringContaining('left alone') }] },
  })
  expect((await cici('deadLetters')).body).toEqual(before)
})

describe('an inquiry', () => {
  test('goes to the head of the questions, and asks nothing itself', async () => {
    const office = await openOffice()
    const [first, second] = [await office.failed('gopay', pending), await office.failed('gopay', pending)]
    const lane = office.lane('gopay')
    const body = { payouts: [{ participantId: second, payout: 'incentive-1' }] }
    expect((await office.as('ani', 'operator')('inquire', { body })).body).toEqual({
      result: 'done',
      effects: [{ subject: `${second}/incentive-1`, outcome: 'asked with the next run' }],
    })
    lane.partner.tells(paid)
    await lane.inquire()
    expect(await office.row(second)).toMatchObject({ state: 'paid' })
    expect(await office.row(first)).toMatchObject({ state: 'pending' })
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
        { outcome: 'not asked: no attempt is open, it is scheduled' },
        { outcome: 'not asked: no attempt is open, it is failed' },
        { outcome: 'not found: nobody is entitled to it' },
      ],
    })
  })
})
