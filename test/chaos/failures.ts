import { powertoolsLogger } from '../../shared/runtime/log.ts'

/**
 * Hears of what handlers tell their log as failures of ours, instead of the log; of one run at a time. Returns what ends
 * that. A handler that answers "this message failed" says only there by what.
 */
export function hearFailures(hear: (error: unknown) => void): () => void {
  const { error } = powertoolsLogger
  powertoolsLogger.error = (message, ...extra) => {
    const [first = message] = extra
    hear(typeof first === 'object' && 'error' in first ? first.error : first)
  }
  return () => {
    powertoolsLogger.error = error
  }
}
