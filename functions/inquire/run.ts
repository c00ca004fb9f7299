import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import {
  announce,
  type Control,
  changeAvailable,
  endPermit,
  type PermittedPayout,
} from '../../shared/domain/permit.ts'
import { availableChange } from '../../shared/domain/postings.ts'
import { lists } from '../../shared/domain/row.ts'
import { noRupiah } from '../../shared/domain/rupiah.ts'
import { changeControl } from '../../shared/ledger/control.ts'
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

/** Payouts of which this run has said that it may move the float. */
type Announced = PermittedPayout[]

async function announceTo(
  { ledger, partnerName, by, now }: RunDependencies,
  announced: Announced,
  { participantId, payout }: PayoutKey,
): Promise<void> {
  announced.push({ participantId, payout, amount: noRupiah })
  await changeControl(ledger.lanes, partnerName, (control) => ({
    control: announce(control, by, { participantId, payout }, now()),
  }))
}

/**
 * Gives the lane what closed attempts have freed, and takes what late proof has cost. Where the run failed it does not
 * know what it has written: that stays announced, for release to settle from the journal.
 */
async function settleFloat(
  { ledger, partnerName, by }: RunDependencies,
  announced: Announced,
  results: readonly InquireResult[],
): Promise<void> {
  const nameOf = ({ participantId, payout }: PayoutKey) => `${participantId} ${payout}`
  const names = new Set(announced.map(nameOf))
  const known = new Set(results.map(({ now }) => nameOf(now)))
  const unsettled = announced.filter((payout) => !known.has(nameOf(payout)))
  const changeOf = (some: readonly InquireResult[]) =>
    some
      .flatMap(({ entries }) => entries)
      .reduce((sum, { postings }) => sum + availableChange(postings, partnerName), 0)
  const back = changeOf(results.filter(({ now }) => names.has(nameOf(now))))
  // What a race has made of an answer that seemed to move nothing.
  const unforeseen = changeOf(results.filter(({ now }) => !names.has(nameOf(now))))
  const change = (next: (control: Control) => Control) =>
    changeControl(ledger.lanes, partnerName, (control) => ({ control: next(control) }))
  if (announced.length > 0) await change((control) => endPermit(control, by, { back, unsettled }))
  if (unforeseen !== 0) await change((control) => changeAvailable(control, unforeseen))
}

async function ask(
  deps: RunDependencies,
  announced: Announced,
  due: readonly Place[],
): Promise<readonly InquireResult[]> {
  const control = await deps.ledger.lanes.read(deps.partnerName)
  const announceOne = (payout: PayoutKey) => announceTo(deps, announced, payout)
  const results: InquireResult[] = []
  const one = async (place: Place) => {
    try {
      const result = await inquire({ ...deps, control, announce: announceOne }, place)
      results.push(result)
      deps.report(result)
    } catch (error) {
      deps.report({ failed: error })
    }
  }
  for (let start = 0; start < due.length && deps.timeFor(callsEach); start += sideBySide) {
    await Promise.all(due.slice(start, start + sideBySide).map(one))
  }
  return results
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
  const announced: Announced = []
  await settleFloat(deps, announced, await ask(deps, announced, due))
  return { next: plusSeconds(now, tickSeconds), asked: due.length }
}
