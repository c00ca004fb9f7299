import type { AnyEntry, Entry } from '../../shared/domain/entry.ts'
import { latest } from '../../shared/domain/instant.ts'
import { isPayout } from '../../shared/domain/payout.ts'
import type { History } from '../../shared/finance/history.ts'
import { paymentOf } from '../../shared/finance/milestones.ts'
import type { Movement, Origin } from '../../shared/finance/movement.ts'
import type { MovementFile, Movements } from '../../shared/finance/movements.ts'
import {
  type Checkpoint,
  type Counted,
  type Counters,
  countFloat,
  countParticipant,
  createParts,
  isCounted,
  partKey,
  partWith,
} from '../../shared/finance/totals.ts'
import { journalRecord } from '../journal-record.ts'
import type { ShardBatch } from './schema.ts'

export type TotalsDependencies = {
  readonly history: Pick<History, 'origins' | 'payments'>
  readonly counters: Pick<Counters, 'checkpoint' | 'parts' | 'count'>
  readonly files: Pick<Movements, 'write'>
}

/** An entry and its place in the shard. */
type Recorded = { readonly sequence: string; readonly entry: AnyEntry }
type CountedRecord = Recorded & Counted

/** Races lost in a row; each means that somebody else has counted. */
const racesMax = 20
/** Participants whose journal is read at the same time. */
const sideBySide = 20

const isAfter = (sequence: string, before: Checkpoint | undefined): boolean =>
  before === undefined || BigInt(sequence) > BigInt(before.sequence)

/**
 * The entries that totals count. What was changed or removed is not counted: an entry counts as it was first written,
 * and tampering, of which publish raises the alarm, is not to change the sums as well.
 */
function entriesOf({ Records }: ShardBatch): readonly Recorded[] {
  return Records.flatMap((record): Recorded[] => {
    const { eventName, dynamodb } = journalRecord.parse(record)
    if (eventName !== 'INSERT' || !isCounted(dynamodb.NewImage)) return []
    return [{ sequence: record.dynamodb.SequenceNumber, entry: dynamodb.NewImage }]
  })
}

/** What the batch's participants were entitled by: from the batch itself, else from the journal. */
async function originsOf(
  history: TotalsDependencies['history'],
  recorded: readonly Recorded[],
): Promise<ReadonlyMap<string, Origin>> {
  const origins = new Map<string, Origin>()
  const others = new Set<string>()
  for (const { entry } of recorded) {
    if (entry.event.type === 'accrued') origins.set(entry.owner, entry.event)
    else if (entry.subject !== 'float') others.add(entry.owner)
  }
  const unknown = [...others].filter((id) => !origins.has(id))
  return new Map([...origins, ...(await history.origins(unknown))])
}

const isEntry = (entry: AnyEntry): entry is Entry => isPayout(entry.subject)
const isPayment = ({ entry }: Recorded): boolean => isEntry(entry) && paymentOf(entry) !== 0

/** What each record comes to. The whole journal of a participant is read only where a payout was paid or returned. */
async function countRecords(
  history: TotalsDependencies['history'],
  recorded: readonly Recorded[],
): Promise<readonly CountedRecord[]> {
  const origins = await originsOf(history, recorded)
  const owners = Object.entries(Object.groupBy(recorded, ({ entry }) => entry.owner))
  const counted: CountedRecord[] = []
  const countOwner = async ([owner, own = []]: (typeof owners)[number]) => {
    const origin = origins.get(owner)
    const all = own.some(isPayment) ? await history.payments(owner) : []
    for (const each of own) {
      const sums =
        each.entry.subject === 'float' ? countFloat([each.entry]) : countEntry(each.entry, origin, all)
      counted.push(...sums.map((sum) => ({ ...each, ...sum })))
    }
  }
  for (let start = 0; start < owners.length; start += sideBySide)
    await Promise.all(owners.slice(start, start + sideBySide).map(countOwner))
  return counted
}

function countEntry(entry: AnyEntry, origin: Origin | undefined, all: readonly Entry[]): readonly Counted[] {
  if (!origin) throw new Error(`the journal does not say by what ${entry.owner} was entitled`)
  return countParticipant(origin, [entry], all)
}

const firstSequence = (one: string, other: string): string => (BigInt(other) < BigInt(one) ? other : one)
const lastSequence = (one: string, other: string): string => (BigInt(other) > BigInt(one) ? other : one)

type MovedRecord = CountedRecord & { readonly movement: Movement }
const isMovement = (counted: CountedRecord): counted is MovedRecord => counted.movement !== undefined

/** A file for each partner and day. Its name says what is in it, so that whatever is repeated writes the same. */
function filesOf(shard: string, counted: readonly CountedRecord[]): readonly MovementFile[] {
  const groups = Map.groupBy(counted.filter(isMovement), partKey)
  return [...groups.values()].flatMap((group): MovementFile[] => {
    const [one] = group
    if (!one) return []
    const { day, partner } = one.movement
    const sequences = group.map(({ sequence }) => sequence)
    const [first, last] = [sequences.reduce(firstSequence), sequences.reduce(lastSequence)]
    return [{ partner, day, shard, first, last, movements: group.map(({ movement }) => movement) }]
  })
}

/**
 * Counts a batch of one shard of the journal's stream: its movements into the files first, and then all into the sums,
 * together with the checkpoint up to which the shard is counted. Whatever comes again is not after the checkpoint; so
 * it does not matter how records are batched, split, repeated, or given to two at once. Says how many movements it has
 * counted. Rejects, with nothing counted, where the journal or the tables cannot be read or written.
 */
export async function countBatch(deps: TotalsDependencies, batch: ShardBatch): Promise<number> {
  const { history, counters, files } = deps
  const recorded = entriesOf(batch)
  if (recorded.length === 0) return 0
  for (let race = 0; race < racesMax; race++) {
    const before = await counters.checkpoint(batch.shardId)
    const fresh = recorded.filter(({ sequence }) => isAfter(sequence, before))
    if (fresh.length === 0) return 0
    const counted = await countRecords(history, fresh)
    await Promise.all(filesOf(batch.shardId, counted).map(files.write))
    const sums = createParts()
    sums.add(counted)
    const parts = new Map(sums.parts().map((part) => [partKey(part), part]))
    const kept = await counters.parts([...parts.values()])
    const outcome = await counters.count(batch.shardId, {
      before,
      after: checkpointAfter(before, fresh),
      parts: kept.map((part) => partWith(part, parts.get(partKey(part)) ?? part)),
    })
    if (outcome === 'counted') return counted.filter(isMovement).length
  }
  throw new Error(`shard ${batch.shardId} was overtaken ${racesMax} times`)
}

function checkpointAfter(before: Checkpoint | undefined, fresh: readonly Recorded[]): Checkpoint {
  const instants = [...(before ? [before.at] : []), ...fresh.map(({ entry }) => entry.at)]
  return {
    sequence: fresh.map(({ sequence }) => sequence).reduce(lastSequence),
    at: instants.reduce((one, other) => latest(one, other)),
  }
}
