import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { paymentsPerSecond } from '../../shared/partners/configuration.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countLanePaused, countMetric } from '../../shared/runtime/metrics.ts'
import { archived, timeFor } from '../invocation.ts'
import type { Lane } from '../lane.ts'
import { reportCase, reportContradiction } from '../reporting.ts'
import { type MessageResult, payBatch } from './batch.ts'
import type { PayResult } from './pay.ts'

/** Throws a failure of ours, so that its message comes back; tells everything else. */
function report(partner: string, result: MessageResult | undefined): void {
  if (!result) throw new Error('a message has no result')
  if ('failed' in result) {
    log.error('payment failed', result.failed, { partner })
    throw result.failed
  }
  if ('denied' in result) {
    countMetric('PermitDenied')
    log.info('payment put off', { partner, reason: result.denied })
  } else {
    reportUnanswered(partner, result)
    reportContradiction(result, partner)
    reportCase(partner, result)
  }
}

/** A payout that waits because of what its partner has said, or has not, before the claim: its journal has nothing of it. */
function reportUnanswered(partner: string, { now: { participantId, payout }, unanswered }: PayResult): void {
  if (!unanswered) return
  countMetric('PayoutPostponed')
  log.warn('payout postponed', { participantId, payout, partner, ...unanswered })
}

/** Pays batches of at most ten messages, one after another; only what failed on our side comes back. */
export function createPayHandler(lane: Lane) {
  const { partnerName: partner, configuration } = lane
  const ratePerSecond = paymentsPerSecond(configuration)
  /** Permits of this environment that were used up; see `BatchDependencies`. */
  const usedUp = new Set<string>()
  const processor = new BatchProcessor(EventType.SQS)

  const handle = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const by = `pay/${context.awsRequestId}`
    const once = {
      by,
      permitId: by,
      partner: await lane.connect(),
      timeFor: timeFor(configuration, context),
      verified: new Map(),
    }
    const bodies = event.Records.map(({ body }) => body)
    const { results, pause } = await payBatch({ ...lane, ...once, ratePerSecond, usedUp }, bodies)
    if (pause) {
      countLanePaused(pause.reason)
      log.warn('lane paused', { partner, reason: pause.reason })
    }
    const resultOf = new Map(event.Records.map(({ messageId }, index) => [messageId, results[index]]))
    const settle = async ({ messageId }: SQSRecord) => report(partner, resultOf.get(messageId))
    return processPartialResponse(event, settle, processor, { context, throwOnFullBatchFailure: false })
  }
  return observed(archived(lane, handle))
}
