import { isFullyOpen } from '../../shared/domain/canary.ts'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { kindOf, type Payout } from '../../shared/domain/payout.ts'
import { lists } from '../../shared/domain/row.ts'
import { BrokenChain } from '../../shared/ledger/chain.ts'
import { announceFloat, settleFloat } from '../../shared/ledger/float.ts'
import type { PayoutKey, Place } from '../../shared/ledger/ports.ts'
import { askLater, type InquireDependencies, type InquireResult, inquire, RequestChanged } from './inquire.ts'

export type RunDependencies = Omit<InquireDependencies, 'isOpen' | 'announce'> & {
  readonly partnerName: string
  /** Questions this run may put: the lane's share of the partner's rate over one minute. */
  readonly questionsMax: number
  /** Told of each result as it comes, and of each failure of ours. */
  readonly report: (result: InquireResult | Failure) => void
}

/** `lasting`: it comes every time, before anything is written, until people have mended something. */
export type Failure = { readonly failed: unknown; readonly lasting: boolean }

const tickSeconds = 60
/** Questions under way at once. */
const sideBySide = 4

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

const isLasting = (error: unknown): boolean => error instanceof BrokenChain || error instanceof RequestChanged

/** Asks later and later: at the head of the list it would be asked about every minute, and leave no room for others. */
async function putBehind(deps: RunDependencies, place: Place): Promise<void> {
  try {
    const [record] = await deps.ledger.participants.readEach([place])
    const [row] = record?.rows ?? []
    const isThere = row?.at === place.at && row.list?.startsWith('inquire#')
    if (row && isThere) await askLater(deps, { row })
  } catch (failed) {
    deps.report({ failed, lasting: false })
  }
}

/** Asks about what is due, and settles with the lane what that has moved of its float. */
async function ask(deps: RunDependencies, due: readonly Place[]): Promise<void> {
  const { by, now, partnerName: partner } = deps
  const { lanes } = deps.ledger
  const announced: PayoutKey[] = []
  const announce = async (payout: PayoutKey) => {
    announced.push(payout)
    await announceFloat({ lanes, partner, by }, payout, now())
  }
  const isOpen = async (payout: Payout) => isFullyOpen(await lanes.read(partner), kindOf(payout))
  const results: InquireResult[] = []
  const one = async (place: Place) => {
    try {
      const result = await inquire({ ...deps, isOpen, announce }, place)
      results.push(result)
      deps.report(result)
    } catch (failed) {
      const lasting = isLasting(failed)
      deps.report({ failed, lasting })
      if (lasting) await putBehind(deps, place)
    }
  }
  const waiting = [...due]
  const askOn = async () => {
    for (let place = waiting.shift(); place && (await deps.turn()); place = waiting.shift()) await one(place)
  }
  await Promise.all(Array.from({ length: Math.min(sideBySide, due.length) }, askOn))
  await settleFloat({ lanes, partner, by }, announced, results)
}

/**
 * One run: asks about what is due, a few side by side, as fast as the lane's share of the rate allows. Returns when there
 * is another question, as far as is known before asking. A failure of ours leaves its payout in the list, where the next
 * run finds it; one that comes every time, where it comes later and later.
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
