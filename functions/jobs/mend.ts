import { createHash } from 'node:crypto'
import type { Movement } from '../../shared/finance/movement.ts'
import type { MovementFiles, Movements } from '../../shared/finance/movements.ts'
import { areSame } from '../../shared/finance/proof.ts'
import type { Aside, Mending, Repair } from '../../shared/finance/repair.ts'
import {
  type Counted,
  type Counters,
  createParts,
  type Part,
  type PartKey,
  partWith,
} from '../../shared/finance/totals.ts'

export type MendDependencies = {
  readonly counters: Pick<Counters, 'parts' | 'replace'>
  readonly files: Pick<Movements, 'write'> & MovementFiles
  readonly aside: Aside
  /** A name that nobody else gives. */
  readonly name: () => string
}

/** Of one file that is added. */
const movementsPerFile = 5_000
const racesMax = 20

/** The same movements always make the same file, under the same name: whatever is repeated adds nothing. */
async function addFile(
  files: MendDependencies['files'],
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
 * Which movements the files have, as far as there was time to read them: at least one file more. What was read is set aside
 * under a name of its own, so that nobody ever takes what a worker has noted that was overtaken.
 */
async function readFiles(
  { files, aside, name }: MendDependencies,
  { id }: Repair,
  key: PartKey,
  { before, timeLeft }: { readonly before: Mending; readonly timeLeft: () => boolean },
): Promise<{ readonly mending: Mending; readonly there: ReadonlySet<string> }> {
  const there = new Set<string>()
  for (const noted of before.ids) for (const each of await aside.ids(id, noted, key)) there.add(each)
  if (before.file === null) return { mending: before, there }
  const { file: after = '' } = before
  const names = (await files.names(key.partner, key.day)).filter((each) => each > after)
  const fresh: string[] = []
  let file: string | null = null
  for (const [index, each] of names.entries()) {
    for await (const movement of files.readFile(each)) fresh.push(movement.id)
    if (timeLeft() || index === names.length - 1) continue
    file = each
    break
  }
  if (fresh.length === 0) return { mending: { ...before, file }, there }
  const own = name()
  await aside.writeIds(id, own, key, fresh)
  for (const each of fresh) there.add(each)
  return { mending: { ...before, ids: [...before.ids, own], file }, there }
}

/** Adds what files lack of a piece; says how much that was. */
async function addMissing(
  { files }: MendDependencies,
  key: PartKey,
  piece: readonly Counted[],
  there: ReadonlySet<string>,
): Promise<number> {
  const missing = piece.flatMap(({ movement }) => (movement && !there.has(movement.id) ? [movement] : []))
  for (let start = 0; start < missing.length; start += movementsPerFile)
    await addFile(files, key, missing.slice(start, start + movementsPerFile))
  return missing.length
}

/** Says whether the sums had to be written. Nobody else writes those of such a day, but for another repair. */
async function replace(counters: MendDependencies['counters'], key: PartKey, proven: Part): Promise<boolean> {
  for (let race = 0; race < racesMax; race++) {
    const [kept] = await counters.parts([key])
    if (kept && areSame(kept, proven)) return false
    if ((await counters.replace({ ...proven, version: kept?.version ?? 0 })) === 'replaced') return true
  }
  throw new Error(`the sums of ${key.day} were overtaken ${racesMax} times`)
}

/**
 * Makes a day at a partner what the journal says: adds the movements that no file has, and writes the sums anew where
 * they differ. Files that are there stay as they are. Goes on where `repair` has left off, for as long as there is time,
 * and for one file or one piece at the least, so that a day of any size is mended in many messages.
 */
export async function mend(
  deps: MendDependencies,
  repair: Repair,
  key: PartKey,
  timeLeft: () => boolean,
): Promise<Repair> {
  const { mending: before = { ids: [], pieces: 0 }, ...rest } = repair
  const { mending, there } = await readFiles(deps, repair, key, { before, timeLeft })
  const isRead = mending.file === null
  if (!isRead || (before.file !== null && !timeLeft())) return { ...rest, mending }
  const { aside, counters, name } = deps
  const proven = createParts()
  let { pieces } = mending
  let { movements, sums } = repair
  for await (const piece of aside.read(repair.id, repair.pieces.slice(pieces), key)) {
    proven.add(piece)
    movements += await addMissing(deps, key, piece, there)
    pieces += 1
    if (piece.length > 0 && !timeLeft()) break
  }
  const [fresh = { ...key, cells: [], milestones: [] }] = proven.parts()
  const earlier = mending.sums === undefined ? undefined : await aside.sums(repair.id, mending.sums, key)
  const all = earlier ? partWith(fresh, { ...key, ...earlier }) : fresh
  if (pieces === repair.pieces.length) {
    sums += (await replace(counters, key, all)) ? 1 : 0
    return { ...rest, movements, sums, parts: repair.parts + 1 }
  }
  const own = name()
  await aside.writeSums(repair.id, own, key, all)
  return { ...rest, movements, mending: { ...mending, pieces, sums: own } }
}
