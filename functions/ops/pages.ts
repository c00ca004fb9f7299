import * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import { givenInstant } from '../../shared/api/time.ts'
import { epochMs, type Instant, instant, latest } from '../../shared/domain/instant.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { parseJson } from '../../shared/json.ts'
import type { LedgerWithAccounts, Place } from '../../shared/ledger/ports.ts'
import { instantSchema, payoutSchema } from '../../shared/ledger/schemas.ts'
import { inBatches } from '../batches.ts'
import { nameOf } from './listed.ts'

/** A place and the list it is in. */
export type Position = { readonly list: string; readonly place: Place }
export type Range = { readonly from?: Instant; readonly to?: Instant }

/** A cursor may come from anybody: what the calendar does not have is none, though it is written as an instant. */
const givenAt = instantSchema.refine((at) => givenInstant.safeParse(at).success)
const cursorSchema = z.object({
  list: z.string(),
  place: z.object({ participantId: z.string(), payout: payoutSchema, at: givenAt }),
})
export const writeCursor = (position: Position): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')
const readCursor = (text: string): unknown => parseJson(Buffer.from(text, 'base64url').toString())

/** What is wrong with a cursor of a page of these lists, or where it says to go on. */
export function positionOf(
  cursor: string | undefined,
  names: readonly string[],
): Position | Refused | undefined {
  if (cursor === undefined) return undefined
  const parsed = cursorSchema.safeParse(readCursor(cursor))
  if (parsed.success && names.includes(parsed.data.list)) return parsed.data
  return refuse(400, 'The query cannot be read. cursor: not one that a page of this list has given')
}

type Search = {
  readonly lists: readonly string[]
  readonly range: Range
  readonly limit: number
  readonly after?: Position | undefined
}

/** What comes after an instant: instants are whole milliseconds. */
export const nextMillisecond = (at: Instant): Instant => instant(epochMs(at) + 1)

/**
 * Where one list goes on. Positions are ordered by date, then by list, and within a list as the index has them: so one
 * position says for every list what has been seen of it.
 */
function continued(index: number, { lists, range, after }: Search): Range & { readonly after?: Place } {
  if (!after) return range
  const { place } = after
  const ended = lists.indexOf(after.list)
  if (index === ended) return { ...range, after: place }
  const from = index < ended ? nextMillisecond(place.at) : place.at
  return { ...range, from: range.from === undefined ? from : latest(from, range.from) }
}

/** The next positions of several lists as if they were one, oldest first, at most `limit`. */
export async function nominateFrom(
  { worklist }: { readonly worklist: Pick<LedgerWithAccounts['worklist'], 'nominate'> },
  search: Search,
): Promise<readonly Position[]> {
  const { lists, limit } = search
  const found = await Promise.all(
    lists.map(async (list, index) => {
      const range = continued(index, search)
      // A list that begins where it must end has nothing; DynamoDB refuses the question.
      if (range.from !== undefined && range.to !== undefined && range.from > range.to) return []
      const places = await worklist.nominate(list, { ...range, limit })
      return places.map((place) => ({ list, index, place }))
    }),
  )
  return found
    .flat()
    .sort((one, other) => byTime(one.place.at, other.place.at) || one.index - other.index)
    .slice(0, limit)
}

/** Oldest first. */
export const byTime = (one: Instant, other: Instant): number => (one < other ? -1 : one > other ? 1 : 0)

/** As many rows as the ledger reads in one request. */
export const rowsMax = 100

/** The rows at these positions, in their order; one that has left its list since is not among them. */
export const readRows = (
  { participants }: Pick<LedgerWithAccounts, 'participants'>,
  positions: readonly Position[],
): Promise<readonly { readonly row: PayoutRow; readonly position: Position }[]> =>
  inBatches(positions, rowsMax, async (batch) => {
    // The index may show a payout at its old place and at its new one.
    const distinct = new Map(batch.map(({ place }) => [nameOf(place), place]))
    const rows = await participants.readRows([...distinct.values()])
    const found = new Map(rows.map((row) => [nameOf(row), row]))
    return batch.flatMap((position) => {
      const row = found.get(nameOf(position.place))
      return row?.list === position.list ? [{ row, position }] : []
    })
  })
