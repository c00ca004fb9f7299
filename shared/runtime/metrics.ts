import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'

/** Everything the system counts. Namespace and service come from the environment. */
export const metricNames = [
  'EventAccepted',
  'EventDuplicate',
  'EventQuarantined',
  'PayoutReleased',
  'PayoutPaid',
  'PayoutPending',
  'PayoutUnknown',
  'PayoutFailed',
  'PayoutDeferred',
  'PayoutHeld',
  'PayoutReturned',
  'PayoutCancelled',
  'PaymentSurfaced',
  'PaymentOverpaid',
  'LanePaused',
  'PermitDenied',
  'RefusedAnswer',
  'StatusPublished',
  'JournalTampered',
] as const
export type MetricName = (typeof metricNames)[number]

const metrics = new Metrics()

/** Counts `times` of something, written once at the invocation's end. */
export function countMetric(name: MetricName, times = 1): void {
  metrics.addMetric(name, MetricUnit.Count, times)
}

/** A dimension of everything this function counts. */
export function setPartner(partner: string): void {
  metrics.setDefaultDimensions({ partner })
}

export { metrics as powertoolsMetrics }
