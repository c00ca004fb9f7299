import { expect, test } from 'vitest'
import { watchPauses } from '../../../functions/pay/watch.ts'
import { instant } from '../../../shared/domain/instant.ts'
import { newControl } from '../../../shared/domain/permit.ts'

const start = instant(Date.UTC(2020, 8, 18, 3))

/** A batch that begins in an open lane; somebody pauses it, and the clock says that so many seconds have passed. */
async function whetherPausedAfter(seconds: number): Promise<boolean> {
  let now = start
  const paused = { incentive: { reason: 'operator', since: start, by: 'ops/ani' } } as const
  const lanes = { read: async () => ({ ...newControl(start), paused }) }
  const isPaused = watchPauses({ ledger: { lanes }, partnerName: 'ovo', now: () => now })
  now = instant(Date.parse(start) + seconds * 1_000)
  return isPaused('incentive-1')
}

test.each([
  ['not looked for at once', 0.9, false],
  ['seen after a second', 1, true],
  ['seen by a clock that was set back since', -3_600, true],
] as const)('a pause is %s', async (_, seconds, seen) => {
  expect(await whetherPausedAfter(seconds)).toBe(seen)
})
