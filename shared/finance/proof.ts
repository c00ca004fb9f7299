import type { AnyEntry, Entry } from '../domain/entry.ts'
import { type CivilDate, type Instant, jakartaDate, latest, plusSeconds } from '../domain/instant.ts'
import { isPayout } from '../domain/payout.ts'
import { type CellDifference, differingCells } from './cube.ts'
import type { History } from './history.ts'
import type { Milestone } from './milestones.ts'
import {
  type Checkpoint,
  type Counted,
  type Counters,
  countFloat,
  countParticipant,
  createParts,
  type KeptPart,
  type Part,
  type PartKey,
  partKey,
} from './totals.ts'

/**
 * Proves the kept totals from the journal alone, and writes anew what is wrong. The whole journal is read, one owner
 * after the other; what is held meanwhile are the sums, and never more than one owner's entries of each segment.
 */
export type ProofDependencies = {
  readonly history: Pick<History, 'owners'>
  readonly counters: Pick<Counters, 'checkpoints' | 'partsBetween' | 'replace'>
  /** Shares of the journal that are read side by side. (Default: 4.) */
  readonly segments?: number
}

/** A day at a partner (`null`: at none) whose kept totals are not what the journal says. */
export type PartDifference = PartKey & {
  /** `left`: as kept; `right`: as proven; absent where there is none. */
  readonly cells: readonly CellDifference[]
  readonly milestones:
    | { readonly kept: readonly Milestone[]; readonly proven: readonly Milestone[] }
    | undefined
}

export type Verification = {
  /** None: the totals are proven. */
  readonly differences: readonly PartDifference[]
  /** Entries in the journal that move money. */
  readonly movements: number
  /** When the latest entry that has been counted was written; absent before the first. */
  readonly countedTo: Instant | undefined
  /** Movements in the journal that are later: the stream has not brought them yet, and the totals lack them rightly. */
  readonly later: number
}

export type Repair = {
  readonly repaired: readonly PartKey[]
  /** Whose entries may still be on their way through the stream, to be counted then: not touched. */
  readonly tooYoung: readonly PartKey[]
  /** Changed by somebody else meanwhile: not touched. */
  readonly overtaken: readonly PartKey[]
}

const segmentsUsual = 4
/** How long a stream holds a record: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const retentionHours = 24
/** For clocks that differ, and for what was written later than it was dated. */
const marginHours = 1

const isEntry = (entry: AnyEntry): entry is Entry => isPayout(entry.subject)

/** All that an owner has; everything of a participant's rests on the accrual, which comes with it. */
function countOwner(entries: readonly AnyEntry[]): readonly Counted[] {
  const [first] = entries
  if (first?.subject === 'float') return countFloat(entries)
  for (const { event } of entries)
    if (event.type === 'accrued') return countParticipant(event, entries, entries.filter(isEntry))
  throw new Error(`the journal was read without the accrual of ${first?.owner}`)
}

type Proven = {
  readonly parts: readonly Part[]
  readonly movements: number
  readonly later: number
}

async function prove(deps: ProofDependencies, countedTo: Instant | undefined): Promise<Proven> {
  const { history, segments = segmentsUsual } = deps
  const sums = createParts()
  let movements = 0
  let later = 0
  const proveSegment = async (segment: number) => {
    for await (const entries of history.owners(segment, segments)) {
      const counted = countOwner(entries)
      sums.add(counted)
      movements += counted.length
      later += counted.filter(({ movement }) => countedTo === undefined || movement.at > countedTo).length
    }
  }
  await Promise.all(Array.from({ length: segments }, (_, segment) => proveSegment(segment)))
  return { parts: sums.parts(), movements, later }
}

const newest = (checkpoints: readonly Checkpoint[]): Instant | undefined =>
  checkpoints.length === 0 ? undefined : checkpoints.map(({ at }) => at).reduce((a, b) => latest(a, b))

type Compared = { readonly kept: KeptPart; readonly proven: Part; readonly difference: PartDifference }

/** Parts that differ, by day and partner. */
function compare(kept: readonly KeptPart[], proven: readonly Part[]): readonly Compared[] {
  const [ours, theirs] = [
    new Map(kept.map((part) => [partKey(part), part])),
    new Map(proven.map((part) => [partKey(part), part])),
  ]
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort()
  return keys.flatMap((key): Compared[] => {
    const one = ours.get(key)
    const other = theirs.get(key)
    const place = one ?? other
    if (!place) return []
    const empty = { day: place.day, partner: place.partner, cells: [], milestones: [] }
    const pair = { kept: one ?? { ...empty, version: 0 }, proven: other ?? empty }
    const cells = differingCells(pair.kept.cells, pair.proven.cells)
    const milestones = { kept: pair.kept.milestones, proven: pair.proven.milestones }
    const same = JSON.stringify(milestones.kept) === JSON.stringify(milestones.proven)
    if (same && cells.length === 0) return []
    const { day, partner } = place
    return [{ ...pair, difference: { day, partner, cells, milestones: same ? undefined : milestones } }]
  })
}

/** Compares all kept totals with the journal. While the pipeline runs, today's may differ by what is under way. */
export async function verifyTotals(deps: ProofDependencies): Promise<Verification> {
  const countedTo = newest(await deps.counters.checkpoints())
  const { parts, movements, later } = await prove(deps, countedTo)
  const compared = compare(await deps.counters.partsBetween(), parts)
  return { differences: compared.map(({ difference }) => difference), movements, countedTo, later }
}

/** The first day of which a record may still be in the stream. */
function firstYoungDay(now: Instant): CivilDate {
  return jakartaDate(plusSeconds(now, -(retentionHours + marginHours) * 3_600))
}

/**
 * Writes the totals anew that are not what the journal says. Only of days that the stream has forgotten: were a record
 * still to come, it would be counted a second time.
 */
export async function repairTotals(deps: ProofDependencies, now: Instant): Promise<Repair> {
  const { parts } = await prove(deps, undefined)
  const young = firstYoungDay(now)
  const repair: Record<keyof Repair, PartKey[]> = { repaired: [], tooYoung: [], overtaken: [] }
  for (const { kept, proven } of compare(await deps.counters.partsBetween(), parts)) {
    const key = { day: kept.day, partner: kept.partner }
    if (kept.day >= young) {
      repair.tooYoung.push(key)
      continue
    }
    const outcome = await deps.counters.replace({ ...proven, version: kept.version })
    repair[outcome === 'replaced' ? 'repaired' : 'overtaken'].push(key)
  }
  return repair
}
