import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'

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

/**
 * Bundles a function's entry, e.g. `functions/pay/handler.ts`, into one `index.mjs` with its source map, and
 * returns the directory that holds it: `outdir` and the entry's own folder. What is deployed is all in these bytes;
 * with packages `external` they import from node_modules instead. `home`: where entries are. Throws when the entry does not build, and when it has become larger than a function
 * may be: every cold start reads all of it.
 */
export function bundle(
  entry: string,
  outdir: string,
  packages: 'bundle' | 'external' = 'bundle',
  home: string = root,
): string {
  const directory = join(outdir, dirname(entry))
  buildSync({
    absWorkingDir: home,
    entryPoints: [entry],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    packages,
    alias: bundled,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // esbuild's default for node prefers CommonJS builds, of which it can drop nothing.
    mainFields: ['module', 'main'],
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
  })
  const bytes = statSync(join(directory, 'index.mjs')).size
  const most = budgetOf(entry)
  if (bytes > most) throw new Error(`the bundle of ${entry} has ${bytes} bytes, of ${most} at most`)
  return directory
}
