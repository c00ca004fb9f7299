import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import { announceFloat, settleFloat } from '../../shared/ledger/float.ts'
import type { PayoutKey, Place } from '../../shared/ledger/ports.ts'
import { type InquireDependencies, type InquireResult, inquire } from './inquire.ts'

export type RunDependencies = Omit<InquireDependencies, 'control' | 'announce'> & {
  readonly partnerName: string
  /** Questions this run may put: the lane's share of the partner's rate over one minute. */
  readonly questionsMax: number
  /** Whether there is time for that many more calls, one after another, and for writing down what they say. */
  readonly timeFor: (calls: number) => boolean
  /** Told of each result as it comes, and of each failure of ours. */
  readonly report: (result: InquireResult | { readonly failed: unknown }) => void
}

const tickSeconds = 60
/** Questions under way at once. */
const sideBySide = 4
/** An inquiry and a resend, each perhaps with a fresh token. */
const callsEach = 2

const byDate = (first: Place, second: Place): number => (first.at < second.at ? -1 : 1)

/** The lane's oldest questions over all shards, due or not, at most as many as one run may put. */
async function questions({ ledger, partnerName, shards, questionsMax }: RunDependencies) {
  const nominated = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      ledger.worklist.nominate(lists.inquire(partnerName, shard), { limit: questionsMax }),
    ),
  )
  return nominated.flat().sort(byDate).slice(0, questionsMax)
}

/** Asks about what is due, and settles with the lane what that has moved of its float. */
async function ask(deps: RunDependencies, due: readonly Place[]): Promise<void> {
  const { by, now, partnerName: partner } = deps
  const { lanes } = deps.ledger
  const control = await lanes.read(partner)
  const announced: PayoutKey[] = []
  const announce = async (payout: PayoutKey) => {
    announced.push(payout)
    await announceFloat({ lanes, partner, by }, payout, now())
  }
  const results: InquireResult[] = []
  const one = async (place: Place) => {
    try {
      const result = await inquire({ ...deps, control, announce }, place)
      results.push(result)
      deps.report(result)
    } catch (error) {
      deps.report({ failed: error })
    }
  }
  for (let start = 0; start < due.length && deps.timeFor(callsEach); start += sideBySide) {
    await Promise.all(due.slice(start, start + sideBySide).map(one))
  }
  await settleFloat({ lanes, partner, by }, announced, results)
}

/**
 * One run: asks about what is due, a few side by side. Returns when there is another question, as far as is known
 * before asking. A failure of ours leaves its payout in the list, where the next run finds it.
 */
export async function run(
  deps: RunDependencies,
): Promise<{ readonly next: Instant | null; readonly asked: number }> {
  const now = deps.now()
  const places = await questions(deps)
  const due = places.filter(({ at }) => at <= now)
  const next = places[due.length]?.at ?? null
  if (due.length === 0) return { next, asked: 0 }
  await ask(deps, due)
  return { next: plusSeconds(now, tickSeconds), asked: due.length }
}
