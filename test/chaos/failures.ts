import { powertoolsLogger } from '../../shared/runtime/log.ts'

/**
 * Hears of what handlers tell their log as failures of ours, instead of the log; of one run at a time. Returns what ends
 * that. A handler that answers "this message failed" says only there by what.
 */
export function hearFailures(hear: (error: unknown) => void): () => void {
  const { error } = powertoolsLogger
  powertoolsLogger.error = (_message, ...extra) => {
    for (const one of extra) hear(typeof one === 'object' && 'error' in one ? one.error : one)
  }
  return () => {
    powertoolsLogger.error = error
  }
}
