import { Logger } from '@aws-lambda-powertools/logger'

/**
 * Logs are an allow-list: a field that is not here cannot be written, so that no name, account number, body or
 * secret ever is.
 */
export type LogFields = {
  readonly participantId?: string
  readonly payout?: string
  readonly partner?: string
  readonly state?: string
  readonly outcome?: string
  readonly reason?: string
  readonly reference?: string
  readonly code?: string
  readonly eventType?: string
  readonly count?: number
  readonly depth?: number
  readonly rupiah?: number
  /** Write units of an invocation: owner, payout or `facts`, units. */
  readonly charges?: readonly (readonly [string, string, number])[]
}

const logger = new Logger()

export const log = {
  /** Whether what is for a developer's eyes is written at all. */
  debugs: (): boolean => logger.getLevelName() === 'DEBUG',
  /** For a developer's eyes and the local stack's counts. */
  debug: (message: string, fields: LogFields) => logger.debug(message, fields),
  info: (message: string, fields: LogFields) => logger.info(message, fields),
  /** Something a person should look at, though nothing is lost. */
  warn: (message: string, fields: LogFields) => logger.warn(message, fields),
  /** One of our own bugs or an AWS failure. The message is the error's own and names no personal data. */
  error: (message: string, error: unknown, fields: LogFields = {}) =>
    logger.error(message, { ...fields, error: error instanceof Error ? error : new Error(String(error)) }),
}

export { logger as powertoolsLogger }
