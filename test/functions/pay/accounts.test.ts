import { afterAll, describe, expect, test } from 'vitest'
import { instant, plusSeconds, secondsBetween } from '../../../shared/domain/instant.ts'
import type { Verification } from '../../../shared/domain/outcome.ts'
import { deferred, paid } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { verified } from '../../support/scripted-partner.ts'
import { surveyCompleted } from '../events.ts'
import { createLane, funded, incentive, type Lane } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const refused: Verification = { outcome: 'refused', reason: 'name-mismatch', evidence: { code: '4043711' } }
const unavailable: Verification = { outcome: 'unavailable', reason: 'timeout', evidence: {} }
const calls = ({ partner }: Lane) => partner.asked.map(({ call }) => call)

/** A participant with two payouts due: the first incentive and the first survey. */
async function withTwoDue(lane: Lane): Promise<string> {
  const participantId = await lane.participant()
  await lane.tell(surveyCompleted(participantId))
  return participantId
}

describe('an account that the partner verifies', () => {
  test('is verified once for all payouts of a batch, and never again', async () => {
    const lane = await createLane(ledger)
    const participantId = await withTwoDue(lane)
    lane.partner.verifies(verified({ fee: 2_500 }))
    lane.partner.pays(paid, paid)
    await lane.pay([[participantId], [participantId, 'survey-1']])
    expect(calls(lane)).toEqual(['verify', 'send', 'send'])

    lane.goTo('2020-10-18T10:00:00+07:00')
    lane.partner.pays(paid)
    await lane.pay([[participantId, 'incentive-2']])
    expect(calls(lane).slice(3)).toEqual(['send'])
    const [claimed] = await lane.chain(participantId, 'incentive-2')
    expect(claimed?.event).toMatchObject({ fee: 2_500 })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('is asked about by its own number, and paid under the name that the partner gave', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(paid)
    await lane.pay([[participantId]])
    const accountNumber = `+62812000${participantId.slice(2)}`
    const [question, send] = lane.partner.asked
    expect(question).toMatchObject({ number: accountNumber })
    const body: unknown = send?.call === 'send' && JSON.parse(send.body)
    expect(body).toMatchObject({ accountNumber, verifiedName: 'BUDI SANTOSO' })
  })
})

describe('of two who ask about an account at the same time', () => {
  const named = (name: string): Verification => ({ outcome: 'verified', verifiedName: name, evidence: {} })
  /** Another batch of the participant's asks while this one is asked, and is answered first. */
  async function withAnother(first: Verification, second: Verification) {
    const lane = await createLane(ledger)
    const participantId = await withTwoDue(lane)
    const other = async () => {
      lane.partner.verifies(first)
      await lane.pay([[participantId, 'survey-1']])
      return second
    }
    lane.partner.verifies(other)
    lane.partner.pays(paid, paid)
    await lane.pay([[participantId]])
    return { lane, participantId }
  }

  test('the first name is in the requests of both, so that either can be made again', async () => {
    const { lane } = await withAnother(named('B. SANTOSO'), named('BUDI SANTOSO'))
    const bodies: unknown[] = lane.partner.asked.flatMap((asked) =>
      asked.call === 'send' ? [JSON.parse(asked.body)] : [],
    )
    expect(bodies).toMatchObject([{ verifiedName: 'B. SANTOSO' }, { verifiedName: 'B. SANTOSO' }])
  })

  test('a refusal that was first is one for both', async () => {
    const { lane, participantId } = await withAnother(refused, {
      ...verified(),
      evidence: { code: '2001600' },
    })
    expect(calls(lane)).toEqual(['verify', 'verify'])
    expect(await lane.entries(participantId)).toEqual(['refused'])
    expect(await lane.entries(participantId, 'survey-1')).toEqual(['refused'])
    // What the partner answered to the second question says nothing of it.
    const [own] = await lane.chain(participantId, 'incentive-1')
    expect(own?.event).toEqual(expect.objectContaining({ evidence: {} }))
    const [first] = await lane.chain(participantId, 'survey-1')
    expect(first?.event).toMatchObject({ evidence: refused.evidence })
  })
})

describe('an account that the partner refuses', () => {
  test('fails every payout of that version, in this batch and later, after one question', async () => {
    const lane = await createLane(ledger)
    const participantId = await withTwoDue(lane)
    lane.partner.verifies(refused)
    const { results } = await lane.pay([[participantId], [participantId, 'survey-1']])
    expect(results).toMatchObject([
      { done: 'refused', sent: undefined },
      { done: 'refused', sent: undefined },
    ])
    lane.goTo('2020-10-18T10:00:00+07:00')
    await lane.pay([[participantId, 'incentive-2']])

    expect(calls(lane)).toEqual(['verify'])
    for (const payout of ['incentive-1', 'survey-1', 'incentive-2'] as const) {
      expect(await lane.entries(participantId, payout)).toEqual(['refused'])
      const failed = { state: 'failed', reason: 'name-mismatch', remedy: 'participant' }
      expect(await lane.row(participantId, payout)).toMatchObject(failed)
    }
    const [first] = await lane.chain(participantId, 'incentive-1')
    expect(first).toMatchObject({ event: { evidence: refused.evidence }, postings: [] })
    expect(await lane.float()).toEqual({ available: funded, permits: 0 })
  })

  test('is forgotten when the participant links another one', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.verifies(refused, verified())
    lane.partner.pays(paid)
    await lane.pay([[participantId]])
    await lane.link(participantId, { accountNumber: '089900000001', linkedAt: '2020-09-18T10:00:00+07:00' })
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled', lastFour: '0001' })
    await lane.pay([[participantId]])
    expect(calls(lane)).toEqual(['verify', 'verify', 'send'])
    expect(await lane.entries(participantId)).toEqual(['refused', 'claimed', 'disbursed'])
  })

  test('by a partner that spells the holder otherwise is repaired by linking the same number again', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    const relink = () =>
      lane.link(participantId, { holderName: 'Budi Santosa', linkedAt: '2020-09-18T10:00:00+07:00' })
    lane.partner.verifies(async () => {
      await relink()
      return refused
    })
    await lane.pay([[participantId]])
    expect(await lane.entries(participantId)).toEqual(['refused'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled' })
  })
})

test('an account that cannot be verified now leaves the payout alone, longer each time and daily in the end', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.partner.verifies(...Array.from({ length: 6 }, () => unavailable))
  const first = lane.now()
  const tries: string[] = []
  for (let count = 0; count < 6; count++) {
    await lane.pay([[participantId]])
    const { at = lane.now() } = (await lane.row(participantId)) ?? {}
    tries.push(at)
    lane.pass(secondsBetween(lane.now(), at))
  }
  const pauses = [300, 1_200, 4_800, 26_400].map((seconds) => plusSeconds(first, seconds))
  expect(tries).toEqual([...pauses, '2020-09-18T23:00:00.000Z', '2020-09-19T23:00:00.000Z'])
})

test('a payout put off into a blackout is not tried every minute of the days on which such payouts are paid early', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.pass(secondsBetween(lane.now(), instant(Date.UTC(2020, 11, 14, 3))))
  lane.partner.verifies(...Array.from({ length: 5 }, () => unavailable))
  for (let count = 0; count < 5; count++) {
    await lane.pay([[participantId]])
    const { at = lane.now() } = (await lane.row(participantId)) ?? {}
    if (count < 4) lane.pass(secondsBetween(lane.now(), at))
  }
  expect(await lane.row(participantId)).toMatchObject({ at: '2020-12-14T23:00:00.000Z' })
  await lane.pay([[participantId]])
  expect(calls(lane)).toEqual(Array(5).fill('verify'))
})

test('a payout that the partner defers into a blackout is not sent again on the days on which such payouts are paid early', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.pass(secondsBetween(lane.now(), instant(Date.UTC(2020, 11, 13, 18))))
  lane.partner.pays(deferred('daily-limit', instant(Date.UTC(2020, 11, 14, 17, 5))))
  await lane.pay([[participantId]])
  expect((await lane.row(participantId))?.at).toBe('2020-12-14T17:05:00.000Z')
  lane.pass(60)
  const { results } = await lane.pay([[participantId]])
  expect(results).toMatchObject([{ done: 'nothing-to-do', entries: [] }])
  expect(await lane.entries(participantId)).toEqual(['claimed', 'deferred'])
})

describe('an account that cannot be verified', () => {
  test.for(['credentials-refused', 'float-empty'] as const)(
    'for %s pauses the lane, and its payout is as due as before',
    async (reason) => {
      const lane = await createLane(ledger)
      const [first, second] = [await lane.participant(), await lane.participant()]
      const before = await lane.row(first)
      lane.partner.verifies({ outcome: 'unavailable', reason, evidence: { code: '4013700' } })
      const { results, pause } = await lane.pay([[first], [second]])
      expect(results).toMatchObject([
        { done: 'postponed', unanswered: { reason, code: '4013700' } },
        { denied: 'paused' },
      ])
      expect(pause).toMatchObject({ reason })
      expect(Object.values((await lane.control()).paused)).toMatchObject([{ reason }, { reason }])
      expect(await lane.row(first)).toEqual(before)
      expect(calls(lane)).toEqual(['verify'])
    },
  )

  test('for another reason pauses nothing', async () => {
    const lane = await createLane(ledger)
    lane.partner.verifies(unavailable)
    const { results, pause } = await lane.pay([[await lane.participant()]])
    expect(results).toMatchObject([{ done: 'postponed', unanswered: { reason: 'timeout' } }])
    expect(pause).toBeUndefined()
  })
})

test('an account that cannot be verified now is tried again', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.partner.verifies(unavailable)
  const { results } = await lane.pay([[participantId]])
  expect(results).toMatchObject([{ done: 'postponed', sent: undefined, entries: [] }])
  expect(await lane.entries(participantId)).toEqual([])
  const row = await lane.row(participantId)
  expect(row).toMatchObject({ state: 'scheduled', seq: 0, at: plusSeconds(lane.now(), 300) })
  expect(await lane.float()).toEqual({ available: funded, permits: 0 })

  lane.pass(300)
  lane.partner.pays(paid)
  await lane.pay([[participantId]])
  expect(calls(lane)).toEqual(['verify', 'verify', 'send'])
  expect(await lane.row(participantId)).toMatchObject({ state: 'paid' })
})

describe('an account that two participants have linked', () => {
  async function sharing(lane: Lane) {
    const first = await lane.participant()
    const second = await lane.participant({ linked: false })
    await lane.link(second, { accountNumber: `0812000${first.slice(2)}` })
    return [first, second] as const
  }

  test('is held for both, without a call and without a permit', async () => {
    const lane = await createLane(ledger)
    const both = await sharing(lane)
    const before = await lane.control()
    const { results } = await lane.pay(both.map((participantId) => [participantId] as const))
    expect(results).toMatchObject([{ done: 'held' }, { done: 'held' }])
    expect(lane.partner.asked).toEqual([])
    expect(await lane.control()).toEqual(before)
    for (const participantId of both) {
      expect(await lane.entries(participantId)).toEqual(['held'])
      expect(await lane.row(participantId)).toMatchObject({ state: 'held', reason: 'account-shared' })
    }
  })

  test('is paid once an operator has cleared it, and held again under another version', async () => {
    const lane = await createLane(ledger)
    const [participantId, other] = await sharing(lane)
    await lane.pay([[participantId]])
    const [held] = await lane.chain(participantId, 'incentive-1')
    const accountVersion = (held?.event.type === 'held' && held.event.accountVersion) || 'none'
    await lane.operate(participantId, { command: 'release-hold', reason: 'a family', accountVersion })
    lane.partner.pays(paid)
    await lane.pay([[participantId], [other]])
    expect(await lane.entries(participantId)).toEqual(['held', 'hold-released', 'claimed', 'disbursed'])
    expect(await lane.entries(other)).toEqual(['held'])
    expect(lane.partner.asked.filter(({ call }) => call === 'send')).toHaveLength(1)
    expect(await lane.control()).toMatchObject({ available: funded - incentive })
  })
})
