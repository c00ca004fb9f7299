import { afterAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import type { InquiryOutcome, TransferOutcome } from '../../../shared/domain/outcome.ts'
import { failed, paid, refunded, rejected, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, funded, incentive, type Lane, settledSeconds } from '../lane.ts'
import { place } from './places.ts'

/** Permits whose worker died: release settles them from the journal, once they are old or not few any more. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const old = 2 * 86_400 + 1
const died = () => {
  throw new Error('the worker is gone')
}

/** A ledger that dies with its worker before the permit can be ended. */
function dyingAtTheEnd() {
  const { lanes } = ledger
  let writes = 0
  const write: typeof lanes.write = async (partner, control) => {
    if (++writes > 1) throw new Error('the worker is gone')
    return lanes.write(partner, control)
  }
  return { ...ledger, lanes: { ...lanes, write } }
}

/** Waits until the permit is abandoned and lets release run, with something due so that it has a reason to. */
async function settle(lane: Lane): Promise<void> {
  lane.pass(old)
  await place(lane, lane.now())
  await lane.release()
  expect((await lane.control()).permits).toEqual({})
}

describe('a permit that is past its term', () => {
  async function leave(lane: Lane, count: number): Promise<void> {
    for (let permit = 0; permit < count; permit++) {
      lane.partner.verifies(died)
      await lane.pay([[await lane.participant()]])
    }
  }

  test.for<[permits: number, seconds: number, hiding: number, left: number]>([
    [1, old - 1, 1, 1],
    [1, old, 0, 0],
    [4, 151, 4, 4],
    [5, 150, 5, 5],
    [5, 151, 0, 5],
    [5, 3_601, 0, 0],
  ])(
    'of %i permits, %i seconds later, %i hide float and %i are left',
    async ([count, seconds, hiding, permits]) => {
      const lane = await createLane(ledger)
      await leave(lane, count)
      lane.pass(seconds)
      await lane.release()
      expect(await lane.float()).toEqual({ available: funded - hiding * incentive, permits })
    },
  )

  test('and was settled is looked at once more, and then it is gone', async () => {
    const lane = await createLane(ledger)
    await leave(lane, 5)
    lane.pass(151)
    await lane.release()
    lane.pass(3_600)
    await lane.release()
    expect(await lane.float()).toEqual({ available: funded, permits: 0 })
  })
})

describe('of a lane in which nothing is to leave', () => {
  test.for([
    ['because nothing is due', '2020-09-21T10:00:00+07:00'],
    ['in the blackout', '2020-12-20T10:00:00+07:00'],
    ['since the last payments have left', '2021-03-08T10:00:00+07:00'],
  ] as const)(
    '%s, what a dead worker hides is given back, and next is when that is due',
    async ([, time]) => {
      const lane = await createLane(ledger)
      const participantId = await lane.participant()
      lane.partner.verifies(died)
      await lane.pay([[participantId]])
      await lane.operate(participantId, { command: 'hold', reason: 'nothing is to leave' })
      lane.pass(60)
      const { next } = await lane.release()
      expect(await lane.float()).toEqual({ available: funded - incentive, permits: 1 })
      expect(next).toBe(plusSeconds(lane.now(), old - 60))
      lane.goTo(time)
      await lane.release()
      expect(await lane.float()).toEqual({ available: funded, permits: 0 })
    },
  )
})

describe('of a worker that died', () => {
  test('before the claim, all of it is given back', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.verifies(died)
    await lane.pay([[participantId]])
    expect((await lane.control()).available).toBe(funded - incentive)
    await settle(lane)
    expect((await lane.control()).available).toBe(funded)
  })

  test('after the claim, all of it is kept', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(died)
    await lane.pay([[participantId]])
    await settle(lane)
    expect((await lane.control()).available).toBe(funded - incentive)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test.for<[string, TransferOutcome, number]>([
    ['paid: kept', paid, funded - incentive],
    ['unknown: kept', unknown(), funded - incentive],
    ['rejected: given back', rejected(), funded],
  ])('after the answer, %s', async ([, outcome, available]) => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(outcome)
    await lane.pay([[participantId]], { ledger: dyingAtTheEnd() }).catch(() => undefined)
    await settle(lane)
    expect((await lane.control()).available).toBe(available)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('in the middle of a batch, each part is settled by itself', async () => {
    const lane = await createLane(ledger)
    const ids = [await lane.participant(), await lane.participant(), await lane.participant()] as const
    lane.partner.pays(paid, rejected(), died)
    const messages = ids.map((id) => [id] as const)
    await expect(lane.pay(messages, { ledger: dyingAtTheEnd() })).rejects.toThrow()
    await settle(lane)
    expect((await lane.control()).available).toBe(funded - 2 * incentive)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('before the claim, and another has paid since: given back', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.verifies(died)
    await lane.pay([[participantId]])
    lane.partner.pays(paid)
    await lane.pay([[participantId]])
    await settle(lane)
    expect((await lane.control()).available).toBe(funded - incentive)
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('after the claim, and inquire has given it back since: not given back twice', async () => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(died)
    await lane.pay([[participantId]])
    lane.pass(150)
    await lane.pay([[participantId]])
    lane.pass(900)
    lane.partner.tells(failed)
    await lane.inquire()
    expect((await lane.control()).available).toBe(funded)
    await settle(lane)
    expect((await lane.control()).available).toBe(funded)
    expect(await lane.misstatedFloat()).toBe(0)
  })
})

test('what a dead worker left is spent in the same run', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  await lane.changeControl({ available: incentive })
  lane.partner.verifies(died)
  await lane.pay([[participantId]])
  lane.pass(old)
  expect(await lane.release()).toMatchObject({ sent: 1 })
})

test('of a payout that came twice, no more is given back than its permit took', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.partner.pays(died)
  await lane.pay([[participantId], [participantId]])
  expect(await lane.entries(participantId)).toEqual(['claimed'])
  await settle(lane)
  expect(await lane.misstatedFloat()).toBe(0)
})

test.for<[string, InquiryOutcome]>([
  ['has not paid', failed],
  ['has paid and had back', refunded],
])(
  'what an inquiry frees by the proof that the partner %s is not lost with its worker',
  async ([, outcome]) => {
    const lane = await createLane(ledger)
    const participantId = await lane.participant()
    lane.partner.pays(unknown())
    await lane.pay([[participantId]])
    lane.pass(settledSeconds)
    lane.partner.tells(outcome)
    await expect(lane.inquire({ ledger: dyingAtTheEnd() })).rejects.toThrow('the worker is gone')
    expect((await lane.control()).available).toBe(funded - incentive)
    await settle(lane)
    expect((await lane.control()).available).toBe(funded)
  },
)

test('an inquiry that says nothing new leaves the control row alone', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.partner.pays(unknown())
  await lane.pay([[participantId]])
  lane.pass(60)
  const before = await lane.control()
  lane.partner.tells(unknown())
  await lane.inquire()
  expect(await lane.control()).toEqual(before)
})
