import * as z from 'zod'

/** What may stand in a log: Lambda's and Powertools' own fields, those of `LogFields`, and an error of ours. */
const allowed = [
  ...['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id', 'function_request_id'],
  ...['participantId', 'payout', 'partner', 'state', 'outcome', 'reason', 'reference', 'code'],
  ...['eventType', 'count', 'depth', 'charges', 'error'],
]

const line = z.looseObject({})

/** The lines of a log that are not metrics. Throws on a line that is not JSON. */
export const linesOf = (log: string) =>
  log
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => line.parse(JSON.parse(text)))
    .filter((fields) => !('_aws' in fields))

/** Fields that should not be there. */
export const strayFields = (log: string): readonly string[] => [
  ...new Set(linesOf(log).flatMap((fields) => Object.keys(fields).filter((key) => !allowed.includes(key)))),
]

const metric = z.looseObject({ _aws: z.object({}) })

/** How often each metric was counted, summed over all lines of the log. */
export function metricsOf(log: string): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {}
  for (const text of log.split('\n').filter((each) => each.includes('"_aws"'))) {
    for (const [name, value] of Object.entries(metric.parse(JSON.parse(text)))) {
      const counts = [value].flat().filter((count) => typeof count === 'number')
      if (counts.length > 0)
        totals[name] = (totals[name] ?? 0) + counts.reduce((sum, count) => sum + count, 0)
    }
  }
  return totals
}

const dimensioned = z.looseObject({
  _aws: z.object({ CloudWatchMetrics: z.tuple([z.object({ Dimensions: z.tuple([z.array(z.string())]) })]) }),
})

/** The dimensions, with their values, of each line in which a metric was counted. */
export const dimensionsOf = (log: string, name: string): readonly Readonly<Record<string, unknown>>[] =>
  log
    .split('\n')
    .filter((text) => text.includes('"_aws"') && text.includes(`"${name}"`))
    .map((text) => {
      const { _aws, ...values } = dimensioned.parse(JSON.parse(text))
      const [{ Dimensions }] = _aws.CloudWatchMetrics
      return Object.fromEntries(Dimensions[0].map((dimension) => [dimension, values[dimension]]))
    })
