import { describe, expect, test } from 'vitest'
import type { BehaviourNumber } from '../../../infra/local/partners/behaviours.ts'
import { instant } from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { configurationOf } from '../../../shared/partners/registry.ts'
import { describeCall } from './call.ts'
import { createChaosPartner, createSigningKey } from './partner.ts'
import type { Around } from './post.ts'

const start = Date.UTC(2020, 8, 18, 3)
const number = '+6281200000001'
const order = {
  partnerReferenceNo: 'P-17-I1-A1',
  amount: rupiah(600_000),
  transactionDate: instant(start),
  accountNumber: number,
  verifiedName: 'BUDI SANTOSO',
}
const undisturbed: Around = (_, deliver) => deliver()

function meet(name = 'ovo', configuration = configurationOf(name)) {
  let time = start
  let externalIds = 0
  const timeline: string[] = []
  const chaos = createChaosPartner({
    partner: name,
    configuration,
    now: () => time,
    float: 1_000_000,
    signingKey: createSigningKey(),
    record: (call) => timeline.push(describeCall(call)),
  })
  chaos.simulator.knowAccount(number, 'BUDI SANTOSO')
  const connect = (around: Around = undisturbed) =>
    chaos.connect({ externalId: () => `${++externalIds}`, around })
  return {
    ...chaos,
    timeline,
    connect,
    now: () => instant(time),
    pass: (seconds: number) => {
      time += seconds * 1000
    },
  }
}

test('a payment leaves a timeline without personal data, the same every time', async () => {
  const play = async () => {
    const { simulator, timeline, connect, now } = meet()
    const partner = connect()
    await partner.verify({ number, holderName: 'Budi Santoso' }, order.amount, now())
    await partner.transfer(order).send(now())
    await partner.inquire(order, now())
    expect(await partner.balance(now())).toEqual({ outcome: 'known', available: 400_000 })
    expect(simulator.book.net(order.partnerReferenceNo)).toBe(600_000)
    return timeline
  }
  const timeline = await play()
  expect(timeline).toEqual([
    'ovo: token sent',
    'ovo: token handled 2007300',
    'ovo: token answered 2007300',
    'ovo: account sent',
    'ovo: account handled 2003700',
    'ovo: account answered 2003700',
    'ovo: transfer P-17-I1-A1 sent',
    'ovo: transfer P-17-I1-A1 handled 2003800',
    'ovo: transfer P-17-I1-A1 answered 2003800',
    'ovo: status P-17-I1-A1 sent',
    'ovo: status P-17-I1-A1 handled 2003900 status 00',
    'ovo: status P-17-I1-A1 answered 2003900 status 00',
    'ovo: balance sent',
    'ovo: balance handled 2001100',
    'ovo: balance answered 2001100',
  ])
  expect(await play()).toEqual(timeline)
})

test('a partner is asked by the status service that it has', async () => {
  const { timeline, connect, now } = meet('gopay')
  const partner = connect()
  await partner.transfer(order).send(now())
  expect(await partner.inquire(order, now())).toMatchObject({ outcome: 'paid' })
  expect(timeline).toContain('gopay: status P-17-I1-A1 answered 2003600 status 00')
})

describe('between our side and the partner', () => {
  const disturb =
    (answer: Around): Around =>
    (point, deliver) =>
      point.service === 'transfer' ? answer(point, deliver) : deliver()
  const page = { result: 'answered', status: 503, body: '<html>' } as const

  test.each<[string, Around, object, number]>([
    [
      'an answer is lost after the payment',
      async (_, deliver) => {
        await deliver()
        return { result: 'connection-lost' }
      },
      { outcome: 'unknown', cause: 'connection-lost' },
      600_000,
    ],
    [
      'an answer is too late',
      async (_, deliver) => {
        await deliver()
        return { result: 'timeout' }
      },
      { outcome: 'unknown', cause: 'timeout' },
      600_000,
    ],
    [
      'a request is lost on the way',
      async () => ({ result: 'connection-lost' }),
      { outcome: 'unknown', cause: 'connection-lost' },
      0,
    ],
    [
      'no connection is opened',
      async () => ({ result: 'not-connected' }),
      { outcome: 'deferred', reason: 'not-connected' },
      0,
    ],
    ['something else answers', async () => page, { outcome: 'unknown', cause: 'server-error' }, 0],
  ])('%s', async (_, answer, outcome, net) => {
    const { simulator, connect, now } = meet()
    const partner = connect(disturb(answer))
    expect(await partner.transfer(order).send(now())).toMatchObject(outcome)
    expect(simulator.book.net(order.partnerReferenceNo)).toBe(net)
  })

  test('a request waits as long as it must', async () => {
    const { simulator, connect, now } = meet()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const partner = connect(
      disturb(async (_, deliver) => {
        await gate
        return deliver()
      }),
    )
    const outcome = partner.transfer(order).send(now())
    await new Promise(setImmediate)
    expect(simulator.book.paid(order.partnerReferenceNo)).toBe(false)
    open()
    expect(await outcome).toMatchObject({ outcome: 'paid' })
  })

  test('nothing is delivered twice', async () => {
    const { simulator, connect, now } = meet()
    const partner = connect(
      disturb(async (_, deliver) => {
        await deliver()
        return deliver()
      }),
    )
    await expect(partner.transfer(order).send(now())).rejects.toThrow('delivered once')
    expect(simulator.book.net(order.partnerReferenceNo)).toBe(600_000)
  })
})

test.each<[BehaviourNumber, string, string]>([
  ['03', 'lost', 'connection-lost'],
  ['31', 'held', 'timeout'],
  ['23', 'unreadable HTTP 200', 'unreadable-answer'],
  ['24', 'unreadable HTTP 200', 'unreadable-answer'],
  ['25', '2003800', 'answer-mismatch'],
])('behaviour %s is %s at the partner and %s to us, at once', async (behaviour, handled, cause) => {
  const { simulator, timeline, connect, now } = meet()
  simulator.behave(order.partnerReferenceNo, behaviour)
  expect(await connect().transfer(order).send(now())).toMatchObject({ outcome: 'unknown', cause })
  expect(timeline).toContain(`ovo: transfer P-17-I1-A1 handled ${handled}`)
  expect(simulator.book.net(order.partnerReferenceNo)).toBe(600_000)
})

test.each([
  ['replay', { outcome: 'paid' }],
  ['409xx01', { outcome: 'unknown', cause: 'duplicate-reference' }],
  ['404xx18', { outcome: 'unknown', cause: 'inconsistent-request' }],
] as const)(
  'a repeated reference is answered in the style %s, and paid once',
  async (duplicateAnswer, second) => {
    const { simulator, connect, now } = meet('gopay', { ...configurationOf('gopay'), duplicateAnswer })
    expect(await connect().transfer(order).send(now())).toMatchObject({ outcome: 'paid' })
    expect(await connect().transfer(order).send(now())).toMatchObject(second)
    expect(simulator.book.net(order.partnerReferenceNo)).toBe(600_000)
  },
)

test('workers keep tokens of their own; one that is revoked or has expired is replaced', async () => {
  const { simulator, timeline, connect, now, pass } = meet()
  const [first, second] = [connect(), connect()]
  await first.balance(now())
  await second.balance(now())
  simulator.revokeTokens()
  expect(await first.transfer(order).send(now())).toMatchObject({ outcome: 'paid' })
  pass(900)
  expect(await first.inquire(order, now())).toMatchObject({ outcome: 'paid' })
  expect(timeline.filter((line) => line === 'ovo: token answered 2007300')).toHaveLength(4)
  expect(timeline).toContain('ovo: transfer P-17-I1-A1 answered 4013801')
})

test('a throttled partner pays nothing, and again when the storm is over', async () => {
  const { simulator, connect, now, pass } = meet()
  const partner = connect()
  simulator.throttle(600)
  expect(await partner.transfer(order).send(now())).toMatchObject({
    outcome: 'deferred',
    reason: 'rate-limited',
  })
  pass(600)
  expect(await partner.transfer(order).send(now())).toMatchObject({ outcome: 'paid' })
})
