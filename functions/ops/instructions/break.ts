import type { Refused } from '../../../shared/api/problem.ts'
import { isRefused, refuse } from '../../../shared/api/problem.ts'
import { type Instruction, peopleNeeded } from '../../../shared/operations/instructions.ts'
import type { BreakRecord } from '../../../shared/reconciliation/follow.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { type Behind, type Carried, done, type Judged } from './carried.ts'

/** What people say of a difference between a partner's statement and our books. It changes neither. */

type BreakInstruction = Extract<Instruction, { instruction: 'explain-break' | 'write-off-break' }>

async function findBreak(
  { reconciliations }: OpsDependencies,
  { partner, break: id }: BreakInstruction,
): Promise<BreakRecord | Refused> {
  return (await reconciliations.break(partner, id)) ?? refuse(404, `${partner} has no break ${id}.`)
}

/** What is resolved needs no writing off; explained it may be at any time. */
export async function judgeBreak(deps: OpsDependencies, instruction: BreakInstruction): Promise<Judged> {
  const found = await findBreak(deps, instruction)
  if (isRefused(found)) return found
  if (instruction.instruction === 'write-off-break' && found.state === 'resolved')
    return refuse(422, `The break ${found.id} is resolved: there is nothing to write off.`)
  return peopleNeeded[instruction.instruction]
}

/** Notes it once, however often the same command comes. */
export async function carryOutBreak(
  deps: OpsDependencies,
  instruction: BreakInstruction,
  { maker, approvedBy, asked }: Behind,
): Promise<Carried> {
  const found = await findBreak(deps, instruction)
  if (isRefused(found)) return found
  const { partner, break: id } = instruction
  const said = { partner, id, at: asked, by: maker }
  if (instruction.instruction === 'explain-break') {
    const { note, assignedTo } = instruction
    await deps.remarks.remark({ ...said, note, ...(assignedTo !== undefined && { assignedTo }) })
    return { effects: [{ subject: id, ...done(assignedTo === undefined ? 'noted' : `with ${assignedTo}`) }] }
  }
  if (approvedBy === undefined) throw new Error('a break was written off by one person')
  await deps.remarks.remark({ ...said, note: instruction.reason, writtenOffBy: approvedBy })
  return { effects: [{ subject: id, ...done('written off') }] }
}
