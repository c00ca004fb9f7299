import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry } from '../../shared/domain/entry.ts'
import { replay, stateOfStanding } from '../../shared/domain/fold.ts'
import { type Payout, payouts } from '../../shared/domain/payout.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { mergeMilestones, stepsAlong } from '../../shared/finance/milestones.ts'
import type { Step } from '../domain/model.ts'
import { entriesAfter, journals, type Life, paidAfter } from './people.ts'

const entriesOf = (life: Life): readonly Entry[] =>
  payouts.flatMap((payout) => entriesAfter('P-1', payout, life[payout] ?? []))

/** What each entry has reached or undone, in the order of their instants: `incentive-1 disbursed +first-incentive`. */
const told = (entries: readonly Entry[]) =>
  [...stepsAlong(scheme2020, entries)].map(([{ subject, event }, steps]) =>
    [subject, event.type, ...steps.map(({ name, by }) => `${by > 0 ? '+' : '-'}${name}`)].join(' '),
  )

const all = (kind: string, from: number): Life =>
  Object.fromEntries(
    payouts.filter((payout) => payout.startsWith(kind)).map((payout, k) => [payout, paidAfter(from + k)]),
  )
const returned: Step = { do: 'returned' }

describe('milestones', () => {
  test.each<{ what: string; life: Life; steps: string[] }>([
    { what: 'nothing paid', life: { 'incentive-1': [{ do: 'claim' }] }, steps: [] },
    { what: 'a survey is no incentive', life: all('survey', 0), steps: [] },
    {
      what: 'all incentives, the surveys missing',
      life: all('incentive', 0),
      steps: ['incentive-1 disbursed +first-incentive', 'incentive-4 disbursed +all-incentives'],
    },
    {
      what: 'everything, a survey last',
      life: { ...all('incentive', 0), ...all('survey', 10) },
      steps: [
        'incentive-1 disbursed +first-incentive',
        'incentive-4 disbursed +all-incentives',
        'survey-3 disbursed +paid-in-full',
      ],
    },
    {
      what: 'everything, an incentive last',
      life: { ...all('survey', 0), ...all('incentive', 10) },
      steps: [
        'incentive-1 disbursed +first-incentive',
        'incentive-4 disbursed +all-incentives +paid-in-full',
      ],
    },
    {
      what: 'the only one returned, and another paid',
      life: {
        'incentive-1': [...paidAfter(0), { do: 'wait', seconds: 5 }, returned],
        'incentive-2': paidAfter(9),
      },
      steps: [
        'incentive-1 disbursed +first-incentive',
        'incentive-1 returned -first-incentive',
        'incentive-2 disbursed +first-incentive',
      ],
    },
    {
      what: 'one of two returned',
      life: {
        'incentive-1': [...paidAfter(0), { do: 'wait', seconds: 5 }, returned],
        'incentive-2': paidAfter(3),
      },
      steps: ['incentive-1 disbursed +first-incentive'],
    },
    {
      what: 'in full, and one returned',
      life: {
        ...all('incentive', 0),
        ...all('survey', 10),
        'incentive-2': [...paidAfter(1), { do: 'wait', seconds: 50 }, returned],
      },
      steps: [
        'incentive-1 disbursed +first-incentive',
        'incentive-4 disbursed +all-incentives',
        'survey-3 disbursed +paid-in-full',
        'incentive-2 returned -all-incentives -paid-in-full',
      ],
    },
  ])('$what', ({ life, steps }) => {
    expect(told(entriesOf(life))).toEqual(steps)
    expect(told(entriesOf(life).toReversed())).toEqual(steps)
  })

  test('of the same instant are reached in the order of the payouts', () => {
    const life = { 'incentive-1': paidAfter(0), 'incentive-2': paidAfter(0) }
    expect(told(entriesOf(life).toReversed())).toEqual(['incentive-1 disbursed +first-incentive'])
  })

  test('whatever befalls anybody, come to what is paid in the end', () => {
    fc.assert(
      fc.property(journals, (journal) => {
        for (const entries of Map.groupBy(journal, ({ owner }) => owner).values()) {
          const own = entries.filter((entry): entry is Entry => isPayout(entry.subject))
          const steps = [...stepsAlong(scheme2020, own).values()].flat()
          const sum = (name: string) =>
            steps.filter((step) => step.name === name).reduce((total, { by }) => total + by, 0)
          const paid = payouts.filter((payout) => {
            const chain = own.filter(({ subject }) => subject === payout)
            return stateOfStanding(replay(chain))?.state === 'paid'
          })
          const incentives = paid.filter((payout) => payout.startsWith('incentive')).length
          expect(sum('first-incentive')).toBe(incentives > 0 ? 1 : 0)
          expect(sum('all-incentives')).toBe(incentives === 4 ? 1 : 0)
          expect(sum('paid-in-full')).toBe(paid.length === 7 ? 1 : 0)
        }
      }),
    )
  })

  test('are added by name and wave, and what comes to nothing is left out', () => {
    const one = { name: 'entitled', wave: 5, participants: 2 } as const
    const back = { name: 'first-incentive', wave: 5, participants: -1 } as const
    const forth = { ...back, participants: 1 }
    expect(mergeMilestones([one, back], [{ ...one, wave: 4 }, forth], [one])).toEqual([
      { ...one, wave: 4 },
      { ...one, participants: 4 },
    ])
  })
})

const isPayout = (subject: string): subject is Payout => payouts.some((payout) => payout === subject)
