import type * as z from 'zod'
import { canaryMax } from '../../shared/domain/canary.ts'
import { epochMs, type Instant } from '../../shared/domain/instant.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { lists } from '../../shared/domain/row.ts'
import { amountOf } from '../../shared/domain/scheme.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import type { statusAnswer } from '../../shared/operations/schemas.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'
import { type ListName, shardsOf } from './lists.ts'
import { nextMillisecond } from './pages.ts'

type Status = z.input<typeof statusAnswer>
type Total = Status['held']

/** Payouts of one list that are counted; of more it is said that there are at least so many. */
const countMax = 10_000

type Counted = { readonly places: readonly Place[]; readonly atLeast: boolean }

/** The places in a list's shards, as far as they are counted. Keys only: no row is read. */
async function count(
  { ledger, shards }: OpsDependencies,
  names: readonly string[],
  range: { readonly from?: Instant; readonly to?: Instant } = {},
): Promise<Counted> {
  const limit = Math.ceil(countMax / shards)
  const found = await Promise.all(names.map((name) => ledger.worklist.nominate(name, { ...range, limit })))
  return { places: found.flat(), atLeast: found.some(({ length }) => length === limit) }
}

function totalOf({ scheme }: OpsDependencies, { places, atLeast }: Counted): Total {
  const oldest = places.map(({ at }) => at).sort()[0]
  return {
    count: places.length,
    rupiah: places.reduce((sum, { payout }) => sum + amountOf(scheme, payout), 0),
    atLeast,
    ...(oldest !== undefined && { oldest: shownAt(oldest) }),
  }
}

/**
 * The lane's list `open`, told apart by date. What is being sent counts as due: its row follows with the outcome, seconds
 * later.
 */
async function openTotals(deps: OpsDependencies, partner: string, now: Instant) {
  const names = Array.from({ length: deps.shards }, (_, shard) => lists.open(partner, shard))
  const [due, later] = await Promise.all([
    count(deps, names, { to: now }),
    count(deps, names, { from: nextMillisecond(now) }),
  ])
  return { due: totalOf(deps, due), later: totalOf(deps, later) }
}

const pausesOf = ({ paused }: Control) =>
  Object.fromEntries(
    Object.entries(paused).map(([kind, { reason, since, by }]) => [
      kind,
      { reason, since: shownAt(since), by },
    ]),
  )

async function partnerStatus(
  deps: OpsDependencies,
  partner: string,
  now: Instant,
): Promise<Status['partners'][string]> {
  const { lanes } = deps.ledger
  const [control, cursor, open, asked, failed] = await Promise.all([
    lanes.read(partner),
    lanes.cursor(partner),
    openTotals(deps, partner, now),
    count(deps, shardsOf(deps, 'unknown', partner)),
    count(deps, shardsOf(deps, 'failed', partner)),
  ])
  return {
    ...open,
    asked: totalOf(deps, asked),
    failed: totalOf(deps, failed),
    available: control.available,
    paused: pausesOf(control),
    ...(control.canary && {
      canary: { left: canaryMax - control.canary.payouts.length, kinds: [...control.canary.kinds] },
    }),
    // Before its first pass a lane's cursor stands at the beginning of time.
    ...(epochMs(cursor.startedAt) > 0 && { lastRelease: shownAt(cursor.startedAt) }),
  }
}

async function deadLetterDepths({ queues }: OpsDependencies): Promise<Status['deadLetters']> {
  const depths = await Promise.all(
    queues.deadLetterQueues.map(async (name) => [name, await queues.depth(name)] as const),
  )
  return Object.fromEntries(depths.filter(([, depth]) => depth > 0))
}

/** How every lane stands. Reads the keys of the work lists, at most 10,000 a list, and each lane's control row. */
export async function status(deps: OpsDependencies, now: Instant): Promise<Status> {
  const everywhere = (list: ListName) => count(deps, shardsOf(deps, list))
  const [waiting, held, lanes, deadLetters] = await Promise.all([
    everywhere('waiting'),
    everywhere('held'),
    Promise.all(deps.partners.map(async (name) => [name, await partnerStatus(deps, name, now)] as const)),
    deadLetterDepths(deps),
  ])
  return {
    at: shownAt(now),
    waiting: totalOf(deps, waiting),
    held: totalOf(deps, held),
    partners: Object.fromEntries(lanes),
    deadLetters,
  }
}
