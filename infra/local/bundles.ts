import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stop } from 'esbuild'
import { bundle } from '../bundle.ts'

/** The paths of ES modules for threads to load. */
export type Bundles = { readonly workerFile: string; readonly bundleOf: (entry: string) => string }

const installed = resolve(import.meta.dirname, '..', '..', 'node_modules')

/**
 * Bundles every entry, however many functions run it, and the runtime that loads them. With packages `external`
 * a thread loads each package once for all of its environments; otherwise a bundle is what deploys.
 */
export function buildBundles(
  entries: ReadonlySet<string>,
  directory: string,
  packages: 'bundle' | 'external',
): Bundles {
  const build = (entry: string) => join(bundle(entry, directory, packages), 'index.mjs')
  const built = new Map([...entries].map((entry) => [entry, build(entry)]))
  const workerFile = build('infra/local/worker.ts')
  // Only then: a bundle that deploys must not find here what it would lack there.
  if (packages === 'external') symlinkSync(installed, join(directory, 'node_modules'), 'junction')
  // esbuild keeps a process of some 200 MB for the next build; there is none.
  void stop()
  return { workerFile, bundleOf: (entry) => built.get(entry) ?? entry }
}
