import type { Context } from 'aws-lambda'
import { callMarginSeconds } from '../shared/domain/deadlines.ts'
import type { PartnerConfiguration } from '../shared/partners/configuration.ts'
import { log } from '../shared/runtime/log.ts'
import { countMetric } from '../shared/runtime/metrics.ts'
import type { Lane } from './lane.ts'

/** The longest that an invocation waits for its exchanges to be archived, and what it keeps of its time after that. */
const archiveMs = 2_000
const archiveMarginMs = 1_000

/**
 * Archives what an invocation and the partner have said to each other, once all of it is settled. That never changes
 * what comes of the invocation: what could not be kept is counted, and the journal has what matters of it.
 */
export const archived =
  <Event, Result>(
    { archive, partnerName }: Pick<Lane, 'archive' | 'partnerName'>,
    handle: (event: Event, context: Context) => Promise<Result>,
  ) =>
  async (event: Event, context: Context): Promise<Result> => {
    try {
      return await handle(event, context)
    } finally {
      const left = context.getRemainingTimeInMillis() - archiveMarginMs
      const came = await archive.keep(context.awsRequestId, Math.min(archiveMs, left))
      if (typeof came === 'object') {
        countMetric('ArchiveFailed')
        log.error('exchanges not archived', came.failed, { partner: partnerName })
      }
    }
  }

/** Whether an invocation has time for that many calls, one after another, and for writing down what they say. */
export const timeFor =
  ({ callDeadlineSeconds }: Pick<PartnerConfiguration, 'callDeadlineSeconds'>, context: Context) =>
  (calls: number): boolean =>
    context.getRemainingTimeInMillis() >= (calls * callDeadlineSeconds + callMarginSeconds) * 1_000
