import type * as z from 'zod'
import { routes } from '../../shared/operations/routes.ts'
import type { jobAnswer } from '../../shared/operations/schemas.ts'
import { exitCodes } from '../command/exit-codes.ts'
import { toneOf } from '../command/paint.ts'
import type { Session, Shown, Stopped, View } from '../command/verb.ts'
import { moment } from '../command/words.ts'
import { count, counted } from '../local/text.ts'
import { untilEnded } from './long-work.ts'

/** Retry jobs: how far one has come, and staying with it. */

export type Job = z.output<typeof jobAnswer>

/** Members that a job has left alone. */
export const skippedBy = ({ skipped }: Job): number =>
  Object.values(skipped).reduce((sum, each) => sum + each, 0)

const dealtWith = (job: Job): string =>
  `retried ${count(job.retried)} of ${counted(job.payments, 'payment')}, skipped ${count(skippedBy(job))}`

/** Stopped, or nothing of its set was retried: what a job has retried it counts itself, however often its command comes. */
const isInVain = ({ state, retried }: Job): boolean =>
  state === 'stopped' || (state === 'done' && retried === 0)

export function showJob(job: Job, { paint, command }: View): Shown {
  const { id, reason, state, skipped, startedBy, approvedBy, at, endedAt } = job
  const approved = approvedBy === undefined ? '' : `, approved by ${approvedBy}`
  const ended = endedAt === undefined ? '' : `, ended ${moment(endedAt)}`
  return {
    lines: [
      `${paint(toneOf(state), state)}  ${dealtWith(job)}`,
      ...Object.entries(skipped).map(([reason, payments]) => `  ${count(payments)} ${reason}`),
      `job ${id}, started by ${startedBy}${approved} on ${moment(at)}${ended}`,
      `why: ${reason}`,
    ],
    ...(state === 'running' && { hints: [`Follow it: ${command(`job ${id} --wait`)}`] }),
    ...(isInVain(job) && { code: exitCodes.refused }),
  }
}

/** A set has at most 10,000 members, which take seconds; whatever is not done by then has a trouble of its own. */
const momentsMax = 1_800

/** The job once it has ended, if the session stays with it; as it is then, if it takes too long. */
export const completeJob = (job: Job, session: Session): Promise<Job | Stopped> =>
  untilEnded(job, session, {
    name: `job ${job.id}`,
    momentsMax,
    progressOf: dealtWith,
    ask: () => session.ask(routes.job, { parameters: { id: job.id } }),
  })
