import type { RetryMember } from '../../shared/operations/register.ts'
import { participantId } from '../domain/examples.ts'

/** The participant's first incentive, as a set names it after so many attempts. */
export const memberOf = (closedAttempt: number, change: Partial<RetryMember> = {}): RetryMember => ({
  participantId,
  payout: 'incentive-1',
  closedAttempt,
  accountVersion: '1',
  partner: 'gopay',
  amount: 600_000,
  ...change,
})
