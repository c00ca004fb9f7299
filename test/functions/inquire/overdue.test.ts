import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { reportOverdue } from '../../../functions/reporting.ts'
import type { InquiryOutcome } from '../../../shared/domain/outcome.ts'
import { powertoolsMetrics } from '../../../shared/runtime/metrics.ts'
import { paid, pending, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { captureLog } from '../handlers/host.ts'
import { metricsOf } from '../handlers/log.ts'
import { createLane, unanswered } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
afterEach(() => vi.restoreAllMocks())

const days = (number: number) => number * 24 * 3_600

/** What is counted of a payout, sent once with an unknown outcome, that is asked about after so many seconds. */
async function countedAfter(seconds: number, answer: InquiryOutcome): Promise<number> {
  const lane = await createLane(engine.open())
  await unanswered(lane)
  lane.pass(seconds)
  lane.partner.tells(answer)
  const log = captureLog()
  const { reported } = await lane.inquire()
  for (const result of reported) if ('now' in result) reportOverdue(result.now, lane.now())
  powertoolsMetrics.publishStoredMetrics()
  return metricsOf(log()).OutcomeOverdue ?? 0
}

test.for([
  ['a minute', 60, pending, 0],
  ['two days', days(2), pending, 0],
  ['more than two days', days(2) + 60, pending, 1],
  ['more than two days, and is told nothing', days(2) + 60, unknown(), 1],
  ['more than two days, and is told that it was paid', days(2) + 60, paid, 0],
] as const)('a payout that is asked about after %s', async ([, seconds, answer, times]) => {
  expect(await countedAfter(seconds, answer)).toBe(times)
})
