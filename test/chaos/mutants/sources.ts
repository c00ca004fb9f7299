import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defective, type Mutant } from './mutant.ts'

/** A copy of the repository's sources in a directory of its own. */
export type Sources = { readonly directory: string; remove(): Promise<void> }

const parts = ['functions', 'shared', 'infra', 'test', 'package.json', 'tsconfig.json']

/** Copies `from`; packages are not copied but linked. */
export async function copySources(from: string): Promise<Sources> {
  const directory = await mkdtemp(join(tmpdir(), 'mutant-'))
  await Promise.all(parts.map((part) => cp(join(from, part), join(directory, part), { recursive: true })))
  await symlink(join(from, 'node_modules'), join(directory, 'node_modules'))
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** Puts a defect into a copy. Throws when it does not fit. */
export async function spoil({ directory }: Sources, mutant: Mutant): Promise<void> {
  const path = join(directory, mutant.file)
  const text = defective(await readFile(path, 'utf8'), mutant)
  if (text === undefined) throw new Error(`${mutant.name} does not fit ${mutant.file}`)
  await writeFile(path, text)
}

/** The defects whose place in the code at `root` is not found exactly once. */
export async function outdated(root: string, mutants: readonly Mutant[]): Promise<readonly Mutant[]> {
  const texts = await Promise.all(
    mutants.map(({ file }) => readFile(join(root, file), 'utf8').catch(() => '')),
  )
  return mutants.filter((mutant, index) => defective(texts[index] ?? '', mutant) === undefined)
}
