import { claimTermSeconds, laneVisibilitySeconds } from '../../shared/domain/deadlines.ts'
import type { AnyEntry, Entry } from '../../shared/domain/entry.ts'
import { openAttempt, replay } from '../../shared/domain/fold.ts'
import {
  epochMs,
  type Instant,
  instant,
  jakartaDate,
  plusSeconds,
  startOfDay,
} from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { lists, type PayoutRow } from '../../shared/domain/row.ts'
import type { Place } from '../../shared/ledger/ports.ts'
import { inBatches } from '../batches.ts'
import type { FinanceDependencies } from './dependencies.ts'

/** A payout that has been claimed and still has the place in the list `open` where nobody has looked at the outcome yet. */
export type Sending = Place & { readonly claimedAt: Instant }

export type AllSending = {
  readonly sending: readonly Sending[]
  /** There are more places to look at than one answer takes. */
  readonly atLeast: boolean
}

/** How long after its term a claim may wait for whoever sees that it has ended: its message comes again by then. */
const lateSeconds = 2 * laneVisibilitySeconds
const placesPerPage = 2_000
const pagesMax = 5
const rowsPerRead = 100

type Range = { readonly from: Instant; readonly to: Instant }

/** Where terms may end. What is due is due from the beginning of a day: a million may be there, and no term is. */
function rangesOf(now: Instant): readonly Range[] {
  const [from, to] = [plusSeconds(now, -lateSeconds), plusSeconds(now, claimTermSeconds)]
  const midnight = startOfDay(jakartaDate(to))
  if (midnight < from) return [{ from, to }]
  const beside = (milliseconds: number) => instant(epochMs(midnight) + milliseconds)
  return [
    { from, to: beside(-1) },
    { from: beside(1), to },
  ].filter((range) => range.from <= range.to)
}

async function placesIn(
  { worklist }: FinanceDependencies,
  list: string,
  range: Range,
): Promise<{ readonly places: readonly Place[]; readonly atLeast: boolean }> {
  const places: Place[] = []
  for (let page = 0; page < pagesMax; page++) {
    const after = places.at(-1)
    const found = await worklist.nominate(list, { ...range, limit: placesPerPage, ...(after && { after }) })
    places.push(...found)
    if (found.length < placesPerPage) return { places, atLeast: false }
  }
  return { places, atLeast: true }
}

const isOf =
  (payout: Payout) =>
  (entry: AnyEntry): entry is Entry =>
    entry.subject === payout

/** When a payout was claimed of which the row does not know: rows follow with the outcome. */
async function claimedSince(
  { history }: FinanceDependencies,
  { participantId, payout }: PayoutRow,
  partner: string,
): Promise<Instant | undefined> {
  const entries = await history.entries(participantId)
  const open = openAttempt(replay(entries.filter(isOf(payout))))
  return open?.claim.partner === partner ? open.claimedAt : undefined
}

/**
 * What is being sent at a partner, seconds as a rule: the payouts that permits name, and those whose rows say so, at the
 * end of their term. All others in the list `open` have not been claimed.
 */
export async function findSending(
  deps: FinanceDependencies,
  partner: string,
  now: Instant,
): Promise<AllSending> {
  const { lanes, participants, shards } = deps
  const open = Array.from({ length: shards }, (_, shard) => lists.open(partner, shard))
  const [control, ...found] = await Promise.all([
    lanes.read(partner),
    ...open.flatMap((list) => rangesOf(now).map((range) => placesIn(deps, list, range))),
  ])
  const nameOf = ({ participantId, payout }: Pick<Place, 'participantId' | 'payout'>) =>
    `${participantId} ${payout}`
  const permitted = Object.values(control.permits).flatMap(({ payouts }) => payouts)
  const candidates = new Map(
    [...permitted, ...found.flatMap(({ places }) => places)].map((each) => [nameOf(each), each]),
  )
  const rows = await inBatches([...candidates.values()], rowsPerRead, (batch) => participants.readRows(batch))
  const names = new Set(permitted.map(nameOf))
  const sending = rows.map(async (row): Promise<readonly Sending[]> => {
    const { participantId, payout, at, list } = row
    if (at === undefined || list === undefined || !open.includes(list)) return []
    const unseen = names.has(nameOf(row)) ? () => claimedSince(deps, row, partner) : () => undefined
    const claimedAt = row.claimedAt ?? (await unseen())
    return claimedAt === undefined ? [] : [{ participantId, payout, at, claimedAt }]
  })
  return {
    sending: (await Promise.all(sending)).flat(),
    atLeast: found.some(({ atLeast }) => atLeast),
  }
}
