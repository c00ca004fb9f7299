import { afterAll, describe, expect, test } from 'vitest'
import type { InquiryOutcome, TransferOutcome } from '../../../shared/domain/outcome.ts'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import type { StateName } from '../../../shared/domain/state.ts'
import {
  at,
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
import { surveyCompleted } from '../events.ts'
import { createLane, funded, incentive, type Lane } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const calls = ({ partner }: Lane) => partner.asked.map(({ call }) => call)

describe('before the second attempt', () => {
  /** A payout whose first attempt was rejected and which an operator has retried. */
  async function retried(lane: Lane): Promise<string> {
    const participantId = await lane.participant()
    lane.partner.pays(rejected())
    await lane.pay([[participantId]])
    await lane.operate(participantId, { command: 'retry', reason: 'repaired' })
    return participantId
  }
  const firstAttempt = ['claimed', 'rejected', 'retried']

  test('proof that the first one paid after all is the payment, and nothing is sent', async () => {
    const lane = await createLane(ledger)
    const participantId = await retried(lane)
    lane.partner.tells(paid)
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'settled', sent: undefined }])
    expect(calls(lane)).toEqual(['verify', 'send', 'inquire'])
    expect(await lane.entries(participantId)).toEqual([...firstAttempt, 'surfaced'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid', attempt: 1 })
    expect(await lane.float()).toEqual({ available: funded - incentive, permits: 1 })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test.for<[string, InquiryOutcome]>([
    ['pending', pending],
    ['unknown', unknown()],
  ])('%s about the first one puts the second off', async ([, outcome]) => {
    const lane = await createLane(ledger)
    const participantId = await retried(lane)
    const row = await lane.row(participantId)
    lane.partner.tells(outcome)
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'postponed' }])
    expect(await lane.entries(participantId)).toEqual(firstAttempt)
    expect(await lane.row(participantId)).toEqual({ ...row, at: '2020-09-18T03:05:01.000Z', inquiries: 1 })
    expect(await lane.float()).toEqual({ available: funded, permits: 0 })
  })

  test.for<[string, InquiryOutcome]>([
    ['failed', failed],
    ['cancelled', cancelled],
    ['not found', notFound],
    ['refunded', refunded],
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

describe('of two workers with one payout', () => {
  test('the one whose claim comes second sends nothing and gives its part back', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.verifies(async () => {
      await lane.pay([[participantId]])
      return verified()
    })
    lane.partner.pays(paid)
    const { results } = await lane.pay([[participantId]])
    expect(results).toMatchObject([{ done: 'nothing-to-do', sent: undefined, entries: [] }])
    expect(await lane.entries(participantId)).toEqual(['claimed', 'disbursed'])
    expect(await lane.float()).toEqual({ available: funded - incentive, permits: 1 })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('one pays, however many begin at once', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(paid)
    const batches = await Promise.all(Array.from({ length: 6 }, () => lane.pay([[participantId]])))
    const results = batches.flatMap((batch) => batch.results)
    expect(results.filter((result) => 'sent' in result && result.sent)).toHaveLength(1)
    expect(results.filter((result) => 'failed' in result)).toEqual([])
    expect(await lane.entries(participantId)).toEqual(['claimed', 'disbursed'])
    expect(await lane.float()).toEqual({ available: funded - incentive, permits: 1 })
  })

  type Late = readonly [string, TransferOutcome, readonly string[], StateName]
  test.for<Late>([
    ['paid: it is accepted', paid, ['claimed', 'unknown', 'disbursed'], 'paid'],
    ['pending: it is overtaken', pending, ['claimed', 'unknown'], 'unknown'],
    ['rejected: it is overtaken', rejected(), ['claimed', 'unknown'], 'unknown'],
    ['deferred: it is overtaken', deferred(), ['claimed', 'unknown'], 'unknown'],
  ])('the second ends a claim past its term, and the first hears %s', async ([, outcome, entries, state]) => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(async () => {
      lane.pass(149)
      expect((await lane.pay([[participantId]])).results).toMatchObject([{ done: 'nothing-to-do' }])
      expect(await lane.entries(participantId)).toEqual(['claimed'])
      lane.pass(1)
      await lane.pay([[participantId]])
      return outcome
    })
    await lane.pay([[participantId]])
    expect(await lane.entries(participantId)).toEqual(entries)
    expect(await lane.row(participantId)).toMatchObject({ state, seq: entries.length })
    const permits = state === 'paid' ? 1 : 0
    expect(await lane.float()).toEqual({ available: funded - incentive, permits })
    expect(await lane.misstatedFloat()).toBe(0)
  })
})

describe('an account linked while a payment is under way', () => {
  const linkedAt = '2020-09-18T10:00:00+07:00'

  test('is where the payout goes after a rejection, even if its row looks the same', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.verifies(async () => {
      await lane.link(participantId, { linkedAt, holderName: 'Budi Santosa' })
      return verified()
    })
    lane.partner.pays(rejected('name-mismatch'))
    await lane.pay([[participantId]])
    expect(await lane.entries(participantId)).toEqual(['claimed', 'rejected'])
    const { partnerName } = lane
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled', partner: partnerName })
  })

  test('changes nothing for an attempt whose outcome is open', async () => {
    const [lane, other] = [await createLane(ledger), await createLane(ledger)]
    const participantId = await lane.participant()
    lane.partner.pays(async () => {
      await lane.link(participantId, { partner: other.partnerName, linkedAt })
      return unknown()
    })
    await lane.pay([[participantId]])
    expect(await lane.row(participantId)).toMatchObject({ state: 'unknown', partner: lane.partnerName })
    expect((await other.pay([[participantId]])).results).toMatchObject([{ done: 'nothing-to-do' }])
    expect(other.partner.asked).toEqual([])
  })
})

describe('a worker that died', () => {
  /** The ledger of a worker that does not live to write its first rows. */
  function dyingBeforeRows(count: number) {
    const { participants } = ledger
    let rows = 0
    const project = async (row: PayoutRow) => {
      if (++rows <= count) throw new Error('the worker is gone')
      return participants.project(row)
    }
    return { ...ledger, participants: { ...participants, project } }
  }

  test('between the claim and the call: unknown after its term, and never sent again by pay', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(() => {
      throw new Error('the worker is gone')
    })
    await lane.pay([[participantId]])
    lane.pass(150)
    await lane.pay([[participantId]])
    await lane.pay([[participantId]])
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown'])
    expect(await lane.row(participantId)).toMatchObject({
      state: 'unknown',
      list: expect.stringMatching(/^inquire/),
    })
    expect(calls(lane).filter((call) => call === 'send')).toHaveLength(1)
  })

  test('between an entry and its row: the next wake-up writes the row', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    await lane.tell(surveyCompleted(participantId))
    const tomorrow = deferred('daily-limit')
    lane.partner.pays(paid, tomorrow)
    const messages = [[participantId], [participantId, 'survey-1']] as const
    const { results } = await lane.pay(messages, { ledger: dyingBeforeRows(2) })
    expect(results).toMatchObject([{ failed: expect.anything() }, { failed: expect.anything() }])
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled', seq: 0 })

    await lane.pay(messages)
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid', seq: 2 })
    const notBefore = tomorrow.outcome === 'deferred' && tomorrow.notBefore
    expect(await lane.row(participantId, 'survey-1')).toMatchObject({ seq: 2, at: notBefore })
  })

  test('after the second deferral: the row is moved to its new day, so that release leaves it alone', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    const tomorrow = at('2020-09-19T00:00:00+07:00')
    lane.partner.pays(deferred('daily-limit', lane.now()), deferred('daily-limit', tomorrow))
    await lane.pay([[participantId]])
    await lane.pay([[participantId]], { ledger: dyingBeforeRows(1) })
    expect(await lane.row(participantId)).toMatchObject({ seq: 2, at: lane.now() })
    await lane.pay([[participantId]])
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled', seq: 4, at: tomorrow })
  })
})
