import { describe, expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, pending, refunded, unknown } from '../../domain/examples.ts'
import { accountLinked } from '../events.ts'
import { answerOf, type Office, openOffice } from './office.ts'

const lane = 'test-pay-gopay-dlq'
const message = (participantId: string) => JSON.stringify({ participantId, payout: 'incentive-1' })
const look = async (office: Office) =>
  answerOf(routes.deadLetters, await office.as('cici', 'viewer')('deadLetters'))
const tidy = (office: Office, messageId?: string) =>
  office.as('ani', 'operator')('tidyDeadLetters', { body: messageId === undefined ? {} : { messageId } })

describe('dead letters', () => {
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

test('a dead letter of what waits for people in a list says so, and not that it is sent again', async () => {
  const office = await openOffice()
  const [failed, held] = [await office.failed('gopay'), await office.participant()]
  const without = await office.participant('gopay', { linked: false })
  const returned = await office.failed('gopay', unknown())
  office.pass(3_600)
  office.lane('gopay').partner.tells(refunded)
  await office.lane('gopay').inquire()
  const subjects = { payouts: [{ participantId: held, payout: 'incentive-1' }] }
  await office.as('ani', 'operator')('instruct', { body: { instruction: 'hold', subjects, reason: 'doubt' } })
  const due = await office.participant()
  const ids = [failed, held, without, returned, due]
  for (const id of ids) office.queues.die(lane, message(id))
  expect((await look(office)).messages.map(({ about, standing }) => [about, standing])).toEqual(
    ids.map((id) => [`${id}/incentive-1`, id === due ? 'waiting' : 'waits-for-people']),
  )
})

describe('one dead letter', () => {
  test('is tidied alone, and the others stay', async () => {
    const office = await openOffice()
    for (const id of [await office.participant(), await office.participant()])
      office.queues.die(lane, message(id))
    const [first, second] = (await look(office)).messages
    expect(await tidy(office, first?.messageId)).toMatchObject({
      body: { effects: [{ subject: `${lane} ${first?.about}`, outcome: 'sent to its queue again' }] },
    })
    expect(await look(office)).toEqual({ messages: [second] })
    expect(await tidy(office, first?.messageId)).toMatchObject({ status: 404 })
    expect(await look(office)).toEqual({ messages: [second] })
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

test('a change of status that did not leave the bus is shown, and left to an engineer', async () => {
  const office = await openOffice()
  const detail = { participantId: 'P-00017', payout: 'incentive-2', status: 'paid', sequence: 2 }
  const envelope = { source: 'prakerja.disbursement', 'detail-type': 'PayoutStatusChanged', detail }
  office.queues.die('test-jobs-dlq', JSON.stringify(envelope))
  const before = await look(office)
  expect(before).toMatchObject({
    messages: [{ about: 'PayoutStatusChanged of P-00017', standing: 'change-of-status' }],
  })
  expect(await tidy(office)).toMatchObject({
    body: { effects: [{ outcome: 'left alone: an engineer puts it on the bus again', done: false }] },
  })
  expect(await look(office)).toEqual(before)
})

describe('a dead letter about a payout whose journal is damaged', () => {
  /** One such, one of the same participant and one of another, and an event. */
  async function damaged(office: Office) {
    const [broken, whole] = [await office.failed('gopay', pending), await office.participant()]
    await office.damage(broken)
    for (const id of [broken, whole]) office.queues.die(lane, message(id))
    office.queues.die(lane, JSON.stringify({ participantId: broken, payout: 'incentive-2' }))
    office.queues.die('test-intake-dlq', JSON.stringify(accountLinked('P-1')))
    return { broken, whole }
  }

  test('is shown as unreadable, and the others as ever', async () => {
    const office = await openOffice()
    const { broken, whole } = await damaged(office)
    const { messages } = await look(office)
    expect(messages.map(({ about, standing }) => [about, standing])).toEqual([
      [`${broken}/incentive-1`, 'unreadable'],
      [`${whole}/incentive-1`, 'waiting'],
      [`${broken}/incentive-2`, 'waiting'],
      ['PayoutAccountLinked of P-1', 'not-a-payout'],
    ])
  })

  test('is left alone when the others are tidied', async () => {
    const office = await openOffice()
    const { broken } = await damaged(office)
    const again = { outcome: 'sent to its queue again', done: true }
    const reply = await tidy(office)
    expect(reply.body).toMatchObject({
      effects: [
        {
          subject: `${lane} ${broken}/incentive-1`,
          outcome: 'left alone: its journal is damaged, which an engineer sees to first',
          done: false,
        },
        again,
        again,
        again,
      ],
    })
    expect(office.queues.revived).toHaveLength(3)
    expect(await look(office)).toMatchObject({ messages: [{ standing: 'unreadable' }] })
  })

  test('is left alone when it alone is tidied, and another one is tidied all the same', async () => {
    const office = await openOffice()
    await damaged(office)
    const [broken, whole] = (await look(office)).messages
    expect(await tidy(office, whole?.messageId)).toMatchObject({
      body: { effects: [{ outcome: 'sent to its queue again' }] },
    })
    expect(await tidy(office, broken?.messageId)).toMatchObject({
      body: { effects: [{ outcome: expect.stringContaining('left alone') }] },
    })
    expect((await look(office)).messages).toHaveLength(3)
  })

  test('is not what a failing database makes of one', async () => {
    const office = await openOffice()
    office.queues.die(lane, message(await office.participant()))
    const { journal } = office.ledger
    const failing = { ...journal, read: () => Promise.reject(new Error('throttled')) }
    office.deps.ledger = { ...office.ledger, journal: failing }
    await expect(look(office)).rejects.toThrow('throttled')
  })
})

describe('of a queue that holds more dead letters than are looked at in one go', () => {
  const fill = (office: Office, letters: number) => {
    for (let index = 0; index < letters; index++) office.queues.die('test-intake-dlq', `${index}`)
  }

  test('the list says about how many more there are', async () => {
    const office = await openOffice()
    fill(office, 61)
    office.queues.die('test-jobs-dlq', '{}')
    const { messages, more } = await look(office)
    expect(messages).toHaveLength(51)
    expect(more).toEqual({ 'test-intake-dlq': 11 })
  })

  test('tidying says how many it has left, and the next one tidies those', async () => {
    const office = await openOffice()
    fill(office, 61)
    expect((await tidy(office)).body).toMatchObject({ result: 'done', more: { 'test-intake-dlq': 11 } })
    expect(office.queues.revived).toHaveLength(50)
    expect((await tidy(office)).body).not.toHaveProperty('more')
    expect(office.queues.revived).toHaveLength(61)
  })

  test('a message that is not found may be among the others, which the refusal says', async () => {
    const office = await openOffice()
    fill(office, 61)
    const { messages } = await look(office)
    expect((await tidy(office, messages[0]?.messageId)).body).not.toHaveProperty('more')
    const none = '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c'
    const { status, body } = await tidy(office, none)
    expect(status).toBe(404)
    expect(body).toMatchObject({ detail: expect.stringContaining('about 10 more were not looked at') })
  })
})
