import { afterAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import type { InquiryOutcome } from '../../../shared/domain/outcome.ts'
import type { StateName } from '../../../shared/domain/state.ts'
import {
  cancelled,
  deferred,
  failed,
  notFound,
  paid,
  pending,
  refunded,
  rejected,
  unknown,
} from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { verified } from '../../support/scripted-partner.ts'
import { createLane, funded, incentive, type Lane, settledSeconds } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const calls = ({ partner }: Lane) => partner.asked.map(({ call }) => call)

describe('before the second attempt', () => {
  /** A payout whose first attempt was rejected so many seconds ago and which an operator has retried. */
  async function retried(lane: Lane, seconds = settledSeconds): Promise<string> {
    const participantId = await lane.participant()
    lane.partner.pays(rejected())
    await lane.pay([[participantId]])
    await lane.operate(participantId, { command: 'retry', reason: 'repaired' })
    lane.pass(seconds)
    return participantId
  }
  const firstAttempt = ['claimed', 'rejected', 'retried']

  test.for<[string, InquiryOutcome, readonly string[], StateName]>([
    ['paid after all is the payment', paid, ['surfaced'], 'paid'],
    ['paid, and had the money back, is owed again', refunded, ['surfaced', 'returned'], 'returned'],
  ])('proof that the first one was %s, and nothing is sent', async ([, outcome, entries, state]) => {
    const lane = await createLane(ledger)
    const participantId = await retried(lane)
    lane.partner.tells(outcome)
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'settled', sent: undefined }])
    expect(calls(lane)).toEqual(['verify', 'send', 'inquire'])
    expect(await lane.entries(participantId)).toEqual([...firstAttempt, ...entries])
    expect(await lane.row(participantId)).toMatchObject({ state })
    const left =
      state === 'paid' ? { available: funded - incentive, permits: 1 } : { available: funded, permits: 0 }
    expect(await lane.float()).toEqual(left)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('while what its partner says of the first is not final, the second waits for that, and nobody is asked', async () => {
    const lane = await createLane(ledger)
    const participantId = await retried(lane, settledSeconds - 1)
    const row = await lane.row(participantId)
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'postponed' }])
    expect(calls(lane)).toEqual(['verify', 'send'])
    expect(await lane.entries(participantId)).toEqual(firstAttempt)
    const final = plusSeconds(lane.now(), 1)
    expect(await lane.row(participantId)).toEqual({ ...row, at: final, inquiries: 0 })
    lane.pass(1)
    lane.partner.tells(failed)
    lane.partner.pays(paid)
    await lane.pay([[participantId]])
    expect(await lane.entries(participantId)).toEqual([...firstAttempt, 'claimed', 'disbursed'])
  })

  test('no answer about the first one puts the second off', async () => {
    const lane = await createLane(ledger)
    const participantId = await retried(lane)
    const row = await lane.row(participantId)
    lane.partner.tells(unknown())
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'postponed' }])
    expect(await lane.entries(participantId)).toEqual(firstAttempt)
    expect(await lane.row(participantId)).toEqual({ ...row, at: plusSeconds(lane.now(), 300), inquiries: 1 })
    expect(await lane.float()).toEqual({ available: funded, permits: 0 })
  })

  test('word that the first one is still at work holds the payout, wherever its participant links an account', async () => {
    const [lane, other] = [await createLane(ledger), await createLane(ledger)]
    const participantId = await retried(lane)
    lane.partner.tells(pending)
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'held' }])
    expect(await lane.row(participantId)).toMatchObject({ state: 'held', reason: 'attempt-at-work' })
    await lane.link(participantId, { partner: other.partnerName, linkedAt: '2020-09-18T10:00:00+07:00' })
    other.goTo(lane.now())
    await other.pay([[participantId]])
    expect(other.partner.asked).toEqual([])
    expect(await lane.entries(participantId)).toEqual([...firstAttempt, 'held'])
    expect(await lane.float()).toEqual({ available: funded, permits: 0 })
  })

  test.for<[string, InquiryOutcome]>([
    ['failed', failed],
    ['cancelled', cancelled],
    ['not found', notFound],
  ])('%s about the first one lets the second go, under a reference of its own', async ([, outcome]) => {
    const lane = await createLane(ledger)
    const participantId = await retried(lane)
    lane.partner.tells(outcome)
    lane.partner.pays(paid)
    await lane.pay([[participantId]])
    expect(await lane.entries(participantId)).toEqual([...firstAttempt, 'claimed', 'disbursed'])
    expect(lane.partner.asked.slice(-2)).toMatchObject([
      { call: 'inquire', reference: `${participantId}-I1-A1` },
      { call: 'send', reference: `${participantId}-I1-A2` },
    ])
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('it is asked about although the payout has been elsewhere since', async () => {
    const [lane, other] = [await createLane(ledger), await createLane(ledger)]
    const participantId = await retried(lane)
    const relink = async ({ partnerName }: Lane, linkedAt: string) =>
      lane.link(participantId, { partner: partnerName, linkedAt })
    await relink(other, '2020-09-18T10:00:00+07:00')
    other.goTo(lane.now())
    other.partner.pays(rejected())
    await other.pay([[participantId]])
    await relink(lane, '2020-09-18T10:01:00+07:00')
    lane.partner.tells(paid)
    await lane.pay([[participantId]])
    expect(calls(lane)).toEqual(['verify', 'send', 'verify', 'inquire'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid', attempt: 1 })
  })

  test('what the calendar has closed on while the partner was asked is not sent', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.goTo('2020-12-14T23:59:50+07:00')
    lane.partner.verifies(() => {
      lane.pass(10)
      return verified()
    })
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'nothing-to-do', entries: [] }])
    expect(calls(lane)).toEqual(['verify'])
  })

  test('a deferred one is not asked about', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(deferred('rate-limited', lane.now()), paid)
    await lane.pay([[participantId]])
    await lane.pay([[participantId]])
    expect(calls(lane)).toEqual(['verify', 'send', 'send'])
  })

  test('one at another partner is not asked about here', async () => {
    const [lane, other] = [await createLane(ledger), await createLane(ledger)]
    const participantId = await lane.participant()
    lane.partner.pays(rejected())
    await lane.pay([[participantId]])
    const linkedAt = '2020-09-18T10:00:00+07:00'
    await lane.link(participantId, { partner: other.partnerName, linkedAt })
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled', partner: other.partnerName })

    // A message that is still in the first lane is none of its business.
    expect((await lane.pay([[participantId]])).results).toMatchObject([{ done: 'nothing-to-do' }])
    other.partner.pays(paid)
    await other.pay([[participantId]])
    expect(calls(other)).toEqual(['verify', 'send'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid', attempt: 2 })
  })
})
