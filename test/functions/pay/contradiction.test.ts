import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { reportContradiction } from '../../../functions/reporting.ts'
import type { InquiryOutcome } from '../../../shared/domain/outcome.ts'
import { powertoolsMetrics } from '../../../shared/runtime/metrics.ts'
import { failed, paid, pending, rejected } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { captureLog } from '../handlers/host.ts'
import { metricsOf } from '../handlers/log.ts'
import { createLane, settledSeconds } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
afterEach(() => vi.restoreAllMocks())

/** What is counted when a payout is tried again whose attempt its partner has rejected, and now says this of. */
async function countedAfter(answer: InquiryOutcome): Promise<number> {
  const lane = await createLane(engine.open())
  const participantId = await lane.participant()
  lane.partner.pays(rejected(), paid)
  await lane.pay([[participantId]])
  await lane.operate(participantId, { command: 'retry', reason: 'repaired' })
  lane.pass(settledSeconds)
  lane.partner.tells(answer)
  const log = captureLog()
  const { results } = await lane.pay([[participantId]])
  for (const result of results) if ('done' in result) reportContradiction(result, lane.partnerName)
  powertoolsMetrics.publishStoredMetrics()
  return metricsOf(log()).OutcomeOverdue ?? 0
}

test.for([
  ['failed', failed, 0],
  ['paid', paid, 0],
  ['in progress', pending, 1],
] as const)(
  'an attempt that was rejected, and is now called %s, wakes somebody: %i',
  async ([, answer, times]) => {
    expect(await countedAfter(answer)).toBe(times)
  },
)
