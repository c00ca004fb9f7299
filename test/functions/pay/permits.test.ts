import { afterAll, describe, expect, test } from 'vitest'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { deferred, paid } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { surveyCompleted } from '../events.ts'
import { createLane, funded, incentive, type Lane } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const survey = 50_000
const sends = ({ partner }: Lane) => partner.asked.filter(({ call }) => call === 'send').length

describe('a payout that may not leave now is acknowledged, and nothing is written', () => {
  type Case = readonly [string, (lane: Lane) => unknown, object, Parameters<Lane['pay']>[1]?]
  const pausedBy = async (lane: Lane) =>
    lane.changeControl({ paused: { incentive: { reason: 'operator', since: lane.now(), by: 'ops/ani' } } })
  const cases: readonly Case[] = [
    ['before its day', (lane) => lane.goTo('2020-09-17T23:59:59+07:00'), { done: 'nothing-to-do' }],
    ['in the blackout', (lane) => lane.goTo('2020-12-20T10:00:00+07:00'), { done: 'nothing-to-do' }],
    ['after the last day', (lane) => lane.goTo('2021-03-06T00:00:00+07:00'), { done: 'nothing-to-do' }],
    ['while its kind is paused', pausedBy, { denied: 'paused' }],
    ['without float', (lane) => lane.changeControl({ available: rupiah(599_999) }), { denied: 'no-float' }],
    [
      'over the rate',
      (lane) => lane.changeControl({ tokens: { count: 1.9, at: lane.now() } }),
      { denied: 'over-rate' },
    ],
    ['without time for the call', () => undefined, { denied: 'no-time' }, { timeFor: () => false }],
  ]
  test.for(cases)('%s', async ([, prepare, result, change = {}]) => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    await prepare(lane)
    const [before, control] = [await lane.stored(), await lane.control()]
    const { results } = await lane.pay([[participantId]], change)
    expect(results).toMatchObject([result])
    expect(await lane.stored()).toEqual(before)
    const { available, paused } = control
    expect(await lane.float()).toEqual({ available, permits: 0 })
    expect((await lane.control()).paused).toEqual(paused)
    expect(lane.partner.asked).toEqual([])
  })
})

test('a calendar that opens early lets leave what falls into the blackout', async () => {
  const lane = await createLane(ledger)
  lane.goTo('2020-12-14T10:00:00+07:00')
  const participantId = await lane.participant({ certificate: { issuedAt: '2020-11-20T10:00:00+07:00' } })
  lane.partner.pays(paid)
  await lane.pay([[participantId, 'incentive-2']])
  expect(await lane.row(participantId, 'incentive-2')).toMatchObject({ state: 'paid' })
})

describe('of a batch', () => {
  async function due(lane: Lane, count: number): Promise<readonly (readonly [string])[]> {
    const ids: string[] = []
    for (let index = 0; index < count; index++) ids.push(await lane.participant())
    return ids.map((id) => [id])
  }

  test('as much is paid as the float covers, in order, and smaller amounts behind', async () => {
    const lane = await createLane(ledger)
    const [first, second] = [await lane.participant(), await lane.participant()]
    await lane.tell(surveyCompleted(second))
    const left = rupiah(incentive + survey)
    await lane.changeControl({ available: left })
    lane.partner.pays(paid, paid)
    const { results } = await lane.pay([[first], [second], [second, 'survey-1']])
    expect(results).toMatchObject([{ done: 'settled' }, { denied: 'no-float' }, { done: 'settled' }])
    expect(await lane.float()).toEqual({ available: 0, permits: 1 })
    expect(await lane.misstatedFloat(left)).toBe(0)
  })

  test('as much is paid as the rate allows; the rest waits', async () => {
    const lane = await createLane(ledger)
    const messages = await due(lane, 3)
    await lane.changeControl({ tokens: { count: 4, at: lane.now() } })
    lane.partner.pays(paid, paid)
    const { results } = await lane.pay(messages)
    expect(results).toMatchObject([{ done: 'settled' }, { done: 'settled' }, { denied: 'over-rate' }])
    expect((await lane.control()).tokens).toEqual({ count: 0, at: lane.now() })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test.for(['float-empty', 'credentials-refused'] as const)(
    'nothing more is sent after %s, and the rest of the permit is given back',
    async (reason) => {
      const lane = await createLane(ledger)
      const messages = await due(lane, 3)
      lane.partner.pays(paid, deferred(reason))
      const { results, pause } = await lane.pay(messages)
      expect(results).toMatchObject([{ done: 'settled' }, { done: 'settled' }, { denied: 'paused' }])
      expect(pause).toMatchObject({ reason })
      expect(sends(lane)).toBe(2)
      expect((await lane.control()).paused).toMatchObject({ incentive: { reason }, survey: { reason } })
      expect(await lane.float()).toEqual({ available: funded - incentive, permits: 0 })
      expect(await lane.misstatedFloat()).toBe(0)
    },
  )

  test('nothing more is begun when time runs out', async () => {
    const lane = await createLane(ledger)
    const messages = await due(lane, 3)
    let calls = 0
    lane.partner.pays(paid)
    const { results } = await lane.pay(messages, { timeFor: () => calls++ < 1 })
    expect(results).toMatchObject([{ done: 'settled' }, { denied: 'no-time' }, { denied: 'no-time' }])
    expect(sends(lane)).toBe(1)
    expect(await lane.float()).toEqual({ available: funded - incentive, permits: 0 })
  })

  test('the time asked for covers verification and transfer', async () => {
    const lane = await createLane(ledger)
    const asked: number[] = []
    const timeFor = (calls: number) => asked.push(calls) > 0
    const [message] = await due(lane, 1)
    lane.partner.pays(deferred('daily-limit', lane.now()), paid)
    await lane.pay([message ?? ['']], { timeFor })
    await lane.pay([message ?? ['']], { timeFor })
    expect(asked).toEqual([2, 1])
  })

  test('the same payout twice is paid once', async () => {
    const lane = await createLane(ledger)
    const [message = ['']] = await due(lane, 1)
    lane.partner.pays(paid)
    const { results } = await lane.pay([message, message])
    expect(results).toMatchObject([{ done: 'settled' }, { denied: 'twice' }])
    expect(sends(lane)).toBe(1)
    expect(await lane.entries(message[0])).toEqual(['claimed', 'disbursed'])
    expect(await lane.float()).toEqual({ available: funded - incentive, permits: 1 })
  })

  test('the same payout twice needs float for one only', async () => {
    const lane = await createLane(ledger)
    const [message = ['']] = await due(lane, 1)
    await lane.changeControl({ available: incentive })
    lane.partner.pays(paid)
    const { results } = await lane.pay([message, message])
    expect(results).toMatchObject([{ done: 'settled' }, { denied: 'twice' }])
    expect(await lane.float()).toEqual({ available: 0, permits: 1 })
    expect(await lane.misstatedFloat(incentive)).toBe(0)
  })

  test('a message that is not one fails alone', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    const body = (payout: unknown, id: unknown = participantId) =>
      JSON.stringify({ participantId: id, payout })
    const poison = ['', '{', '[]', 'null', '{}', body('incentive-9'), body(1), body('incentive-1', 7)]
    const stranger = body('incentive-1', 'P-STRANGER')
    lane.partner.pays(paid)
    const { results } = await lane.payBodies([...poison, stranger, body('incentive-1')])
    for (const result of results.slice(0, -1)) expect(result).toEqual({ failed: expect.any(Error) })
    expect(results.at(-1)).toMatchObject({ done: 'settled' })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('nothing but poison leaves the control row alone', async () => {
    const lane = await createLane(ledger)
    const before = await lane.control()
    const { results } = await lane.payBodies(['{}', 'x'])
    expect(results).toHaveLength(2)
    expect(await lane.control()).toEqual(before)
  })
})

describe('a permit that was used up', () => {
  test('stays on the control row until its environment takes the next one: one write a batch', async () => {
    const lane = await createLane(ledger)
    const usedUp = new Set<string>()
    const permits: string[][] = []
    for (let batch = 1; batch <= 3; batch++) {
      const participantId = await lane.participant()
      const { version } = await lane.control()
      lane.partner.pays(paid)
      await lane.pay([[participantId]], { usedUp })
      const control = await lane.control()
      expect(control.version).toBe(version + 1)
      permits.push(Object.keys(control.permits))
      expect([...usedUp]).toEqual(permits.at(-1))
    }
    expect(new Set(permits.flat()).size).toBe(3)
    expect(await lane.float()).toEqual({ available: funded - 3 * incentive, permits: 1 })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('is not taken off by another environment', async () => {
    const lane = await createLane(ledger)
    for (let batch = 1; batch <= 2; batch++) {
      lane.partner.pays(paid)
      await lane.pay([[await lane.participant()]])
    }
    expect((await lane.float()).permits).toBe(2)
  })
})

describe('a failure of ours', () => {
  test.for([
    ['before the claim', 'verifies', []],
    ['after the claim', 'pays', ['claimed']],
  ] as const)('%s keeps its part of the permit and fails its message only', async ([, when, entries]) => {
    const lane = await createLane(ledger)
    const [first, second] = [await lane.participant(), await lane.participant()]
    lane.partner[when](() => {
      throw new Error('a bug of ours')
    })
    lane.partner.pays(paid)
    const { results } = await lane.pay([[first], [second]])
    expect(results).toMatchObject([{ failed: new Error('a bug of ours') }, { done: 'settled' }])
    expect(await lane.entries(first)).toEqual(entries)
    const { available, permits } = await lane.control()
    expect(available).toBe(funded - 2 * incentive)
    expect(Object.values(permits)).toEqual([
      { at: lane.now(), payouts: [{ participantId: first, payout: 'incentive-1', amount: incentive }] },
    ])
  })
})
