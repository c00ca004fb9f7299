import { expect, test } from 'vitest'
import {
  callDeadlineMaxSeconds,
  callMarginSeconds,
  claimTermSeconds,
  laneVisibilitySeconds,
  maySend,
  payTimeoutSeconds,
} from '../../shared/domain/deadlines.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import { at } from './examples.ts'

test('a call ends before its function, that before its claim, and that before anyone else gets the message', () => {
  const inOrder = [
    callDeadlineMaxSeconds + callMarginSeconds,
    payTimeoutSeconds,
    claimTermSeconds,
    laneVisibilitySeconds,
  ]
  expect(inOrder).toEqual([...inOrder].sort((first, second) => first - second))
  expect(new Set(inOrder).size).toBe(inOrder.length)
  expect(laneVisibilitySeconds).toBeGreaterThanOrEqual(6 * payTimeoutSeconds)
})

test('no worker is still running when its permit counts as abandoned', () => {
  expect(claimTermSeconds).toBeGreaterThan(payTimeoutSeconds)
})

test.for<[seconds: number, allowed: boolean]>([
  [0, true],
  [claimTermSeconds - callDeadlineMaxSeconds, true],
  [claimTermSeconds - callDeadlineMaxSeconds + 1, false],
  [claimTermSeconds, false],
])('%i seconds into its term, whether there is time for a call: %s', ([seconds, allowed]) => {
  const since = at('2020-09-18T10:00:00+07:00')
  const term = { until: plusSeconds(since, claimTermSeconds) }
  expect(maySend(term, plusSeconds(since, seconds))).toBe(allowed)
})
