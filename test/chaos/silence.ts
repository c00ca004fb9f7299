/** Environment variables by which handlers log and count nothing: it would stand between what is told of the runs. */
export const silence = {
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Disbursement/chaos',
  POWERTOOLS_SERVICE_NAME: 'chaos',
} as const
