import { expect, test } from 'vitest'
import { createPace } from '../../../functions/inquire/pace.ts'
import { paymentsPerSecond, questionsPerSecond } from '../../../shared/partners/configuration.ts'

/** A pace on a clock that only waiting moves, and when each turn came, in milliseconds. */
function paced(perSecond: number, availableMs = Number.POSITIVE_INFINITY) {
  let elapsed = 0
  const turn = createPace(perSecond, {
    elapsed: () => elapsed,
    wait: async (milliseconds) => {
      elapsed += milliseconds
    },
    timeFor: () => elapsed < availableMs,
  })
  const turns = async (count: number) => {
    const came: (number | 'never')[] = []
    for (let nth = 0; nth < count; nth++) came.push((await turn()) ? Math.round(elapsed) : 'never')
    return came
  }
  const pass = (milliseconds: number) => {
    elapsed += milliseconds
  }
  return { turn, turns, pass, elapsed: () => elapsed }
}

test.for<readonly [number, readonly number[]]>([
  [100, [0, 10, 20, 30, 40]],
  [3, [0, 333, 667, 1_000, 1_333]],
  [0.2, [0, 5_000, 10_000, 15_000, 20_000]],
])('at %d a second, turns come at %o', async ([perSecond, expected]) => {
  expect(await paced(perSecond).turns(5)).toEqual(expected)
})

test('a turn that nobody has taken is not made up for', async () => {
  const pace = paced(1)
  expect(await pace.turns(1)).toEqual([0])
  pace.pass(10_000)
  expect(await pace.turns(3)).toEqual([10_000, 11_000, 12_000])
})

test('those who ask at the same time have one turn after another', async () => {
  const { turn, elapsed } = paced(2)
  expect(await Promise.all([turn(), turn(), turn()])).toEqual([true, true, true])
  expect(elapsed()).toBeGreaterThanOrEqual(1_000)
})

test('no turn comes once the time is over, nor is it waited for much longer', async () => {
  const pace = paced(0.2, 11_500)
  expect(await pace.turns(5)).toEqual([0, 5_000, 10_000, 'never', 'never'])
  expect(pace.elapsed()).toBeLessThan(12_500)
})

test('a turn too far off is not waited for at all', async () => {
  const pace = paced(0.01)
  expect(await pace.turns(3)).toEqual([0, 'never', 'never'])
  expect(pace.elapsed()).toBe(0)
})

test.for([
  [0.01, 0.2],
  [1, 0.2],
  [3, 0.1],
  [15, 0.2],
  [500, 0.2],
  [1_000, 0.999],
] as const)(
  'of %d requests a second, %d of them for questions, both kinds have some and none is added',
  ([ratePerSecond, inquiryShare]) => {
    const rate = { ratePerSecond, inquiryShare }
    const [payments, questions] = [paymentsPerSecond(rate), questionsPerSecond(rate)]
    expect(questions).toBeGreaterThan(0)
    expect(payments).toBeGreaterThan(0)
    expect(payments + questions).toBeLessThanOrEqual(ratePerSecond)
    expect(questions / ratePerSecond).toBeCloseTo(inquiryShare)
  },
)
