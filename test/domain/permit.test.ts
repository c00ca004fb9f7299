import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import { epochMs, type Instant, instant, plusSeconds } from '../../shared/domain/instant.ts'
import type { Pause, PauseReason } from '../../shared/domain/pause.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import {
  type Ask,
  abandonedPermits,
  afterFunding,
  type Control,
  changeAvailable,
  endPermit,
  newControl,
  takePermit,
  tokensAt,
} from '../../shared/domain/permit.ts'
import { rupiah, sum } from '../../shared/domain/rupiah.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { at } from './examples.ts'

const now = at('2020-09-18T10:00:00+07:00')
const funded = (available: number, change: Partial<Control> = {}): Control => ({
  ...newControl(now),
  available: available,
  ...change,
})
const ask = (payout: Payout, requests = 1, participantId = 'P-1'): Ask => ({
  participantId,
  payout,
  amount: amountOf(scheme2020, payout),
  requests,
})
const take = (control: Control, asks: readonly Ask[], permitId = 'permit-1', when = now) =>
  takePermit(control, asks, { now: when, ratePerSecond: 5, permitId })
/** A lane that has been at rest for long enough. */
const full = (rate: number): Partial<Control> => ({ tokens: { count: rate, at: plusSeconds(now, -60) } })
const pausedFor = (reason: PauseReason): Pause => ({ reason, since: now, by: 'test' })

const incentive = ask('incentive-1')
const survey = ask('survey-1')

describe('a permit', () => {
  test.for<[string, Control, Ask[], string[]]>([
    ['a lane without float', funded(0), [survey], ['no-float']],
    ['float to the rupiah', funded(650_000), [incentive, survey], ['granted', 'granted']],
    ['a rupiah too little', funded(649_999), [incentive, survey], ['granted', 'no-float']],
    ['float for the smaller only', funded(599_999), [incentive, survey], ['no-float', 'granted']],
    [
      'tokens for all but one request',
      funded(9_000_000, { tokens: { count: 3, at: now } }),
      [ask('incentive-1', 2), ask('incentive-2', 2), survey, ask('survey-2')],
      ['granted', 'over-rate', 'granted', 'over-rate'],
    ],
    ['most of a token', funded(9_000_000, { tokens: { count: 0.99, at: now } }), [survey], ['over-rate']],
    [
      'incentives paused',
      funded(9_000_000, { paused: { incentive: pausedFor('operator') } }),
      [incentive, survey],
      ['paused', 'granted'],
    ],
    [
      'surveys paused and nothing left',
      funded(0, { paused: { survey: pausedFor('operator') }, tokens: { count: 0, at: now } }),
      [incentive, survey],
      ['over-rate', 'paused'],
    ],
  ])('from %s: %o', ([, control, asks, expected]) => {
    const grant = take(control, asks)
    const denials = new Map(grant.denied.map((each) => [each.ask, each.denial]))
    const answers = asks.map((each) => (grant.granted.includes(each) ? 'granted' : denials.get(each)))
    expect(answers).toEqual(expected)
    expect(grant.control === undefined).toBe(grant.granted.length === 0)
  })

  const batch = fc.array(
    fc.record({ payout: fc.constantFrom(...payouts), requests: fc.integer({ min: 1, max: 3 }) }),
    { maxLength: 5 },
  )

  test('takes from the row what it grants, and the row names what was granted', () => {
    fc.assert(
      fc.property(batch, fc.nat({ max: 3_000_000 }), fc.nat({ max: 5 }), (wanted, available, count) => {
        const asks = wanted.map(({ payout, requests }, index) => ask(payout, requests, `P-${index}`))
        const before = funded(available, { tokens: { count, at: now } })
        const { granted, denied, control = before } = take(before, asks)
        expect([...granted, ...denied.map((each) => each.ask)]).toHaveLength(asks.length)
        expect(granted).toEqual(asks.filter((each) => granted.includes(each)))
        expect(control.available).toBe(available - sum(granted.map(({ amount }) => amount)))
        expect(control.tokens.count).toBe(count - granted.reduce((all, { requests }) => all + requests, 0))
        expect(control.version).toBe(granted.length === 0 ? before.version : before.version + 1)
        const named = control.permits['permit-1']?.payouts.map(({ participantId }) => participantId) ?? []
        expect(named).toEqual(granted.map(({ participantId }) => participantId))
        // Nothing is denied that would still fit at the end.
        for (const { ask: each, denial } of denied) {
          if (denial === 'no-float') expect(each.amount).toBeGreaterThan(control.available)
          else expect(each.requests).toBeGreaterThan(control.tokens.count)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('the rate', () => {
  test.for([
    [1, 1],
    [5, 1],
    [15, 5],
    [500, 10],
  ] as const)(
    'of %d per second lets %d of a batch of ten start that need three requests each, and as many a second later',
    ([rate, most]) => {
      const asks = Array.from({ length: 10 }, (_, index) => ask('survey-1', 3, `P-${index}`))
      const lane = { ratePerSecond: rate, permitId: 'permit-1' }
      const first = takePermit(funded(500_000, full(rate)), asks, { ...lane, now })
      expect(first.granted).toEqual(asks.slice(0, most))
      expect(first.denied.map(({ denial }) => denial)).toEqual(Array(10 - most).fill('over-rate'))
      const later = plusSeconds(now, Math.max(1, 3 / rate))
      const second = takePermit(changeAvailable(first.control ?? funded(0), 500_000), asks, {
        ...lane,
        now: later,
      })
      expect(second.granted).toEqual(asks.slice(0, most))
    },
  )

  test.for([1, 2])('of %d per second lets a payment of three requests start all the same', (rate) => {
    const asks = [ask('survey-1', 3)]
    const lane = { now: plusSeconds(now, 10), ratePerSecond: rate, permitId: 'permit-1' }
    expect(takePermit(funded(500_000, { tokens: { count: 0, at: now } }), asks, lane).denied).toEqual([])
  })

  test.for([
    // tokens left, seconds later, requests per second, tokens then
    [0, 0, 5, 0],
    [0, 1, 5, 5],
    [0, 0.5, 5, 2.5],
    [3, 1, 5, 5],
    [2.5, 0.2, 15, 5.5],
    [8, 10, 15, 15],
    [0, 10, 40, 40],
    [0, 10, 1, 3],
    [3, 3_600, 5, 5],
    [4, -60, 5, 4],
    [30, 0, 5, 5],
  ] as const)('of %d tokens, %d s later at %d per second, leaves %d', ([count, later, rate, expected]) => {
    const control = funded(0, { tokens: { count, at: now } })
    expect(tokensAt(control, plusSeconds(now, later), rate)).toBe(expected)
  })

  test('is kept whatever the clocks of the workers say', () => {
    const takes = fc.array(fc.record({ moment: fc.nat({ max: 3_000 }), asked: fc.nat({ max: 5 }) }), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(takes, (all) => {
        let control = funded(1_000_000_000)
        let requests = 0
        let last: Instant = now
        for (const { moment, asked } of all) {
          const when = instant(epochMs(now) + moment)
          const asks = Array.from({ length: asked }, (_, index) => ask('survey-1', 2, `P-${index}`))
          const grant = take(control, asks, `permit-${moment}`, when)
          control = grant.control ?? control
          requests += grant.granted.length * 2
          if (when > last) last = when
          const most = 5 + 5 * ((epochMs(last) - epochMs(now)) / 1000)
          expect(requests).toBeLessThanOrEqual(most + 1e-6)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('the end of a permit', () => {
  const taken = take(funded(1_000_000), [incentive, survey]).control ?? funded(0)

  test('gives back what was not used, once', () => {
    const ended = endPermit(taken, 'permit-1', { back: 600_000, unsettled: [] })
    expect(ended).toMatchObject({ available: 950_000, permits: {}, version: taken.version + 1 })
    expect(endPermit(ended, 'permit-1', { back: 600_000, unsettled: [] }).available).toBe(950_000)
  })

  test('of another worker leaves this one alone', () => {
    const both = take(taken, [ask('survey-2')], 'permit-2').control ?? taken
    const ended = endPermit(both, 'permit-2', { back: 50_000, unsettled: [] })
    expect(ended.permits).toEqual(taken.permits)
    expect(ended.available).toBe(taken.available)
  })

  test('leaves to release what the worker does not know', () => {
    const { requests: _, ...unsettled } = incentive
    const ended = endPermit(taken, 'permit-1', { back: 50_000, unsettled: [unsettled] })
    expect(ended.permits).toEqual({ 'permit-1': { at: now, payouts: [unsettled] } })
    expect(ended.available).toBe(400_000)
  })

  test('pauses both kinds when the partner says so, even if the permit is gone', () => {
    const pause = pausedFor('credentials-refused')
    const end = { back: 0, unsettled: [], pause }
    const paused = { incentive: pause, survey: pause }
    expect(endPermit(taken, 'permit-1', end).paused).toEqual(paused)
    expect(endPermit(taken, 'permit-gone', end).paused).toEqual(paused)
    expect(endPermit(taken, 'permit-1', { back: 0, unsettled: [] }).paused).toEqual({})
  })

  test.for(['operator', 'credentials-refused'] as const)(
    'for want of float does not shorten a pause for %s: funding does not lift it',
    (reason) => {
      const control = { ...taken, paused: { incentive: pausedFor(reason) } }
      const end = { back: 0, unsettled: [], pause: pausedFor('float-empty') }
      const ended = endPermit(control, 'permit-1', end)
      expect(ended.paused).toMatchObject({ incentive: { reason }, survey: { reason: 'float-empty' } })
      expect(afterFunding(ended, rupiah(1)).paused).toEqual({ incentive: ended.paused.incentive })
    },
  )
})

const twoDays = 2 * 86_400
test.for([
  { permits: 1, age: 0, abandoned: 0 },
  { permits: 1, age: -1, abandoned: 0 },
  { permits: 4, age: claimTermSeconds + 1, abandoned: 0 },
  { permits: 5, age: claimTermSeconds, abandoned: 0 },
  { permits: 5, age: claimTermSeconds + 1, abandoned: 5 },
  { permits: 1, age: twoDays, abandoned: 0 },
  { permits: 1, age: twoDays + 1, abandoned: 1 },
])(
  'of $permits permits $age s old, $abandoned are settled from the journal',
  ({ permits, age, abandoned }) => {
    const one = { at: now, payouts: [] }
    const all = Object.fromEntries(Array.from({ length: permits }, (_, index) => [`permit-${index}`, one]))
    const control = { ...funded(1_000_000), permits: all }
    expect(abandonedPermits(control, plusSeconds(now, age))).toHaveLength(abandoned)
  },
)

test('a permit that was used up leaves the row with the next one, and gives nothing back', () => {
  const first = take(funded(1_000_000), [incentive]).control ?? funded(0)
  const lane = { now, ratePerSecond: 100, permitId: 'permit-2', usedUp: new Set(['permit-1']) }
  const second = takePermit(first, [survey], lane).control
  expect(Object.keys(second?.permits ?? {})).toEqual(['permit-2'])
  expect(second?.available).toBe(1_000_000 - incentive.amount - survey.amount)
})

test.for([
  [100, 50, 150],
  [100, -100, 0],
  [100, -101, -1],
  [-600_000, 700_000, 100_000],
] as const)('float of %d changed by %d is %d', ([available, change, expected]) => {
  const changed = changeAvailable(funded(available), change)
  expect(changed).toEqual({ ...funded(expected), version: 1 })
})

test.for([
  ['float-empty', false],
  ['credentials-refused', true],
  ['operator', true],
] as const)('after funding, a pause for %s stays: %s', ([reason, stays]) => {
  const control = funded(0, { paused: { survey: pausedFor(reason) } })
  const after = afterFunding(control, rupiah(600_000))
  expect(after.available).toBe(600_000)
  expect(after.paused).toEqual(stays ? control.paused : {})
})
