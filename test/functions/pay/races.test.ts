import { afterAll, describe, expect, test } from 'vitest'
import type { TransferOutcome } from '../../../shared/domain/outcome.ts'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import type { StateName } from '../../../shared/domain/state.ts'
import { at, deferred, paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { verified } from '../../support/scripted-partner.ts'
import { surveyCompleted } from '../events.ts'
import { createLane, funded, incentive, type Lane } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const calls = ({ partner }: Lane) => partner.asked.map(({ call }) => call)

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
