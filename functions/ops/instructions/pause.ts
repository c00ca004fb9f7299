import { lastPaused, pausedItself, pauseLane, resume } from '../../../shared/domain/pause.ts'
import { kinds } from '../../../shared/domain/payout.ts'
import type { Control } from '../../../shared/domain/permit.ts'
import { changeControl } from '../../../shared/ledger/control.ts'
import type { Instruction } from '../../../shared/operations/instructions.ts'
import type { OpsDependencies } from '../dependencies.ts'
import {
  type Behind,
  type Carried,
  done,
  type Effect,
  type Judged,
  leftAlone,
  type Outcome,
  signature,
} from './carried.ts'

/** Closing and re-opening lanes. A closed one asks what became of open attempts, but sends nothing. */

type PauseInstruction = Extract<Instruction, { instruction: 'pause' | 'resume' }>
type Dependencies = Pick<OpsDependencies, 'ledger' | 'partners'>
type Changed = Outcome & { readonly control?: Control }

const lanesMeant = ({ partners }: Dependencies, { partner }: PauseInstruction): readonly string[] =>
  partner === undefined ? partners : [partner]

/** Anybody may close; re-opening takes two where one of the lanes has closed itself. */
export async function judgePause(deps: OpsDependencies, instruction: PauseInstruction): Promise<Judged> {
  if (instruction.instruction === 'pause') return 'one'
  const rows = await Promise.all(
    lanesMeant(deps, instruction).map((partner) => deps.ledger.lanes.read(partner)),
  )
  return rows.some((control) => pausedItself(control, instruction.kind)) ? 'two' : 'one'
}

function changed(
  control: Control,
  { instruction, kind, reason: note }: PauseInstruction,
  behind: Behind,
): Changed {
  if (instruction === 'pause') {
    const pause = { reason: 'operator', since: behind.now, by: signature(behind), note } as const
    const next = pauseLane(control, pause, kind)
    const { paused } = next.control ?? control
    const isPausedAlready = kinds.every((each) => paused[each]?.by === control.paused[each]?.by)
    const already = next.control ? 'paused already; counts from now' : 'paused already'
    return { ...next, ...done(isPausedAlready ? already : 'paused') }
  }
  // It may have closed itself since one person was found to be enough.
  if (behind.approvedBy === undefined && pausedItself(control, kind)) {
    return leftAlone('not resumed: it has paused itself, which takes two people to undo')
  }
  const paused = Object.entries(control.paused).filter(([name]) => kind === undefined || name === kind)
  if (paused.some(([, pause]) => lastPaused(pause) > behind.asked)) {
    return leftAlone('not resumed: it was paused again since this was asked for')
  }
  const next = resume(control, behind.now, kind)
  return { ...next, ...done(next.control ? 'resumed, a few payments first' : 'not paused') }
}

/** Each lane on its own. What is in the queues stays there or is put off: nothing is lost. */
export async function carryOutPause(
  deps: Dependencies,
  instruction: PauseInstruction,
  behind: Behind,
): Promise<Carried> {
  const one = async (partner: string): Promise<Effect> => {
    const { outcome, done: wasDone } = await changeControl(deps.ledger.lanes, partner, (control) =>
      changed(control, instruction, behind),
    )
    const { kind } = instruction
    return { subject: kind === undefined ? partner : `${partner} ${kind}`, outcome, done: wasDone }
  }
  return { effects: await Promise.all(lanesMeant(deps, instruction).map(one)) }
}
