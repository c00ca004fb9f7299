import type * as z from 'zod'
import type { Look } from '../../shared/api/step.ts'
import { epochMs, type Instant, instant, jakartaTimestamp, plusSeconds } from '../../shared/domain/instant.ts'
import { type Kind, kindOf, kinds } from '../../shared/domain/payout.ts'
import { lists } from '../../shared/domain/row.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { type ageingAnswer, type Band, bands } from '../../shared/finance/schemas.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import { inBatches } from '../batches.ts'
import type { FinanceDependencies } from './dependencies.ts'

type Row = z.input<typeof ageingAnswer>['rows'][number]
type Bounded = Row['bands'][Band]

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

/** Payouts by kind, and what they come to. */
export function figureOf(counts: readonly Readonly<Record<Kind, number>>[]): {
  readonly count: number
  readonly rupiah: number
} {
  const of = (kind: Kind) => counts.reduce((sum, each) => sum + each[kind], 0)
  return {
    count: kinds.reduce((sum, kind) => sum + of(kind), 0),
    rupiah: kinds.reduce((sum, kind) => sum + of(kind) * scheme2020.amount[kind], 0),
  }
}

const sharded = (shards: number, nameOf: (shard: number) => string): readonly string[] =>
  Array.from({ length: shards }, (_, shard) => nameOf(shard))

const banded = (figures: readonly Bounded[]): Row['bands'] => {
  const none: Bounded = { count: 0, rupiah: 0, atLeast: false }
  const [fresh = none, week = none, month = none, old = none] = figures
  return { '0-1': fresh, '2-7': week, '8-30': month, 'over-30': old }
}

/** Of lists whose order is that of their beginning: counted in the index, however many there are. */
async function byPlace(
  { worklist }: FinanceDependencies,
  names: readonly string[],
  now: Instant,
): Promise<Row['bands']> {
  const figures = bands.map(async (band) => {
    const counts = await Promise.all(names.map((name) => worklist.count(name, rangeOf(band, now))))
    return { ...figureOf(counts), atLeast: false }
  })
  return banded(await Promise.all(figures))
}

const placesPerPage = 2_000
const rowsPerRead = 100
/** Pages of all lists; a minute's time is over long before. */
const pagesMax = 10_000

/** Of lists in the order of the next question: since when, their rows know. What there was no time for is left out, and said so. */
async function byRow(
  { worklist, participants }: FinanceDependencies,
  names: readonly string[],
  { now, timeLeft }: Look,
): Promise<Row['bands']> {
  const counts = new Map(bands.map((band) => [band, { incentive: 0, survey: 0 }]))
  const waiting = names.map((name): { name: string; after?: Place } => ({ name }))
  for (let page = 0; page < pagesMax && waiting.length > 0 && (page === 0 || timeLeft()); page++) {
    const [list] = waiting
    if (!list) break
    const { name, after } = list
    const found = await worklist.nominate(name, { limit: placesPerPage, ...(after && { after }) })
    const rows = await inBatches(found, rowsPerRead, (batch) => participants.readRows(batch))
    for (const { since, payout } of rows) {
      const band = bands.findLast((each) => since <= rangeOf(each, now).to) ?? '0-1'
      const count = counts.get(band)
      if (count) count[kindOf(payout)] += 1
    }
    const last = found.at(-1)
    if (last && found.length === placesPerPage) list.after = last
    else waiting.shift()
  }
  const atLeast = waiting.length > 0
  return banded(bands.map((band) => ({ ...figureOf([counts.get(band) ?? nothing]), atLeast })))
}

const nothing = { incentive: 0, survey: 0 } as const

/** For how long what is owed has been open: by the work lists, whose index is a moment behind the rows. */
export async function ageing(deps: FinanceDependencies, look: Look): Promise<z.input<typeof ageingAnswer>> {
  const { partners, shards } = deps
  const { now } = look
  const rows = partners.map(async (partner): Promise<readonly Row[]> => {
    const of = (list: (partner: string, shard: number) => string) =>
      sharded(shards, (shard) => list(partner, shard))
    const [due, transit, failed] = await Promise.all([
      byPlace(deps, of(lists.open), now),
      byRow(deps, of(lists.inquire), look),
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
