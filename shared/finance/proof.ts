import type { AnyEntry } from '../domain/entry.ts'
import type { Instant } from '../domain/instant.ts'
import { differingCells } from './cube.ts'
import type { History } from './history.ts'
import { type Counted, countFloat, countParticipant, createParts, type Part } from './totals.ts'

/**
 * What the totals have to be, from the journal alone, which is read one owner after the other: what is held meanwhile are
 * the sums, and never more than one owner's entries of each segment.
 */
export type ProofDependencies = { readonly history: Pick<History, 'owners'> }

/** Which of so many equal shares of the journal, from 0 on. */
type Share = { readonly share: number; readonly of: number }
/** Which days, both inclusive. (Default: from the first, to the last.) */
type Days = { readonly from?: string | undefined; readonly to?: string | undefined }

type Proven = {
  /** What the entries up to `countedTo` come to. */
  readonly parts: readonly Part[]
  /** What those after it add. */
  readonly laterParts: readonly Part[]
  /** Entries that move money. */
  readonly movements: number
  /** Those of them, and certificates, that were written after `countedTo`. */
  readonly later: number
}

/** Parts of a share that are read side by side. */
const segmentsPerShare = 4
/** All that an owner has; everything of a participant's rests on the accrual, which comes with it. */
export function countOwner(entries: readonly AnyEntry[]): readonly Counted[] {
  const [first] = entries
  if (first?.subject === 'float') return countFloat(entries)
  for (const { event } of entries) if (event.type === 'accrued') return countParticipant(event, entries)
  throw new Error(`the journal was read without the accrual of ${first?.owner}`)
}

/** What a share of the journal comes to on these days. `countedTo`: up to when the totals must have counted all. */
export async function prove(
  history: ProofDependencies['history'],
  { share, of }: Share,
  { from, to }: Days,
  countedTo: Instant,
): Promise<Proven> {
  const [sums, laterSums] = [createParts(), createParts()]
  let movements = 0
  let later = 0
  const proveSegment = async (segment: number) => {
    for await (const entries of history.owners(segment, of * segmentsPerShare)) {
      const counted = countOwner(entries).filter(
        ({ day }) => (from === undefined || day >= from) && (to === undefined || day <= to),
      )
      const after = counted.filter(({ at }) => at > countedTo)
      sums.add(counted.filter(({ at }) => at <= countedTo))
      laterSums.add(after)
      movements += counted.filter(({ movement }) => movement).length
      later += after.length
    }
  }
  const segments = Array.from({ length: segmentsPerShare }, (_, part) => share * segmentsPerShare + part)
  await Promise.all(segments.map(proveSegment))
  return { parts: sums.parts(), laterParts: laterSums.parts(), movements, later }
}

/** Whether sums say the same; where they lie is not asked. */
export const areSame = (one: Part, other: Part): boolean =>
  differingCells(one.cells, other.cells).length === 0 &&
  JSON.stringify(one.milestones) === JSON.stringify(other.milestones)
