import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { stop } from 'esbuild'
import { bundleEach, type Packages } from '../bundle.ts'
import { cache, fingerprint } from './cache.ts'

/** The paths of ES modules for threads to load. */
export type Bundles = { readonly workerFile: string; readonly bundleOf: (entry: string) => string }

const installed = resolve(import.meta.dirname, '..', '..', 'node_modules')
const worker = 'infra/local/worker.ts'
/** All that the bundles of functions and of the runtime are made from. */
const sources = ['{functions,infra,shared}/**/*.{ts,json,sql}', 'package-lock.json', 'tsconfig.json']
const isCached = (entry: string): boolean => entry === worker || entry.startsWith('functions/')

const bundleIn = (directory: string, entry: string): string => join(directory, dirname(entry), 'index.mjs')

const dayMs = 86_400_000

/** Deletes what was bundled from sources of a day ago or more; whoever goes back to them bundles again. */
function forgetOld(directory: string): void {
  // Real time, whatever a stack has made of `Date`.
  const since = performance.timeOrigin + performance.now() - dayMs
  for (const name of globSync('bundles-*', { cwd: directory })) {
    const old = join(directory, name)
    if ((statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? since) < since)
      rmSync(old, { recursive: true, force: true })
  }
}

/** Builds what is not in `home` yet. Others may be at it as well: what they have made is the same. */
function complete(home: string, entries: readonly string[], packages: Packages): void {
  const missing = entries.filter((entry) => !existsSync(bundleIn(home, entry)))
  if (missing.length === 0) return
  const parent = dirname(home)
  mkdirSync(parent, { recursive: true })
  forgetOld(parent)
  const unfinished = mkdtempSync(join(parent, 'bundles-unfinished-'))
  try {
    bundleEach(missing, unfinished, packages)
    for (const entry of missing) {
      mkdirSync(dirname(bundleIn(home, entry)), { recursive: true })
      renameSync(bundleIn(unfinished, entry), bundleIn(home, entry))
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/**
 * Bundles every entry, however many functions run it, and the runtime that loads them; what has been bundled before from
 * the same sources is taken from the cache. With packages `external` a thread loads each package once for all of its
 * environments; otherwise a bundle is what deploys. `kept`: where the cache is.
 */
export function buildBundles(
  entries: ReadonlySet<string>,
  directory: string,
  packages: Packages,
  kept: string = cache,
): Bundles {
  const all = [...entries, worker]
  const known = all.filter(isCached)
  const home = join(kept, `bundles-${packages}-${fingerprint(sources)}`)
  complete(home, known, packages)
  for (const entry of known) {
    mkdirSync(dirname(bundleIn(directory, entry)), { recursive: true })
    copyFileSync(bundleIn(home, entry), bundleIn(directory, entry))
  }
  const others = all.filter((entry) => !isCached(entry))
  if (others.length > 0) bundleEach(others, directory, packages)
  // Only then: a bundle that deploys must not find here what it would lack there.
  if (packages === 'external') symlinkSync(installed, join(directory, 'node_modules'), 'junction')
  // esbuild keeps a process of some 200 MB for the next build; there is none.
  void stop()
  return { workerFile: bundleIn(directory, worker), bundleOf: (entry) => bundleIn(directory, entry) }
}
