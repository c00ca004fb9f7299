import type * as z from 'zod'
import type { CivilDate } from '../domain/instant.ts'
import type { Cell } from './cube.ts'
import type { Dimension, SummaryQuery, summaryFigures, summaryGroup } from './schemas.ts'
import type { DayTotals } from './totals.ts'

/** What a period's obligations came to, from the totals of its days and of those before. */

export type Figures = z.output<typeof summaryFigures>
type Name = keyof Figures
type Group = z.output<typeof summaryGroup>
export type SummaryRow = { readonly group: Group } & Figures
export type Summary = { readonly rows: readonly SummaryRow[]; readonly total: Figures }

const flows: readonly Name[] = ['accrued', 'paid', 'returned', 'cancelled']

/** A contribution to one figure: of one book, and so at that account's partner. */
type Part = { readonly name: Name; readonly sign: 1 | -1; readonly partner: string | null }

const bookOf = (account: string): string => account.split('/')[0] ?? ''
const partnerOf = (account: string): string | null => {
  const [book, partner] = account.split('/')
  return (book === 'in-transit' || book === 'paid') && partner !== undefined ? partner : null
}

/** What a move between two accounts means; what surfaces out of the budget takes its cancellation back. */
function partsOf({ from, to }: Pick<Cell, 'from' | 'to'>): readonly Part[] {
  const [source, target] = [bookOf(from), bookOf(to)]
  const parts: Part[] = []
  const add = (name: Name, sign: 1 | -1, account: string) =>
    parts.push({ name, sign, partner: partnerOf(account) })
  if (source === 'budget' && target === 'payable') add('accrued', 1, to)
  if (source === 'budget' && target === 'paid') add('cancelled', -1, from)
  if (target === 'budget') add('cancelled', 1, to)
  if (target === 'paid') add('paid', 1, to)
  if (source === 'paid') add('returned', 1, from)
  if (target === 'payable') add('payable', 1, to)
  if (source === 'payable') add('payable', -1, from)
  if (target === 'in-transit') add('inTransit', 1, to)
  if (source === 'in-transit') add('inTransit', -1, from)
  return parts
}

/** The same for a great many cells: there are few moves, and cells of the same move follow each other. */
function createMeanings() {
  const known = new Map<string, readonly Part[]>()
  let last: Pick<Cell, 'from' | 'to'> = { from: '', to: '' }
  let parts: readonly Part[] = []
  return (cell: Cell): readonly Part[] => {
    if (cell.from === last.from && cell.to === last.to) return parts
    const move = `${cell.from}>${cell.to}`
    parts = known.get(move) ?? partsOf(cell)
    known.set(move, parts)
    last = cell
    return parts
  }
}

const nothing = (): Figures => ({
  accrued: { count: 0, rupiah: 0 },
  paid: { count: 0, rupiah: 0 },
  returned: { count: 0, rupiah: 0 },
  cancelled: { count: 0, rupiah: 0 },
  payable: { count: 0, rupiah: 0 },
  inTransit: { count: 0, rupiah: 0 },
})

const isNothing = (figures: Figures): boolean =>
  Object.values(figures).every(({ count, rupiah }) => count === 0 && rupiah === 0)

const isWanted = (query: SummaryQuery, cell: Cell, partner: string | null): boolean =>
  (query.partner === undefined || partner === query.partner) &&
  (query.wave === undefined || cell.wave === query.wave) &&
  (query.kind === undefined || cell.kind === query.kind) &&
  (query.platform === undefined || cell.platform === query.platform) &&
  (query.provider === undefined || cell.trainingProvider === query.provider)

/** The group apart from the time. */
function placeOf(by: readonly Dimension[], cell: Cell, partner: string | null): Group {
  return {
    ...(by.includes('partner') && { partner }),
    ...(by.includes('wave') && { wave: cell.wave }),
    ...(by.includes('kind') && { kind: cell.kind }),
    ...(by.includes('platform') && { platform: cell.platform }),
    ...(by.includes('provider') && { provider: cell.trainingProvider }),
  }
}

/** Tells groups apart; `\u0000` is in no name. */
function keyOf(by: readonly Dimension[], cell: Cell, partner: string | null): string {
  let key = ''
  for (const name of by) key += `${dimensionOf[name](cell, partner)}\u0000`
  return key
}

const dimensionOf: Readonly<
  Record<Dimension, (cell: Cell, partner: string | null) => string | number | null>
> = {
  day: () => null,
  month: () => null,
  partner: (_, partner) => partner,
  wave: ({ wave }) => wave,
  kind: ({ kind }) => kind,
  platform: ({ platform }) => platform,
  provider: ({ trainingProvider }) => trainingProvider,
}

function whenOf(by: readonly Dimension[], day: CivilDate): Group {
  if (by.includes('day')) return { day }
  return by.includes('month') ? { month: day.slice(0, 7) } : {}
}

/** Numbers by their size, and what is of none at the end. */
const rankOf = (group: Group): string =>
  Object.values(group)
    .map((value) =>
      value === null ? '\uffff' : String(value).padStart(typeof value === 'number' ? 6 : 0, '0'),
    )
    .join('\u0000')

type Place = { readonly group: Group; readonly figures: Figures }

/** Figures that grow cell by cell; flows are taken out when a stretch of time ends, balances go on. */
function createLedger(query: SummaryQuery, by: readonly Dimension[]) {
  const places = new Map<string, Place>()
  const total = nothing()
  const meaningOf = createMeanings()
  return {
    add(cells: readonly Cell[], inPeriod: boolean): void {
      for (const cell of cells)
        for (const { name, sign, partner } of meaningOf(cell)) {
          if (!isWanted(query, cell, partner) || (flows.includes(name) && !inPeriod)) continue
          const key = keyOf(by, cell, partner)
          const place = places.get(key) ?? { group: placeOf(by, cell, partner), figures: nothing() }
          places.set(key, place)
          for (const figures of [place.figures, total]) {
            figures[name].count += sign * cell.count
            figures[name].rupiah += sign * cell.amount
          }
        }
    },
    /** The rows of the stretch that ends here, in the order of their groups. */
    rows(when: Group): readonly SummaryRow[] {
      const rows = [...places]
        .filter(([, { figures }]) => !isNothing(figures))
        .sort(([, one], [, other]) => (rankOf(one.group) < rankOf(other.group) ? -1 : 1))
        .map(([, { group, figures }]) => ({ group: { ...when, ...group }, ...structuredClone(figures) }))
      for (const { figures } of places.values())
        for (const name of flows) figures[name] = { count: 0, rupiah: 0 }
      return rows
    },
    total,
  }
}

/**
 * The summary of a period, grouped as asked. `days` are all of the totals up to the period's end, in order: balances
 * begin with the first of them. A stretch in which nothing happened has no row of its own.
 */
export function summarise(days: readonly DayTotals[], query: SummaryQuery): Summary {
  const by = query.by ?? []
  const ledger = createLedger(query, by)
  const rows: SummaryRow[] = []
  let open: Group | undefined
  for (const { day, cells } of days) {
    const inPeriod = query.from === undefined || day >= query.from
    const when = whenOf(by, day)
    if (open && JSON.stringify(open) !== JSON.stringify(when)) rows.push(...ledger.rows(open))
    ledger.add(cells, inPeriod)
    open = inPeriod ? when : undefined
  }
  rows.push(...ledger.rows(open ?? {}))
  return { rows, total: ledger.total }
}
