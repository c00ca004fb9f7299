import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch'
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Instant } from '../../shared/domain/instant.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { type IntakeDependencies, type IntakeResult, takeIn } from './intake.ts'

function report(result: IntakeResult): void {
  if (result.outcome === 'quarantined') {
    countMetric('EventQuarantined')
    log.warn('event quarantined', { reason: result.reason })
    return
  }
  countMetric(result.outcome === 'accepted' ? 'EventAccepted' : 'EventDuplicate')
  // The table says more of it, and a wave has millions of them.
  log.debug('event taken in', { eventType: result.eventType, outcome: result.outcome })
}

/** Takes in batches from either intake queue; only what failed on our side comes back. */
export function createIntakeHandler(deps: IntakeDependencies & { readonly now: () => Instant }) {
  const processor = new BatchProcessor(EventType.SQS)
  return observed<SQSEvent, SQSBatchResponse>((event, context) => {
    const by = `intake/${context.awsRequestId}`
    const takeRecord = async ({ body }: SQSRecord) => {
      try {
        report(await takeIn(deps, body, deps.now(), by))
      } catch (error) {
        log.error('event not taken in', error)
        throw error
      }
    }
    return processPartialResponse(event, takeRecord, processor, { context, throwOnFullBatchFailure: false })
  })
}
