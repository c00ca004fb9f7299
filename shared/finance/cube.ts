import { type Kind, kinds } from '../domain/payout.ts'
import { balances } from '../domain/postings.ts'
import { type Rupiah, rupiah } from '../domain/rupiah.ts'
import { schemeNamed } from '../domain/scheme.ts'
import type { Movement } from './movement.ts'

/**
 * What was moved from one account of the chart to another, for everything that shares the same dimensions. Between
 * obligations all dimensions are known, but for the partner where no partner has a part in it; movements of cash
 * (treasury, float, spent, overpaid …) know the partner only, and the others are `null`.
 */
export type Cell = {
  readonly wave: number | null
  readonly scheme: string | null
  readonly kind: Kind | null
  readonly platform: string | null
  readonly trainingProvider: string | null
  readonly partner: string | null
  /** Accounts of the chart, in full. */
  readonly from: string
  readonly to: string
  /** Payouts moved (an accrual moves all of a component's), or entries where it is cash that moves. */
  readonly count: number
  readonly amount: Rupiah
}

/** The component of an account of obligations, whose last two parts are component and decree. */
function kindOfAccount(account: string): Kind | null {
  const part = account.split('/').at(-2)
  return kinds.find((kind) => kind === part) ?? null
}

/** What a movement adds: a cell for each of its postings. */
export function cellsOf(movement: Movement): readonly Cell[] {
  const { wave, scheme, platform, trainingProvider, partner, type } = movement
  return movement.postings.map(({ from, to, amount }) => {
    const kind = kindOfAccount(from)
    const moved = { partner, from, to, amount: rupiah(amount) }
    if (kind === null || scheme === null)
      return {
        ...{ wave: null, scheme: null, kind: null, platform: null, trainingProvider: null },
        ...moved,
        count: 1,
      }
    const count = type === 'accrued' ? schemeNamed(scheme).instalments[kind] : 1
    return { wave, scheme, kind, platform, trainingProvider, ...moved, count }
  })
}

/** Everything that tells a cell from another. */
export const placeOf = ({
  wave,
  scheme,
  kind,
  platform,
  trainingProvider,
  partner,
  from,
  to,
}: Cell): string => JSON.stringify([wave, scheme, kind, partner, from, to, platform, trainingProvider])

/** Whether one of two texts comes first, whatever the machine's language. */
const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Adds cells up as they come, in whatever order. */
export function createTally() {
  const cells = new Map<string, Cell>()
  return {
    add(more: Iterable<Cell>): void {
      for (const cell of more) {
        const place = placeOf(cell)
        const before = cells.get(place)
        cells.set(place, before ? plus(before, cell) : cell)
      }
    },
    /** One of each place, always in the same order. */
    cells: (): readonly Cell[] =>
      [...cells].sort(([one], [other]) => byText(one, other)).map(([, cell]) => cell),
  }
}

const plus = (one: Cell, other: Cell): Cell => ({
  ...one,
  count: one.count + other.count,
  amount: rupiah(one.amount + other.amount),
})

/** The sums of several lists of cells, one of each place, always in the same order. */
export function mergeCells(...lists: readonly (readonly Cell[])[]): readonly Cell[] {
  const tally = createTally()
  for (const cells of lists) tally.add(cells)
  return tally.cells()
}

export type Sum = {
  readonly group: readonly (string | number | null)[]
  readonly count: number
  readonly amount: Rupiah
}

/** Count and amount of each group of cells, in the order of their first cells. */
export function sumBy(cells: Iterable<Cell>, groupOf: (cell: Cell) => Sum['group']): readonly Sum[] {
  const sums = new Map<string, Sum>()
  for (const cell of cells) {
    const group = groupOf(cell)
    const key = JSON.stringify(group)
    const { count, amount } = sums.get(key) ?? { count: 0, amount: 0 }
    sums.set(key, { group, count: count + cell.count, amount: rupiah(amount + cell.amount) })
  }
  return [...sums.values()]
}

/** Whole rupiah of every account that the cells have touched, credits less debits; all together are 0. */
export const balancesOf = (cells: Iterable<Cell>): ReadonlyMap<string, number> => balances(cells)

export type CellDifference = { readonly left: Cell | undefined; readonly right: Cell | undefined }

/** Where two lists of cells do not say the same. */
export function differingCells(left: readonly Cell[], right: readonly Cell[]): readonly CellDifference[] {
  const [ours, theirs] = [left, right].map((cells) => new Map(cells.map((cell) => [placeOf(cell), cell])))
  const places = new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])
  return [...places].sort(byText).flatMap((place) => {
    const difference = { left: ours?.get(place), right: theirs?.get(place) }
    const same =
      difference.left?.count === difference.right?.count &&
      difference.left?.amount === difference.right?.amount
    return same ? [] : [difference]
  })
}
