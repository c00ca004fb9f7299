import type { CivilDate, Instant } from '../domain/instant.ts'
import type { Movement } from './movement.ts'

/** Movements of one day at one partner (`null`: at none) that were read together from a shard of the journal's stream. */
export type MovementFile = {
  readonly partner: string | null
  readonly day: string
  readonly shard: string
  /** Sequence numbers of the first and the last one's records: what is between them is all in the file. */
  readonly first: string
  readonly last: string
  readonly movements: readonly Movement[]
}

/** Files by when they were written; both to be left out for all. */
export type Written = {
  /** Only those after it; of what is also in one before it, nothing. */
  readonly after?: Instant
  /** None after it. */
  readonly until?: Instant
}

/** How far a shard of the journal's stream has been counted, for somebody who reads that shard. */
export type Reached = {
  readonly shard: string
  /** Of the last record counted; absent: none is. */
  readonly sequence: string | undefined
  /** Files from before it may be left out. */
  readonly since: Instant
}

/** The movement files one by one. */
export type MovementFiles = {
  /** The names of those at a partner on a day, in the order of the alphabet. */
  names(partner: string | null, day: CivilDate): Promise<readonly string[]>
  /** What a file has; some of it may be in others, too. */
  readFile(name: string): AsyncIterable<Movement>
}

/** The movement files, as far as the journal's stream has been read. */
export type Movements = {
  /** Writes a file; a second time it stays what it was, and as old. */
  write(file: MovementFile): Promise<void>
  /** Those at a partner on a Jakarta day (`null`: those at none), each once, in no order; streamed, not gathered. */
  read(partner: string | null, day: CivilDate, written?: Written): AsyncIterable<Movement>
  /**
   * Those at a partner on a day that were counted before whatever comes next in this shard: all of other shards, which
   * can have the same participants only if they are over; and none of a batch that has failed after its files were
   * written. Some may come twice.
   */
  counted(partner: string | null, day: string, reached: Reached): AsyncIterable<Movement>
  /** Those of a day at all partners and at none. */
  readDay(day: CivilDate): AsyncIterable<Movement>
}
