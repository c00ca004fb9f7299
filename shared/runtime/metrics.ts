import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'

/** Everything the system counts. Namespace and service come from the environment. */
export const metricNames = [
  'EventAccepted',
  'EventDuplicate',
  'EventQuarantined',
  'PayoutReleased',
  'PayoutPaid',
  'RupiahPaid',
  'PayoutPending',
  'PayoutUnknown',
  'OutcomeOverdue',
  'QuestionFailed',
  'PayoutFailed',
  'PayoutDeferred',
  'PayoutPostponed',
  'PayoutHeld',
  'PayoutReturned',
  'PayoutCancelled',
  'PaymentSurfaced',
  'PaymentOverpaid',
  'LanePaused',
  'FloatShort',
  'PayoutOverdue',
  'PermitDenied',
  'StatusPublished',
  'MovementCounted',
  'JournalTampered',
  'AuditTampered',
  'BreakFound',
  'StatementRefused',
  'ReconcilePostponed',
  'StatementMissing',
  'ArchiveFailed',
] as const
export type MetricName = (typeof metricNames)[number]
/** All but what has a way of its own to be counted. */
export type CountedName = Exclude<MetricName, 'LanePaused'>

const metrics = new Metrics()

/** Counts `times` of something, written once at the invocation's end. */
export function countMetric(name: CountedName, times = 1): void {
  metrics.addMetric(name, MetricUnit.Count, times)
}

/** The same, written before it returns: it is known even where the invocation does not come to its end. */
export function countAtOnce(name: CountedName, times: number): void {
  metrics.singleMetric().addMetric(name, MetricUnit.Count, times)
}

/** Counts `times` for one partner where a function works for all of them. Written at once, see below. */
export function countForPartner(partner: string, name: CountedName, times = 1): void {
  metrics.singleMetric().addDimension('partner', partner).addMetric(name, MetricUnit.Count, times)
}

/** Counts a pause that the lane has made itself. Written at once: what is written together shares its dimensions, and
 *  the reason is one of this alone. */
export function countLanePaused(reason: string): void {
  metrics.singleMetric().addDimension('reason', reason).addMetric('LanePaused', MetricUnit.Count, 1)
}

/** A dimension of everything this function counts. */
export function setPartner(partner: string): void {
  metrics.setDefaultDimensions({ partner })
}

export { metrics as powertoolsMetrics }
