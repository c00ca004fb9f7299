import type { AnyEntry, Entry } from '../domain/entry.ts'
import { type CivilDate, type Instant, jakartaDate, plusSeconds } from '../domain/instant.ts'
import { isPayout } from '../domain/payout.ts'
import { differingCells } from './cube.ts'
import type { History } from './history.ts'
import {
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
 * What the totals have to be, from the journal alone, and the repair of what is wrong. The journal is read one owner
 * after the other; what is held meanwhile are the sums, and never more than one owner's entries of each segment.
 */
export type ProofDependencies = {
  readonly history: Pick<History, 'owners'>
  readonly counters: Pick<Counters, 'partsBetween' | 'replace'>
}

/** Which of so many equal shares of the journal, from 0 on. */
type Share = { readonly share: number; readonly of: number }
/** Which days, both inclusive. (Default: from the first, to the last.) */
type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

type Proven = {
  readonly parts: readonly Part[]
  /** Entries that move money. */
  readonly movements: number
  /** Those and certificates that were written after `countedTo`. */
  readonly later: number
}

export type Repair = {
  readonly repaired: readonly PartKey[]
  /** Whose entries may still be on their way through the stream, to be counted then: not touched. */
  readonly tooYoung: readonly PartKey[]
  /** Changed by somebody else meanwhile: not touched. */
  readonly overtaken: readonly PartKey[]
}

/** Parts of a share that are read side by side. */
const segmentsPerShare = 4
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

/** What a share of the journal comes to on these days. `countedTo`: how far the totals say they have come. */
export async function prove(
  history: ProofDependencies['history'],
  { share, of }: Share,
  { from, to }: Days = {},
  countedTo?: Instant,
): Promise<Proven> {
  const sums = createParts()
  let movements = 0
  let later = 0
  const proveSegment = async (segment: number) => {
    for await (const entries of history.owners(segment, of * segmentsPerShare)) {
      const counted = countOwner(entries).filter(
        ({ day }) => (from === undefined || day >= from) && (to === undefined || day <= to),
      )
      sums.add(counted)
      movements += counted.filter(({ movement }) => movement).length
      later += counted.filter(({ at }) => countedTo === undefined || at > countedTo).length
    }
  }
  const segments = Array.from({ length: segmentsPerShare }, (_, part) => share * segmentsPerShare + part)
  await Promise.all(segments.map(proveSegment))
  return { parts: sums.parts(), movements, later }
}

type Compared = { readonly kept: KeptPart; readonly proven: Part }

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
    return areSame(pair.kept, pair.proven) ? [] : [pair]
  })
}

const areSame = (one: Part, other: Part): boolean =>
  differingCells(one.cells, other.cells).length === 0 &&
  JSON.stringify(one.milestones) === JSON.stringify(other.milestones)

/** The first day of which a record may still be in the stream. */
function firstYoungDay(now: Instant): CivilDate {
  return jakartaDate(plusSeconds(now, -(retentionHours + marginHours) * 3_600))
}

/**
 * Writes the totals anew that are not what the journal says. Only of days that the stream has forgotten: were a record
 * still to come, it would be counted a second time.
 */
export async function repairTotals(deps: ProofDependencies, now: Instant): Promise<Repair> {
  const { parts } = await prove(deps.history, { share: 0, of: 1 })
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
