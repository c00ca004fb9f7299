import type { Window } from '../../shared/domain/calendar.ts'
import { canaryLeft, isCanary } from '../../shared/domain/canary.ts'
import { type Kind, kindOf, kinds } from '../../shared/domain/payout.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { lists } from '../../shared/domain/row.ts'
import type { Cursor, Place } from '../../shared/ledger/ports.ts'
import type { ReleaseDependencies } from './release.ts'

/* Which payouts of a lane may be let go: what calendar, control row and cursor leave of the lists of what is open. */

type Searching = Pick<ReleaseDependencies, 'ledger' | 'partnerName'>

/** What may not pass is looked past, so that it does not hold up what may: so many at a time, and in one run for so many
 *  pages of a shard's list. In 32 shards that is 320,000 payouts; behind these the next run goes on. */
const lookedPast = 1_000
const pagesMax = 10

/** The older first. */
export const byDate = (first: Place, second: Place): number => (first.at < second.at ? -1 : 1)

/** Of a kind's canary no more than it has left: the others would only take the place of what may pass. */
export function withinCanary(places: readonly Place[], control: Control): readonly Place[] {
  const passed = { incentive: 0, survey: 0 }
  return places.filter(({ payout }) => {
    const kind = kindOf(payout)
    return !isCanary(control, kind) || passed[kind]++ < canaryLeft(control, kind)
  })
}

type Search = { readonly limit: number; readonly open: readonly Kind[]; readonly control: Control }

/** `past`: there may be more, but the run has looked no further than there. */
type Found = { readonly passing: readonly Place[]; readonly past?: Place }

/** The oldest payouts of these kinds in one shard's list that a window lets go, after a place; of a page that has more of
 *  them than `limit`, all. */
async function inWindow(
  { ledger }: Searching,
  list: string,
  {
    window,
    limit,
    open,
    control,
    after,
  }: Search & { readonly window: Window; readonly after?: Place | undefined },
): Promise<Found> {
  const size = open.length < kinds.length ? Math.max(limit, lookedPast) : limit
  let passing: readonly Place[] = []
  let last = after && (window.from === undefined || after.at >= window.from) ? after : undefined
  for (let page = 0; page < pagesMax && passing.length < limit; page++) {
    const found = await ledger.worklist.nominate(list, {
      ...window,
      limit: size,
      ...(last && { after: last }),
    })
    const wanted = found.filter(({ payout }) => open.includes(kindOf(payout)))
    passing = withinCanary([...passing, ...wanted], control)
    if (found.length < size) return { passing }
    last = found.at(-1)
  }
  const isBound = passing.length < limit && open.length < kinds.length
  return isBound && last ? { passing, past: last } : { passing }
}

/** A window of one shard's list in which there may be something. */
export type OpenWindow = { readonly shard: number; readonly window: Window }

export type Candidates = {
  /** Oldest first. */
  readonly found: readonly Place[]
  /** How far this run has looked in the shards that may have more behind what may not pass, by shard. */
  readonly past: Cursor['places']
}

/** The windows of one shard, in their order: behind one that has more than a run looks past, the others wait. */
async function inShard(
  deps: Searching,
  windows: readonly OpenWindow[],
  cursor: Cursor,
  search: Search,
): Promise<Candidates> {
  const found: Place[] = []
  for (const { shard, window } of windows) {
    const list = lists.open(deps.partnerName, shard)
    const { passing, past } = await inWindow(deps, list, { ...search, window, after: cursor.places[shard] })
    found.push(...passing)
    if (past) return { found, past: { [shard]: past } }
  }
  return { found, past: {} }
}

/** The oldest payouts that calendar and control row let go, after the cursor, over all shards. */
export async function candidates(
  deps: Searching,
  windows: readonly OpenWindow[],
  cursor: Cursor,
  search: Search,
): Promise<Candidates> {
  if (search.open.length === 0) return { found: [], past: {} }
  const ofShards = [...Map.groupBy(windows, ({ shard }) => shard).values()]
  const searched = await Promise.all(ofShards.map((own) => inShard(deps, own, cursor, search)))
  return {
    found: searched.flatMap(({ found }) => found).sort(byDate),
    past: Object.fromEntries(searched.flatMap(({ past }) => Object.entries(past))),
  }
}
