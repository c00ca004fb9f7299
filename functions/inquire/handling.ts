import type { Context } from 'aws-lambda'
import type { Instant } from '../../shared/domain/instant.ts'
import { questionsPerSecond } from '../../shared/partners/configuration.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { archived, timeFor } from '../invocation.ts'
import type { Lane } from '../lane.ts'
import { reportCase, reportOverdue } from '../reporting.ts'
import type { InquireResult } from './inquire.ts'
import { createPace, type Time } from './pace.ts'
import { type Failure, run } from './run.ts'

/** `next`: the earliest instant at which there is another question to put. */
type Inquired = { readonly next: Instant | null; readonly asked: number }

/** Asks the partner about open attempts, at the lane's share of its rate. */
export function createInquireHandler({ time, ...lane }: Lane & { readonly time: Time }) {
  const { partnerName: partner, configuration } = lane
  const perSecond = questionsPerSecond(configuration)
  const questionsMax = Math.max(1, Math.floor(perSecond * 60))

  function report(result: InquireResult | Failure): void {
    if ('failed' in result) {
      countMetric('QuestionFailed')
      // It is asked less and less often, and so does not come up three times in a quarter of an hour.
      if (result.lasting) countMetric('OutcomeOverdue')
      log.error('question failed', result.failed, { partner })
      return
    }
    reportCase(partner, result)
    reportOverdue(result.now, lane.now())
  }

  const handle = async (_: unknown, context: Context): Promise<Inquired> =>
    run({
      ...lane,
      partner: await lane.connect(),
      questionsMax,
      by: `inquire/${context.awsRequestId}`,
      turn: createPace(perSecond, { ...time, timeFor: timeFor(configuration, context) }),
      report,
    })
  return observed(archived(lane, handle))
}
