import type { Instant } from '../../shared/domain/instant.ts'
import { changeAvailable } from '../../shared/domain/permit.ts'
import { availableChange } from '../../shared/domain/postings.ts'
import { lists } from '../../shared/domain/row.ts'
import { changeControl } from '../../shared/ledger/control.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import { type InquireDependencies, type InquireResult, inquire } from './inquire.ts'

export type RunDependencies = Omit<InquireDependencies, 'control'> & {
  readonly partnerName: string
  /** Questions this run may put: the lane's share of the partner's rate over one minute. */
  readonly questionsMax: number
  /** Whether there is time for that many more calls, one after another, and for writing down what they say. */
  readonly timeFor: (calls: number) => boolean
  /** Told of each result as it comes, and of each failure of ours. */
  readonly report: (result: InquireResult | { readonly failed: unknown }) => void
}

/** Questions under way at once. */
const sideBySide = 4
/** An inquiry and a resend, each perhaps with a fresh token. */
const callsEach = 2

/** What is due now, oldest first over all shards. */
async function due(deps: RunDependencies, now: Instant): Promise<readonly Place[]> {
  const { ledger, partnerName, shards, questionsMax } = deps
  const nominated = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      ledger.worklist.nominate(lists.inquire(partnerName, shard), { to: now, limit: questionsMax }),
    ),
  )
  return nominated
    .flat()
    .sort((first, second) => (first.at < second.at ? -1 : 1))
    .slice(0, questionsMax)
}

/** The earliest question still to come; `undefined` when nobody is waiting for one. */
async function nextDue({ ledger, partnerName, shards }: RunDependencies): Promise<Instant | undefined> {
  const heads = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      ledger.worklist.nominate(lists.inquire(partnerName, shard), { limit: 1 }),
    ),
  )
  return heads.flatMap((places) => places.map(({ at }) => at)).sort()[0]
}

/** Gives the lane what closed attempts have freed, and takes what late proof has cost. */
async function settleFloat(deps: RunDependencies, results: readonly InquireResult[]): Promise<void> {
  const { ledger, partnerName } = deps
  const entries = results.flatMap((result) => result.entries)
  const change = entries.reduce((sum, { postings }) => sum + availableChange(postings, partnerName), 0)
  if (change === 0) return
  await changeControl(ledger.lanes, partnerName, (control) => ({ control: changeAvailable(control, change) }))
}

/**
 * One run: asks about what is due, a few side by side, and returns when the next question will be. A failure of ours
 * leaves its payout in the list, where the next run finds it.
 */
export async function run(deps: RunDependencies): Promise<{ readonly next: Instant | null }> {
  const { ledger, partnerName } = deps
  const places = await due(deps, deps.now())
  const control = await ledger.lanes.read(partnerName)
  const results: InquireResult[] = []
  for (let start = 0; start < places.length && deps.timeFor(callsEach); start += sideBySide) {
    const asked = places.slice(start, start + sideBySide).map(async (place) => {
      try {
        const result = await inquire({ ...deps, control }, place)
        if (!result) return
        results.push(result)
        deps.report(result)
      } catch (error) {
        deps.report({ failed: error })
      }
    })
    await Promise.all(asked)
  }
  await settleFloat(deps, results)
  return { next: (await nextDue(deps)) ?? null }
}
