import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { lists, type PayoutRow } from '../../shared/domain/row.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { uselessFilters } from '../../shared/operations/list-filters.ts'
import type { listAnswer, listNames, listQuery } from '../../shared/operations/schemas.ts'
import { triesOf } from '../put-off.ts'
import { type Counted, count, countMax, type Found, having, type Total, totalOf } from './counting.ts'
import type { OpsDependencies } from './dependencies.ts'
import { chosenBy, rangeOf } from './filter.ts'
import { listed, nameOf } from './listed.ts'
import {
  byTime,
  nominateFrom,
  type Position,
  positionOf,
  type Range,
  readRows,
  writeCursor,
} from './pages.ts'

export type ListName = (typeof listNames)[number]
type Query = z.output<typeof listQuery>

type ListKind = {
  /** The names of its shards; `partners` are those to look at. */
  readonly shards: (partners: readonly string[], shards: readonly number[]) => readonly string[]
  /** What may be seen in it; the rest of what is there is the system's own business. */
  readonly states: readonly StateName[]
  /** The list is ordered by the time since which a payout is in its state. */
  readonly bySince: boolean
  /** It goes on into the future, of which people see what is due all the same: what was put off. */
  readonly untilNow?: true
}

/** Which work lists each of the people's lists is made of. */
const kinds: Readonly<Record<ListName, ListKind>> = {
  due: {
    shards: (partners, shards) =>
      partners.flatMap((partner) => shards.map((shard) => lists.open(partner, shard))),
    states: ['scheduled'],
    bySince: true,
    untilNow: true,
  },
  failed: {
    shards: (partners, shards) =>
      partners.flatMap((partner) => shards.map((shard) => lists.failed(partner, shard))),
    states: ['failed', 'returned'],
    bySince: true,
  },
  unknown: {
    shards: (partners, shards) =>
      partners.flatMap((partner) => shards.map((shard) => lists.inquire(partner, shard))),
    states: ['pending', 'unknown'],
    bySince: false,
  },
  held: { shards: (_, shards) => shards.map(lists.held), states: ['held'], bySince: true },
  waiting: { shards: (_, shards) => shards.map(lists.waiting), states: ['waiting'], bySince: true },
}

/** The work lists behind one of the people's lists, all partners' or one's. */
export function shardsOf(
  { partners, shards }: Pick<OpsDependencies, 'partners' | 'shards'>,
  list: ListName,
  partner?: string,
): readonly string[] {
  const wanted = partner === undefined ? partners : [partner]
  return kinds[list].shards(
    wanted,
    Array.from({ length: shards }, (_, shard) => shard),
  )
}

/** Rows that one page may look at; where few of them are wanted the page is short and says how it goes on. */
const examinedMax = 1_000

type Page = { readonly found: Awaited<ReturnType<typeof readRows>>; readonly next?: Position }
type Search = {
  readonly names: readonly string[]
  readonly after?: Position | undefined
  readonly query: Query
  /** References, where only these attempts are wanted. */
  readonly only?: ReadonlySet<string> | undefined
}

/** References of attempts that no statement of their partner has, as its last reconciled one left them. */
async function eligibleAt(
  { reconciliations, partners }: OpsDependencies,
  partner?: string,
): Promise<ReadonlySet<string>> {
  const wanted = partner === undefined ? partners : [partner]
  const found = await Promise.all(wanted.map(reconciliations.eligible))
  return new Set(found.flatMap((one) => one?.references ?? []))
}

const isOneOf = ({ participantId, payout, attempt }: PayoutRow, references: ReadonlySet<string>): boolean =>
  attempt !== undefined && references.has(referenceOf(participantId, payout, attempt))

/** What a query chooses of its list: by the row, and by as much of it as the index tells. */
function choiceOf({ scheme }: OpsDependencies, { query, only }: Search, now: Instant) {
  const { states, bySince, untilNow } = kinds[query.list]
  const since: Range = { ...(untilNow && { to: now }), ...rangeOf(query, scheme, now) }
  const putOff = untilNow ? triesOf(now, since.to) : []
  const { reason, remedy, wave, ...inIndex } = query
  const byIndex = chosenBy(inIndex, since)
  const byRow = chosenBy(query, since)
  return {
    /** Where in the lists all of it is, in this order. */
    ranges: [bySince ? since : {}, ...putOff],
    byIndex: (one: Found) => states.includes(one.state) && byIndex(one),
    byRow: (row: PayoutRow) => states.includes(row.state) && byRow(row) && (!only || isOneOf(row, only)),
    /** The index does not tell all that the choice is made by. */
    takesRows: [reason, remedy, wave, only].some((wanted) => wanted !== undefined),
  }
}

/** The next positions in these ranges, of which each begins behind the one before. */
async function nominateIn(
  { ledger }: OpsDependencies,
  ranges: readonly Range[],
  { limit, ...search }: Omit<Parameters<typeof nominateFrom>[1], 'range'>,
): Promise<readonly Position[]> {
  const found: Position[] = []
  for (const range of ranges) {
    if (found.length >= limit) break
    found.push(...(await nominateFrom(ledger, { ...search, range, limit: limit - found.length })))
  }
  return found
}

/** Looks at rows until there are enough, none is left, or as many were looked at as one page may. */
async function search(deps: OpsDependencies, now: Instant, wanted: Search): Promise<Page> {
  const { names, after, query } = wanted
  const { ranges, byRow } = choiceOf(deps, wanted, now)
  const found: Page['found'][number][] = []
  let last = after
  for (let examined = 0; examined < examinedMax; ) {
    const limit = Math.min(examinedMax - examined, Math.max(query.limit, 100))
    const positions = await nominateIn(deps, ranges, { lists: names, limit, after: last })
    for (const one of await readRows(deps.ledger, positions)) {
      if (!byRow(one.row)) continue
      if (found.length === query.limit) return { found, next: found.at(-1)?.position ?? one.position }
      found.push(one)
    }
    if (positions.length < limit) return { found }
    examined += positions.length
    last = positions.at(-1)
  }
  return { found, ...(last && { next: last }) }
}

/** What is in these ranges of the lists, as far as each of them is counted. */
export async function countIn(
  deps: OpsDependencies,
  names: readonly string[],
  ranges: readonly Range[],
): Promise<Counted> {
  const counted = await Promise.all(ranges.map((range) => count(deps, names, range)))
  return {
    found: counted.flatMap(({ found }) => found),
    atLeast: counted.some(({ atLeast }) => atLeast),
  }
}

/** The oldest of what was found, as far as rows are read for a count, and of those the chosen. */
async function chosenByRow(
  { ledger }: OpsDependencies,
  { found, atLeast }: Counted,
  isChosen: (row: PayoutRow) => boolean,
): Promise<Counted> {
  const oldest = found.toSorted((one, other) => byTime(one.at, other.at)).slice(0, countMax)
  const rows = await readRows(
    ledger,
    oldest.map((place) => ({ list: place.list, place })),
  )
  const chosen = new Set(rows.filter(({ row }) => isChosen(row)).map(({ row }) => nameOf(row)))
  return {
    found: oldest.filter((one) => chosen.has(nameOf(one))),
    atLeast: atLeast || found.length > oldest.length,
  }
}

/** What all that a query chooses comes to, as far as it is counted; what its first page has found is always among it. */
async function totalOver(
  deps: OpsDependencies,
  now: Instant,
  wanted: Search,
  { found, next }: Page,
): Promise<Total> {
  const shown = found.map(({ row, position: { list, place } }) => ({ ...row, list, at: place.at }))
  if (!next) return totalOf(deps, { found: shown, atLeast: false })
  const { ranges, byIndex, byRow, takesRows } = choiceOf(deps, wanted, now)
  const told = having(await countIn(deps, wanted.names, ranges), byIndex)
  const counted = takesRows ? await chosenByRow(deps, told, byRow) : told
  const all = new Map([...counted.found, ...shown].map((one) => [nameOf(one), one]))
  const total = totalOf(deps, { ...counted, found: [...all.values()] })
  if (kinds[wanted.query.list].bySince || !total.atLeast) return total
  // What is asked about least often, and so counted last, has been so for longest.
  const { oldest: _, ...known } = total
  return known
}

/**
 * One page of a list, oldest first; of `unknown`, in the order of the next question, and of `due`, last of all what was
 * put off, in the order of the next try. The work of a page is bounded: with a filter that few payouts pass, it may hold
 * less than `limit`, even nothing, and still say how it goes on. The first says what all of them come to, as far as it
 * counts.
 */
export async function list(
  deps: OpsDependencies,
  query: Query,
  now: Instant,
): Promise<z.input<typeof listAnswer> | Refused> {
  for (const [name, why] of Object.entries(uselessFilters[query.list]))
    if (name in query) return refuse(400, `The query cannot be read. ${name}: ${why}; leave it out`)
  if (query.eligible && query.list !== 'unknown') {
    return refuse(400, 'The query cannot be read. eligible: only payouts of the list unknown can be')
  }
  const names = shardsOf(deps, query.list, query.partner)
  const after = positionOf(query.cursor, names)
  if (after && 'problem' in after) return after
  const only = query.eligible && (await eligibleAt(deps, query.partner))
  const wanted = { names, after, query, only }
  const page = await search(deps, now, wanted)
  const total = after ? undefined : await totalOver(deps, now, wanted, page)
  const { found, next } = page
  const payouts = found.map(({ row }) => listed(row))
  const rupiah = payouts.reduce((sum, { amount }) => sum + amount, 0)
  return {
    payouts,
    page: { count: payouts.length, rupiah },
    ...(total && { total }),
    ...(next && { next: writeCursor(next) }),
  }
}
