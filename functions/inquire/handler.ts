import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { openLane } from '../lane.ts'
import { reportCase } from '../reporting.ts'
import { run } from './run.ts'

const { connect, timeFor, archived, ...lane } = openLane()
const { partnerName, configuration } = lane
const questionsMax = Math.max(1, Math.floor(configuration.ratePerSecond * 60 * configuration.inquiryShare))

/** Asks the partner about open attempts. `next`: the earliest instant at which there is another question to put. */
export const handler = observed(
  archived<unknown, { readonly next: string | null; readonly asked: number }>(async (_, context) =>
    run({
      ...lane,
      partner: await connect(),
      questionsMax,
      by: `inquire/${context.awsRequestId}`,
      timeFor: timeFor(context),
      report: (result) => {
        if ('failed' in result) log.error('question failed', result.failed, { partner: partnerName })
        else reportCase(partnerName, result)
      },
    }),
  ),
)
