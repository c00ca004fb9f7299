import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import type { Job } from '../../shared/operations/register.ts'
import type { jobAnswer } from '../../shared/operations/schemas.ts'
import { recordIntent, recordOutcome } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'

type ShownJob = z.input<typeof jobAnswer>

/** How many of the newest are shown. */
const shownMax = 100
const racesMax = 5

/** A job as people see it. */
export function showJob(job: Job): ShownJob {
  const { id, set, reason, state, payments, retried, skipped, startedBy, approvedBy, at, endedAt } = job
  return {
    id,
    set,
    reason,
    state,
    payments,
    retried,
    skipped: { ...skipped },
    startedBy,
    ...(approvedBy !== undefined && { approvedBy }),
    at: shownAt(at),
    ...(endedAt !== undefined && { endedAt: shownAt(endedAt) }),
  }
}

export const listJobs = async ({ register }: OpsDependencies): Promise<{ jobs: ShownJob[] }> => ({
  jobs: (await register.jobs(shownMax)).map(showJob),
})

const noSuchJob = (id: string): Refused => refuse(404, `There is no job ${id}.`)

export async function readJob({ register }: OpsDependencies, id: string): Promise<ShownJob | Refused> {
  const job = await register.job(id)
  return job ? showJob(job) : noSuchJob(id)
}

/**
 * Stops a job; the page it is busy with is still finished. What it has retried stays retried. Stopping it again changes
 * nothing.
 */
export async function stopJob(
  deps: OpsDependencies,
  id: string,
  command: Command,
): Promise<ShownJob | Refused> {
  const { register } = deps
  for (let race = 0; race < racesMax; race++) {
    const job = await register.job(id)
    if (!job) return noSuchJob(id)
    if (job.state === 'done') return refuse(409, `Job ${id} is done: there is nothing to stop.`)
    const stopped = { ...job, state: 'stopped', endedAt: command.now, version: job.version + 1 } as const
    const isStopped = job.state === 'stopped'
    await recordIntent(deps, command, 'stopJob', { job: id })
    if (!isStopped && (await register.changeJob(stopped)) === 'overtaken') continue
    await recordOutcome(deps, command, 'stopJob', { job: id, retried: job.retried })
    return showJob(isStopped ? job : stopped)
  }
  throw new Error(`job ${id} was overtaken ${racesMax} times`)
}
