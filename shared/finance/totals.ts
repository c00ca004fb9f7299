import type { AnyEntry, Entry } from '../domain/entry.ts'
import { type CivilDate, type Instant, jakartaDate } from '../domain/instant.ts'
import { isPayout } from '../domain/payout.ts'
import { schemeNamed } from '../domain/scheme.ts'
import { type Cell, cellsOf, createTally, mergeCells } from './cube.ts'
import {
  createMilestoneTally,
  type Milestone,
  type MilestoneName,
  mergeMilestones,
  stepsAlong,
} from './milestones.ts'
import { type Movement, movementOf, type Origin } from './movement.ts'

/** All that a Jakarta day's entries have moved, and how many participants they have brought to which milestone. */
export type DayTotals = {
  readonly day: CivilDate
  readonly cells: readonly Cell[]
  readonly milestones: readonly Milestone[]
}

/** Sums over the journal, as far as its stream has been read: a minute or two behind it when all is well. */
export type Totals = {
  /** The days that have any, in order. (Default: from the first, to the last; both inclusive.) */
  read(from?: CivilDate, to?: CivilDate): Promise<readonly DayTotals[]>
}

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
  checkpoints(): Promise<readonly Checkpoint[]>
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

const countedAs = (
  { at }: AnyEntry,
  movement: Movement | undefined,
  milestones: readonly Milestone[],
): Counted => ({
  ...{ at, day: jakartaDate(at), partner: movement?.partner ?? null, milestones },
  ...(movement && { movement }),
})

/**
 * What a participant's entries come to, other notes than certificates left out. `entries` are those to be counted; `all`: every entry of the
 * participant's payouts, these among them by owner, subject and sequence, in any order.
 */
export function countParticipant(
  origin: Origin,
  entries: readonly AnyEntry[],
  all: readonly Entry[],
): readonly Counted[] {
  const steps = new Map(
    [...stepsAlong(schemeNamed(origin.scheme), all)].map(([{ subject, seq }, taken]) => [
      `${subject}/${seq}`,
      taken,
    ]),
  )
  return entries.flatMap((entry): Counted[] => {
    if (!isCounted(entry)) return []
    const movement = movementOf(entry, origin)
    const { wave } = origin
    const reached = (name: MilestoneName, participants: number) => ({ name, wave, participants })
    if (isCertificate(entry)) return [countedAs(entry, movement, [reached('certificates', 1)])]
    if (!isEntry(entry))
      return [countedAs(entry, movement, [reached('certificates', 1), reached('entitled', 1)])]
    const taken = steps.get(`${entry.subject}/${entry.seq}`) ?? []
    return [
      countedAs(
        entry,
        movement,
        taken.map(({ name, by }) => reached(name, by)),
      ),
    ]
  })
}

/** What entries of partners' floats come to. */
export const countFloat = (entries: readonly AnyEntry[]): readonly Counted[] =>
  entries.flatMap((entry) => {
    const movement = movementOf(entry, undefined)
    return movement ? [countedAs(entry, movement, [])] : []
  })

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
