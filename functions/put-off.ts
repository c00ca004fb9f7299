import type { Look } from '../shared/api/step.ts'
import {
  earliest,
  epochMs,
  type Instant,
  instant,
  jakartaDate,
  latest,
  plusDays,
  plusSeconds,
  startOfDay,
} from '../shared/domain/instant.ts'
import type { Described, Place, Worklist } from '../shared/ledger/ports.ts'

/**
 * What is due and was put off, because its partner could not be asked about it. It stays in its lane's list `open`: due
 * since its own day, but in the place of its next try.
 */

/** From one try to the next, at most: from midnight to six on the day after. */
const pauseMaxSeconds = 30 * 3_600
/** Tries that have come and that a lane at rest has left alone; by older ones nobody tells payouts apart. */
const lookBackSeconds = 31 * 86_400

type Range = { readonly from: Instant; readonly to: Instant }

const beside = (at: Instant, milliseconds: number): Instant => instant(epochMs(at) + milliseconds)

/**
 * Where tries may lie, oldest first, of a month at most and later than `after`. What is due lies at the beginning of its
 * day, a million at a time, and a try hardly ever does: these instants are left out.
 */
export function triesOf(now: Instant, after: Instant = plusSeconds(now, -lookBackSeconds)): readonly Range[] {
  const first = beside(latest(after, plusSeconds(now, -lookBackSeconds)), 1)
  const last = plusSeconds(now, pauseMaxSeconds)
  const ranges: Range[] = []
  for (let day = jakartaDate(first); startOfDay(day) < last; day = plusDays(day, 1))
    ranges.push({
      from: latest(first, beside(startOfDay(day), 1)),
      to: earliest(last, beside(startOfDay(plusDays(day, 1)), -1)),
    })
  return ranges.filter(({ from, to }) => from <= to)
}

/** Whether a payout in a list `open` is due, and in its place for a try that is later than its day. */
export const isDueAndPutOff = ({ state, since, at }: Described, now: Instant): boolean =>
  state === 'scheduled' && since < at && since <= now

const placesPerPage = 2_000

async function putOffIn(
  worklist: Worklist,
  list: string,
  { now, timeLeft }: Look,
): Promise<{ readonly found: readonly Described[]; readonly atLeast: boolean }> {
  const found: Described[] = []
  for (const range of triesOf(now)) {
    let after: Place | undefined
    do {
      if (!timeLeft()) return { found, atLeast: true }
      const places = await worklist.describe(list, {
        ...range,
        limit: placesPerPage,
        ...(after && { after }),
      })
      found.push(...places.filter((place) => isDueAndPutOff(place, now)))
      after = places.length < placesPerPage ? undefined : places.at(-1)
    } while (after)
  }
  return { found, atLeast: false }
}

/** All in these lists that was put off, as far as there is time. `atLeast`: there was none for the rest. */
export async function findPutOff(
  worklist: Worklist,
  lists: readonly string[],
  look: Look,
): Promise<{ readonly found: readonly Described[]; readonly atLeast: boolean }> {
  const each = await Promise.all(lists.map((list) => putOffIn(worklist, list, look)))
  return { found: each.flatMap(({ found }) => found), atLeast: each.some(({ atLeast }) => atLeast) }
}
