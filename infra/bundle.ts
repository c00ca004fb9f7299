import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildOptions, buildSync } from 'esbuild'

const root = dirname(import.meta.dirname)

/** Parts of the SDK that a function does not need, and what stands for them. */
const bundled = {
  '@aws-sdk/credential-provider-node': join(root, 'infra', 'bundled', 'credentials.ts'),
  '@smithy/core/event-streams': join(root, 'infra', 'bundled', 'event-streams.ts'),
}

const bytesMax = 450_000
/** With S3's client, which alone is 120,000 bytes, or with every operation of people's. */
const largeBytesMax = 700_000
const large: readonly string[] = ['digest', 'finance', 'jobs', 'ops', 'reconcile', 'statement', 'totals'].map(
  (folder) => `functions/${folder}/handler.ts`,
)

/** Bytes that a function's bundle may have, its source map aside; anything else that is bundled may have any. */
export function budgetOf(entry: string): number {
  if (!entry.startsWith('functions/')) return Number.POSITIVE_INFINITY
  return large.includes(entry) ? largeBytesMax : bytesMax
}

/** Whether packages are in a bundle, or are found in node_modules when it is loaded. */
export type Packages = 'bundle' | 'external'

/** What esbuild is told for every bundle. */
const settings: BuildOptions = {
  bundle: true,
  alias: bundled,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // esbuild's default for node prefers CommonJS builds, of which it can drop nothing.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  minify: true,
  // Licences go into a file beside it.
  legalComments: 'linked',
  sourcemap: true,
  sourcesContent: false,
  // Some dependencies still call `require` for node's own modules, which an ES module does not have.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  // What is wrong is in the error thrown.
  logLevel: 'silent',
}

/**
 * Bundles functions' entries, e.g. `functions/pay/handler.ts`, each into one `index.mjs` with its source map, in `outdir` and the
 * entry's own folder. What is deployed is all in these bytes; with packages `external` they import from node_modules instead.
 * `home`: where entries are. All at once take a third of the time that they take one after another. Throws when an entry does
 * not build, and when it has become larger than a function may be: every cold start reads all of it.
 */
export function bundleEach(
  entries: readonly string[],
  outdir: string,
  packages: Packages = 'bundle',
  home: string = root,
): void {
  buildSync({
    ...settings,
    absWorkingDir: home,
    entryPoints: Object.fromEntries(entries.map((entry) => [join(dirname(entry), 'index'), entry])),
    outdir,
    packages,
  })
  for (const entry of entries) {
    const bytes = statSync(join(outdir, dirname(entry), 'index.mjs')).size
    const most = budgetOf(entry)
    if (bytes > most) throw new Error(`the bundle of ${entry} has ${bytes} bytes, of ${most} at most`)
  }
}

/** Bundles one entry, as `bundleEach` does, and returns the directory that holds it: `outdir` and the entry's own folder. */
export function bundle(entry: string, outdir: string, packages?: Packages, home?: string): string {
  bundleEach([entry], outdir, packages, home)
  return join(outdir, dirname(entry))
}
