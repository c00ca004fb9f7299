import type * as z from 'zod'
import { formatRupiah } from '../../shared/domain/rupiah.ts'
import type { Instruction } from '../../shared/operations/instructions.ts'
import { isInVain, sayOutcome } from '../../shared/operations/proposal-outcome.ts'
import type { instructionAnswer, proposalAnswer } from '../../shared/operations/schemas.ts'
import { exitCodes } from '../command/exit-codes.ts'
import { type Tone, toneOf } from '../command/paint.ts'
import { table } from '../command/table.ts'
import { isStopped, type Session, type Shown, type Stopped, type View } from '../command/verb.ts'
import { age, moment } from '../command/words.ts'
import { counted } from '../local/text.ts'
import { completeJob, type Job, showJob } from './job.ts'

/** What every instruction has in common: it is done, waits for a second person, or a job carries it out. */

type Answer = z.output<typeof instructionAnswer>
type Proposal = z.output<typeof proposalAnswer>

const lane = ({ partner, kind }: { readonly partner?: string; readonly kind?: string }): string =>
  `${partner ?? 'the whole programme'}${kind === undefined ? '' : `, ${kind} payouts`}`

function subjectsOf(subjects: Extract<Instruction, { readonly instruction: 'hold' }>['subjects']): string {
  if ('participantId' in subjects) return `participant ${subjects.participantId}`
  const [first, ...others] = subjects.payouts.map(({ participantId, payout }) => `${participantId}/${payout}`)
  return others.length === 0 ? (first ?? '') : `${first} and ${counted(others.length, 'other')}`
}

/** An instruction as one would say it, with its reason or document at the end. */
export function describeInstruction(instruction: Instruction): string {
  switch (instruction.instruction) {
    case 'retry':
      return `retry the payments of set ${instruction.set.slice(0, 12)}…: ${instruction.reason}`
    case 'hold':
    case 'unhold':
    case 'cancel':
      return `${instruction.instruction} ${subjectsOf(instruction.subjects)}: ${instruction.reason}`
    case 'settle': {
      const { reference, outcome, document, reason } = instruction
      return `settle ${reference} as ${outcome === 'paid' ? 'paid' : 'not paid'} by ${document}: ${reason}`
    }
    case 'fund':
      return `add ${formatRupiah(instruction.amount)} to the float at ${instruction.partner} by ${instruction.document}`
    case 'sweep':
      return `take ${formatRupiah(instruction.amount)} from the float at ${instruction.partner} by ${instruction.document}`
    case 'fee':
      return `book a fee of ${formatRupiah(instruction.amount)} at ${instruction.partner} by ${instruction.document}`
    case 'recovered':
      return `${instruction.reference} has come back by ${instruction.document}`
    case 'write-off':
      return `write off ${instruction.reference} by ${instruction.document}: ${instruction.reason}`
    case 'explain-break': {
      const { break: id, partner, note, assignedTo } = instruction
      return `break ${id} at ${partner}${assignedTo === undefined ? '' : `, seen to by ${assignedTo}`}: ${note}`
    }
    case 'write-off-break':
      return `write off break ${instruction.break} at ${instruction.partner}: ${instruction.reason}`
    case 'pause':
    case 'resume':
      return `${instruction.instruction} ${lane(instruction)}: ${instruction.reason}`
  }
}

const describeRetry = ({ payments, rupiah, approvalReasons }: NonNullable<Proposal['retry']>): string =>
  `${counted(payments, 'payment')}, ${formatRupiah(rupiah)}; it takes two people: ${approvalReasons.join('; ')}`

/** What the second person is asked to approve, with what the statements say of it, or how much it would send. */
export const describeProposal = ({ instruction, statements, retry }: Proposal): string =>
  [
    describeInstruction(instruction),
    ...(statements === undefined ? [] : [`statements: ${statements}`]),
    ...(retry ? [describeRetry(retry)] : []),
  ].join('; ')

/** Approved looks well only as long as something may still come of it. */
export const toneOfProposal = ({ state, outcome }: Proposal): Tone | undefined =>
  outcome && isInVain(outcome) ? 'bad' : toneOf(state)

/** A proposal whole, with what the second person types. */
export function showProposal(proposal: Proposal, { now, paint, command }: View): Shown {
  const { id, state, proposedBy, at, expiresAt, approvedBy, outcome } = proposal
  const by = approvedBy === undefined ? '' : ` by ${approvedBy}`
  const came = outcome ? `, ${sayOutcome(outcome)}` : ''
  return {
    lines: [
      `${paint(toneOfProposal(proposal), state)}${by}${came}  ${describeProposal(proposal)}`,
      `proposal ${id}, proposed by ${proposedBy} on ${moment(at)}, expires ${moment(expiresAt)} (${age(expiresAt, now)})`,
    ],
    ...(state === 'proposed' && {
      hints: [`It waits for a second person: ${command(`approve ${id}`)}`],
      code: exitCodes.waiting,
    }),
  }
}

/** What it came to, one by one. It has failed where nothing of all that was wanted is so. */
export function showInstruction(answer: Answer, view: View): Shown {
  if (answer.result === 'proposed') return showProposal(answer.proposal, view)
  if (answer.result === 'started') return showJob(answer.job, view)
  const lines = table(
    answer.effects,
    [
      { title: 'WHAT', text: ({ subject }) => subject },
      { title: 'OUTCOME', text: ({ outcome }) => outcome, tone: ({ outcome }) => toneOf(outcome) },
    ],
    view.paint,
  )
  const nothingDone = lines.length > 0 && answer.effects.every(({ done }) => !done)
  return {
    lines: lines.length > 0 ? lines : ['done: there was nothing to change'],
    ...(nothingDone && { code: exitCodes.refused }),
  }
}

/** Stays with the job that an instruction has started. */
export async function completeInstruction(answer: Answer, session: Session): Promise<Answer | Stopped> {
  if (answer.result !== 'started') return answer
  const job: Job | Stopped = await completeJob(answer.job, session)
  if (isStopped(job)) return job
  return job === answer.job ? answer : { result: 'started', job }
}
