import type { Instant } from '../../shared/domain/instant.ts'
import type { History } from '../../shared/finance/history.ts'
import { countOwner } from '../../shared/finance/proof.ts'
import { type Repair, type Repairs, repairKeys } from '../../shared/finance/repair.ts'
import type { PartKey } from '../../shared/finance/totals.ts'
import { type MendDependencies, mend } from './mend.ts'

export type RepairDependencies = MendDependencies & {
  readonly history: Pick<History, 'walk'>
  readonly repairs: Pick<Repairs, 'repair' | 'change'>
  readonly partners: readonly string[]
  readonly now: () => Instant
  /** Sends the message that brings the next piece. */
  readonly wake: (repairId: string) => Promise<void>
}

/** Entries of the journal that are held at once. */
const entriesMax = 20_000
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
  const worked = await workOnNext(deps, repair, keys[parts], timeLeft)
  const isDone = worked.parts >= keys.length
  const moved = await moveOn(deps, isDone ? { ...worked, state: 'done', endedAt: deps.now() } : worked)
  if (!moved) return { state: 'over', entries, parts }
  if (moved.state === 'running') await deps.wake(repairId)
  return { state: moved.state, entries: moved.entries, parts: moved.parts }
}

async function workOnNext(
  deps: RepairDependencies,
  repair: Repair,
  key: PartKey | undefined,
  timeLeft: () => boolean,
): Promise<Repair> {
  if (repair.next !== null) return readOn(deps, repair, timeLeft)
  return key ? mend(deps, repair, key, timeLeft) : repair
}
