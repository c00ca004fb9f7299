import type * as z from 'zod'
import {
  type CivilDate,
  epochMs,
  type Instant,
  instant,
  jakartaDate,
  jakartaTimestamp,
  latest,
  plusDays,
  startOfDay,
} from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { type Cell, sumBy } from '../../shared/finance/cube.ts'
import type { floatAnswer } from '../../shared/finance/schemas.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import type { FinanceDependencies } from './dependencies.ts'

type PartnerFloat = z.input<typeof floatAnswer>['partners'][number]

/** Scheduled payouts of one partner that are added up; of more it is said that it takes at least so much. */
const countMax = 200_000

type Schedule = { readonly places: readonly Place[]; readonly atLeast: boolean }

/** What is scheduled at a partner up to an instant, what is overdue included. Keys only. */
async function scheduled(
  { worklist, shards }: FinanceDependencies,
  partner: string,
  to: Instant,
): Promise<Schedule> {
  const limit = Math.ceil(countMax / shards)
  const found = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      worklist.nominate(lists.open(partner, shard), { to, limit }),
    ),
  )
  return { places: found.flat(), atLeast: found.some(({ length }) => length === limit) }
}

const amountAt = ({ payout }: Place): number => amountOf(scheme2020, payout)

/** The first day on which everything scheduled so far is more than there is. */
export function dryDay(places: readonly Place[], available: number, today: CivilDate): CivilDate | undefined {
  const needs = new Map<CivilDate, number>()
  for (const place of places) {
    const day = latest(today, jakartaDate(place.at))
    needs.set(day, (needs.get(day) ?? 0) + amountAt(place))
  }
  let left = available
  for (const day of [...needs.keys()].sort()) {
    left -= needs.get(day) ?? 0
    if (left < 0) return day
  }
  return undefined
}

/** What the books say of one partner's money. */
function booked(cells: readonly Cell[], partner: string) {
  const float = `float/${partner}`
  const sums = new Map(
    sumBy(cells, ({ from, to }) => [from, to]).map(({ group, amount }) => [group.join('>'), Number(amount)]),
  )
  const moved = (from: string, to: string): number => sums.get(`${from}>${to}`) ?? 0
  const net = (from: string, to: string): number => moved(from, to) - moved(to, from)
  const inTransit = cells.reduce((sum, { from, to, amount }) => {
    const reserved = `in-transit/${partner}/`
    return sum + (to.startsWith(reserved) ? amount : 0) - (from.startsWith(reserved) ? amount : 0)
  }, 0)
  return {
    funded: moved('treasury', float),
    swept: moved(float, 'treasury'),
    fees: net(float, `fees/${partner}`),
    spent: net(float, `spent/${partner}`) + net(`overpaid/${partner}`, `spent/${partner}`),
    overpaid: net(float, `overpaid/${partner}`) - net(`overpaid/${partner}`, `spent/${partner}`),
    inTransit,
  }
}

async function floatOf(
  deps: FinanceDependencies,
  partner: string,
  {
    cells,
    today,
    days,
  }: { readonly cells: readonly Cell[]; readonly today: CivilDate; readonly days: number },
): Promise<PartnerFloat> {
  const end = instant(epochMs(startOfDay(plusDays(today, days))) - 1)
  const [{ available }, { places, atLeast }] = await Promise.all([
    deps.lanes.read(partner),
    scheduled(deps, partner, end),
  ])
  const rupiah = places.reduce((sum, place) => sum + amountAt(place), 0)
  const dryOn = dryDay(places, available, today)
  return {
    partner,
    ...booked(cells, partner),
    available,
    needed: { count: places.length, rupiah, atLeast },
    ...(dryOn !== undefined && { dryOn }),
    topUp: Math.max(0, rupiah - available),
  }
}

/**
 * Every partner's float, and whether it lasts: for what is scheduled today (overdue included) and on the days after it,
 * by their own dates. What has no account or no survey yet is not scheduled, and what is paid again after a failure is
 * neither.
 */
export async function float(
  deps: FinanceDependencies,
  days: number,
  now: Instant,
): Promise<z.input<typeof floatAnswer>> {
  const cells = (await deps.totals.read()).flatMap((day) => day.cells)
  const period = { cells, today: jakartaDate(now), days }
  const partners = await Promise.all(deps.partners.map((partner) => floatOf(deps, partner, period)))
  return { at: jakartaTimestamp(now), days, partners }
}
