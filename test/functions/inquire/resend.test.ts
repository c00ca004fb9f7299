import { afterAll, describe, expect, test } from 'vitest'
import type { TransferOutcome } from '../../../shared/domain/outcome.ts'
import { at, deferred, failed, notFound, paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { verified } from '../../support/scripted-partner.ts'
import { createLane, funded, incentive, type Lane, settledSeconds } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const day = 86_400
const configuration = { settleWindowSeconds: 900, idempotencyWindowSeconds: 2 * day }
const claimTerm = 150
const now = at('2020-09-18T10:00:00+07:00')

/** A payout with one unanswered send, at the first moment at which it may be sent again. */
async function unanswered(lane: Lane, outcome: TransferOutcome = unknown()): Promise<string> {
  const participantId = await lane.participant()
  lane.partner.verifies(verified({ fee: 2_500, session: 'S-1' }))
  lane.partner.pays(outcome)
  await lane.pay([[participantId]])
  lane.pass(claimTerm + configuration.settleWindowSeconds)
  return participantId
}
const sends = ({ partner }: Lane) => partner.asked.filter(({ call }) => call === 'send')

describe('not found is sent again', () => {
  test('with the same bytes, though the participant has linked another account since', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    await lane.link(participantId, {
      accountNumber: '089900000009',
      holderName: 'Somebody Else',
      linkedAt: '2020-09-18T10:00:30+07:00',
    })
    lane.partner.tells(notFound)
    lane.partner.pays(paid)
    await lane.inquire({ configuration })
    const [first, second, ...others] = sends(lane)
    expect(second).toEqual(first)
    expect(others).toEqual([])
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'resent', 'disbursed'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid', attempt: 1 })
    expect(await lane.control()).toMatchObject({ available: funded - incentive })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test.for<[string, TransferOutcome, string, string]>([
    ['paid', paid, 'disbursed', 'paid'],
    ['pending', pending, 'pending', 'pending'],
    ['unknown', unknown(), 'unknown', 'unknown'],
    ['rejected, which proves nothing of the first', rejected(), 'unknown', 'unknown'],
    ['deferred, which proves nothing of the first', deferred(), 'unknown', 'unknown'],
  ])('and comes to %s', async ([, outcome, entry, state]) => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    lane.partner.tells(notFound)
    lane.partner.pays(outcome)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'resent', entry])
    expect(await lane.row(participantId)).toMatchObject({ state, seq: 4 })
    expect(await lane.control()).toMatchObject({ available: funded - incentive })
  })

  test('and again, twice as long after each send', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    lane.partner.tells(notFound, notFound, notFound)
    lane.partner.pays(unknown(), unknown())
    await lane.inquire({ configuration })
    lane.pass(claimTerm + 900)
    await lane.inquire({ configuration })
    expect(sends(lane)).toHaveLength(2)
    lane.pass(claimTerm + 900)
    await lane.inquire({ configuration })
    expect(sends(lane)).toHaveLength(3)
    expect(await lane.entries(participantId)).toEqual([
      ...['claimed', 'unknown', 'resent', 'unknown', 'asked', 'resent', 'unknown'],
    ])
  })

  test('and what is proven of it then is proven of the attempt', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    lane.partner.tells(notFound, failed)
    lane.partner.pays(unknown())
    await lane.inquire({ configuration })
    lane.pass(settledSeconds)
    await lane.inquire({ configuration })
    expect(await lane.row(participantId)).toMatchObject({ state: 'failed', reason: 'failed-at-partner' })
    expect(await lane.control()).toMatchObject({ available: funded })
  })
})

describe('not found is not sent again, each condition alone', () => {
  type Case = readonly [string, (lane: Lane) => unknown, object?]
  const cases: readonly Case[] = [
    ['a second before the settle window has passed', (lane) => lane.pass(-1)],
    ['once the idempotency window is near its end', (lane) => lane.pass(2 * day - claimTerm - 1_050)],
    [
      'where no idempotency window is known',
      () => {},
      { settleWindowSeconds: 900, idempotencyWindowSeconds: 0 },
    ],
    [
      'while the lane is paused',
      (lane) =>
        lane.changeControl({ paused: { incentive: { reason: 'operator', since: lane.now(), by: 'ops' } } }),
    ],
    [
      'while its kind is open for a canary only',
      (lane) => lane.changeControl({ canary: { incentive: { since: lane.now(), payouts: [] } } }),
    ],
  ]
  test.for(cases)('%s', async ([, prepare, windows = configuration]) => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    await prepare(lane)
    lane.partner.tells(notFound)
    await lane.inquire({ configuration: { ...configuration, ...windows } })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
    expect(sends(lane)).toHaveLength(1)
  })

  test('a second before that it is', async () => {
    const lane = await createLane(ledger)
    await unanswered(lane)
    lane.pass(2 * day - claimTerm - 1_051)
    lane.partner.tells(notFound)
    lane.partner.pays(paid)
    await lane.inquire({ configuration })
    expect(sends(lane)).toHaveLength(2)
  })

  test('while only the other kind is paused it is', async () => {
    const lane = await createLane(ledger)
    await unanswered(lane)
    await lane.changeControl({ paused: { survey: { reason: 'operator', since: lane.now(), by: 'ops' } } })
    lane.partner.tells(notFound)
    lane.partner.pays(paid)
    await lane.inquire({ configuration })
    expect(sends(lane)).toHaveLength(2)
  })

  test('while only the other kind has a canary it is', async () => {
    const lane = await createLane(ledger)
    await unanswered(lane)
    await lane.changeControl({ canary: { survey: { since: lane.now(), payouts: [] } } })
    lane.partner.tells(notFound)
    lane.partner.pays(paid)
    await lane.inquire({ configuration })
    expect(sends(lane)).toHaveLength(2)
  })

  test.for<readonly [string, Parameters<Lane['changeControl']>[0]]>([
    ['is paused', { paused: { incentive: { reason: 'operator', since: now, by: 'ops' } } }],
    ['gets a canary', { canary: { incentive: { since: now, payouts: [] } } }],
  ])('once its kind %s while the run is under way', async ([, change]) => {
    const lane = await createLane(ledger)
    const ids = [await unanswered(lane), await unanswered(lane), await unanswered(lane)]
    const before = sends(lane).length
    lane.partner.tells(notFound, notFound, notFound)
    lane.partner.pays(paid)
    let turns = 0
    let changed: Promise<unknown> | undefined
    // Three questions take a turn each, and then the resends.
    const turn = async () => {
      if (++turns === ids.length + 2) changed = lane.changeControl(change)
      await changed
      return true
    }
    await lane.inquire({ configuration, turn })
    // Whoever sees it beforehand takes no turn for a resend.
    expect([ids.length + 2, 2 * ids.length]).toContain(turns)
    expect(sends(lane)).toHaveLength(before + 1)
    const last = await Promise.all(ids.map(async (id) => (await lane.entries(id)).at(-1)))
    expect(last.toSorted()).toEqual(['asked', 'asked', 'disbursed'])
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('while its kind is paused, and then nothing is written to the lane either', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    await lane.changeControl({ paused: { incentive: { reason: 'operator', since: now, by: 'ops' } } })
    const before = await lane.control()
    lane.partner.tells(notFound)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
    expect(await lane.control()).toEqual(before)
  })

  test('when its turn does not come before the run has to end', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    lane.partner.tells(notFound)
    let turns = 0
    await lane.inquire({ configuration, turn: async () => ++turns === 1 })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
  })

  test('once the partner has acknowledged the reference', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane, unknown('duplicate-reference'))
    lane.partner.tells(notFound)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
  })

  test('once it was pending', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane, pending)
    lane.partner.tells(notFound, notFound)
    await lane.inquire({ configuration })
    lane.pass(3_600)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'pending', 'unknown', 'asked'])
    expect(sends(lane)).toHaveLength(1)
  })

  test.for([
    ['in the blackout', '2020-12-14T23:30:00+07:00', 3_600],
    ['after the last payment day', '2021-03-05T23:30:00+07:00', 3_600],
  ] as const)('%s', async ([, paidAt, seconds]) => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.goTo(paidAt)
    lane.partner.pays(unknown())
    await lane.pay([[participantId]])
    lane.pass(seconds)
    lane.partner.tells(notFound)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
  })

  test('when the blackout has begun while it waited for its turn', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.goTo('2020-12-14T23:00:00+07:00')
    lane.partner.pays(unknown())
    await lane.pay([[participantId]])
    lane.pass(3_590)
    lane.partner.tells(notFound)
    let turns = 0
    const turn = async () => {
      if (++turns === 2) lane.pass(20)
      return true
    }
    await lane.inquire({ configuration, turn })
    expect(turns).toBe(2)
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
    expect(sends(lane)).toHaveLength(1)
  })

  test('when announcing it has taken until the partner may not recognise it any more', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    lane.goTo('2020-09-20T09:56:30+07:00')
    lane.partner.tells(notFound)
    const write: typeof ledger.lanes.write = (...row) => {
      lane.pass(90)
      return ledger.lanes.write(...row)
    }
    await lane.inquire({ configuration, ledger: { ...ledger, lanes: { ...ledger.lanes, write } } })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
    expect(sends(lane)).toHaveLength(1)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('when writing it down has taken its whole term: others take it for sent', async () => {
    const lane = await createLane(ledger)
    const participantId = await unanswered(lane)
    lane.partner.tells(notFound)
    const append: typeof ledger.journal.append = async (...entry) => {
      const appended = await ledger.journal.append(...entry)
      lane.pass(claimTerm)
      return appended
    }
    await lane.inquire({ configuration, ledger: { ...ledger, journal: { ...ledger.journal, append } } })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'resent', 'unknown'])
    expect(sends(lane)).toHaveLength(1)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('when the request would not be the one that was claimed: that is a failure of ours', async () => {
    const lane = await createLane(ledger)
    await unanswered(lane)
    lane.partner.tells(notFound)
    const { transfer } = lane.partner
    const changed = {
      ...lane.partner,
      transfer: (asked: Parameters<typeof transfer>[0]) => ({ ...transfer(asked), bodyHash: 'other' }),
    }
    const { reported } = await lane.inquire({ configuration, partner: changed })
    expect(reported).toEqual([{ failed: expect.any(Error), lasting: true }])
    expect(sends(lane)).toHaveLength(1)
  })
})
