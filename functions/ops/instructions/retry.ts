import { isRefused, type Refused, refuse } from '../../../shared/api/problem.ts'
import { approvalReasons, withApplied } from '../../../shared/operations/approval.ts'
import type { Instruction } from '../../../shared/operations/instructions.ts'
import type { AppliedAlone, Job, RetrySet } from '../../../shared/operations/register.ts'
import type { OpsDependencies } from '../dependencies.ts'
import type { Behind, Carried, Judged } from './carried.ts'

type RetryInstruction = Extract<Instruction, { instruction: 'retry' }>

async function setOfHash({ register }: OpsDependencies, hash: string): Promise<RetrySet | Refused> {
  const set = await register.set(hash)
  return set ?? refuse(404, 'No preview has made this set, or it was empty. Preview the retry again.')
}

type Starter = Pick<Behind, 'maker' | 'now' | 'id'>
type Alone = { readonly before: AppliedAlone; readonly reasons: readonly string[] }

/** What its maker has applied alone, and why that much more takes somebody else. */
async function judgeAlone(
  { register, approval }: OpsDependencies,
  set: RetrySet,
  { maker, now, id }: Starter,
): Promise<Alone> {
  const before = await register.appliedAlone(maker)
  return { before, reasons: approvalReasons(set, before, { limits: approval, now, job: id }) }
}

/** A set takes two people for its size, also together with what the same person has applied before, and for its proof. */
export async function judgeRetrySet(
  deps: OpsDependencies,
  { set: hash }: RetryInstruction,
  starter: Starter,
): Promise<Judged> {
  const set = await setOfHash(deps, hash)
  if (isRefused(set)) return set
  const { reasons } = await judgeAlone(deps, set, starter)
  if (reasons.length === 0) return 'one'
  return { retry: { payments: set.payments, rupiah: set.rupiah, approvalReasons: reasons } }
}

/** Somebody who starts so many sets at once is no person. */
const racesMax = 20

/**
 * Starts the job. What its maker applies alone is judged again by what it is written over, so that no two sets slip by
 * the limit together.
 */
async function start(
  deps: OpsDependencies,
  set: RetrySet,
  job: Job,
): Promise<'started' | 'exists' | Refused> {
  const { register } = deps
  const { startedBy: maker, at: now, id, approvedBy } = job
  for (let race = 0; race < racesMax; race++) {
    const { before, reasons } = await judgeAlone(deps, set, { maker, now, id })
    const isAlone = approvedBy === undefined
    if (isAlone && reasons.length > 0) {
      return refuse(409, `It takes a second person now: ${reasons.join('; ')}. Give the command again.`)
    }
    const outcome = await register.startJob(job, isAlone ? withApplied(before, job, set) : undefined)
    if (outcome !== 'overtaken') return outcome
  }
  throw new Error(`the job ${job.id} was overtaken ${racesMax} times`)
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
  const started = await start(deps, set, fresh)
  if (typeof started !== 'string') return started
  const job = started === 'started' ? fresh : await register.job(id)
  if (!job)
    return refuse(
      409,
      'A job works on this set already, or has. Look at the jobs; preview again to retry what is left.',
    )
  if (job.state === 'running') await queues.sendJob(job.id)
  return { job }
}
