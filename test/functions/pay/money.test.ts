import { afterAll, describe, expect, test } from 'vitest'
import { payouts } from '../../../shared/domain/payout.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { participantCeiling, scheme2020 } from '../../../shared/domain/scheme.ts'
import { paymentOf } from '../../../shared/finance/milestones.ts'
import { openHistory } from '../../../shared/ledger/dynamodb/history.ts'
import { paid } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { certificateIssued, surveyCompleted } from '../events.ts'
import { createLane, incentive, type Lane } from '../lane.ts'

/** The controls that money stands behind, at their boundaries and under races. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const people = (lane: Lane, count: number): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: count }, () => lane.participant()))
const credits = ({ partner }: Lane) => partner.asked.filter(({ call }) => call === 'send').length
const outcomesOf = (results: readonly object[]) =>
  results.map((result) => ('denied' in result ? result.denied : 'done' in result ? result.done : result))

describe('the float gates the permit', () => {
  test.each([
    ['nothing', 0, ['no-float', 'no-float', 'no-float']],
    ['one rupiah short of the first', incentive - 1, ['no-float', 'no-float', 'no-float']],
    ['exactly the first', incentive, ['settled', 'no-float', 'no-float']],
    ['one rupiah short of two', 2 * incentive - 1, ['settled', 'no-float', 'no-float']],
    ['one rupiah short of all', 3 * incentive - 1, ['settled', 'settled', 'no-float']],
    ['exactly all', 3 * incentive, ['settled', 'settled', 'settled']],
    ['one rupiah more than all', 3 * incentive + 1, ['settled', 'settled', 'settled']],
  ])('with %s, the first go as far as it reaches, and the rest waits', async (_, available, outcomes) => {
    const lane = await createLane(ledger)
    const ids = await people(lane, 3)
    await lane.changeControl({ available: rupiah(available) })
    lane.partner.pays(paid, paid, paid)
    const { results } = await lane.pay(ids.map((id) => [id]))
    expect(outcomesOf(results)).toEqual(outcomes)
    const gone = outcomes.filter((outcome) => outcome === 'settled').length
    expect([credits(lane), (await lane.float()).available]).toEqual([gone, available - gone * incentive])
    for (const [nth, id] of ids.entries())
      expect((await lane.row(id))?.state).toBe(nth < gone ? 'paid' : 'scheduled')
  })

  test.each([
    ['exactly one incentive', incentive, 1],
    ['one rupiah less', incentive - 1, 0],
    ['one rupiah less than two', 2 * incentive - 1, 1],
    ['exactly three', 3 * incentive, 3],
  ])('workers who race for the last rupiah of %s send no more than that', async (_, available, sends) => {
    const lane = await createLane(ledger)
    const ids = await people(lane, 5)
    await lane.changeControl({ available: rupiah(available) })
    lane.partner.pays(...ids.map(() => paid))
    const answers = await Promise.all(ids.map((id) => lane.pay([[id]])))
    const outcomes = answers.flatMap(({ results }) => outcomesOf(results))
    expect(outcomes.filter((outcome) => outcome === 'settled')).toHaveLength(sends)
    expect([credits(lane), (await lane.float()).available]).toEqual([sends, available - sends * incentive])
    expect(await lane.misstatedFloat(rupiah(available))).toBe(0)
  })
})

describe('the cap holds by construction', () => {
  const ceiling = participantCeiling(scheme2020)
  const paidTo = async (id: string) => {
    const entries = [...(await ledger.journal.readAll(id)).values()].flat()
    return entries.reduce(
      (sum, entry) =>
        sum + paymentOf(entry) * scheme2020.amount[entry.subject.startsWith('s') ? 'survey' : 'incentive'],
      0,
    )
  }

  test('of Rp2,550,000, to the rupiah, whatever certificates race and whatever is sent again', async () => {
    expect(ceiling).toBe(2_550_000)
    const lane = await createLane(ledger)
    const id = await lane.participant()
    const certificates = [1, 2, 3, 4].map((nth) =>
      certificateIssued(id, { certificateId: `C-${id}-${nth}`, trainingId: `T-${nth}` }),
    )
    await Promise.all([...certificates, ...certificates].map(lane.tell))
    for (const survey of [1, 2, 3]) await lane.tell(surveyCompleted(id, { survey }))
    lane.goTo('2021-01-06T10:00:00+07:00')
    const messages = payouts.map((payout) => [id, payout] as const)
    lane.partner.pays(...Array.from({ length: 40 }, () => paid))
    for (let time = 0; time < 2; time++)
      await Promise.all([messages, messages.toReversed(), messages].map((batch) => lane.pay(batch)))
    await lane.pay(messages)
    expect(await paidTo(id)).toBe(ceiling)
    expect(credits(lane)).toBe(payouts.length)
    const { rows } = await ledger.participants.read(id)
    expect(rows.map(({ state }) => state)).toEqual(payouts.map(() => 'paid'))
  })

  test('for two first certificates at the same moment, of two platforms: one entitlement, one accrual', async () => {
    const lane = await createLane(ledger)
    const fresh = `TWIN-${lane.partnerName.toUpperCase()}`
    await Promise.all([
      lane.tell(certificateIssued(fresh, { certificateId: 'C-ONE' })),
      lane.tell({
        ...certificateIssued(fresh, { certificateId: 'C-TWO', platform: 'bukalapak' }),
        source: 'prakerja.platform.bukalapak',
        account: '100000000002',
      }),
    ])
    const { rows, entitlement } = await ledger.participants.read(fresh)
    expect([rows.length, entitlement?.wave]).toEqual([7, 5])
    const entries = await openHistory(engine.connect(), engine.tables.journal).entries(fresh)
    const accrued = entries.filter(({ event }) => event.type === 'accrued')
    expect(accrued.flatMap(({ postings }) => postings).reduce((sum, { amount }) => sum + amount, 0)).toBe(
      ceiling,
    )
  })
})
