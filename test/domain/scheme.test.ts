import { describe, expect, test } from 'vitest'
import { civilDate } from '../../shared/domain/instant.ts'
import { payouts } from '../../shared/domain/payout.ts'
import { multiply, rupiah, sum } from '../../shared/domain/rupiah.ts'
import {
  amountOf,
  type Blackout,
  checkScheme,
  componentTotal,
  endOfPayments,
  participantCeiling,
  payoutsOf,
  type Scheme,
  scheme2020,
  schemeNamed,
  schemeOfWave,
  schemes,
} from '../../shared/domain/scheme.ts'

describe('the scheme of 2020', () => {
  test('owes a participant Rp2,550,000 in seven payouts', () => {
    expect(payoutsOf(scheme2020)).toEqual(payouts)
    expect(sum(payoutsOf(scheme2020).map((payout) => amountOf(scheme2020, payout)))).toBe(2_550_000)
    expect(participantCeiling(scheme2020)).toBe(2_550_000)
    expect(componentTotal(scheme2020, 'incentive')).toBe(2_400_000)
    expect(componentTotal(scheme2020, 'survey')).toBe(150_000)
  })

  test('cannot owe more than its budget', () => {
    const { participantCap, budget } = scheme2020
    expect(multiply(participantCeiling(scheme2020), participantCap)).toBeLessThanOrEqual(budget)
  })

  test('pays to the end of 5 March 2021 in Jakarta', () => {
    expect(endOfPayments(scheme2020)).toBe('2021-03-05T17:00:00.000Z')
  })
})

test('no scheme contradicts itself, and no wave has two', () => {
  expect(schemes.flatMap(checkScheme)).toEqual([])
  for (const { waves } of schemes)
    for (const wave of [waves.first, waves.last])
      expect(schemes.filter(({ waves: { first, last } }) => wave >= first && wave <= last)).toHaveLength(1)
})

test.for([
  [0, undefined],
  [1, 'prakerja-2020'],
  [11, 'prakerja-2020'],
  [12, undefined],
] as const)('wave %d is under %s', ([wave, name]) => {
  expect(schemeOfWave(wave)?.name).toBe(name)
})

test('a scheme is found by its name, and an unknown name is a bug', () => {
  expect(schemeNamed('prakerja-2020')).toBe(scheme2020)
  expect(() => schemeNamed('prakerja-1920')).toThrow('no scheme is named prakerja-1920')
})

test('a scheme with fewer instalments has fewer payouts', () => {
  const shorter: Scheme = { ...scheme2020, instalments: { incentive: 1, survey: 2 } }
  expect(payoutsOf(shorter)).toEqual(['incentive-1', 'survey-1', 'survey-2'])
  expect(participantCeiling(shorter)).toBe(700_000)
})

const day = civilDate
type Early = Partial<Blackout['early']>
const withBlackout = (change: Partial<Omit<Blackout, 'early'>>, early: Early = {}): Partial<Scheme> => ({
  blackouts: scheme2020.blackouts.map((blackout) => ({
    ...blackout,
    ...change,
    early: { ...blackout.early, ...early },
  })),
})

const contradictions: [Partial<Scheme>, string][] = [
  [{ waves: { first: 12, last: 11 } }, 'waves end before they begin'],
  [{ firstCertificate: day('2020-12-16') }, 'lastCertificate is before firstCertificate'],
  [{ lastCertificate: day('2021-03-06') }, 'lastPayment is before lastCertificate'],
  [{ lastLink: day('2021-03-06') }, 'lastPayment is before lastLink'],
  [{ budget: rupiah(14_279_999_999_999) }, 'budget is less than participantCap participants can be owed'],
  [{ participantCap: 7_843_138 }, 'budget is less than participantCap participants can be owed'],
  [
    withBlackout({ until: day('2020-12-15') }, { datedTo: day('2020-12-14') }),
    'blackout of 2020-12-15 ends before it begins',
  ],
  [withBlackout({}, { opensFrom: day('2020-12-15') }), 'ends before it begins'],
  [withBlackout({}, { opensTo: day('2020-12-15') }), 'early opening reaches into the blackout of 2020-12-15'],
  [withBlackout({}, { datedTo: day('2020-12-14') }), 'early dates lie outside the blackout of 2020-12-15'],
  [withBlackout({}, { datedTo: day('2021-01-05') }), 'early dates lie outside the blackout of 2020-12-15'],
]

test.for(contradictions)('checking finds a contradiction: %o: %s', ([change, problem]) => {
  const problems = checkScheme({ ...scheme2020, ...change })
  expect(problems.join('; ')).toContain(problem)
  for (const each of problems) expect(each).toMatch(/^scheme prakerja-2020: /)
})

test.for<[Partial<Scheme>]>([
  [{ waves: { first: 11, last: 11 } }],
  [{ budget: rupiah(14_280_000_000_000) }],
  [{ lastLink: scheme2020.lastPayment }],
  [withBlackout({}, { datedTo: day('2021-01-04') })],
  [withBlackout({}, { opensFrom: day('2020-12-14') })],
  [{ blackouts: [] }],
])('what only just fits is no contradiction: %o', ([change]) => {
  expect(checkScheme({ ...scheme2020, ...change })).toEqual([])
})
