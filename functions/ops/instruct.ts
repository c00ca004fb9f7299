import { createHash } from 'node:crypto'
import type * as z from 'zod'
import { isRefused, type Refused } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { Instruction } from '../../shared/operations/instructions.ts'
import type { Proposal } from '../../shared/operations/register.ts'
import type { instructionAnswer } from '../../shared/operations/schemas.ts'
import { recordIntent, recordOutcome, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import { carryOutAttempt, judgeAttempt } from './instructions/attempt.ts'
import { carryOutBreak, judgeBreak } from './instructions/break.ts'
import type { Behind, Carried, Judged, Stated } from './instructions/carried.ts'
import { carryOutFloat, judgeFloat } from './instructions/fund.ts'
import { carryOutHold, judgeHold } from './instructions/hold.ts'
import { carryOutPause, judgePause } from './instructions/pause.ts'
import { judgeRetrySet, startRetry } from './instructions/retry.ts'
import { showJob } from './jobs.ts'
import { showProposal } from './proposal.ts'

export type InstructionAnswer = z.input<typeof instructionAnswer>

/** How long the second person may take. */
const proposalSeconds = 24 * 3_600

/** How many people it takes here and now, or why nobody need be asked. */
function judge(deps: OpsDependencies, instruction: Instruction, command: Command): Judged | Promise<Judged> {
  switch (instruction.instruction) {
    case 'retry':
      return judgeRetrySet(deps, instruction, {
        maker: command.person.name,
        now: command.now,
        id: commandId(command),
      })
    case 'hold':
    case 'unhold':
    case 'cancel':
      return judgeHold(deps, instruction)
    case 'settle':
    case 'recovered':
    case 'write-off':
      return judgeAttempt(deps, instruction, command.now)
    case 'explain-break':
    case 'write-off-break':
      return judgeBreak(deps, instruction)
    case 'fund':
    case 'sweep':
    case 'fee':
      return judgeFloat(deps, instruction)
    case 'pause':
    case 'resume':
      return judgePause(deps, instruction)
  }
}

/** Carries an instruction out. Carried out again it changes nothing more, and brings up to date what was left behind. */
export function carryOut(deps: OpsDependencies, instruction: Instruction, behind: Behind): Promise<Carried> {
  switch (instruction.instruction) {
    case 'retry':
      return startRetry(deps, instruction, behind)
    case 'hold':
    case 'unhold':
    case 'cancel':
      return carryOutHold(deps, instruction, behind)
    case 'settle':
    case 'recovered':
    case 'write-off':
      return carryOutAttempt(deps, instruction, behind)
    case 'explain-break':
    case 'write-off-break':
      return carryOutBreak(deps, instruction, behind)
    case 'fund':
    case 'sweep':
    case 'fee':
      return carryOutFloat(deps, instruction, behind)
    case 'pause':
    case 'resume':
      return carryOutPause(deps, instruction, behind)
  }
}

/** A UUID of the custom kind made from a person's command: the same command again makes the same one.
 *  https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
export function commandId({ person, key }: Command): string {
  const hash = createHash('sha256').update(`${person.name} ${key}`).digest('hex')
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`]
  return [...parts, hash.slice(20, 32)].join('-')
}

/** What it came to, in the route's words, and as the audit trail keeps it. */
export function answered(carried: Carried): {
  readonly answer: InstructionAnswer | Refused
  readonly detail: Readonly<Record<string, unknown>>
} {
  if (isRefused(carried)) return { answer: carried, detail: { refused: carried.problem.detail } }
  if ('job' in carried) {
    return { answer: { result: 'started', job: showJob(carried.job) }, detail: { job: carried.job.id } }
  }
  return {
    answer: { result: 'done', effects: carried.effects },
    detail: { effects: tallied(carried.effects) },
  }
}

async function propose(
  deps: OpsDependencies,
  instruction: Instruction,
  command: Command,
  stated?: Stated,
): Promise<InstructionAnswer> {
  const { now, person } = command
  const fresh: Proposal = {
    id: commandId(command),
    instruction,
    ...stated,
    proposedBy: person.name,
    at: now,
    expiresAt: plusSeconds(now, proposalSeconds),
    state: 'proposed',
    version: 1,
  }
  const action = `instruct/${instruction.instruction}`
  await recordIntent(deps, command, action, { instruction })
  const isNew = (await deps.register.propose(fresh)) === 'proposed'
  const proposal = isNew ? fresh : ((await deps.register.proposal(fresh.id)) ?? fresh)
  await recordOutcome(deps, command, action, { proposal: proposal.id, ...stated })
  return { result: 'proposed', proposal: showProposal(proposal, now) }
}

/** What was proposed by the same command, which has not heard so. */
async function proposedBefore(
  deps: OpsDependencies,
  { instruction }: Instruction,
  command: Command,
): Promise<InstructionAnswer | undefined> {
  const proposal = command.again ? await deps.register.proposal(commandId(command)) : undefined
  if (!proposal) return undefined
  await recordOutcome(deps, command, `instruct/${instruction}`, { proposal: proposal.id })
  return { result: 'proposed', proposal: showProposal(proposal, command.now) }
}

/** Carries an instruction out where one person is enough, and proposes it where it takes two. */
export async function instruct(
  deps: OpsDependencies,
  instruction: Instruction,
  command: Command,
): Promise<InstructionAnswer | Refused> {
  const before = await proposedBefore(deps, instruction, command)
  if (before) return before
  const judged = await judge(deps, instruction, command)
  if (typeof judged !== 'string') {
    return isRefused(judged) ? judged : propose(deps, instruction, command, judged)
  }
  if (judged === 'two') return propose(deps, instruction, command)
  const { now, asked, invocation, person } = command
  const behind = { maker: person.name, now, asked, invocation, id: commandId(command) }
  const action = `instruct/${instruction.instruction}`
  await recordIntent(deps, command, action, { instruction })
  const { answer, detail } = answered(await carryOut(deps, instruction, behind))
  await recordOutcome(deps, command, action, detail)
  return answer
}
