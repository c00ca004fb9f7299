import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { reportCharges } from './charges.ts'
import { powertoolsLogger } from './log.ts'
import { powertoolsMetrics } from './metrics.ts'

/** A line says which invocation it is of. What Powertools could add besides is in the name of the log group or in the
 *  template, and every byte is paid for. */
const nameInvocation = ({ context }: { readonly context: Context }): void =>
  powertoolsLogger.appendKeys({ function_request_id: context.awsRequestId })

/** Most scheduled runs count nothing, and Powertools' own middleware would complain of each. */
function flush(): void {
  reportCharges()
  if (powertoolsMetrics.hasStoredMetrics()) powertoolsMetrics.publishStoredMetrics()
}

/**
 * What all functions share: the invocation's name in the log, metrics and the sums of write units, written at the end whatever happens.
 * The raw event is never logged. middy's own timeout is off: it would answer while a payment is still under way.
 */
export function observed<Event, Result>(handle: (event: Event, context: Context) => Promise<Result>) {
  return middy<Event, Result>({ timeoutEarlyInMillis: 0 })
    .use({ before: nameInvocation })
    .use({ after: flush, onError: flush })
    .handler(handle)
}
