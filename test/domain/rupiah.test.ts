import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatRupiah, multiply, noRupiah, rupiah, subtract, sum } from '../../shared/domain/rupiah.ts'

const most = Number.MAX_SAFE_INTEGER
const amount = fc.integer({ min: 0, max: most }).map(rupiah)
const runs = { numRuns: 200 }

test.for([0, 1, 50_000, 600_000, 20_000_000_000_000, most])('%d is an amount', (value) => {
  expect(rupiah(value)).toBe(value)
})

test.for([-1, 0.5, 600_000.01, most + 1, Number.NaN, Number.POSITIVE_INFINITY, -0.1])(
  '%d is none',
  (value) => {
    expect(() => rupiah(value)).toThrow('not a whole, non-negative amount of rupiah')
  },
)

describe('sums', () => {
  test('of nothing is nothing', () => {
    expect(sum([])).toBe(noRupiah)
  })

  test('are exact, or refused beyond the safe integers', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 4 }), (amounts) => {
        const exact = amounts.reduce((total, each) => total + BigInt(each), 0n)
        if (exact > BigInt(most)) expect(() => sum(amounts)).toThrow(RangeError)
        else expect(BigInt(sum(amounts))).toBe(exact)
      }),
      runs,
    )
  })

  test('take back what they added', () => {
    fc.assert(
      fc.property(amount, amount, (first, second) => {
        fc.pre(first + second <= most)
        expect(subtract(sum([first, second]), second)).toBe(first)
      }),
      runs,
    )
  })

  test('never go below zero', () => {
    expect(() => subtract(rupiah(49_999), rupiah(50_000))).toThrow(RangeError)
  })
})

test.for([
  [600_000, 4, 2_400_000],
  [50_000, 3, 150_000],
  [600_000, 0, 0],
] as const)('%d taken %d times is %d', ([each, times, total]) => {
  expect(multiply(rupiah(each), times)).toBe(total)
})

test.for([-1, 0.000001, most])('an amount is not taken %d times', (times) => {
  expect(() => multiply(rupiah(600_000), times)).toThrow(RangeError)
})

test.for([
  [0, 'Rp0'],
  [2_550_000, 'Rp2,550,000'],
] as const)('%d reads %s', ([value, text]) => {
  expect(formatRupiah(value)).toBe(text)
})
