import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Vitest calls it before all tests. What Node compiles is kept until the run ends: it has hundreds of processes and threads,
 * of the same sources, and to compile these takes half of what it takes to start one.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
export function setup(): (() => void) | undefined {
  if (process.env.NODE_COMPILE_CACHE !== undefined) return undefined
  const directory = mkdtempSync(join(tmpdir(), 'compiled-'))
  process.env.NODE_COMPILE_CACHE = directory
  return () => rmSync(directory, { recursive: true, force: true })
}
