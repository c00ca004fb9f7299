import { createHash } from 'node:crypto'
import type { Instant } from '../../shared/domain/instant.ts'
import type { History } from '../../shared/finance/history.ts'
import type { Movement } from '../../shared/finance/movement.ts'
import type { Movements } from '../../shared/finance/movements.ts'
import { areSame, countOwner } from '../../shared/finance/proof.ts'
import { type Aside, type Repair, type Repairs, repairKeys } from '../../shared/finance/repair.ts'
import { type Counters, createParts, type PartKey } from '../../shared/finance/totals.ts'

export type RepairDependencies = {
  readonly history: Pick<History, 'walk'>
  readonly counters: Pick<Counters, 'parts' | 'replace'>
  readonly files: Pick<Movements, 'read' | 'write'>
  readonly aside: Aside
  readonly repairs: Pick<Repairs, 'repair' | 'change'>
  readonly partners: readonly string[]
  readonly now: () => Instant
  /** A name that nobody else gives. */
  readonly name: () => string
  /** Sends the message that brings the next piece. */
  readonly wake: (repairId: string) => Promise<void>
}

/** Entries of the journal that are held at once. */
const entriesMax = 20_000
/** Of one file that is added. */
const movementsPerFile = 5_000
const racesMax = 20

/** What a message came to. `over`: there was nothing to do, or somebody else has done it. */
export type Worked = { readonly state: Repair['state'] | 'over' } & Pick<Repair, 'entries' | 'parts'>

/**
 * Reads on in the journal until there is no time for more, and sets aside what it says of the days in question. Nobody
 * ever reads the pieces of a worker that has died or was overtaken: the repair does not name them.
 */
async function readOn(
  { history, aside, name }: RepairDependencies,
  repair: Repair,
  timeLeft: () => boolean,
): Promise<Repair> {
  const own = name()
  const isWanted = ({ day }: PartKey) => day >= repair.from && day <= repair.to
  let { next, entries } = repair
  const pieces = [...repair.pieces]
  do {
    const walked = await history.walk(next ?? undefined, entriesMax)
    const piece = `${own}-${pieces.length}`
    await aside.write(repair.id, piece, walked.owners.flatMap(countOwner).filter(isWanted))
    pieces.push(piece)
    entries += walked.owners.reduce((sum, { length }) => sum + length, 0)
    next = walked.next ?? null
  } while (next !== null && timeLeft())
  return { ...repair, entries, pieces, next }
}

/** The same movements always make the same file, under the same name: whatever is repeated adds nothing. */
async function addFile(
  files: RepairDependencies['files'],
  { day, partner }: PartKey,
  movements: readonly Movement[],
): Promise<void> {
  const hash = createHash('sha256')
  for (const { id } of movements) hash.update(`${id}\n`)
  // Their spans all begin at 0: readers take what is in two of them once.
  const last = hash.digest().readUIntBE(0, 6)
  await files.write({ partner, day, shard: 'repaired', first: '0', last: `${last}`, movements })
}

/**
 * Makes a day at a partner what the journal says: adds the movements that no file has, and writes the sums anew where
 * they differ. Files that are there stay as they are.
 */
async function mend(deps: RepairDependencies, { id, pieces }: Repair, key: PartKey) {
  const { aside, files, counters } = deps
  const there = new Set<string>()
  for await (const movement of files.read(key.partner, key.day)) there.add(movement.id)
  const proven = createParts()
  let missing: Movement[] = []
  let movements = 0
  for await (const counted of aside.read(id, pieces, key)) {
    proven.add([counted])
    if (!counted.movement || there.has(counted.movement.id)) continue
    missing.push(counted.movement)
    movements += 1
    if (missing.length < movementsPerFile) continue
    await addFile(files, key, missing)
    missing = []
  }
  if (missing.length > 0) await addFile(files, key, missing)
  return { movements, sums: (await replace(counters, key, proven.parts())) ? 1 : 0 }
}

/** Says whether the sums had to be written. Nobody else writes those of such a day, but for another repair. */
async function replace(
  counters: RepairDependencies['counters'],
  key: PartKey,
  parts: ReturnType<ReturnType<typeof createParts>['parts']>,
): Promise<boolean> {
  const proven = parts[0] ?? { ...key, cells: [], milestones: [] }
  for (let race = 0; race < racesMax; race++) {
    const [kept] = await counters.parts([key])
    if (kept && areSame(kept, proven)) return false
    if ((await counters.replace({ ...proven, version: kept?.version ?? 0 })) === 'replaced') return true
  }
  throw new Error(`the sums of ${key.day} were overtaken ${racesMax} times`)
}

/** Moves a repair behind what was done. Whoever has stopped it meanwhile has stopped it. */
async function moveOn({ repairs }: RepairDependencies, done: Repair): Promise<Repair | undefined> {
  let next: Repair = { ...done, version: done.version + 1 }
  for (let race = 0; race < racesMax; race++) {
    if ((await repairs.change(next)) === 'written') return next
    const other = await repairs.repair(done.id)
    if (other?.state !== 'stopped' || other.version !== next.version) return undefined
    const { endedAt = other.at } = other
    next = { ...done, state: 'stopped', endedAt, version: other.version + 1 }
  }
  return undefined
}

/** Does a repair's next piece of work, and wakes it up for the one after it. Throws when there is no such repair. */
export async function workOnRepair(
  deps: RepairDependencies,
  repairId: string,
  timeLeft: () => boolean,
): Promise<Worked> {
  const repair = await deps.repairs.repair(repairId)
  if (!repair) throw new Error(`there is no repair ${repairId}`)
  const { entries, parts } = repair
  if (repair.state !== 'running') return { state: 'over', entries, parts }
  const keys = repairKeys(repair, deps.partners)
  const worked =
    repair.next === null ? await mendNext(deps, repair, keys[parts]) : await readOn(deps, repair, timeLeft)
  const isDone = worked.parts >= keys.length
  const moved = await moveOn(deps, isDone ? { ...worked, state: 'done', endedAt: deps.now() } : worked)
  if (!moved) return { state: 'over', entries, parts }
  if (moved.state === 'running') await deps.wake(repairId)
  return { state: moved.state, entries: moved.entries, parts: moved.parts }
}

async function mendNext(deps: RepairDependencies, repair: Repair, key: PartKey | undefined): Promise<Repair> {
  if (!key) return repair
  const { sums, movements } = await mend(deps, repair, key)
  return {
    ...repair,
    parts: repair.parts + 1,
    sums: repair.sums + sums,
    movements: repair.movements + movements,
  }
}
