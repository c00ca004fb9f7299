import type { CivilDate, Instant } from '../domain/instant.ts'
import { jakartaDate, plusDays, plusSeconds } from '../domain/instant.ts'
import type { Packable } from './packing.ts'
import type { Counted, PartKey } from './totals.ts'

/**
 * The making good of what the journal's stream has left out of the books of some days: their sums and their movement
 * files. First the whole journal is read, piece by piece, and what it says of these days is set aside; then each day at
 * each partner is compared with it, and what differs or is missing is written.
 */
export type Repair = {
  /** UUID. */
  readonly id: string
  /** Both inclusive. */
  readonly from: CivilDate
  readonly to: CivilDate
  readonly reason: string
  readonly state: 'running' | 'stopped' | 'done'
  /** Entries of the journal read so far. */
  readonly entries: number
  /** Names of the pieces that were set aside. */
  readonly pieces: readonly string[]
  /** Where the next piece begins; `null` once the journal is read; absent before the first. */
  readonly next?: string | null
  /** Days at partners dealt with so far. */
  readonly parts: number
  /** The one that comes next, if it has been begun. */
  readonly mending?: Mending
  /** Days at partners of which the sums were written anew. */
  readonly sums: number
  /** Movements that were missing in the files and are there now. */
  readonly movements: number
  readonly startedBy: string
  readonly at: Instant
  readonly endedAt?: Instant
  /** Goes up by one with every write. */
  readonly version: number
}

/** How far a day at a partner has been mended. First its files are read, then the pieces are compared with them. */
export type Mending = {
  /** Names under which ids of movements were set aside that files have. */
  readonly ids: readonly string[]
  /** The last file read; `null` once all were; absent before the first. */
  readonly file?: string | null
  /** Pieces compared so far. */
  readonly pieces: number
  /** The name under which is set aside what these pieces come to. */
  readonly sums?: string
}

/** Where repairs are kept. All reads are strongly consistent. */
export type Repairs = {
  start(repair: Repair): Promise<'started' | 'exists'>
  repair(id: string): Promise<Repair | undefined>
  /** Newest first. */
  repairs(): Promise<readonly Repair[]>
  /** Writes what follows the one read. */
  change(next: Repair): Promise<'written' | 'overtaken'>
}

/** What a repair sets aside of the journal and of the movement files. */
export type Aside = {
  /** Writes what a piece has of one day at one partner. */
  write(repair: string, piece: string, counted: readonly Counted[]): Promise<void>
  /** What these pieces have of a day at a partner, one after the other; of some it may be nothing. */
  read(repair: string, pieces: readonly string[], key: PartKey): AsyncIterable<readonly Counted[]>
  writeIds(repair: string, name: string, key: PartKey, ids: readonly string[]): Promise<void>
  /** Throws where there are none of that name. */
  ids(repair: string, name: string, key: PartKey): Promise<readonly string[]>
  writeSums(repair: string, name: string, key: PartKey, sums: Packable): Promise<void>
  /** Throws where there are none of that name. */
  sums(repair: string, name: string, key: PartKey): Promise<Packable>
}

/** Days of one repair. */
export const repairDaysMax = 31

/** How long a stream holds a record: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const retentionHours = 24
/** For clocks that differ, and for what was written later than it was dated. */
const marginHours = 1

/** The last day of which nothing is on its way any more: were a record still to come, it would be counted a second time. */
export const lastRepairable = (now: Instant): CivilDate =>
  plusDays(jakartaDate(plusSeconds(now, -(retentionHours + marginHours) * 3_600)), -1)

/** Every day at every partner and at none. */
export function repairKeys(
  { from, to }: Pick<Repair, 'from' | 'to'>,
  partners: readonly string[],
): readonly PartKey[] {
  const keys: PartKey[] = []
  for (let day = from; day <= to; day = plusDays(day, 1))
    for (const partner of [null, ...partners]) keys.push({ day, partner })
  return keys
}
