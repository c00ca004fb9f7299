import { canaryOutcome, judgeCanaries } from '../../shared/domain/canary.ts'
import { replay } from '../../shared/domain/fold.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import type { Pause } from '../../shared/domain/pause.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import type { Ledger } from '../../shared/ledger/ports.ts'

/**
 * Opens or pauses a lane's kinds that have a canary by what the journal says became of its payments: whatever their
 * workers lived to tell, and whoever has asked about them since. The row as it is then, and the pause if there is one now.
 */
export async function settleCanaries(
  { ledger, partnerName }: { readonly ledger: Ledger; readonly partnerName: string },
  before: Control,
  now: Instant,
): Promise<{ readonly control: Control; readonly pause?: Pause }> {
  const { canary = {} } = before
  const payouts = Object.values(canary).flatMap((each) => each.payouts)
  if (payouts.length === 0) return { control: before }
  const outcomes = await Promise.all(
    payouts.map(async (payout) => {
      const chain = await ledger.journal.read(payout.participantId, payout.payout)
      const attempts = replay(chain).attempts.filter(({ claim }) => claim.partner === partnerName)
      return [payout, canaryOutcome({ attempts }, payout, now)] as const
    }),
  )
  const by = `release/${partnerName}`
  const judged = await changeControl(ledger.lanes, partnerName, (control) =>
    judgeCanaries(control, canary, new Map(outcomes), { by, now }),
  )
  const control = judged.control ?? before
  const pause = Object.values(control.paused).find((each) => each.by === by && each.since === now)
  return { control, ...(pause && { pause }) }
}
