import type * as z from 'zod'
import { epochMs, type Instant, instant, jakartaTimestamp, plusSeconds } from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { type ageingAnswer, type Band, bands } from '../../shared/finance/schemas.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import { inBatches } from '../batches.ts'
import type { FinanceDependencies } from './dependencies.ts'

type Row = z.input<typeof ageingAnswer>['rows'][number]
type Bounded = Row['bands'][Band]

/** Payouts of one band in one list that are counted; of more it is said that there are at least so many. */
const countMax = 50_000
const daySeconds = 86_400

/** Whole days that have passed: from this many on. */
const firstDay: Readonly<Record<Band, number>> = { '0-1': 0, '2-7': 2, '8-30': 8, 'over-30': 31 }

type Range = { readonly from?: Instant; readonly to: Instant }

/** When something of a band began. */
function rangeOf(band: Band, now: Instant): Range {
  const to = plusSeconds(now, -firstDay[band] * daySeconds)
  const older = bands[bands.indexOf(band) + 1]
  if (older === undefined) return { to }
  const from = instant(epochMs(plusSeconds(now, -firstDay[older] * daySeconds)) + 1)
  return { from, to }
}

const figureOf = (payouts: readonly Pick<Place, 'payout'>[], atLeast: boolean): Bounded => ({
  count: payouts.length,
  rupiah: payouts.reduce((sum, { payout }) => sum + amountOf(scheme2020, payout), 0),
  atLeast,
})

const sharded = (shards: number, nameOf: (shard: number) => string): readonly string[] =>
  Array.from({ length: shards }, (_, shard) => nameOf(shard))

async function places(
  { worklist, shards }: FinanceDependencies,
  names: readonly string[],
  range: Partial<Range>,
): Promise<{ readonly places: readonly Place[]; readonly atLeast: boolean }> {
  const limit = Math.ceil(countMax / shards)
  const found = await Promise.all(names.map((name) => worklist.nominate(name, { ...range, limit })))
  return { places: found.flat(), atLeast: found.some(({ length }) => length === limit) }
}

const banded = (figures: readonly Bounded[]): Row['bands'] => {
  const none: Bounded = { count: 0, rupiah: 0, atLeast: false }
  const [fresh = none, week = none, month = none, old = none] = figures
  return { '0-1': fresh, '2-7': week, '8-30': month, 'over-30': old }
}

/** Of lists whose order is that of their beginning: keys only. */
async function byPlace(
  deps: FinanceDependencies,
  names: readonly string[],
  now: Instant,
): Promise<Row['bands']> {
  const figures = bands.map(async (band) => {
    const found = await places(deps, names, rangeOf(band, now))
    return figureOf(found.places, found.atLeast)
  })
  return banded(await Promise.all(figures))
}

const rowsPerRead = 100

/** Of lists in the order of the next question: since when, their rows know. */
async function byRow(
  deps: FinanceDependencies,
  names: readonly string[],
  now: Instant,
): Promise<Row['bands']> {
  const found = await places(deps, names, {})
  const rows = await inBatches(found.places, rowsPerRead, (batch) => deps.participants.readRows(batch))
  return banded(
    bands.map((band) => {
      const { from = '', to } = rangeOf(band, now)
      const inBand = rows.filter(({ since }) => since >= from && since <= to)
      return figureOf(inBand, found.atLeast)
    }),
  )
}

/** For how long what is owed has been open: by the work lists, whose index is a moment behind the rows. */
export async function ageing(deps: FinanceDependencies, now: Instant): Promise<z.input<typeof ageingAnswer>> {
  const { partners, shards } = deps
  const rows = partners.map(async (partner): Promise<readonly Row[]> => {
    const of = (list: (partner: string, shard: number) => string) =>
      sharded(shards, (shard) => list(partner, shard))
    const [due, transit, failed] = await Promise.all([
      byPlace(deps, of(lists.open), now),
      byRow(deps, of(lists.inquire), now),
      byPlace(deps, of(lists.failed), now),
    ])
    return [
      { standing: 'due', partner, bands: due },
      { standing: 'in-transit', partner, bands: transit },
      { standing: 'failed', partner, bands: failed },
    ]
  })
  const [waiting, held, ...atPartners] = await Promise.all([
    byPlace(deps, sharded(shards, lists.waiting), now),
    byPlace(deps, sharded(shards, lists.held), now),
    ...rows.map(async (row) => row),
  ])
  return {
    at: jakartaTimestamp(now),
    rows: [
      { standing: 'waiting', partner: null, bands: waiting },
      { standing: 'held', partner: null, bands: held },
      ...atPartners.flat(),
    ],
  }
}
