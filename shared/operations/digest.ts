import { type CivilDate, type Instant, plusDays, plusSeconds, startOfDay } from '../domain/instant.ts'
import { sha256Of } from '../ledger/chain.ts'
import type { AuditRecord } from './register.ts'

/**
 * The audit trail's digest: what is kept of each day where nobody can change it. Whoever can write to the trail can
 * write a whole chain anew; it would no longer be what its digests say.
 */
export type AuditDigest = {
  /** Day in Jakarta. */
  readonly day: CivilDate
  /** How many there were. */
  readonly records: number
  /** Of the day's last record; empty on a day without one. */
  readonly lastHash: string
  /** Lower-case hex sha256 over the canonical JSON of the day's records in order. */
  readonly hash: string
}

export type Digests = {
  /** Keeps a day's digest, or compares it with the one that is kept, which stays: `same` or `other`. */
  keep(digest: AuditDigest): Promise<'kept' | 'same' | 'other'>
  read(day: CivilDate): Promise<AuditDigest | undefined>
}

/** The digest of a whole day's records, in order. */
export const digestOf = (day: CivilDate, records: readonly AuditRecord[]): AuditDigest => ({
  day,
  records: records.length,
  lastHash: records.at(-1)?.hash ?? '',
  hash: sha256Of(records),
})

/** Into the next day in Jakarta, when nobody is still busy with what was begun before midnight. */
export const digestMinute = 15
const lateSeconds = (digestMinute + 15) * 60

/** From when on a day without a digest is one whose digest is missing. */
export const digestDue = (day: CivilDate): Instant => plusSeconds(startOfDay(plusDays(day, 1)), lateSeconds)
