import type * as z from 'zod'
import type { Look } from '../../shared/api/step.ts'
import { epochMs, type Instant, instant, jakartaTimestamp, plusSeconds } from '../../shared/domain/instant.ts'
import { type Kind, kindOf, kinds, type Payout } from '../../shared/domain/payout.ts'
import { lists } from '../../shared/domain/row.ts'
import type { Scheme } from '../../shared/domain/scheme.ts'
import { type ageingAnswer, type Band, bands } from '../../shared/finance/schemas.ts'
import type { PayoutKey, Place } from '../../shared/ledger/ports.ts'
import { inBatches } from '../batches.ts'
import { findPutOff } from '../put-off.ts'
import type { FinanceDependencies } from './dependencies.ts'
import { type AllSending, findSending, type Sending } from './sending.ts'

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

/** Payouts by kind, and what they come to under the scheme. */
export function figureOf(
  { amount }: Scheme,
  counts: readonly Readonly<Record<Kind, number>>[],
): { readonly count: number; readonly rupiah: number } {
  const of = (kind: Kind) => counts.reduce((sum, each) => sum + each[kind], 0)
  return {
    count: kinds.reduce((sum, kind) => sum + of(kind), 0),
    rupiah: kinds.reduce((sum, kind) => sum + of(kind) * amount[kind], 0),
  }
}

const sharded = (shards: number, nameOf: (shard: number) => string): readonly string[] =>
  Array.from({ length: shards }, (_, shard) => nameOf(shard))

type Count = Readonly<Record<Kind, number>>
/** Payouts by band. `atLeast`: there was no time to look at all of them. */
type Counted = { readonly counts: ReadonlyMap<Band, Count>; readonly atLeast: boolean }

const nothing: Count = { incentive: 0, survey: 0 }

const banded = (scheme: Scheme, { counts, atLeast }: Counted): Row['bands'] => {
  const of = (band: Band): Bounded => ({ ...figureOf(scheme, [counts.get(band) ?? nothing]), atLeast })
  return { '0-1': of('0-1'), '2-7': of('2-7'), '8-30': of('8-30'), 'over-30': of('over-30') }
}

/** Takes so many of one payout more, or less, into the band of what began then. */
function counted(
  { counts, atLeast }: Counted,
  payouts: readonly { readonly payout: Payout; readonly since: Instant }[],
  { now, by = 1 }: { readonly now: Instant; readonly by?: 1 | -1 },
): Counted {
  const next = new Map(counts)
  for (const { payout, since } of payouts) {
    const band = bands.findLast((each) => since <= rangeOf(each, now).to) ?? '0-1'
    const count = next.get(band) ?? nothing
    next.set(band, { ...count, [kindOf(payout)]: count[kindOf(payout)] + by })
  }
  return { counts: next, atLeast }
}

/** Of lists whose order is that of their beginning: counted in the index, however many there are. */
async function byPlace(
  { worklist }: FinanceDependencies,
  names: readonly string[],
  now: Instant,
): Promise<Counted> {
  const entries = bands.map(async (band) => {
    const found = await Promise.all(names.map((name) => worklist.count(name, rangeOf(band, now))))
    const of = (kind: Kind) => found.reduce((sum, each) => sum + each[kind], 0)
    return [band, { incentive: of('incentive'), survey: of('survey') }] as const
  })
  return { counts: new Map(await Promise.all(entries)), atLeast: false }
}

const placesPerPage = 2_000
const rowsPerRead = 100
/** Pages of all lists; a minute's time is over long before. */
const pagesMax = 10_000

/**
 * What is in transit of lists in the order of the next question: since when, their rows know; those that wait for something
 * else have no open claim. What there was no time for is left out, and said so.
 */
async function byRow(
  { worklist, participants }: FinanceDependencies,
  names: readonly string[],
  { now, timeLeft }: Look,
): Promise<Counted> {
  let found: Counted = { counts: new Map(), atLeast: false }
  const waiting = names.map((name): { name: string; after?: Place } => ({ name }))
  for (let page = 0; page < pagesMax && waiting.length > 0 && (page === 0 || timeLeft()); page++) {
    const [list] = waiting
    if (!list) break
    const { name, after } = list
    const places = await worklist.nominate(name, { limit: placesPerPage, ...(after && { after }) })
    const rows = await inBatches(places, rowsPerRead, (batch) => participants.readRows(batch))
    const claimed = rows.flatMap(({ payout, claimedAt, list: place }) =>
      claimedAt === undefined || place !== name ? [] : [{ payout, since: claimedAt }],
    )
    found = counted(found, claimed, { now })
    const last = places.at(-1)
    if (last && places.length === placesPerPage) list.after = last
    else waiting.shift()
  }
  return { ...found, atLeast: waiting.length > 0 }
}

/**
 * What is due in a lane's list `open`, without what is being sent. What was put off is counted there by its next try, if
 * that has come: it is due since its own day.
 */
async function dueIn(
  deps: FinanceDependencies,
  open: readonly string[],
  sending: readonly Sending[],
  look: Look,
): Promise<Counted> {
  const { now } = look
  const [due, putOff] = await Promise.all([byPlace(deps, open, now), findPutOff(deps.worklist, open, look)])
  const nameOf = ({ participantId, payout }: PayoutKey) => `${participantId} ${payout}`
  const sent = new Set(sending.map(nameOf))
  const unsent = putOff.found.filter((each) => !sent.has(nameOf(each)))
  const places = [...sending, ...unsent].filter(({ at }) => at <= now)
  const elsewhere = places.map(({ payout, at }) => ({ payout, since: at }))
  const { counts } = counted(counted(due, elsewhere, { now, by: -1 }), unsent, { now })
  return { counts, atLeast: putOff.atLeast }
}

/** What is due at a partner and what is in transit there. What is being sent is in transit, and still in the list of what
 *  is due. */
async function atPartner(
  deps: FinanceDependencies,
  { open, inquire }: Readonly<Record<'open' | 'inquire', readonly string[]>>,
  { sending, atLeast }: AllSending,
  look: Look,
): Promise<{ readonly due: Row['bands']; readonly transit: Row['bands'] }> {
  const { now } = look
  const [due, transit] = await Promise.all([dueIn(deps, open, sending, look), byRow(deps, inquire, look)])
  const claimed = sending.map(({ payout, claimedAt }) => ({ payout, since: claimedAt }))
  const { counts, atLeast: isPart } = counted(transit, claimed, { now })
  return {
    due: banded(deps.scheme, due),
    transit: banded(deps.scheme, { counts, atLeast: isPart || atLeast }),
  }
}

/** For how long what is owed has been open: by the work lists, whose index is a moment behind the rows. */
export async function ageing(deps: FinanceDependencies, look: Look): Promise<z.input<typeof ageingAnswer>> {
  const { partners, shards, scheme } = deps
  const { now } = look
  const rows = partners.map(async (partner): Promise<readonly Row[]> => {
    const of = (list: (partner: string, shard: number) => string) =>
      sharded(shards, (shard) => list(partner, shard))
    const names = { open: of(lists.open), inquire: of(lists.inquire) }
    const [{ due, transit }, failed] = await Promise.all([
      atPartner(deps, names, await findSending(deps, partner, now), look),
      byPlace(deps, of(lists.failed), now),
    ])
    return [
      { standing: 'due', partner, bands: due },
      { standing: 'in-transit', partner, bands: transit },
      { standing: 'failed', partner, bands: banded(scheme, failed) },
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
      { standing: 'waiting', partner: null, bands: banded(scheme, waiting) },
      { standing: 'held', partner: null, bands: banded(scheme, held) },
      ...atPartners.flat(),
    ],
  }
}
