import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccountVersion,
  type Certificate,
  currentAccount,
  dueAt,
  type Facts,
  factCount,
  precedes,
} from '../../shared/domain/facts.ts'
import { civilDate, startOfDay } from '../../shared/domain/instant.ts'
import { payouts } from '../../shared/domain/payout.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { account, at, certificate, entitlement, linked, unlinked } from './examples.ts'

const issued = (issuedAt: string) => ({
  ...entitlement,
  governing: { ...certificate, issuedAt: at(issuedAt) },
})
const day = (text: string) => startOfDay(civilDate(text))

describe('incentives are due', () => {
  test.for([
    // certificate, then the days of the four incentives
    ['2020-09-18T10:00:00+07:00', '2020-09-18', '2020-10-18', '2020-11-18', '2020-12-18'],
    ['2020-09-18T23:59:59+07:00', '2020-09-18', '2020-10-18', '2020-11-18', '2020-12-18'],
    // the day is Jakarta's
    ['2020-09-17T17:00:00Z', '2020-09-18', '2020-10-18', '2020-11-18', '2020-12-18'],
    ['2020-09-17T16:59:59Z', '2020-09-17', '2020-10-17', '2020-11-17', '2020-12-17'],
    // at the month's end where the month is too short, and back
    ['2020-08-31T10:00:00+07:00', '2020-08-31', '2020-09-30', '2020-10-31', '2020-11-30'],
    ['2020-11-30T10:00:00+07:00', '2020-11-30', '2020-12-30', '2021-01-30', '2021-02-28'],
    ['2020-02-29T10:00:00+07:00', '2020-02-29', '2020-03-29', '2020-04-29', '2020-05-29'],
    // no later than the last payment day
    ['2020-12-15T10:00:00+07:00', '2020-12-15', '2021-01-15', '2021-02-15', '2021-03-05'],
  ] as const)('of a certificate of %s on %s, %s, %s and %s', ([certified, ...days]) => {
    const due = payouts.slice(0, 4).map((payout) => dueAt(issued(certified), linked, payout))
    expect(due).toEqual(days.map(day))
  })
})

describe('a survey is due', () => {
  test.for([
    // certificate, completion, due
    ['2020-09-18T10:00:00+07:00', '2020-09-20T08:00:00+07:00', '2020-09-20'],
    ['2020-09-18T10:00:00+07:00', '2020-09-18T09:00:00+07:00', '2020-09-18'],
    ['2020-09-18T10:00:00+07:00', '2020-09-10T08:00:00+07:00', '2020-09-18'],
    ['2020-09-18T10:00:00+07:00', '2020-09-20T17:00:00Z', '2020-09-21'],
    ['2020-09-18T10:00:00+07:00', '2021-03-05T23:59:59+07:00', '2021-03-05'],
    ['2020-09-18T10:00:00+07:00', '2021-03-07T10:00:00+07:00', '2021-03-05'],
  ] as const)('certificate %s, filled %s: %s', ([certified, completed, due]) => {
    const facts: Facts = { ...linked, surveys: { 2: at(completed) } }
    expect(dueAt(issued(certified), facts, 'survey-2')).toBe(day(due))
    expect(dueAt(issued(certified), facts, 'survey-1')).toBeUndefined()
  })
})

test('an earlier certificate never makes anything due later', () => {
  const moment = fc.date({
    min: new Date('2020-02-28T00:00:00Z'),
    max: new Date('2020-12-15T16:59:59Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(moment, moment, moment, fc.constantFrom(...payouts), (first, second, filled, payout) => {
      const [earlier, later] = [first, second].map((each) => each.toISOString()).sort()
      const surveys = {
        1: at(filled.toISOString()),
        2: at(filled.toISOString()),
        3: at(filled.toISOString()),
      }
      const due = (text = '') => dueAt(issued(text), { ...linked, surveys }, payout) ?? ''
      expect(due(earlier) <= due(later)).toBe(true)
    }),
    { numRuns: 300 },
  )
})

describe('the first certificate', () => {
  const issuedAt = fc.constantFrom(at('2020-09-18T03:00:00Z'), at('2020-09-18T03:00:01Z'))
  const certificateId = fc.constantFrom('C-1', 'C-10', 'C-2')
  const some = fc.record({ issuedAt, certificateId }).map((of): Certificate => ({ ...certificate, ...of }))
  const same = (first: Certificate, second: Certificate) =>
    first.issuedAt === second.issuedAt && first.certificateId === second.certificateId

  test('is the earlier issue, then the smaller id', () => {
    const first = { ...certificate, certificateId: 'C-2', issuedAt: at('2020-09-18T03:00:00Z') }
    expect(precedes(first, { ...first, certificateId: 'C-1', issuedAt: at('2020-09-18T03:00:01Z') })).toBe(
      true,
    )
    expect(precedes({ ...first, certificateId: 'C-1' }, first)).toBe(true)
    expect(precedes(first, first)).toBe(false)
  })

  test('is the same in whatever order certificates arrive', () => {
    fc.assert(
      fc.property(some, some, some, (first, second, third) => {
        const ways = [precedes(first, second), precedes(second, first), same(first, second)]
        expect(ways.filter(Boolean)).toHaveLength(1)
        if (precedes(first, second) && precedes(second, third)) expect(precedes(first, third)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the current account', () => {
  const relinked = account('2', { linkedAt: at('2020-10-01T10:00:00+07:00') })
  const inTime = account('3', { linkedAt: at('2021-03-04T23:59:59+07:00') })
  const late = account('4', { linkedAt: at('2021-03-05T00:00:00+07:00') })

  test.for<[AccountVersion[], string | undefined]>([
    [[], undefined],
    [[account('1')], '1'],
    [[account('1'), relinked], '2'],
    [[account('1'), relinked, inTime], '3'],
    [[account('1'), relinked, late], '2'],
    [[late], undefined],
  ])('of %o is %s', ([accounts, version]) => {
    expect(currentAccount({ ...unlinked, accounts }, scheme2020)?.version).toBe(version)
  })
})

describe('the number of facts', () => {
  const counting = (facts: Facts) => payouts.map((payout) => factCount(facts, payout))

  test('grows with every fact that can move a payout', () => {
    type Step = (facts: Facts) => Facts
    const link: Step = (facts) => ({
      ...facts,
      accounts: [...facts.accounts, account(String(facts.accounts.length + 1))],
    })
    const replace: Step = (facts) => ({
      ...facts,
      entitlement: { ...entitlement, replacements: (facts.entitlement?.replacements ?? 0) + 1 },
    })
    fc.assert(
      fc.property(fc.array(fc.constantFrom(link, replace), { maxLength: 8 }), (taken) => {
        let facts = unlinked
        for (const step of taken) {
          const next = step(facts)
          expect(counting(next)).toEqual(counting(facts).map((count) => count + 1))
          facts = next
        }
      }),
      { numRuns: 200 },
    )
  })

  test('does not count what moves no payout by itself', () => {
    const changes: Partial<AccountVersion>[] = [{ verification: { outcome: 'verified' } }, { shared: true }]
    for (const change of changes) {
      expect(counting({ ...linked, accounts: [account('1', change)] })).toEqual(counting(linked))
    }
  })

  test('grows with a survey for its own payout only', () => {
    const filled: Facts = { ...linked, surveys: { 2: at('2020-09-20T08:00:00+07:00') } }
    const grown = payouts.filter((payout) => factCount(filled, payout) === factCount(linked, payout) + 1)
    expect(grown).toEqual(['survey-2'])
  })
})
