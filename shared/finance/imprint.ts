import { createHash } from 'node:crypto'
import { type Cell, placeOf } from './cube.ts'
import { type Milestone, mergeMilestones } from './milestones.ts'
import type { Part } from './totals.ts'

/**
 * A day's totals at a partner in short: few enough to be sent, and they add up. So the totals can be held against the
 * journal share by share, whoever adds the shares.
 */
export type Imprint = {
  readonly day: string
  readonly partner: string | null
  readonly moves: readonly Move[]
  readonly milestones: readonly Milestone[]
}

/** All that went from one account of the chart to another. */
type Move = {
  readonly from: string
  readonly to: string
  readonly count: number
  readonly rupiah: number
  /**
   * Depends on how count and amount are divided over all other dimensions: of two moves with the same mark they are the
   * same, but for once in 10^18. The mark of a sum is the sum of marks, so that it is a number below `marks`.
   */
  readonly mark: string
}

/** A prime: 2^61 - 1. */
const marks = 2_305_843_009_213_693_951n

const markOf = (cell: Cell): bigint => {
  const hash = createHash('sha256').update(placeOf(cell)).digest()
  const [ofCount, ofAmount] = [hash.readBigUInt64BE(0), hash.readBigUInt64BE(8)]
  return (ofCount * BigInt(cell.count) + ofAmount * BigInt(cell.amount)) % marks
}

type Growing = { from: string; to: string; count: number; rupiah: number; mark: bigint }

function sumOf(moves: Iterable<Growing>): readonly Move[] {
  const sums = new Map<string, Growing>()
  for (const { from, to, count, rupiah, mark } of moves) {
    const key = `${from} ${to}`
    const sum = sums.get(key) ?? { from, to, count: 0, rupiah: 0, mark: 0n }
    sum.count += count
    sum.rupiah += rupiah
    sum.mark = (sum.mark + mark) % marks
    sums.set(key, sum)
  }
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, { mark, ...sum }]) => ({ ...sum, mark: `${mark}` }))
}

export const imprintOf = ({ day, partner, cells, milestones }: Part): Imprint => ({
  ...{ day, partner, milestones },
  moves: sumOf(
    cells.map((cell) => ({
      ...{ from: cell.from, to: cell.to, count: cell.count, rupiah: cell.amount },
      mark: markOf(cell),
    })),
  ),
})

const keyOf = ({ day, partner }: Imprint): string => `${day} ${partner ?? ''}`

/** One imprint for each day and partner, in their order, with the sums of all. */
export function mergeImprints(imprints: readonly Imprint[]): readonly Imprint[] {
  const groups = Map.groupBy(imprints, keyOf)
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, [first, ...others]]) => (first ? [plus(first, others)] : []))
}

function plus(first: Imprint, others: readonly Imprint[]): Imprint {
  const all = [first, ...others]
  const moves = all.flatMap((imprint) => imprint.moves)
  return {
    ...{ day: first.day, partner: first.partner },
    moves: sumOf(moves.map(({ mark, ...move }) => ({ ...move, mark: BigInt(mark) }))),
    milestones: mergeMilestones(...all.map(({ milestones }) => milestones)),
  }
}

/** A day at a partner (`null`: at none) whose totals are not what the journal says. */
export type Difference = Pick<Imprint, 'day' | 'partner'> & {
  /** Rupiah from account to account; the same twice where only its division over the other dimensions differs. */
  readonly moves: readonly {
    readonly from: string
    readonly to: string
    readonly kept: number
    readonly proven: number
  }[]
  /** Whether it is about milestones, too. */
  readonly milestones: boolean
}

/**
 * Where merged lists of imprints do not say the same. `later`: what entries come to that are not in `proven`, and of which
 * nobody knows whether they are in `kept`. Moves only grow: so what is kept is at least what is proven, and at most that
 * with all that is later. (What is missing may so be hidden by as much that is later, until that is later no more.) Which
 * milestones a later entry brings depends on which others were counted before it, at the same partner or elsewhere: they
 * are compared where nothing is later.
 */
export function differencesBetween(
  kept: readonly Imprint[],
  proven: readonly Imprint[],
  later: readonly Imprint[] = [],
): readonly Difference[] {
  const [ours, theirs, latter] = [byKey(kept, keyOf), byKey(proven, keyOf), byKey(later, keyOf)]
  return keysOf(ours, theirs).flatMap((key): Difference[] => {
    const [one, other, more] = [ours.get(key), theirs.get(key), latter.get(key)]
    const place = one ?? other
    if (!place) return []
    const moves = differingMoves(one?.moves ?? [], other?.moves ?? [], more?.moves ?? [])
    const milestones =
      !more && JSON.stringify(one?.milestones ?? []) !== JSON.stringify(other?.milestones ?? [])
    const { day, partner } = place
    return moves.length > 0 || milestones ? [{ day, partner, moves, milestones }] : []
  })
}

const moveKey = ({ from, to }: Move): string => `${from} ${to}`

const areSame = (one: Move | undefined, other: Move | undefined): boolean =>
  one?.count === other?.count && one?.rupiah === other?.rupiah && one?.mark === other?.mark

/** Whether a move may be this one with none, some or all of what is later. */
function isWithin(one: Move | undefined, proven: Move | undefined, { count, rupiah }: Move): boolean {
  const counts = (one?.count ?? 0) - (proven?.count ?? 0)
  const amounts = (one?.rupiah ?? 0) - (proven?.rupiah ?? 0)
  return counts >= 0 && counts <= count && amounts >= 0 && amounts <= rupiah
}

function differingMoves(
  kept: readonly Move[],
  proven: readonly Move[],
  later: readonly Move[],
): Difference['moves'] {
  const [ours, theirs, latter] = [byKey(kept, moveKey), byKey(proven, moveKey), byKey(later, moveKey)]
  return keysOf(ours, theirs).flatMap((key) => {
    const [one, other, more] = [ours.get(key), theirs.get(key), latter.get(key)]
    const place = one ?? other
    if (!place || (more ? isWithin(one, other, more) : areSame(one, other))) return []
    return [{ from: place.from, to: place.to, kept: one?.rupiah ?? 0, proven: other?.rupiah ?? 0 }]
  })
}

const byKey = <Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [keyOf(item), item]))
const keysOf = (...maps: readonly ReadonlyMap<string, unknown>[]): readonly string[] =>
  [...new Set(maps.flatMap((map) => [...map.keys()]))].sort()
