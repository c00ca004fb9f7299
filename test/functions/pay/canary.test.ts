import { afterAll, expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import { pauseLane, resume } from '../../../shared/domain/pause.ts'
import { type Kind, kindOf } from '../../../shared/domain/payout.ts'
import { changeControl } from '../../../shared/ledger/control.ts'
import { deferred, failed, paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { surveyCompleted } from '../events.ts'
import { createLane, type Lane, type Message } from '../lane.ts'

/** A lane that people have re-opened, and one that closes itself because nobody knows what becomes of its sends. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

/** A lane that was paused and re-opened, with so many payouts due. */
async function reopenedLane(count: number): Promise<readonly [Lane, readonly string[]]> {
  const lane = await createLane(ledger)
  const ids: string[] = []
  for (let nth = 0; nth < count; nth++) ids.push(await lane.participant())
  const pause = { reason: 'operator', since: lane.now(), by: 'ops/ani' } as const
  await changeControl(ledger.lanes, lane.partnerName, (control) => pauseLane(control, pause))
  expect(await lane.release()).toMatchObject({ sent: 0 })
  await changeControl(ledger.lanes, lane.partnerName, (control) => resume(control, lane.now()))
  return [lane, ids]
}
const pay = async (lane: Lane, ids: readonly string[]) => (await lane.pay(ids.map((id) => [id]))).results
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
const pauseOf = async (lane: Lane) => (await lane.control()).paused.incentive?.reason

test('five payments leave a lane that was re-opened, and all of it once one is paid', async () => {
  const [lane, ids] = await reopenedLane(8)
  lane.partner.pays(unknown(), rejected(), pending, paid, paid)
  const first = await pay(lane, ids)
  expect(first.map((result) => 'denied' in result && result.denied)).toEqual([
    ...times(5, false),
    ...times(3, 'canary'),
  ])
  expect((await lane.control()).canary).not.toHaveProperty('incentive')
  lane.partner.pays(...times(3, paid))
  expect(await pay(lane, ids.slice(5))).toMatchObject(times(3, { done: 'settled' }))
  expect(await lane.misstatedFloat()).toBe(0)
})

test('while none is paid, nothing more leaves, and release sends nothing into the lane', async () => {
  const [lane, ids] = await reopenedLane(8)
  lane.partner.pays(...times(5, pending))
  await pay(lane, ids.slice(0, 5))
  expect(await pay(lane, ids.slice(5))).toEqual(times(3, { denied: 'canary' }))
  expect(await lane.release()).toMatchObject({ sent: 0, messages: [] })
  expect(await pauseOf(lane)).toBeUndefined()
})

test('one that was pending and is paid when asked about opens the lane', async () => {
  const [lane, ids] = await reopenedLane(8)
  lane.partner.pays(...times(5, pending))
  await pay(lane, ids.slice(0, 5))
  lane.pass(60)
  lane.partner.tells(...times(4, failed), paid)
  await lane.inquire()
  const { messages } = await lane.release()
  expect(messages.map(({ participantId }) => participantId).toSorted()).toEqual(ids.slice(5).toSorted())
  expect((await lane.control()).canary).not.toHaveProperty('incentive')
})

test.for([
  ['unknown', unknown()],
  ['deferred', deferred('cut-off')],
  ['rejected', rejected()],
] as const)('five that end %s pause the lane again', async ([, outcome]) => {
  const [lane, ids] = await reopenedLane(8)
  lane.partner.pays(...times(5, outcome))
  await pay(lane, ids.slice(0, 5))
  const pause = { reason: 'canary-failed', since: lane.now(), by: `release/${lane.partnerName}` }
  expect(await lane.release()).toMatchObject({ sent: 0, pause })
  expect((await lane.control()).paused).toEqual({ incentive: pause })
  expect((await lane.control()).canary).not.toHaveProperty('incentive')
  expect(await lane.release()).not.toHaveProperty('pause')
  expect(await lane.misstatedFloat()).toBe(0)
})

test('one that stays pending for more than a day lets the lane pause again: people hear of it', async () => {
  const [lane, ids] = await reopenedLane(8)
  lane.partner.pays(...times(4, rejected()), pending)
  await pay(lane, ids.slice(0, 5))
  lane.pass(86_400)
  expect(await lane.release()).not.toHaveProperty('pause')
  lane.pass(60)
  expect(await lane.release()).toMatchObject({ sent: 0, pause: { reason: 'canary-failed' } })
})

test('one that another lane’s partner has paid proves nothing of this one', async () => {
  const [lane] = await reopenedLane(1)
  const elsewhere = await createLane(ledger)
  const participantId = await elsewhere.participant()
  elsewhere.partner.pays(paid)
  await pay(elsewhere, [participantId])
  const at = plusSeconds(lane.now(), -60)
  const payouts = times(5, { participantId, payout: 'incentive-1' as const, at })
  await lane.changeControl({ canary: { incentive: { since: at, payouts } } })
  await lane.release()
  expect((await lane.control()).canary?.incentive?.payouts).not.toHaveLength(0)
})

test('what its worker died with comes back when its right to send has ended', async () => {
  const [lane, ids] = await reopenedLane(6)
  lane.partner.verifies(
    ...times(5, () => {
      throw new Error('the worker is gone')
    }),
  )
  await pay(lane, ids.slice(0, 5))
  expect(await pay(lane, ids.slice(5))).toEqual([{ denied: 'canary' }])
  await lane.release()
  expect((await lane.control()).canary?.incentive?.payouts).toHaveLength(5)
  lane.pass(151)
  expect(await lane.release()).toMatchObject({ sent: 5 })
  expect((await lane.control()).canary?.incentive?.payouts).toEqual([])
})

test('a lane pauses itself when nobody knows of too many sends whether they paid', async () => {
  const lane = await createLane(ledger)
  await lane.changeControl({ recent: '.'.repeat(16) })
  const ids = [await lane.participant(), await lane.participant(), await lane.participant()]
  lane.partner.pays(unknown(), unknown(), unknown())
  const { pause: none } = await lane.pay(ids.map((id) => [id]))
  expect(none).toBeUndefined()
  lane.partner.pays(unknown())
  const { pause } = await lane.pay([[await lane.participant()]])
  expect(pause).toMatchObject({ reason: 'unknown-outcomes' })
  expect(await pauseOf(lane)).toBe('unknown-outcomes')
  expect((await lane.pay([[await lane.participant()]])).results).toEqual([{ denied: 'paused' }])
})

test('a kind that was re-opened alone has a canary, and the other kind goes on at full rate', async () => {
  const lane = await createLane(ledger)
  const surveys: Message[] = []
  const incentives: Message[] = []
  for (let nth = 0; nth < 8; nth++) {
    const id = await lane.participant()
    await lane.tell(surveyCompleted(id))
    surveys.push([id, 'survey-1'])
    incentives.push([id])
  }
  lane.goTo('2020-10-20T10:00:00+07:00')
  const pause = { reason: 'operator', since: lane.now(), by: 'ops/ani' } as const
  await changeControl(ledger.lanes, lane.partnerName, (control) => pauseLane(control, pause, 'survey'))
  await changeControl(ledger.lanes, lane.partnerName, (control) => resume(control, lane.now(), 'survey'))

  const releasedOf = async (room: number) => {
    const { messages } = await lane.release({ ratePerSecond: room / 120 })
    const of = (kind: Kind) => messages.filter(({ payout }) => kindOf(payout) === kind).length
    return { survey: of('survey'), incentive: of('incentive') }
  }
  // Which shard comes first depends on the participants' names.
  const { survey, incentive } = await releasedOf(10)
  expect([survey + incentive, survey <= 5]).toEqual([10, true])
  expect(await releasedOf(120)).toMatchObject({ survey: 5, incentive: expect.toSatisfy((n) => n >= 8) })

  lane.partner.pays(...times(13, paid))
  const first = await lane.pay([...incentives, ...surveys])
  expect(first.results.slice(8).filter((result) => 'denied' in result)).toEqual(
    times(3, { denied: 'canary' }),
  )
  expect(first.results.slice(0, 8)).toMatchObject(times(8, { done: 'settled' }))
  expect(await lane.control()).not.toHaveProperty('canary')
})

test('a payment that another partner has made since proves nothing of the lane', async () => {
  const [lane, [participantId = '']] = await reopenedLane(1)
  const other = await createLane(ledger)
  lane.partner.pays(async () => {
    // Its sender stands still so long that inquire closes the attempt, and the payout leaves elsewhere.
    lane.pass(150)
    await lane.pay([[participantId]])
    lane.pass(900)
    lane.partner.tells(failed)
    expect((await lane.inquire()).asked).toBe(1)
    await lane.link(participantId, { partner: other.partnerName, linkedAt: '2020-09-18T10:00:00+07:00' })
    other.goTo(lane.now())
    other.partner.pays(paid)
    await other.pay([[participantId]])
    return rejected()
  })
  await lane.pay([[participantId]])
  expect(await lane.row(participantId)).toMatchObject({ state: 'paid', partner: other.partnerName })
  expect((await lane.control()).canary).toHaveProperty('incentive')
})
