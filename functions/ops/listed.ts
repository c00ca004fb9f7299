import { type Instant, jakartaTimestamp } from '../../shared/domain/instant.ts'
import { kindOf } from '../../shared/domain/payout.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { amountOf, schemeOfWave } from '../../shared/domain/scheme.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import type { ListedPayout } from '../../shared/operations/schemas.ts'

/** How a payout is called in answers: `P-00017/incentive-2`. */
export const nameOf = ({ participantId, payout }: PayoutKey): string => `${participantId}/${payout}`

/** Times as people in Jakarta read them. */
export const shownAt = (at: Instant): string => jakartaTimestamp(at)

/** A row as lists show it. Throws on a wave that no scheme covers: intake lets none in. */
export function listed(row: PayoutRow): ListedPayout {
  const { participantId, payout, wave, state, since, at, partner, lastFour, attempt, reason, remedy } = row
  const scheme = schemeOfWave(wave)
  if (!scheme) throw new Error(`no scheme covers wave ${wave}`)
  return {
    participantId,
    payout,
    kind: kindOf(payout),
    amount: amountOf(scheme, payout),
    wave,
    state,
    since: shownAt(since),
    ...(at !== undefined && { at: shownAt(at) }),
    ...(partner !== undefined && { partner }),
    ...(lastFour !== undefined && { lastFour }),
    ...(attempt !== undefined && { attempt }),
    ...(reason !== undefined && { reason }),
    ...(remedy !== undefined && { remedy }),
  }
}
