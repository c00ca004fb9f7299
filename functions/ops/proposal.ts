import type * as z from 'zod'
import type { Instant } from '../../shared/domain/instant.ts'
import type { Proposal } from '../../shared/operations/register.ts'
import type { proposalAnswer } from '../../shared/operations/schemas.ts'
import { shownAt } from './listed.ts'

export type ShownProposal = z.input<typeof proposalAnswer>

/** Whether nobody may decide on it any more. */
export const isExpired = ({ state, expiresAt }: Proposal, now: Instant): boolean =>
  state === 'proposed' && expiresAt <= now

/** A proposal as people see it. */
export function showProposal(proposal: Proposal, now: Instant): ShownProposal {
  const { id, instruction, statements, retry, proposedBy, at, expiresAt, state, approvedBy, outcome } =
    proposal
  return {
    id,
    instruction,
    ...(statements !== undefined && { statements }),
    ...(retry && { retry: { ...retry, approvalReasons: [...retry.approvalReasons] } }),
    proposedBy,
    at: shownAt(at),
    expiresAt: shownAt(expiresAt),
    state: isExpired(proposal, now) ? 'expired' : state,
    ...(approvedBy !== undefined && { approvedBy }),
    ...(outcome && { outcome }),
  }
}
