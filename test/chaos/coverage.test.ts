import { expect, test } from 'vitest'
import { coverageOf, enough, fallsShort, points, seldomMet } from './coverage.ts'
import type { Fault } from './faults.ts'

const both: ReadonlySet<Fault> = new Set(['crash-before', 'crash-after'])
const all = new Map(points.map((point) => [point, both]))
const without = (point: string) => new Map([...all].filter(([other]) => other !== point))
const few = { seeds: 20, participants: 30 }

test.each([
  ['all', all, few, false],
  ['all but one, in few worlds', without(points[0] ?? ''), few, false],
  ['all but one', without(points[0] ?? ''), enough, true],
  ['all but one, of worlds with few people', without(points[0] ?? ''), { ...enough, participants: 5 }, false],
  ['all, and one that is met by chance', new Map([...all, ['inquire: append surfaced', both]]), few, false],
  ['one that is not listed', new Map([...all, ['pay: append nothing', both]]), few, true],
] as const)('coverage of %s', (_, met, asked, short) => {
  expect(fallsShort(coverageOf({ points: met }), asked)).toBe(short)
})

test('points that are seldom met are points', () => {
  expect([...seldomMet].filter((point) => !points.includes(point))).toEqual([])
})
