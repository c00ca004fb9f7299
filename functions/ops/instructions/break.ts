import type { Refused } from '../../../shared/api/problem.ts'
import { isRefused, refuse } from '../../../shared/api/problem.ts'
import { type Instruction, peopleNeeded } from '../../../shared/operations/instructions.ts'
import type { BreakRecord } from '../../../shared/reconciliation/follow.ts'
import { writtenOff } from '../../../shared/reconciliation/written-off.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { type Behind, type Carried, done, type Judged, leftAlone } from './carried.ts'

/** What people say of a difference between a partner's statement and our books. It changes neither. */

type BreakInstruction = Extract<Instruction, { instruction: 'explain-break' | 'write-off-break' }>

/** What is resolved needs no writing off; explained it may be at any time. */
async function findBreak(
  { reconciliations }: OpsDependencies,
  { instruction, partner, break: id }: BreakInstruction,
): Promise<BreakRecord | Refused> {
  const found = await reconciliations.break(partner, id)
  if (!found) return refuse(404, `${partner} has no break ${id}.`)
  if (instruction === 'write-off-break' && found.state === 'resolved')
    return refuse(422, `The break ${id} is resolved: there is nothing to write off.`)
  return found
}

/** One person explains a break, two write it off. */
export async function judgeBreak(deps: OpsDependencies, instruction: BreakInstruction): Promise<Judged> {
  const found = await findBreak(deps, instruction)
  return isRefused(found) ? found : peopleNeeded[instruction.instruction]
}

const corrected = 'not written off: its statement was corrected since this was proposed'

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
  const remark = { ...said, note: instruction.reason, writtenOffBy: approvedBy }
  if (!(await writtenOff(deps.reconciliations, partner, [found], [remark])).has(id))
    return { effects: [{ subject: id, ...leftAlone(corrected) }] }
  await deps.remarks.remark(remark)
  return { effects: [{ subject: id, ...done('written off') }] }
}
