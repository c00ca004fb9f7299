import { civilDate, type Instant, latest, plusSeconds, startOfDay } from '../../shared/domain/instant.ts'
import { kindOf } from '../../shared/domain/payout.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import type { Scheme } from '../../shared/domain/scheme.ts'
import type { ListFilter } from '../../shared/operations/schemas.ts'
import type { Range } from './pages.ts'

/** Longer ago than this is for ever. */
const daysMax = 36_500

/** Since when a filter wants its payouts to be in their state. Nothing happens before the scheme's first day. */
export function rangeOf({ since, olderThan }: ListFilter, scheme: Scheme, now: Instant): Range {
  return {
    ...(since !== undefined && { from: startOfDay(latest(civilDate(since), scheme.firstCertificate)) }),
    ...(olderThan !== undefined && { to: plusSeconds(now, -Math.min(olderThan, daysMax) * 86_400) }),
  }
}

/** What a filter looks at. The index has all but the optional parts, which only the row tells. */
type Choosable = Pick<PayoutRow, 'payout' | 'since' | 'partner'> &
  Partial<Pick<PayoutRow, 'reason' | 'remedy' | 'wave'>>

/** Whether a payout is one that the filter wants. */
export function chosenBy(filter: ListFilter, { from, to }: Range): (row: Choosable) => boolean {
  const { partner, reason, remedy, wave, kind } = filter
  return (row) =>
    (partner === undefined || row.partner === partner) &&
    (reason === undefined || row.reason === reason) &&
    (remedy === undefined || row.remedy === remedy) &&
    (wave === undefined || row.wave === wave) &&
    (kind === undefined || kindOf(row.payout) === kind) &&
    (from === undefined || row.since >= from) &&
    (to === undefined || row.since <= to)
}
