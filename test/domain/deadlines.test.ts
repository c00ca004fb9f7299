import { expect, test } from 'vitest'
import {
  callDeadlineMaxSeconds,
  callMarginSeconds,
  claimTermSeconds,
  laneVisibilitySeconds,
  payTimeoutSeconds,
} from '../../shared/domain/deadlines.ts'

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
