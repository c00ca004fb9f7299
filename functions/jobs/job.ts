import { decide, draft } from '../../shared/domain/decide.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { BrokenChain } from '../../shared/ledger/chain.ts'
import { caseOf, type PayoutCase } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { Job, Register, RetryMember } from '../../shared/operations/register.ts'
import { isUnchanged, judgeRetry } from '../../shared/operations/retry.ts'
import { inBatches } from '../batches.ts'
import { bringUpToDate, readAllCases } from '../cases.ts'

export type JobDependencies = {
  readonly ledger: LedgerWithAccounts
  readonly register: Pick<Register, 'job' | 'members' | 'changeJob'>
  readonly shards: number
  readonly now: () => Instant
  /** Sends the message that brings the job's next page. */
  readonly wake: (jobId: string) => Promise<void>
}

/** What a page came to. `over`: the job is not running, or somebody else has dealt with the page. */
export type Worked = Counts & { readonly state: Job['state'] | 'over' }

/** `unreadable`: left alone because a journal is damaged. */
type Outcome = 'retried' | 'changed' | 'unreadable'
type Counts = Readonly<Record<Outcome, number>>
const nothing = { retried: 0, changed: 0, unreadable: 0 } satisfies Counts

/** Members read and retried side by side in one batch; a few batches are under way at once. */
const batchSize = 5
const racesMax = 5

/** How a job signs the journal. A member that bears it was retried by this job, however often the page is done. */
const signature = ({ id }: Job): string => `job/${id}`

/** Who is behind it goes into the journal with the reason. */
function reasonOf({ reason, startedBy, approvedBy }: Job): string {
  const approved = approvedBy === undefined ? '' : `, approved by ${approvedBy}`
  return `${reason} (started by ${startedBy}${approved})`
}

const retriedBy = ({ chain }: PayoutCase, by: string): boolean =>
  chain.some((entry) => entry.event.type === 'retried' && entry.by === by)

/**
 * Retries one member if it still is what it was when the set was made. Whoever loses the race for the entry judges anew:
 * somebody else may have retried it, and it may have been paid since. Nothing is sent here: release and permits govern
 * that.
 */
async function retry(deps: JobDependencies, job: Job, member: RetryMember): Promise<Outcome> {
  const { ledger, now } = deps
  const { participantId, payout } = member
  const by = signature(job)
  for (let race = 0; race < racesMax; race++) {
    const cases = (await readAllCases(ledger, participantId)) ?? []
    const found = cases.find((one) => one.payout === payout)
    if (!found) return 'changed'
    if (retriedBy(found, by)) {
      await bringUpToDate(deps, found)
      return 'retried'
    }
    // A pause is no change: the payment then waits for its lane.
    if (!isUnchanged(member, judgeRetry(payout, cases, {}))) return 'changed'
    const decision = decide(found, { command: 'retry', reason: reasonOf(job) })
    if ('refusal' in decision) return 'changed'
    const entry = await ledger.journal.append(found.chain, draft(found, decision.event, now(), by))
    if (entry === 'overtaken') continue
    await bringUpToDate(deps, caseOf(participantId, payout, { ...found, chain: [...found.chain, entry] }))
    return 'retried'
  }
  throw new Error(`${payout} of ${participantId} was overtaken ${racesMax} times`)
}

/** The same, but for a participant whose journal is damaged: that must not hold up the others. */
async function retryReadable(deps: JobDependencies, job: Job, member: RetryMember): Promise<Outcome> {
  try {
    return await retry(deps, job, member)
  } catch (error) {
    if (error instanceof BrokenChain) return 'unreadable'
    throw error
  }
}

type Page = Counts & { readonly members: number }

/** What was left alone so far. */
function skippedWith({ skipped }: Job, page: Page): Job['skipped'] {
  const more = (['changed', 'unreadable'] as const).filter((reason) => page[reason] > 0)
  return {
    ...skipped,
    ...Object.fromEntries(more.map((reason) => [reason, (skipped[reason] ?? 0) + page[reason]])),
  }
}

/** The job behind a page. A stopped one stays stopped, but knows what its last page has done. */
function after(job: Job, page: Page, now: Instant): Job {
  const cursor = job.cursor + page.members
  const isDone = job.state === 'running' && (page.members === 0 || cursor >= job.payments)
  const counted = { retried: job.retried + page.retried, skipped: skippedWith(job, page) }
  const moved = { ...job, ...counted, cursor, version: job.version + 1 }
  return isDone ? { ...moved, state: 'done', endedAt: now } : moved
}

/**
 * Moves the job behind a page that was dealt with. The same message may be handed out twice, so that two deal with one
 * page: the second finds the cursor moved, and its counts are dropped.
 */
async function moveOn({ register, now }: JobDependencies, before: Job, page: Page): Promise<Job | undefined> {
  let job: Job | undefined = before
  for (let race = 0; race < racesMax && job?.cursor === before.cursor; race++) {
    const next: Job = after(job, page, now())
    if ((await register.changeJob(next)) === 'written') return next
    job = await register.job(before.id)
  }
  return undefined
}

/** Deals with the job's next page, and wakes the job up for the one after it. Throws when there is no such job. */
export async function workOn(deps: JobDependencies, jobId: string): Promise<Worked> {
  const { register, wake } = deps
  const job = await register.job(jobId)
  if (!job) throw new Error(`there is no job ${jobId}`)
  if (job.state !== 'running') return { state: 'over', ...nothing }
  const members = await register.members(job.set, job.cursor)
  const outcomes = await inBatches(members, batchSize, (batch) =>
    Promise.all(batch.map((member) => retryReadable(deps, job, member))),
  )
  const counts = { ...nothing }
  for (const outcome of outcomes) counts[outcome] += 1
  const next = await moveOn(deps, job, { ...counts, members: members.length })
  if (!next) return { state: 'over', ...nothing }
  if (next.state === 'running') await wake(jobId)
  return { state: next.state, ...counts }
}
