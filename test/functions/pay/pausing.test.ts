import { afterAll, describe, expect, test, vi } from 'vitest'
import { paid } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { verified } from '../../support/scripted-partner.ts'
import { captureLog } from '../handlers/host.ts'
import { linesOf } from '../handlers/log.ts'
import { createLane, funded, incentive, type Lane } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const sends = ({ partner }: Lane) => partner.asked.filter(({ call }) => call === 'send').length

describe('a pause that comes while a batch is under way', () => {
  const pausing = (lane: Lane, kind: 'incentive' | 'survey', seconds: number) => async () => {
    await lane.changeControl({ paused: { [kind]: { reason: 'operator', since: lane.now(), by: 'ops/ani' } } })
    lane.pass(seconds)
    return paid
  }
  test.for<readonly [string, 'incentive' | 'survey', number, number]>([
    ['stops the next payment a second later', 'incentive', 1, 1],
    ['is not looked for in a batch that takes less', 'incentive', 0.999, 3],
    ['stops the other kind only', 'survey', 1, 3],
  ])('%s', async ([, kind, seconds, sent]) => {
    const lane = await createLane(ledger)
    const ids = [await lane.participant(), await lane.participant(), await lane.participant()]
    lane.partner.pays(pausing(lane, kind, seconds), paid, paid)
    const { results } = await lane.pay(
      ids.map((id) => [id]),
      { now: lane.now },
    )
    expect(sends(lane)).toBe(sent)
    expect(results.slice(sent)).toEqual(ids.slice(sent).map(() => ({ denied: 'paused' })))
    expect((await lane.float()).available).toBe(funded - sent * incentive)
  })

  test('stops the next payment, too, where it was lifted meanwhile: the canary is others', async () => {
    const lane = await createLane(ledger)
    const ids = [await lane.participant(), await lane.participant()]
    lane.partner.pays(async () => {
      await lane.changeControl({ canary: { incentive: { since: lane.now(), payouts: [] } } })
      lane.pass(1)
      return paid
    })
    const { results } = await lane.pay(
      ids.map((id) => [id]),
      { now: lane.now },
    )
    expect(results).toMatchObject([{ done: 'settled' }, { denied: 'paused' }])
    expect(sends(lane)).toBe(1)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test.for<readonly [string, 'incentive' | 'survey', number, boolean]>([
    ['stops the payment before its claim, a second later', 'incentive', 1, false],
    ['does not, where the last look is not that old', 'incentive', 0.999, true],
    ['does not stop the other kind', 'survey', 10, true],
  ])('while the account is verified %s', async ([, kind, seconds, sent]) => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.verifies(async () => {
      await pausing(lane, kind, seconds)()
      return verified()
    })
    lane.partner.pays(paid)
    const { results } = await lane.pay([[participantId]], { now: lane.now })
    expect(sends(lane)).toBe(sent ? 1 : 0)
    expect(results).toMatchObject([sent ? { done: 'settled' } : { denied: 'paused' }])
    expect(await lane.entries(participantId)).toEqual(sent ? ['claimed', 'disbursed'] : [])
    expect((await lane.float()).available).toBe(sent ? funded - incentive : funded)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('that cannot be looked for stops nothing, and a line in the log says so', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    let reads = 0
    const read: typeof ledger.lanes.read = async (partner) => {
      if (++reads > 1) throw new Error('the table says something of a person')
      return ledger.lanes.read(partner)
    }
    lane.partner.verifies(() => {
      lane.pass(1)
      return verified()
    })
    lane.partner.pays(paid)
    const log = captureLog()
    const blind = { ...ledger, lanes: { ...ledger.lanes, read } }
    const { results } = await lane.pay([[participantId]], { now: lane.now, ledger: blind })
    const lines = linesOf(log())
    vi.restoreAllMocks()
    expect(results).toMatchObject([{ done: 'settled' }])
    expect(lines).toMatchObject([
      { level: 'WARN', message: 'pause not looked for', partner: lane.partnerName, reason: 'Error' },
    ])
    expect(JSON.stringify(lines)).not.toContain('person')
  })
})
