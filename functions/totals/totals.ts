import type { AnyEntry, Entry } from '../../shared/domain/entry.ts'
import { earliest, epochMs, latest, plusSeconds } from '../../shared/domain/instant.ts'
import { isPayout } from '../../shared/domain/payout.ts'
import { schemeNamed } from '../../shared/domain/scheme.ts'
import type { History } from '../../shared/finance/history.ts'
import { matter, paymentOf } from '../../shared/finance/milestones.ts'
import { type Movement, movementIdOf, type Origin } from '../../shared/finance/movement.ts'
import type { MovementFile, Movements, Reached } from '../../shared/finance/movements.ts'
import {
  type Checkpoint,
  type Counted,
  type Counters,
  countFloat,
  countNext,
  createParts,
  isCounted,
  type Part,
  partKey,
  partWith,
} from '../../shared/finance/totals.ts'
import { inBatches } from '../batches.ts'
import { journalRecord } from '../journal-record.ts'
import type { ShardBatch } from './schema.ts'

export type TotalsDependencies = {
  readonly history: Pick<History, 'origins' | 'payments'>
  readonly counters: Pick<Counters, 'checkpoint' | 'parts' | 'count'>
  readonly files: Pick<Movements, 'write' | 'counted'>
  /** From 0 to 1. */
  readonly random: () => number
  readonly pause: (milliseconds: number) => Promise<unknown>
}

/** An entry and its place in the shard. */
type Recorded = { readonly sequence: string; readonly entry: AnyEntry }
type CountedRecord = Recorded & Counted

const isPayment = (entry: AnyEntry): entry is Entry => isPayout(entry.subject) && paymentOf(entry) !== 0

/** Races lost in a row; each means that somebody else has counted. */
const racesMax = 20
/** The longest pause after the first race that was lost, and after any. At random, so that all shards, which write sums of
 *  the same day, do not meet again: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
const [firstPauseMs, pauseMs] = [50, 2_000]
/** Participants whose journal is read together; a few such batches are under way at once. */
const batchSize = 5
/**
 * How much later than its own instant an entry may be written: twice what a function may take.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const lateSeconds = 1_800

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

type Payments = ReturnType<typeof paymentsOf>

/** A participant's payments and returns: those of the batch in the order of the stream, the others by their instants. */
function paymentsOf(own: readonly Recorded[], all: readonly Entry[]) {
  const more = own.flatMap(({ entry }) => (isPayment(entry) ? [entry] : []))
  const ids = new Set(more.map(movementIdOf))
  const others = all.filter((entry) => isPayment(entry) && !ids.has(movementIdOf(entry)))
  const isNear = ({ at }: Entry) =>
    more.some((entry) => Math.abs(epochMs(entry.at) - epochMs(at)) <= lateSeconds * 1_000)
  const first = more.map(({ at }) => at).sort()[0] ?? ''
  return {
    more,
    before: others.filter((entry) => !isNear(entry) && entry.at < first),
    /** Written shortly before the batch's, and so counted, or shortly after them, and so not. */
    uncertain: others.filter(isNear),
  }
}

type Owned = { readonly origin: Origin; readonly own: readonly Recorded[]; readonly payments: Payments }

/** Which of the uncertain ones were counted, where it matters: the movement files, written before the sums, say so. */
async function countedBefore(
  files: TotalsDependencies['files'],
  owned: readonly Owned[],
  place: Pick<Reached, 'shard' | 'sequence'>,
): Promise<ReadonlySet<string>> {
  const wanted = owned.flatMap(({ origin, payments: { uncertain, ...others } }) =>
    matter(schemeNamed(origin.scheme), { ...others, others: uncertain })
      ? uncertain.flatMap((entry) => countNext(origin, entry, []))
      : [],
  )
  const ids = new Set(wanted.flatMap(({ movement }) => movement?.id ?? []))
  const counted = new Set<string>()
  for (const group of Map.groupBy(wanted, partKey).values()) {
    const [one] = group
    if (!one) continue
    const since = plusSeconds(
      group.map(({ at }) => at).reduce((first, at) => earliest(first, at)),
      -lateSeconds,
    )
    for await (const { id } of files.counted(one.partner, one.day, { ...place, since }))
      if (ids.has(id)) counted.add(id)
  }
  return counted
}

/** What a participant's records come to, each after those before it. */
function countOwned(
  { origin, own, payments }: Owned,
  counted: ReadonlySet<string>,
): readonly CountedRecord[] {
  const known = payments.uncertain.filter((entry) => counted.has(movementIdOf(entry)))
  const before = [...payments.before, ...known]
  return own.flatMap((recorded) => {
    const sums = countNext(origin, recorded.entry, before)
    if (isPayment(recorded.entry)) before.push(recorded.entry)
    return sums.map((sum) => ({ ...recorded, ...sum }))
  })
}

/** What each record comes to. The whole journal of a participant is read only where a payout was paid or returned. */
async function countRecords(
  { history, files }: Pick<TotalsDependencies, 'history' | 'files'>,
  recorded: readonly Recorded[],
  place: Pick<Reached, 'shard' | 'sequence'>,
): Promise<readonly CountedRecord[]> {
  const [ofFloats = [], ofPeople = []] = [true, false].map((isFloat) =>
    recorded.filter(({ entry }) => (entry.subject === 'float') === isFloat),
  )
  const origins = await originsOf(history, ofPeople)
  const groups = [...Map.groupBy(ofPeople, ({ entry }) => entry.owner)]
  const owned = await inBatches(groups, batchSize, (batch) =>
    Promise.all(
      batch.map(async ([owner, own]): Promise<Owned> => {
        const origin = origins.get(owner)
        if (!origin) throw new Error(`the journal does not say by what ${owner} was entitled`)
        const all = own.some(({ entry }) => isPayment(entry)) ? await history.payments(owner) : []
        return { origin, own, payments: paymentsOf(own, all) }
      }),
    ),
  )
  const counted = await countedBefore(files, owned, place)
  return [
    ...ofFloats.flatMap((each) => countFloat([each.entry]).map((sum) => ({ ...each, ...sum }))),
    ...owned.flatMap((each) => countOwned(each, counted)),
  ]
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

/** What a batch comes to after a checkpoint. */
type Prepared = {
  readonly before: Checkpoint | undefined
  readonly after: Checkpoint
  readonly parts: ReadonlyMap<string, Part>
  readonly movements: number
}

/** Reads what the batch's entries need of the journal, and writes their files; `undefined`: all are counted. */
async function prepare(
  deps: TotalsDependencies,
  shard: string,
  recorded: readonly Recorded[],
  before: Checkpoint | undefined,
): Promise<Prepared | undefined> {
  const fresh = recorded.filter(({ sequence }) => isAfter(sequence, before))
  if (fresh.length === 0) return undefined
  const counted = await countRecords(deps, fresh, { shard, sequence: before?.sequence })
  await Promise.all(filesOf(shard, counted).map(deps.files.write))
  const sums = createParts()
  sums.add(counted)
  return {
    before,
    after: checkpointAfter(before, fresh),
    parts: new Map(sums.parts().map((part) => [partKey(part), part])),
    movements: counted.filter(isMovement).length,
  }
}

/**
 * Counts a batch of one shard of the journal's stream: its movements into the files first, and then all into the sums,
 * together with the checkpoint up to which the shard is counted. Whatever comes again is not after the checkpoint; so
 * it does not matter how records are batched, split, repeated, or given to two at once. A race for the sums that is lost
 * to another shard costs reading them again, and nothing else. Says how many movements it has counted. Rejects, with
 * nothing counted, where the journal or the tables cannot be read or written.
 */
export async function countBatch(deps: TotalsDependencies, batch: ShardBatch): Promise<number> {
  const { counters, random, pause } = deps
  const { shardId } = batch
  const recorded = entriesOf(batch)
  if (recorded.length === 0) return 0
  let prepared: Prepared | undefined
  for (let race = 0; race < racesMax; race++) {
    const before = await counters.checkpoint(shardId)
    if (!prepared || prepared.before?.sequence !== before?.sequence)
      prepared = await prepare(deps, shardId, recorded, before)
    if (!prepared) return 0
    const { after, parts, movements } = prepared
    const kept = await counters.parts([...parts.values()])
    const outcome = await counters.count(shardId, {
      before,
      after,
      parts: kept.map((part) => partWith(part, parts.get(partKey(part)) ?? part)),
    })
    if (outcome === 'counted') return movements
    await pause(random() * Math.min(pauseMs, firstPauseMs * 2 ** race))
  }
  throw new Error(`shard ${shardId} was overtaken ${racesMax} times`)
}

function checkpointAfter(before: Checkpoint | undefined, fresh: readonly Recorded[]): Checkpoint {
  const instants = [...(before ? [before.at] : []), ...fresh.map(({ entry }) => entry.at)]
  return {
    sequence: fresh.map(({ sequence }) => sequence).reduce(lastSequence),
    at: instants.reduce((one, other) => latest(one, other)),
  }
}
