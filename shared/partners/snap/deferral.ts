import { type Instant, jakartaDate, plusDays, plusSeconds, startOfDay } from '../../domain/instant.ts'
import type { DeferralReason } from '../../domain/outcome.ts'

/**
 * When another try makes sense. SNAP names no waits, so these are ours: daily limits start again at midnight
 * in Jakarta, bank cut-offs end by six, and what takes a person or another system to repair is not asked for
 * every minute.
 */
const daySeconds = 86_400
const firstTry = { 'daily-limit': 5 * 60, 'cut-off': 6 * 3600 } as const
const waitSeconds = {
  'rate-limited': 60,
  'not-connected': 15 * 60,
  'float-empty': 15 * 60,
  'credentials-refused': 15 * 60,
  'partner-suspended': 3600,
} as const

/** The earliest moment at which a payout deferred at `now` is worth another try; always later than `now`. */
export function notBefore(reason: DeferralReason, now: Instant): Instant {
  switch (reason) {
    case 'daily-limit':
      return plusSeconds(startOfDay(plusDays(jakartaDate(now), 1)), firstTry[reason])
    case 'cut-off': {
      const today = plusSeconds(startOfDay(jakartaDate(now)), firstTry[reason])
      return now < today ? today : plusSeconds(today, daySeconds)
    }
    default:
      return plusSeconds(now, waitSeconds[reason])
  }
}
