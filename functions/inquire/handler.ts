import { setTimeout } from 'node:timers/promises'
import { questionsPerSecond } from '../../shared/partners/configuration.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { openLane } from '../lane.ts'
import { reportCase, reportOverdue } from '../reporting.ts'
import type { InquireResult } from './inquire.ts'
import { createPace } from './pace.ts'
import { type Failure, run } from './run.ts'

const { connect, timeFor, archived, ...lane } = openLane()
const { partnerName, configuration } = lane
const perSecond = questionsPerSecond(configuration)
const questionsMax = Math.max(1, Math.floor(perSecond * 60))
const time = { elapsed: () => performance.now(), wait: (milliseconds: number) => setTimeout(milliseconds) }

function report(result: InquireResult | Failure): void {
  if ('failed' in result) {
    countMetric('QuestionFailed')
    // It is asked less and less often, and so does not come up three times in a quarter of an hour.
    if (result.lasting) countMetric('OutcomeOverdue')
    log.error('question failed', result.failed, { partner: partnerName })
    return
  }
  reportCase(partnerName, result)
  reportOverdue(result.now, lane.now())
}

/** Asks the partner about open attempts. `next`: the earliest instant at which there is another question to put. */
export const handler = observed(
  archived<unknown, { readonly next: string | null; readonly asked: number }>(async (_, context) =>
    run({
      ...lane,
      partner: await connect(),
      questionsMax,
      by: `inquire/${context.awsRequestId}`,
      turn: createPace(perSecond, { ...time, timeFor: timeFor(context) }),
      report,
    }),
  ),
)
