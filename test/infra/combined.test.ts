import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { type Combined, outsideBand, rupiahPaid } from '../../infra/alarms/combined.ts'
import { partnerNames } from '../../infra/stages.ts'

/** Of which an operand in an arithmetic operation may be missing: it is 0 then. Everything else has to be there.
 *  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax */
const sumThatIsAlwaysThere = /TIME_SERIES\(0\)(?: \+ [a-z]\w*)+/g

/** What CloudWatch makes of one period's counts; those not given were never written. */
function computed({ expression, counts }: Combined, given: Readonly<Record<string, number>>): unknown {
  const missing = Object.fromEntries(Object.keys(counts).map((name) => [name, 0]))
  const functions = {
    IF: (condition: boolean, whether: number, otherwise: number) => (condition ? whether : otherwise),
    TIME_SERIES: (value: number) => value,
  }
  const text = expression.replaceAll(' AND ', ' && ').replaceAll(' OR ', ' || ')
  return runInNewContext(text, { ...functions, ...missing, ...given })
}

const band = outsideBand('gopay', { least: 80, most: 120, released: 100 })
const spending = rupiahPaid(partnerNames)

it.each([
  ['the share that is paid', band],
  ['what all partners have paid', spending],
])('%s has a value also where a count was never written', (_, { expression, counts }) => {
  expect(expression.replaceAll(sumThatIsAlwaysThere, '')).not.toMatch(/[a-z]|FILL/)
  for (const name of Object.keys(counts)) expect(expression).toMatch(new RegExp(`\\b${name}\\b`))
})

describe('the share that is paid is', () => {
  it.each<[string, Readonly<Record<string, number>>, number]>([
    ['well where nothing was ever counted', {}, 0],
    ['well where too few were released', { released: 99 }, 0],
    ['too small where nobody was ever paid', { released: 100 }, 1],
    ['too small where few were paid', { released: 100, pay: 60, inquire: 19 }, 1],
    ['well at the least', { released: 100, pay: 60, inquire: 19, reconcile: 1 }, 0],
    ['well at the most', { released: 100, pay: 120 }, 0],
    ['too large above it', { released: 100, pay: 120, reconcile: 1 }, 1],
  ])('%s', (_, counts, value) => {
    expect(computed(band, counts)).toBe(value)
  })
})

it('what all partners have paid is the sum of those that have paid anything', () => {
  expect(computed(spending, {})).toBe(0)
  expect(computed(spending, { pay_bni: 600_000, inquire_ovo: 50_000, reconcile: 600_000 })).toBe(1_250_000)
})
