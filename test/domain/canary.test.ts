import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Canary,
  type CanaryOutcome,
  type CanaryPayout,
  canaryLeft,
  canaryMax,
  canaryOutcome,
  judgeCanaries,
} from '../../shared/domain/canary.ts'
import { claimTermSeconds } from '../../shared/domain/deadlines.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { resume } from '../../shared/domain/pause.ts'
import { kindOf, kinds, type Payout } from '../../shared/domain/payout.ts'
import {
  type Ask,
  type Control,
  endPermit,
  newControl,
  type Sends,
  takePermit,
} from '../../shared/domain/permit.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { at, deferred, paid, pending, refunded, rejected, unknown } from './examples.ts'
import { claim, createStory, type Story, told } from './story.ts'

const now = at('2020-09-18T10:00:00+07:00')
const refused = { reason: 'credentials-refused', since: now, by: 'pay/1' } as const
const closed: Control = {
  ...newControl(now),
  tokens: { count: 100, at: now },
  available: rupiah(100_000_000),
  paused: { incentive: refused, survey: refused },
}
const reopened = resume(closed, now).control ?? closed
const asksOf = (count: number, from = 0, payout: Payout = 'survey-1'): Ask[] =>
  Array.from({ length: count }, (_, nth) => ({
    participantId: `P-${from + nth}`,
    payout,
    amount: rupiah(50_000),
    requests: 1,
  }))
const take = (control: Control, count: number, permitId = 'pay/2') =>
  takePermit(control, asksOf(count), { now, ratePerSecond: 100, permitId })
const sends = (change: Partial<Sends>): Sends => ({ at: now, known: 0, unknown: 0, paid: [], ...change })
const end = (control: Control, change: Partial<Sends>, permitId = 'pay/2') =>
  endPermit(control, permitId, { back: 0, unsettled: [], sends: sends(change) })

describe('a lane that was re-opened', () => {
  test('permits five payments, whatever asks for more', () => {
    const { granted, denied, control = reopened } = take(reopened, 8)
    expect(granted).toHaveLength(canaryMax)
    expect(denied.map(({ denial }) => denial)).toEqual(['canary', 'canary', 'canary'])
    expect(canaryLeft(control, 'survey')).toBe(0)
    expect(take(control, 3, 'pay/3').control).toBeUndefined()
  })

  test('opens fully once one of them is paid', () => {
    const { control = reopened } = take(reopened, 2)
    expect(canaryLeft(end(control, { known: 2 }), 'survey')).toBe(3)
    const open = end(control, { known: 2, paid: asksOf(1) })
    expect(open.canary).not.toHaveProperty('survey')
    expect(open.version).toBe(control.version + 1)
    expect(take(open, 8, 'pay/3').granted).toHaveLength(8)
  })

  test('is not opened by what was permitted before', () => {
    const earlier = take({ ...closed, paused: {} }, 1, 'pay/0').control ?? closed
    const later = plusSeconds(now, 60)
    const again = resume({ ...earlier, paused: closed.paused }, later).control ?? earlier
    expect(end(again, { known: 1, paid: asksOf(1) }, 'pay/0').canary).toEqual({
      incentive: { since: later, payouts: [] },
      survey: { since: later, payouts: [] },
    })
  })

  test('for one kind only lets the other go as it went', () => {
    const control = resume({ ...closed, paused: { survey: refused } }, now, 'survey').control ?? closed
    const asks = [...asksOf(8), ...asksOf(8, 20, 'incentive-1')]
    const {
      granted,
      denied,
      control: after = control,
    } = takePermit(control, asks, { now, ratePerSecond: 100, permitId: 'pay/2' })
    expect(granted.map(({ payout }) => payout)).toEqual([
      ...Array(5).fill('survey-1'),
      ...Array(8).fill('incentive-1'),
    ])
    expect(denied.map(({ denial }) => denial)).toEqual(['canary', 'canary', 'canary'])
    expect(after.canary?.survey?.payouts).toHaveLength(canaryMax)
    const paidOther = end(after, { known: 13, paid: asksOf(8, 20, 'incentive-1') })
    expect(canaryLeft(paidOther, 'survey')).toBe(0)
    expect(end(after, { known: 13, paid: asksOf(1) }).canary).toBeUndefined()
  })

  test('one kind after the other: each has five, and a payment opens its own', () => {
    const later = plusSeconds(now, 60)
    const first = take(resume(closed, now, 'survey').control ?? closed, 2).control ?? closed
    const both = resume(first, later, 'incentive').control ?? first
    expect(kinds.map((kind) => canaryLeft(both, kind))).toEqual([5, 3])
    const asks = [...asksOf(5, 10), ...asksOf(8, 20, 'incentive-1')]
    const lane = { now: later, ratePerSecond: 100, permitId: 'pay/3' }
    const { granted, control = both } = takePermit(both, asks, lane)
    expect(kinds.map((kind) => granted.filter(({ payout }) => kindOf(payout) === kind).length)).toEqual([
      5, 3,
    ])
    const surveyPaid = end(control, { known: 2, paid: asksOf(1) })
    expect(kinds.map((kind) => canaryLeft(surveyPaid, kind))).toEqual([0, Number.POSITIVE_INFINITY])
    expect(end(surveyPaid, { known: 1, paid: asksOf(1, 20, 'incentive-1') }, 'pay/3')).not.toHaveProperty(
      'canary',
    )
  })

  test('is not opened, when it was paused and re-opened again, by what was permitted in between', () => {
    const { control = reopened } = take(reopened, 2)
    const again = resume({ ...control, paused: { survey: refused } }, plusSeconds(now, 60)).control ?? control
    expect(end(again, { known: 2, paid: asksOf(1) }).canary?.survey).toEqual({
      since: plusSeconds(now, 60),
      payouts: [],
    })
    expect(canaryLeft(again, 'survey')).toBe(canaryMax)
  })

  test('permits five at the most until one is paid, whatever its workers tell and in whatever order', () => {
    const act = fc.record({ take: fc.integer({ min: 1, max: 10 }), unknown: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        let control = reopened
        let granted = 0
        acts.forEach((each, nth) => {
          const permitId = `pay/${nth + 10}`
          const grant = take(control, each.take, permitId)
          control = grant.control ?? control
          granted += grant.granted.length
          if (nth % 2 === 0) control = end(control, { known: 1, unknown: each.unknown }, permitId)
        })
        expect(granted).toBeLessThanOrEqual(canaryMax)
        expect(control.canary?.survey?.payouts).toHaveLength(granted)
      }),
    )
  })
})

describe('of a canary’s payment the journal says', () => {
  const payoutAt = (seconds: number): CanaryPayout => ({
    participantId: 'P-00017',
    payout: 'incentive-1',
    at: plusSeconds(createStory().now(), seconds),
  })
  const outcomes: readonly (readonly [string, CanaryOutcome, Story])[] = [
    ['nothing yet', 'under-way', createStory()],
    ['claimed', 'under-way', told(claim)],
    ['pending', 'under-way', told(claim, (story) => story.settle(pending))],
    ['paid', 'paid', told(claim, (story) => story.settle(paid))],
    ['unknown', 'unpaid', told(claim, (story) => story.settle(unknown()))],
    ['rejected', 'unpaid', told(claim, (story) => story.settle(rejected()))],
    ['deferred', 'unpaid', told(claim, (story) => story.settle(deferred()))],
    [
      'paid and returned',
      'paid',
      told(
        claim,
        (story) => story.settle(unknown()),
        (story) => story.finalAnswer(refunded),
        (story) => story.proceed(),
      ),
    ],
  ]
  test.for(outcomes)('%s: %s', ([, expected, story]) => {
    expect(canaryOutcome(story.situation().standing, payoutAt(0), story.now())).toBe(expected)
  })

  test('nothing, though its worker’s right to claim has ended: it was not used', () => {
    const { standing } = createStory().situation()
    const moment = (seconds: number) => plusSeconds(payoutAt(0).at, seconds)
    expect(canaryOutcome(standing, payoutAt(0), moment(claimTermSeconds))).toBe('under-way')
    expect(canaryOutcome(standing, payoutAt(0), moment(claimTermSeconds + 1))).toBe('unused')
  })

  test('pending for more than a day: it proves nothing of its lane', () => {
    const { standing } = told(claim, (story) => story.settle(pending)).situation()
    const moment = (seconds: number) => plusSeconds(payoutAt(0).at, seconds)
    expect(canaryOutcome(standing, payoutAt(0), moment(86_400))).toBe('under-way')
    expect(canaryOutcome(standing, payoutAt(0), moment(86_401))).toBe('unpaid')
  })

  test('nothing of an attempt before it', () => {
    const story = told(claim, (each) => each.settle(paid))
    expect(canaryOutcome(story.situation().standing, payoutAt(1), story.now())).toBe('under-way')
  })
})

describe('a canary is judged', () => {
  type Outcomes = readonly CanaryOutcome[]
  const u = 'unpaid' as const
  const payoutsOf = (count: number): readonly CanaryPayout[] =>
    asksOf(count).map(({ participantId, payout }) => ({ participantId, payout, at: now }))
  const judge = (outcomes: Outcomes, change: (control: Control) => Control = (control) => control) => {
    const canary: Canary = { since: now, payouts: payoutsOf(outcomes.length) }
    const known = new Map(canary.payouts.map((payout, nth) => [payout, outcomes[nth] ?? 'under-way']))
    const control = change({ ...reopened, canary: { survey: canary } })
    return judgeCanaries(control, { survey: canary }, known, { by: 'release/bni', now })
  }

  test.for<readonly [Outcomes, string]>([
    [['under-way'], 'unchanged'],
    [['paid'], 'open'],
    [[u, u, u, u, 'paid'], 'open'],
    [[u, u, u, u], 'unchanged'],
    [[u, u, u, u, u], 'paused'],
    [[u, u, u, u, 'under-way'], 'unchanged'],
    [[u, u, u, u, 'unused'], '1 left'],
    [['unused', 'unused', u], '4 left'],
    [[], 'unchanged'],
  ])('%o: %s', ([outcomes, expected]) => {
    const { control } = judge(outcomes)
    if (!control) return expect(expected).toBe('unchanged')
    expect(control.version).toBe(reopened.version + 1)
    if (control.canary) return expect(`${canaryLeft(control, 'survey')} left`).toBe(expected)
    const pause = { reason: 'canary-failed', since: now, by: 'release/bni' }
    expect(control.paused).toEqual(expected === 'paused' ? { survey: pause } : {})
    expect(['paused', 'open']).toContain(expected)
  })

  test.for<Outcomes>([['paid'], [u, u, u, u, u]])(
    'by its own payments: after %o the other kind’s is as it was',
    (outcomes) => {
      const incentive: Canary = { since: plusSeconds(now, 60), payouts: [] }
      const both = ({ canary, ...control }: Control) => ({ ...control, canary: { ...canary, incentive } })
      expect(judge(outcomes, both).control).toMatchObject({ canary: { incentive } })
      expect(judge(outcomes, both).control?.paused.incentive).toBeUndefined()
    },
  )

  test('by what is known of it, though more was permitted since', () => {
    const [another] = asksOf(1, 50)
    const more = (control: Control) =>
      another
        ? (takePermit(control, [another], { now, ratePerSecond: 100, permitId: 'pay/9' }).control ?? control)
        : control
    expect(judge([u, u, u, u], more)).toEqual({})
  })

  test('not by the outcomes of the one before', () => {
    const again = (control: Control) => ({
      ...control,
      canary: { survey: { since: plusSeconds(now, 1), payouts: [] } },
    })
    expect(judge([u, u, u, u, u], again)).toEqual({})
    expect(judge(['paid'], ({ canary: _, ...control }) => control)).toEqual({})
  })
})

describe('the end of a permit', () => {
  test('pauses the lane where it is not known of too many sends whether they paid', () => {
    const { control = closed } = take({ ...closed, paused: {} }, 1)
    const after = end({ ...control, recent: '.'.repeat(16) }, { unknown: 4 })
    const pause = { reason: 'unknown-outcomes', since: now, by: 'pay/2' }
    expect(after).toMatchObject({ paused: { incentive: pause, survey: pause }, permits: {} })
    const fewer = end({ ...control, recent: '.'.repeat(17) }, { unknown: 4 })
    expect(fewer).toMatchObject({ paused: {}, recent: `${'.'.repeat(17)}????` })
  })

  test('of one that was used up counts its sends with the next', () => {
    const first = take({ ...closed, paused: {} }, 3, 'pay/1').control ?? closed
    const lane = { now, ratePerSecond: 100, permitId: 'pay/2', usedUp: new Set(['pay/1', 'pay/0']) }
    expect(takePermit(first, asksOf(1, 10), lane).control).toMatchObject({ recent: '...' })
  })
})
