import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** Where what is made from the sources is kept until they change. */
export const cache = join(root, '.local', 'cache')

/** Of all sources that match the patterns: another one as soon as any of them differs. */
export function fingerprint(patterns: readonly string[]): string {
  const hash = createHash('sha256')
  for (const source of globSync([...patterns], { cwd: root }).sort())
    hash.update(source).update(readFileSync(join(root, source)))
  return hash.digest('hex').slice(0, 16)
}
