import { isRefused, type Refused, refuse } from '../../../shared/api/problem.ts'
import type { Instruction } from '../../../shared/operations/instructions.ts'
import type { Job, RetrySet } from '../../../shared/operations/register.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { takesTwo } from '../preview.ts'
import type { Behind, Carried, Judged } from './carried.ts'

type RetryInstruction = Extract<Instruction, { instruction: 'retry' }>

async function setOfHash({ register }: OpsDependencies, hash: string): Promise<RetrySet | Refused> {
  const set = await register.set(hash)
  return set ?? refuse(404, 'No preview has made this set, or it was empty. Preview the retry again.')
}

/** Large sets take two people. */
export async function judgeRetrySet(deps: OpsDependencies, { set: hash }: RetryInstruction): Promise<Judged> {
  const set = await setOfHash(deps, hash)
  if (isRefused(set)) return set
  return takesTwo(deps, set) ? 'two' : 'one'
}

/**
 * Starts the job that retries exactly the set's payments, and wakes it up. One job a set: a second person who wants the
 * same is told so. The same command again finds its own job and wakes it up once more.
 */
export async function startRetry(
  deps: OpsDependencies,
  { set: hash, reason }: RetryInstruction,
  { maker, approvedBy, now, id }: Behind,
): Promise<Carried> {
  const { register, queues } = deps
  const set = await setOfHash(deps, hash)
  if (isRefused(set)) return set
  const fresh: Job = {
    id,
    set: hash,
    reason,
    state: 'running',
    payments: set.payments,
    cursor: 0,
    retried: 0,
    skipped: {},
    startedBy: maker,
    ...(approvedBy !== undefined && { approvedBy }),
    at: now,
    version: 1,
  }
  const job = (await register.startJob(fresh)) === 'started' ? fresh : await register.job(id)
  if (!job)
    return refuse(
      409,
      'A job works on this set already, or has. Look at the jobs; preview again to retry what is left.',
    )
  if (job.state === 'running') await queues.sendJob(job.id)
  return { job }
}
