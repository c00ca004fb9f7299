import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { paymentsPerSecond } from '../../shared/partners/configuration.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countLanePaused, countMetric } from '../../shared/runtime/metrics.ts'
import { openLane } from '../lane.ts'
import { reportCase, reportContradiction } from '../reporting.ts'
import { type MessageResult, payBatch } from './batch.ts'
import type { PayResult } from './pay.ts'

const { connect, timeFor, archived, ...lane } = openLane()
const { partnerName, configuration } = lane
const ratePerSecond = paymentsPerSecond(configuration)

/** Throws a failure of ours, so that its message comes back; tells everything else. */
function report(result: MessageResult | undefined): void {
  if (!result) throw new Error('a message has no result')
  if ('failed' in result) {
    log.error('payment failed', result.failed, { partner: partnerName })
    throw result.failed
  }
  if ('denied' in result) {
    countMetric('PermitDenied')
    log.info('payment put off', { partner: partnerName, reason: result.denied })
  } else {
    reportUnanswered(result)
    reportContradiction(result, partnerName)
    reportCase(partnerName, result)
  }
}

/** A payout that waits because of what its partner has said, or has not, before the claim: its journal has nothing of it. */
function reportUnanswered({ now: { participantId, payout }, unanswered }: PayResult): void {
  if (!unanswered) return
  countMetric('PayoutPostponed')
  log.warn('payout postponed', { participantId, payout, partner: partnerName, ...unanswered })
}

/** Permits of this environment that were used up; see `BatchDependencies`. */
const usedUp = new Set<string>()
const processor = new BatchProcessor(EventType.SQS)

/** Pays a batch of at most ten messages, one after another; only what failed on our side comes back. */
export const handler = observed(
  archived<SQSEvent, SQSBatchResponse>(async (event, context) => {
    const by = `pay/${context.awsRequestId}`
    const once = { partner: await connect(), timeFor: timeFor(context), verified: new Map() }
    const bodies = event.Records.map(({ body }) => body)
    const { results, pause } = await payBatch(
      { ...lane, ...once, ratePerSecond, by, permitId: by, usedUp },
      bodies,
    )
    if (pause) {
      countLanePaused(pause.reason)
      log.warn('lane paused', { partner: partnerName, reason: pause.reason })
    }
    const resultOf = new Map(event.Records.map(({ messageId }, index) => [messageId, results[index]]))
    const settle = async ({ messageId }: SQSRecord) => report(resultOf.get(messageId))
    return processPartialResponse(event, settle, processor, { context, throwOnFullBatchFailure: false })
  }),
)
