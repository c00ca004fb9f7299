import type * as z from 'zod'
import { canaryLeft, isCanary } from '../../shared/domain/canary.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { kinds } from '../../shared/domain/payout.ts'
import type { Control } from '../../shared/domain/permit.ts'
import { lists } from '../../shared/domain/row.ts'
import type { Described } from '../../shared/ledger/ports.ts'
import type { statusAnswer } from '../../shared/operations/schemas.ts'
import { isDueAndPutOff, triesOf } from '../put-off.ts'
import { type Counted, count, having, totalOf } from './counting.ts'
import type { OpsDependencies } from './dependencies.ts'
import { nameOf, shownAt } from './listed.ts'
import { countIn, type ListName, shardsOf } from './lists.ts'
import { nextMillisecond } from './pages.ts'

type Status = z.input<typeof statusAnswer>

/** When workers got their permits, by payout; what a permit names for the float's sake alone is not being sent. */
const permittedSince = ({ permits }: Control): ReadonlyMap<string, Instant> =>
  new Map(
    Object.values(permits)
      .filter(({ givenBack }) => givenBack === undefined)
      .flatMap(({ at, payouts }) =>
        payouts.filter(({ amount }) => amount > 0).map((one) => [nameOf(one), at] as const),
      ),
  )

/**
 * The lane's list `open`. A worker writes a payout's row with its outcome: until then the row says scheduled, and the
 * lane's permits tell who is sending it. One whose worker died says so itself, until inquire asks. What was put off is
 * due, though its place is that of a later try.
 */
async function openTotals(deps: OpsDependencies, partner: string, control: Promise<Control>, now: Instant) {
  const names = Array.from({ length: deps.shards }, (_, shard) => lists.open(partner, shard))
  const [before, after, tried] = await Promise.all([
    count(deps, names, { to: now }),
    count(deps, names, { from: nextMillisecond(now) }),
    countIn(deps, names, triesOf(now, now)),
  ])
  const permitted = permittedSince(await control)
  const isSent = (one: Described) => one.state === 'sending' || permitted.has(nameOf(one))
  const isScheduled = (one: Described) => !isSent(one)
  const sent = { found: [...before.found, ...after.found].filter(isSent), atLeast: before.atLeast }
  const putOff = having(tried, (one) => isScheduled(one) && isDueAndPutOff(one, now))
  const due = {
    found: [...before.found.filter(isScheduled), ...putOff.found],
    atLeast: before.atLeast || putOff.atLeast,
  }
  return {
    due: totalOf(deps, due),
    ...(putOff.found.length > 0 && { putOff: totalOf(deps, putOff) }),
    inFlight: totalOf(deps, sent, (one) => permitted.get(nameOf(one)) ?? one.since),
    later: totalOf(
      deps,
      having(after, (one) => isScheduled(one) && !isDueAndPutOff(one, now)),
    ),
  }
}

const pausesOf = ({ paused }: Control) =>
  Object.fromEntries(
    Object.entries(paused).map(([kind, { reason, since, by, note, confirmed }]) => [
      kind,
      {
        ...{ reason, since: shownAt(since), by },
        ...(note !== undefined && { note }),
        ...(confirmed !== undefined && { confirmed: shownAt(confirmed) }),
      },
    ]),
  )

const canariesLeft = (control: Control) =>
  Object.fromEntries(
    kinds.filter((kind) => isCanary(control, kind)).map((kind) => [kind, canaryLeft(control, kind)]),
  )

async function partnerStatus(
  deps: OpsDependencies,
  partner: string,
  holding: Promise<Counted>,
  now: Instant,
): Promise<Status['partners'][string]> {
  const { lanes } = deps.ledger
  const reading = lanes.read(partner)
  const [control, open, held, cursor, asked, failed] = await Promise.all([
    reading,
    openTotals(deps, partner, reading, now),
    holding,
    lanes.cursor(partner),
    count(deps, shardsOf(deps, 'unknown', partner)),
    count(deps, shardsOf(deps, 'failed', partner)),
  ])
  return {
    ...open,
    pending: totalOf(
      deps,
      having(asked, ({ state }) => state === 'pending'),
    ),
    unknown: totalOf(
      deps,
      having(asked, ({ state }) => state === 'unknown'),
    ),
    failed: totalOf(deps, failed),
    held: totalOf(
      deps,
      having(held, (one) => one.partner === partner),
    ),
    available: control.available,
    paused: pausesOf(control),
    ...(control.canary && { canary: canariesLeft(control) }),
    ...(cursor.releasedAt !== undefined && { lastRelease: shownAt(cursor.releasedAt) }),
  }
}

async function deadLetterDepths({ queues }: OpsDependencies): Promise<Status['deadLetters']> {
  const depths = await Promise.all(
    queues.deadLetterQueues.map(async (name) => [name, await queues.depth(name)] as const),
  )
  return Object.fromEntries(depths.filter(([, depth]) => depth > 0))
}

/** How every lane stands. Reads the index of the work lists, at most 2,000 a list, and each lane's control row. */
export async function status(deps: OpsDependencies, now: Instant): Promise<Status> {
  const everywhere = (list: ListName) => count(deps, shardsOf(deps, list))
  const holding = everywhere('held')
  const [waiting, held, deadLetters, lanes] = await Promise.all([
    everywhere('waiting'),
    holding,
    deadLetterDepths(deps),
    Promise.all(
      deps.partners.map(async (name) => [name, await partnerStatus(deps, name, holding, now)] as const),
    ),
  ])
  return {
    at: shownAt(now),
    waiting: totalOf(deps, waiting),
    held: totalOf(deps, held),
    partners: Object.fromEntries(lanes),
    deadLetters,
  }
}
