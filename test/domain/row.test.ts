import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attemptNumbered, outstanding, stateOfStanding } from '../../shared/domain/fold.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { payouts, shardOf } from '../../shared/domain/payout.ts'
import { followingRow, nextQuestion, type PayoutRow, projectRow } from '../../shared/domain/row.ts'
import type { StateName } from '../../shared/domain/state.ts'
import {
  account,
  at,
  certificate,
  failed,
  linked,
  paid,
  participantId,
  pending,
  refunded,
  unknown,
  unlinked,
} from './examples.ts'
import { newWorld, step, take } from './model.ts'
import { storyIn } from './states.ts'
import { claim, createStory, rejectedOnce, relink, retry, type Story, told } from './story.ts'

const shards = 16
const rowOf = (story: Story): PayoutRow => {
  const { payout, standing, state } = story.situation()
  return projectRow(participantId, payout, { standing, state, facts: story.facts() }, shards)
}
const shard = shardOf(participantId, 'incentive-1', shards)
const sent = at('2020-09-18T10:00:01+07:00')
const settled = plusSeconds(sent, 450)
const due = at('2020-09-18T00:00:00+07:00')
const tomorrow = at('2020-09-19T00:00:00+07:00')
const gopay = { partner: 'gopay', lastFour: '0001' }

const projected: Readonly<Record<StateName, Partial<PayoutRow>>> = {
  waiting: { list: `waiting#${shard}`, at: certificate.issuedAt, since: certificate.issuedAt, seq: 0 },
  scheduled: { list: `open#gopay#${shard}`, at: tomorrow, since: tomorrow, ...gopay, seq: 2 },
  sending: {
    list: `open#gopay#${shard}`,
    at: plusSeconds(sent, 150),
    since: sent,
    claimedAt: sent,
    ...gopay,
    attempt: 1,
    seq: 1,
  },
  pending: {
    list: `inquire#gopay#${shard}`,
    at: plusSeconds(sent, 60),
    since: sent,
    claimedAt: sent,
    ...gopay,
    attempt: 1,
    seq: 2,
  },
  unknown: {
    list: `inquire#gopay#${shard}`,
    at: plusSeconds(sent, 60),
    since: sent,
    claimedAt: sent,
    ...gopay,
    attempt: 1,
    seq: 2,
  },
  failed: {
    list: `failed#gopay#${shard}`,
    at: sent,
    since: sent,
    ...gopay,
    reason: 'account-blocked',
    remedy: 'participant',
    seq: 2,
  },
  held: {
    list: `held#${shard}`,
    at: sent,
    ...gopay,
    since: sent,
    reason: 'checked',
    remedy: 'operator',
    lastFour: '0001',
    seq: 3,
  },
  paid: { since: sent, ...gopay, attempt: 1, seq: 2 },
  returned: {
    list: `failed#gopay#${shard}`,
    at: settled,
    since: settled,
    ...gopay,
    remedy: 'operator',
    seq: 4,
  },
  cancelled: { since: sent, reason: 'scheme-closed', lastFour: '0001', seq: 3 },
}

const isState = (text: string): text is StateName => text in storyIn
test.for(Object.keys(storyIn).filter(isState))('the row of a payout that is %s', (state) => {
  const row = rowOf(storyIn[state]())
  const facts = state === 'waiting' ? 0 : 1
  expect(row).toEqual({ participantId, payout: 'incentive-1', wave: 5, state, facts, ...projected[state] })
})

describe('the row of a payout', () => {
  test('that waits for its survey is in no list', () => {
    const row = rowOf(createStory('survey-2'))
    expect(row).toMatchObject({ state: 'waiting' })
    expect(row).not.toHaveProperty('list')
    expect(row).not.toHaveProperty('at')
  })

  test('that was never tried is listed for its due day', () => {
    expect(rowOf(createStory())).toMatchObject({ list: `open#gopay#${shard}`, at: due, since: due })
  })

  test('whose attempt is open stays with its partner, whatever was linked since', () => {
    const story = storyIn.unknown()
    relink(story, '2', 'bni')
    expect(rowOf(story)).toMatchObject({ list: `inquire#gopay#${shard}`, ...gopay, facts: 2 })
  })

  test('that failed follows a new account', () => {
    const story = storyIn.failed()
    relink(story, '2', 'bni')
    expect(rowOf(story)).toMatchObject({
      state: 'scheduled',
      list: `open#bni#${shard}`,
      lastFour: '0002',
    })
  })

  describe('whose next entry is certain', () => {
    const refundSeen = (story: Story) => {
      story.claim()
      story.settle(unknown())
      story.finalAnswer(refunded)
    }
    /** The first attempt is overpaid at gopay, and the second proven unpaid at bni. */
    const overpaidOnly = (story: Story) => {
      rejectedOnce(story)
      story.wait(10)
      relink(story, '2', 'bni')
      story.claim()
      story.settle(paid, { attempt: 1 })
      story.wait(150)
      story.expire()
      story.finalAnswer(failed)
    }
    const surfacing = {
      list: `inquire#gopay#${shard}`,
      at: plusSeconds(sent, 10),
      since: plusSeconds(sent, 10),
      partner: 'gopay',
    }

    test('is in the list of questions though it is paid, until its refund is an entry, too', () => {
      const story = told(refundSeen)
      const paidOut = { state: 'paid', since: settled, ...gopay, attempt: 1 }
      expect(rowOf(story)).toMatchObject({ ...paidOut, list: `inquire#gopay#${shard}`, at: settled })
      expect(story.proceed()).toBe('returned')
      expect(rowOf(story)).toMatchObject({ state: 'returned', list: `failed#gopay#${shard}`, at: settled })
    })

    test.for<[StateName, (story: Story) => unknown]>([
      ['failed', () => 'as it was'],
      ['scheduled', retry],
      ['held', (story) => story.hold()],
      ['cancelled', (story) => story.cancel()],
    ])('is asked about where it was overpaid, though it is %s', ([state, stop]) => {
      const story = told(overpaidOnly, stop)
      const row = rowOf(story)
      expect(row).toMatchObject({ state, ...surfacing })
      for (const ofState of ['attempt', 'reason', 'remedy']) expect(row).not.toHaveProperty(ofState)
      expect(story.proceed()).toBe('surfaced')
      const settled = rowOf(story)
      expect(settled).toMatchObject({ state: 'paid', ...gopay, attempt: 1 })
      expect(settled).not.toHaveProperty('list')
    })

    test('is left to the open attempt while there is one', () => {
      const story = told(rejectedOnce, retry, claim, (each) => each.settle(paid, { attempt: 1 }))
      expect(rowOf(story)).toMatchObject({ state: 'sending', list: `open#gopay#${shard}`, attempt: 2 })
      story.settle(pending, { seq: story.entries().length })
      expect(rowOf(story)).toMatchObject({ state: 'pending', list: `inquire#gopay#${shard}`, attempt: 2 })
    })

    test('is no longer that once another attempt has paid', () => {
      const story = told(rejectedOnce, retry, claim, (each) => each.settle(paid))
      story.settle(paid, { attempt: 1 })
      expect(rowOf(story).list).toMatch(/^overpaid#\d$/)
      story.close('recovered', 1)
      expect(rowOf(story)).toMatchObject({ state: 'paid', list: expect.stringMatching(/^recovered#\d$/) })
    })

    test('that was given up is found as that', () => {
      const story = told(rejectedOnce, retry, claim, (each) => each.settle(paid))
      story.settle(paid, { attempt: 1 })
      story.close('write-off', 1)
      expect(rowOf(story)).toMatchObject({ state: 'paid', list: expect.stringMatching(/^written-off#\d$/) })
    })
  })

  test('needs an entitlement', () => {
    const { standing, state } = createStory().situation()
    const facts = { surveys: {}, accounts: [account('1')] }
    expect(() => projectRow(participantId, 'survey-1', { standing, state, facts }, shards)).toThrow(
      'survey-1 has no entitlement',
    )
  })
})

test('whatever happens to a payout, unless it is final or waits for its survey it is in one list of its shard', () => {
  const listed = new Set<string>()
  fc.assert(
    fc.property(
      fc.constantFrom(...payouts),
      fc.constantFrom(linked, unlinked),
      fc.array(step, { minLength: 40, maxLength: 120, size: 'max' }),
      (payout, facts, steps) => {
        const world = newWorld(createStory(payout, facts))
        for (const action of steps) {
          take(world, action)
          const { state, standing } = world.story.situation()
          const row = rowOf(world.story)
          const next = outstanding(standing)
          const idle = state.state === 'waiting' && state.missing === 'survey'
          const final = state.state === 'paid' || state.state === 'cancelled'
          const needsNothing = !next && (idle || final)
          expect([row.list === undefined, row.at === undefined]).toEqual([needsNothing, needsNothing])
          if (next) {
            const asked = attemptNumbered(standing, next.attempt)?.claim.partner
            expect(row.list).toMatch(new RegExp(`^inquire#${asked}#`))
            listed.add(`${state.state} ${next.type}`)
          }
          if (row.list)
            expect(row.list.split('#').at(-1)).toBe(String(shardOf(participantId, payout, shards)))
          expect(row.seq).toBe(world.story.entries().length)
        }
      },
    ),
    { numRuns: 100, seed: 2020 },
  )
  expect(listed).toContain('paid returned')
})

test('whatever happens to a payout, the row that follows from the journal alone is the row of journal and facts', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...payouts),
      fc.constantFrom(linked, unlinked),
      fc.array(step, { minLength: 10, maxLength: 40 }),
      (payout, facts, steps) => {
        const world = newWorld(createStory(payout, facts))
        for (const action of steps) {
          const before = rowOf(world.story)
          take(world, action)
          const { standing } = world.story.situation()
          const state = stateOfStanding(standing)
          if (!state || standing.seq === before.seq) continue
          const { lastFour, partner, ...row } = rowOf(world.story)
          // What waits shows no account, and the journal alone names none.
          const shown = before.state === 'waiting' ? before.lastFour : lastFour
          // A hold names the partner of the account, which the journal alone does not know either.
          const named = state.state === 'held' ? before.partner : partner
          const expected = {
            ...row,
            ...(named !== undefined && { partner: named }),
            ...(shown !== undefined && { lastFour: shown }),
          }
          expect(followingRow(before, standing, state, shards)).toEqual(expected)
        }
      },
    ),
    { numRuns: 100 },
  )
})

test.for([
  [0, '2020-09-18T10:01:00+07:00'],
  [1, '2020-09-18T10:05:00+07:00'],
  [2, '2020-09-18T10:15:00+07:00'],
  [3, '2020-09-18T11:00:00+07:00'],
  [4, '2020-09-18T16:00:00+07:00'],
  [5, '2020-09-19T06:00:00+07:00'],
  [6, '2020-09-19T06:00:00+07:00'],
  [500, '2020-09-19T06:00:00+07:00'],
] as const)('after %d questions the next is put at %s', ([inquiries, expected]) => {
  expect(nextQuestion(inquiries, at('2020-09-18T10:00:00+07:00'))).toBe(at(expected))
})

test('the daily question is put at 06:00 in Jakarta of the next day, be it past midnight or before', () => {
  expect(nextQuestion(9, at('2020-09-18T23:59:59+07:00'))).toBe(at('2020-09-19T06:00:00+07:00'))
  expect(nextQuestion(9, at('2020-09-19T00:00:00+07:00'))).toBe(at('2020-09-20T06:00:00+07:00'))
})
