import type { AnyEntry, Entry } from '../domain/entry.ts'
import { type CivilDate, type Instant, jakartaDate, plusSeconds } from '../domain/instant.ts'
import { isPayout } from '../domain/payout.ts'
import { schemeNamed } from '../domain/scheme.ts'
import { type Cell, cellsOf, createTally, mergeCells } from './cube.ts'
import {
  createMilestoneTally,
  type Milestone,
  type MilestoneName,
  mergeMilestones,
  type Step,
  stepsAlong,
} from './milestones.ts'
import { type Movement, movementOf, type Origin } from './movement.ts'

/** All that a Jakarta day's entries have moved, and how many participants they have brought to which milestone. */
export type DayTotals = {
  readonly day: CivilDate
  readonly cells: readonly Cell[]
  readonly milestones: readonly Milestone[]
}

/** Sums over the journal, as far as its stream has been read: some five minutes behind it when all is well. */
export type Totals = {
  /** The days that have any, in order. (Default: from the first, to the last; both inclusive.) */
  read(from?: CivilDate, to?: CivilDate): Promise<readonly DayTotals[]>
}

/**
 * How old an entry may be that the sums need not have yet, in seconds: as old as the alarm totals-late lets one become.
 * Entries are gathered for five minutes before they are counted, and the first of them may have been written a while
 * after its own instant.
 */
export const onTheWaySeconds = 1_800

/**
 * Up to when every entry has to be in the sums; of later ones none, some or all are. Checkpoints do not say it: that of a
 * shard which is closed or has nothing to count stands as still as that of one which lags, and the latest of all tells
 * nothing of the other shards.
 */
export const dueBy = (now: Instant): Instant => plusSeconds(now, -onTheWaySeconds)

/** A day's totals at one partner (`null`: at none), as they are kept: what is written together. */
export type Part = DayTotals & { readonly partner: string | null }
export type PartKey = Pick<Part, 'day' | 'partner'>
/** `version` grows by 1 with every change; 0 is that of a part which is not there. */
export type KeptPart = Part & { readonly version: number }

/** How far a shard of the journal's stream has been counted. */
export type Checkpoint = {
  /** Of the last record counted, a number of up to 40 digits. */
  readonly sequence: string
  /** When the latest of all entries counted was written. */
  readonly at: Instant
}

/** Where totals are kept, for those who count. */
export type Counters = {
  checkpoint(shard: string): Promise<Checkpoint | undefined>
  /** The parts of these keys, in their order; empty ones where there are none. */
  parts(keys: readonly PartKey[]): Promise<readonly KeptPart[]>
  /** Every part of these days. (Default: from the first, to the last; both inclusive.) */
  partsBetween(from?: CivilDate, to?: CivilDate): Promise<readonly KeptPart[]>
  /**
   * Moves the checkpoint on from `before` and puts the parts, all or nothing. `overtaken`: the checkpoint or a part is
   * no longer what it was when it was read, or another writer is at it.
   */
  count(shard: string, step: CountedStep): Promise<'counted' | 'overtaken'>
  /** Puts one part in the place of the version it names. */
  replace(part: KeptPart): Promise<'replaced' | 'overtaken'>
}
export type CountedStep = {
  readonly before: Checkpoint | undefined
  readonly after: Checkpoint
  /** With the versions they had when they were read. */
  readonly parts: readonly KeptPart[]
}

/** What an entry adds to the totals: the money it moved, if it is no note, and what it did for the milestones. */
export type Counted = PartKey & {
  /** When the entry was written. */
  readonly at: Instant
  readonly movement?: Movement
  readonly milestones: readonly Milestone[]
}

const isEntry = (entry: AnyEntry): entry is Entry => isPayout(entry.subject)

/** Notes of which totals have something to count. */
const isCertificate = ({ event }: AnyEntry): boolean => event.type === 'certified'

/** Whether totals count an entry: whatever moves money, and every certificate. */
export const isCounted = (entry: AnyEntry): boolean => entry.postings.length > 0 || isCertificate(entry)

const reachedBy = (name: MilestoneName, participants: number, { wave }: Origin): Milestone => ({
  ...{ name, wave, participants },
})

const countedAs = (
  entry: AnyEntry,
  movement: Movement | undefined,
  milestones: readonly Milestone[],
): Counted => ({
  ...{ at: entry.at, day: jakartaDate(entry.at), partner: movement?.partner ?? null, milestones },
  ...(movement && { movement }),
})

/** What an entry comes to apart from the milestones that payments bring. */
function countEntry(origin: Origin, entry: AnyEntry, taken: readonly Step[]): Counted {
  const movement = movementOf(entry, origin)
  const names: readonly MilestoneName[] = isCertificate(entry)
    ? ['certificates']
    : isEntry(entry)
      ? []
      : ['certificates', 'entitled']
  return countedAs(entry, movement, [
    ...names.map((name) => reachedBy(name, 1, origin)),
    ...taken.map(({ name, by }) => reachedBy(name, by, origin)),
  ])
}

/** What all that a participant has comes to, other notes than certificates left out; the entries in any order. */
export function countParticipant(origin: Origin, entries: readonly AnyEntry[]): readonly Counted[] {
  const steps = stepsAlong(schemeNamed(origin.scheme), entries.filter(isEntry))
  return entries
    .filter(isCounted)
    .map((entry) => countEntry(origin, entry, isEntry(entry) ? (steps.get(entry) ?? []) : []))
}

/**
 * What one more entry of a participant adds to all that was counted before. Which payment brings a milestone goes by
 * their instants, and an entry may be written after one that is later: then the milestone is taken from the day and the
 * partner at which it was counted, and given to the others. So the sums are those of `countParticipant`, in whatever
 * order entries come.
 *
 *   incentive-2 paid at 10:00:01   +1 first-incentive at 10:00:01
 *   incentive-1 paid at 10:00:00   +1 first-incentive at 10:00:00, -1 first-incentive at 10:00:01
 *
 * `before`: the payments and returns that were counted, in any order.
 */
export function countNext(origin: Origin, entry: AnyEntry, before: readonly Entry[]): readonly Counted[] {
  if (!isCounted(entry)) return []
  if (!isEntry(entry)) return [countEntry(origin, entry, [])]
  const scheme = schemeNamed(origin.scheme)
  const [was, is] = [stepsAlong(scheme, before), stepsAlong(scheme, [...before, entry])]
  const moved = before.flatMap((each): Counted[] => {
    const [then, now] = [was.get(each) ?? [], is.get(each) ?? []]
    const changes = mergeMilestones(
      now.map(({ name, by }) => reachedBy(name, by, origin)),
      then.map(({ name, by }) => reachedBy(name, -by, origin)),
    )
    if (changes.length === 0) return []
    const { movement, ...place } = countedAs(each, movementOf(each, origin), changes)
    return [place]
  })
  return [countEntry(origin, entry, is.get(entry) ?? []), ...moved]
}

/** What entries of partners' floats come to. */
export const countFloat = (entries: readonly AnyEntry[]): readonly Counted[] =>
  entries.flatMap((entry) => {
    const movement = movementOf(entry, undefined)
    return movement ? [countedAs(entry, movement, [])] : []
  })

/** A name for a part among parts: of a day at a partner, or at none. */
export const partKey = ({ day, partner }: PartKey): string => `${day} ${partner ?? ''}`

/** Adds up what is counted by day and partner, as it comes. */
export function createParts() {
  type Growing = {
    readonly key: PartKey
    readonly tally: ReturnType<typeof createTally>
    readonly reached: ReturnType<typeof createMilestoneTally>
  }
  const parts = new Map<string, Growing>()

  function partOf(key: PartKey): Growing {
    const name = partKey(key)
    const part = parts.get(name) ?? { key, tally: createTally(), reached: createMilestoneTally() }
    parts.set(name, part)
    return part
  }

  return {
    add(counted: Iterable<Counted>): void {
      for (const { day, partner, movement, milestones } of counted) {
        const part = partOf({ day, partner })
        if (movement) part.tally.add(cellsOf(movement))
        part.reached.add(milestones)
      }
    },
    parts: (): readonly Part[] =>
      [...parts.values()].map(({ key, tally, reached }) => ({
        ...key,
        cells: tally.cells(),
        milestones: reached.milestones(),
      })),
  }
}

/** The part with another's sums added. */
export const partWith = <Kept extends Part>(kept: Kept, { cells, milestones }: Part): Kept => ({
  ...kept,
  cells: mergeCells(kept.cells, cells),
  milestones: mergeMilestones(kept.milestones, milestones),
})

/** The days of parts, each with the sums of all its parts, in order. */
export function daysOf(parts: readonly Part[]): readonly DayTotals[] {
  const days = new Map<CivilDate, Part[]>()
  for (const part of parts) days.set(part.day, [...(days.get(part.day) ?? []), part])
  return [...days]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([day, ofDay]) => ({
      day,
      // Every part's cells are at a partner of their own: there is nothing to add up.
      cells: ofDay.flatMap(({ cells }) => cells),
      milestones: mergeMilestones(...ofDay.map(({ milestones }) => milestones)),
    }))
}
