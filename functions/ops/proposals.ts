import type * as z from 'zod'
import { isRefused, type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command, Look } from '../../shared/api/step.ts'
import { isInVain, type ProposalOutcome, sayOutcome } from '../../shared/operations/proposal-outcome.ts'
import type { Proposal } from '../../shared/operations/register.ts'
import type { routes } from '../../shared/operations/routes.ts'
import type { proposalsQuery } from '../../shared/operations/schemas.ts'
import { recordIntent, recordOutcome, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import { answered, carryOut, type InstructionAnswer } from './instruct.ts'
import type { Carried } from './instructions/carried.ts'
import { isExpired, type ShownProposal, showProposal } from './proposal.ts'

type Page = z.input<(typeof routes)['proposals']['answer']>

/** One page of them. The last one's id says where the next begins. */
export async function listProposals(
  { register }: OpsDependencies,
  { limit, cursor }: z.output<typeof proposalsQuery>,
  { now }: Look,
): Promise<Page | Refused> {
  const after = cursor === undefined ? undefined : await register.proposal(cursor)
  if (cursor !== undefined && !after) {
    return refuse(400, 'The query cannot be read. cursor: not one that a page of proposals has given')
  }
  const found = await register.proposals(limit, after)
  const proposals = found.map((proposal) => showProposal(proposal, now))
  const next = found.length === limit ? found.at(-1)?.id : undefined
  return { proposals, ...(next !== undefined && { next }) }
}

const noSuchProposal = (id: string): Refused => refuse(404, `There is no proposal ${id}.`)

/** What came of it, and how it is wanted again where nothing did. */
function approvedBefore({ approvedBy = 'somebody', outcome }: Proposal): string {
  const before = `It was approved by ${approvedBy} before`
  if (!outcome)
    return `${before}, and nothing is known of its end yet. Should it have been cut off, ${approvedBy} approves it again.`
  const said = `${before}; it was ${sayOutcome(outcome)}`.replace(/\.?$/, '.')
  return isInVain(outcome) ? `${said} Propose it again.` : said
}

/** Why nobody can decide on it any more; `undefined` while somebody can. */
function decidedBefore(proposal: Proposal, { now }: Command): Refused | undefined {
  const { state, proposedBy } = proposal
  if (state === 'approved') return refuse(409, approvedBefore(proposal))
  if (state === 'withdrawn') return refuse(409, `It was withdrawn by ${proposedBy} before.`)
  if (isExpired(proposal, now)) return refuse(409, 'It has expired. Propose it again.')
  return undefined
}

/** The proposal as this command has decided it, or why it may not. Of two who decide at once, the second is told so. */
async function decide(
  { register }: OpsDependencies,
  proposal: Proposal,
  command: Command,
  decision: Pick<Proposal, 'state' | 'approvedBy'>,
): Promise<Proposal | Refused> {
  const { state, approvedBy, outcome } = proposal
  // Cut off after it was decided: whoever decided goes on, under the same key or, until it is carried out, another.
  const same = state === decision.state && approvedBy === decision.approvedBy
  if (same && (command.again || (state === 'approved' && !outcome))) return proposal
  const refused = decidedBefore(proposal, command)
  if (refused) return refused
  const next = { ...proposal, ...decision, version: proposal.version + 1 }
  if ((await register.changeProposal(next)) === 'written') return next
  return refuse(409, 'Somebody else has just decided on it. Look at it again.')
}

/** What was intended was refused: that is how it ended. */
async function refusedAfterIntent(
  deps: OpsDependencies,
  command: Command,
  action: string,
  refused: Refused,
): Promise<Refused> {
  await recordOutcome(deps, command, action, { refused: refused.problem.detail })
  return refused
}

/** What is kept of it with the proposal. */
function outcomeOf(carried: Carried): ProposalOutcome {
  if (isRefused(carried)) return { result: 'refused', why: carried.problem.detail }
  if ('job' in carried) return { result: 'started', job: carried.job.id }
  const { effects } = carried
  const isLeftAlone = effects.length > 0 && effects.every(({ done }) => !done)
  return { result: isLeftAlone ? 'left-alone' : 'done', effects: tallied(effects) }
}

/**
 * Approves somebody else's proposal and carries it out as it was proposed. It is marked as approved first, and what came
 * of it is kept last: should it be cut off in between, its approver approves it again, and nobody else can. To carry it
 * out twice does no more than once, so that what it came to at first stays, unless that was nothing.
 */
export async function approve(
  deps: OpsDependencies,
  id: string,
  command: Command,
): Promise<InstructionAnswer | Refused> {
  const proposal = await deps.register.proposal(id)
  if (!proposal) return noSuchProposal(id)
  const { instruction, proposedBy } = proposal
  const action = `approve/${instruction.instruction}`
  const approver = command.person.name
  if (approver === proposedBy) {
    await recordOutcome(deps, command, action, { proposal: id, refused: 'proposed by the same person' })
    return refuse(
      403,
      'It takes somebody else: whoever has proposed something cannot approve it, in whatever role.',
    )
  }
  await recordIntent(deps, command, action, { proposal: id, proposedBy, instruction })
  const decided = await decide(deps, proposal, command, { state: 'approved', approvedBy: approver })
  if (isRefused(decided)) return refusedAfterIntent(deps, command, action, decided)
  const { now, invocation } = command
  // It was asked for when it was proposed: what others have done since, the approval does not undo.
  const behind = { maker: proposedBy, approvedBy: approver, now, asked: proposal.at, invocation, id }
  const carried = await carryOut(deps, instruction, behind)
  const { answer, detail } = answered(carried)
  await recordOutcome(deps, command, action, { proposal: id, ...detail })
  if (!decided.outcome || isInVain(decided.outcome))
    await deps.register.changeProposal({
      ...decided,
      outcome: outcomeOf(carried),
      version: decided.version + 1,
    })
  return answer
}

/** Takes back what one has proposed oneself. */
export async function withdraw(
  deps: OpsDependencies,
  id: string,
  command: Command,
): Promise<ShownProposal | Refused> {
  const proposal = await deps.register.proposal(id)
  if (!proposal) return noSuchProposal(id)
  if (proposal.proposedBy !== command.person.name) {
    return refuse(403, `Only ${proposal.proposedBy} can withdraw it. Left alone, it expires.`)
  }
  await recordIntent(deps, command, 'withdraw', { proposal: id })
  const decided = await decide(deps, proposal, command, { state: 'withdrawn' })
  if (isRefused(decided)) return refusedAfterIntent(deps, command, 'withdraw', decided)
  await recordOutcome(deps, command, 'withdraw', { proposal: id, state: decided.state })
  return showProposal(decided, command.now)
}
