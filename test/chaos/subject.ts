import { isPayout, type Payout, payouts } from '../../shared/domain/payout.ts'

/** Whom a problem is about: a payout, or all of a participant's. */
export type Subject = { readonly participantId: string; readonly payouts: readonly Payout[] }

/** Reads `P-3 incentive-1` and `P-3`; undefined without a participant. */
export function readSubject(subject: string): Subject | undefined {
  const [participantId = '', payout = ''] = subject.split(' ')
  if (participantId === '') return undefined
  return { participantId, payouts: isPayout(payout) ? [payout] : payouts }
}
