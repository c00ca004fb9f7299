import { type Instant, secondsBetween } from '../../shared/domain/instant.ts'
import { kindOf, type Payout } from '../../shared/domain/payout.ts'
import type { Control } from '../../shared/domain/permit.ts'
import type { Lanes } from '../../shared/ledger/ports.ts'
import { log } from '../../shared/runtime/log.ts'

export type Watched = {
  readonly ledger: { readonly lanes: Pick<Lanes, 'read'> }
  readonly partnerName: string
  readonly now: () => Instant
}
type Row = Pick<Control, 'paused' | 'canary'>

/** How old the last look at the lane may be when a payment begins, and again when it is claimed. A batch that is done
 *  sooner never looks. */
const lookSeconds = 1

/**
 * Watches for a pause that comes while a batch is under way: its permit was taken before. Says whether a payout may not
 * be sent any more; begins with what the permit's own look has shown, that it may. A look that fails leaves things as the
 * last one found them: the permit stands, its batch is soon over, and a table that cannot be read at all stops the claim
 * itself. The next payment looks again. A pause that was lifted meanwhile stops the batch like one that was not: the canary
 * that has begun is made of what was permitted since.
 */
export function watchPauses(
  { ledger, partnerName, now }: Watched,
  granted: Row = { paused: {} },
): (payout: Payout) => Promise<boolean> {
  let row = granted
  let lookedAt = now()
  return async (payout) => {
    const age = secondsBetween(lookedAt, now())
    // A clock that was set back does not say how old the look is.
    if (age < 0 || age >= lookSeconds) {
      try {
        row = await ledger.lanes.read(partnerName)
        lookedAt = now()
      } catch (error) {
        const reason = error instanceof Error ? error.name : 'unknown'
        log.warn('pause not looked for', { partner: partnerName, reason })
      }
    }
    const kind = kindOf(payout)
    const canary = row.canary?.[kind]
    const isOlder = canary !== undefined && canary.since !== granted.canary?.[kind]?.since
    return row.paused[kind] !== undefined || isOlder
  }
}
