import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type CloseDependencies, close } from '../../../functions/close/close.ts'
import type { Entry, EntryType } from '../../../shared/domain/entry.ts'
import { type Payout, payouts } from '../../../shared/domain/payout.ts'
import { type Scheme, scheme2020 } from '../../../shared/domain/scheme.ts'
import type { StateName } from '../../../shared/domain/state.ts'
import { at, failed, paid, pending, refunded, rejected, unknown } from '../../domain/examples.ts'
import { entitle, entitlementOf } from '../../ledger/examples.ts'
import { startTestEngine, type TestEngine } from '../../support/engine.ts'
import { createLane, type Lane, settledSeconds } from '../lane.ts'

// The sweep reads a whole table, so each test has tables of its own.
let engine: TestEngine
let lane: Lane
beforeEach(async () => {
  await engine?.stop()
  engine = await startTestEngine()
  lane = await createLane(engine.open())
})
afterAll(() => engine.stop())

const closingDay = '2021-03-06T00:00:00+07:00'
const nextDay = at('2021-03-07T00:00:00+07:00')
const closeNow = (change: Partial<CloseDependencies> = {}) => {
  const { ledger } = lane
  return close(
    {
      ...{ ledger, scheme: scheme2020, shards: 2, by: 'close/test' },
      timeLeft: () => true,
      skipped: (_row, error) => {
        throw error
      },
      ...change,
    },
    lane.now(),
  )
}

/** Brings an incentive that is due into a state. */
const into: Readonly<Record<Exclude<StateName, 'waiting'>, (participantId: string) => Promise<unknown>>> = {
  async returned(id) {
    await paidWith(id, unknown())
    lane.pass(settledSeconds)
    lane.partner.tells(refunded)
    await lane.inquire()
  },
  scheduled: async () => {},
  sending: async (id) => {
    lane.partner.pays(() => {
      throw new Error('the worker is gone')
    })
    await lane.pay([[id]])
  },
  pending: (id) => paidWith(id, pending),
  unknown: (id) => paidWith(id, unknown()),
  failed: (id) => paidWith(id, rejected()),
  paid: (id) => paidWith(id, paid),
  held: (id) => lane.operate(id, { command: 'hold', reason: 'checked' }),
  cancelled: (id) => lane.operate(id, { command: 'cancel', reason: 'withdrawn' }),
}
function paidWith(
  participantId: string,
  outcome: typeof paid | typeof pending | ReturnType<typeof rejected>,
) {
  lane.partner.pays(outcome)
  return lane.pay([[participantId]])
}
const states = Object.keys(into).filter((state): state is keyof typeof into => state in into)

async function eachStateOnce(): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const state of states) {
    const participantId = await lane.participant()
    await into[state](participantId)
    ids.set(state, participantId)
  }
  return ids
}

describe('on the day after the last payment', () => {
  test('what has no money in transit is cancelled; open, held and paid payouts stay', async () => {
    const ids = await eachStateOnce()
    lane.goTo(closingDay)
    const before = new Map<string, readonly Entry[]>()
    for (const [state, id] of ids) before.set(state, await lane.chain(id, 'incentive-1'))
    const waiting = ids.size * (payouts.length - 1)
    const ended = ['scheduled', 'failed', 'returned']
    const afterwards = (state: string) => {
      if (state === 'sending') return 'unknown'
      return ended.includes(state) ? 'cancelled' : state
    }
    expect(await closeNow()).toEqual({ cancelled: waiting + ended.length, next: nextDay })

    for (const [state, id] of ids) {
      const written = (await lane.chain(id, 'incentive-1')).slice(before.get(state)?.length)
      const types = written.map(({ event }) => event.type)
      expect(types, state).toEqual(afterwards(state) === state ? [] : [afterwards(state)])
      expect(await lane.row(id), state).toMatchObject({ state: afterwards(state) })
      expect(await lane.entries(id, 'survey-3'), state).toEqual(['cancelled'])
      expect(await lane.row(id, 'survey-3')).toMatchObject({ state: 'cancelled', reason: 'scheme-closed' })
    }
  })

  test('the obligation goes back to the budget it came from', async () => {
    const participantId = await lane.participant({ linked: false })
    lane.goTo(closingDay)
    await closeNow()
    const postings = await Promise.all(payouts.map((payout) => lane.chain(participantId, payout)))
    const sum = postings
      .flat()
      .flatMap((entry) => entry.postings)
      .reduce((total, { amount }) => total + amount, 0)
    expect(sum).toBe(2_550_000)
    const [entry] = await lane.chain(participantId, 'incentive-1')
    expect(entry).toMatchObject({
      by: 'close/test',
      at: lane.now(),
      postings: [
        {
          from: expect.stringMatching(/^payable.incentive/),
          to: expect.stringMatching(/^budget.incentive/),
          amount: 600_000,
        },
      ],
    })
  })

  test('a cancelled row keeps what it says, and leaves its list', async () => {
    const participantId = await lane.participant()
    const row = await lane.row(participantId)
    lane.goTo(closingDay)
    await closeNow()
    const cancelled = await lane.row(participantId)
    expect(cancelled).toMatchObject({ wave: 5, facts: row?.facts, lastFour: row?.lastFour, seq: 1 })
    expect(cancelled).not.toHaveProperty('list')
    expect(cancelled).not.toHaveProperty('at')
  })

  test('an account linked in between does not bring a cancelled payout back', async () => {
    const participantId = await lane.participant()
    lane.goTo(closingDay)
    const { ledger } = lane
    const append: typeof ledger.journal.append = async (chain, draft) => {
      const entry = await ledger.journal.append(chain, draft)
      if (draft.subject === 'incentive-1')
        await lane.link(participantId, {
          accountNumber: '089900000001',
          linkedAt: '2021-03-04T10:00:00+07:00',
        })
      return entry
    }
    await closeNow({ ledger: { ...ledger, journal: { ...ledger.journal, append } } })
    for (const payout of payouts)
      expect(await lane.row(participantId, payout)).toMatchObject({ state: 'cancelled' })
  })
})

describe('not yet', () => {
  test.for(['2021-03-05T23:59:59+07:00', '2020-09-18T10:00:00+07:00'])('at %s: nothing', async (now) => {
    await lane.participant()
    lane.goTo(now)
    const before = await lane.stored()
    expect(await closeNow()).toEqual({ cancelled: 0, next: at(closingDay) })
    expect(await lane.stored()).toEqual(before)
  })

  test('for the payouts of another scheme', async () => {
    await lane.participant()
    const other: Scheme = { ...scheme2020, name: 'other', waves: { first: 12, last: 20 } }
    lane.goTo(closingDay)
    expect(await closeNow({ scheme: other })).toMatchObject({ cancelled: 0 })
  })
})

describe('a sweep', () => {
  /** More rows than one portion of it holds, of a wave that is not closed. */
  async function manyStrangers(): Promise<void> {
    const { participants } = lane.ledger
    const entitlements = Array.from({ length: 56 }, (_, index) => ({
      ...entitlementOf(`OTHER-${index}`),
      wave: 12,
    }))
    for (let start = 0; start < entitlements.length; start += 4) {
      const some = entitlements.slice(start, start + 4)
      await Promise.all(some.map((each) => entitle(participants, each)))
    }
  }

  test('makes headway in however little time, goes on where it stopped, and is complete when it has met all', async () => {
    await manyStrangers()
    for (let index = 0; index < 5; index++) await lane.participant()
    lane.goTo(closingDay)
    const first = await closeNow({ timeLeft: () => false })
    expect(first.next).toBe(lane.now())

    lane.goTo('2021-03-07T00:05:00+07:00')
    const second = await closeNow()
    expect(first.cancelled + second.cancelled).toBe(5 * payouts.length)
    // That was the sweep of the day before; today's is still to come.
    expect(second.next).toBe(lane.now())
    expect(await closeNow()).toEqual({ cancelled: 0, next: at('2021-03-08T00:00:00+07:00') })
  })

  test('is made once a day, and closes on the next what was decided since', async () => {
    const [held, open] = [await lane.participant(), await lane.participant()]
    await into.held(held)
    await into.unknown(open)
    lane.goTo(closingDay)
    await closeNow()
    await lane.operate(held, { command: 'release-hold', reason: 'fine' })
    lane.partner.tells(failed)
    await lane.inquire()
    expect(await lane.row(open)).toMatchObject({ state: 'failed' })
    lane.pass(3_600)
    expect(await closeNow()).toEqual({ cancelled: 0, next: nextDay })

    lane.goTo('2021-03-07T00:00:00+07:00')
    expect(await closeNow()).toEqual({ cancelled: 2, next: at('2021-03-08T00:00:00+07:00') })
    expect(await lane.entries(held)).toEqual(['held', 'hold-released', 'cancelled'])
    expect(await lane.row(open)).toMatchObject({ state: 'cancelled' })
  })

  test('that two runs make at once cancels everything once', async () => {
    const participantId = await lane.participant()
    lane.goTo(closingDay)
    const closed = await Promise.all([closeNow(), closeNow()])
    expect(closed.reduce((sum, { cancelled }) => sum + cancelled, 0)).toBe(payouts.length)
    for (const payout of payouts) expect(await lane.entries(participantId, payout)).toEqual(['cancelled'])
  })
})

test('a claim whose worker died on the last day is asked about, and cancelled once it is proven not paid', async () => {
  const participantId = await lane.participant()
  lane.goTo('2021-03-05T23:59:00+07:00')
  await into.sending(participantId)
  lane.goTo(closingDay)
  await closeNow()
  expect(await lane.entries(participantId)).toEqual(['claimed'])
  expect(await lane.row(participantId)).toMatchObject({ state: 'sending' })

  lane.goTo('2021-03-07T00:00:00+07:00')
  await closeNow()
  expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown'])
  lane.pass(900)
  lane.partner.tells(failed)
  await lane.inquire()
  lane.goTo('2021-03-08T00:00:00+07:00')
  expect(await closeNow()).toMatchObject({ cancelled: 1 })
  expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'rejected', 'cancelled'])
})

describe('a row that is behind the journal', () => {
  test.for<[string, Parameters<typeof paidWith>[1], EntryType, StateName]>([
    ['paid', paid, 'disbursed', 'paid'],
    ['pending', pending, 'pending', 'pending'],
  ])(
    'of a payout that is %s is written again, and nothing is cancelled',
    async ([, outcome, entry, state]) => {
      const participantId = await lane.participant()
      const behind = await lane.row(participantId)
      const { ledger } = lane
      const project = () => Promise.reject(new Error('the worker is gone'))
      lane.partner.pays(outcome)
      await lane.pay([[participantId]], {
        ledger: { ...ledger, participants: { ...ledger.participants, project } },
      })
      expect(await lane.row(participantId)).toEqual(behind)

      lane.goTo(closingDay)
      await closeNow()
      expect(await lane.entries(participantId)).toEqual(['claimed', entry])
      expect(await lane.row(participantId)).toMatchObject({ state, seq: 2 })
    },
  )

  test('of a payout that was cancelled is written again', async () => {
    const participantId = await lane.participant()
    lane.goTo(closingDay)
    const { ledger } = lane
    const project = () => Promise.reject(new Error('the worker is gone'))
    const dying = { ...ledger, participants: { ...ledger.participants, project } }
    await expect(closeNow({ ledger: dying })).rejects.toThrow('the worker is gone')
    const first: Payout = 'incentive-1'
    // It fails with the first of the payouts that it ends side by side; this one may be still to come.
    await vi.waitFor(async () => expect(await lane.entries(participantId, first)).toEqual(['cancelled']))
    expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled' })
    await closeNow()
    expect(await lane.entries(participantId, first)).toEqual(['cancelled'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'cancelled' })
  })
})
