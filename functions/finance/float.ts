import type * as z from 'zod'
import { isOpen, leavingBy } from '../../shared/domain/calendar.ts'
import {
  type CivilDate,
  daysBetween,
  type Instant,
  jakartaDate,
  plusDays,
} from '../../shared/domain/instant.ts'
import { type Kind, kindOf, shardOf } from '../../shared/domain/payout.ts'
import { lists } from '../../shared/domain/row.ts'
import { type Cell, sumBy } from '../../shared/finance/cube.ts'
import type { floatAnswer } from '../../shared/finance/schemas.ts'
import { figureOf } from './ageing.ts'
import type { FinanceDependencies } from './dependencies.ts'
import { findSending, type Sending } from './sending.ts'
import { readAt } from './summary.ts'

type PartnerFloat = z.input<typeof floatAnswer>['partners'][number]

type Figure = { readonly count: number; readonly rupiah: number }

/**
 * What will have left a partner's float by the end of a day, by the calendar: counted in the index, not read. What is being
 * sent is in the same list, and its amount has left already.
 */
async function leaving(
  { worklist, shards, scheme }: FinanceDependencies,
  { partner, sending }: { readonly partner: string; readonly sending: readonly Sending[] },
  days: Readonly<Record<'today' | 'day', CivilDate>>,
): Promise<Figure> {
  const ranges = Array.from({ length: shards }, (_, shard) =>
    leavingBy(scheme, days, shard, shards).map((window) => ({
      list: lists.open(partner, shard),
      window,
    })),
  ).flat()
  const counts = await Promise.all(ranges.map(({ list, window }) => worklist.count(list, window)))
  const gone = sending.filter(({ participantId, payout, at }) =>
    isOpen(leavingBy(scheme, days, shardOf(participantId, payout, shards), shards), at),
  )
  const goneOf = (kind: Kind) => -gone.filter(({ payout }) => kindOf(payout) === kind).length
  return figureOf(scheme, [...counts, { incentive: goneOf('incentive'), survey: goneOf('survey') }])
}

/** The first day by whose end more will have left than there is; `undefined`: none up to the last. */
async function dryDay(
  deps: FinanceDependencies,
  lane: Parameters<typeof leaving>[1],
  available: number,
  { today, last }: Readonly<Record<'today' | 'last', CivilDate>>,
): Promise<CivilDate | undefined> {
  let [from, to] = [0, daysBetween(today, last) + 1]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const { rupiah } = await leaving(deps, lane, { today, day: plusDays(today, middle) })
    if (rupiah > available) to = middle
    else from = middle + 1
  }
  const day = plusDays(today, from)
  return day <= last ? day : undefined
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
    now,
  }: {
    readonly now: Instant
    readonly cells: readonly Cell[]
    readonly today: CivilDate
    readonly days: number
  },
): Promise<PartnerFloat> {
  const last = plusDays(today, days - 1)
  const [{ available }, { sending }] = await Promise.all([
    deps.lanes.read(partner),
    findSending(deps, partner, now),
  ])
  const lane = { partner, sending }
  const needed = await leaving(deps, lane, { today, day: last })
  const dryOn = needed.rupiah > available ? await dryDay(deps, lane, available, { today, last }) : undefined
  return {
    partner,
    ...booked(cells, partner),
    available,
    needed,
    ...(dryOn !== undefined && { dryOn }),
    topUp: Math.max(0, needed.rupiah - available),
  }
}

/**
 * Every partner's float, and whether it lasts: for what leaves today (overdue included) and on the days after it, none of
 * it in a blackout. What has no account or no survey yet is not scheduled, and what is paid again after a failure is
 * neither.
 */
export async function float(
  deps: FinanceDependencies,
  days: number,
  now: Instant,
): Promise<z.input<typeof floatAnswer>> {
  const cells = (await deps.totals.read()).flatMap((day) => day.cells)
  const period = { cells, today: jakartaDate(now), days, now }
  const partners = await Promise.all(deps.partners.map((partner) => floatOf(deps, partner, period)))
  return { ...readAt(now), days, partners }
}
