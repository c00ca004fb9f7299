import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'

const root = dirname(import.meta.dirname)

/**
 * Bundles a function's entry, e.g. `functions/pay/handler.ts`, into one `index.mjs` with its source map, and
 * returns the directory that holds it: `outdir` and the entry's own folder. What is deployed is all in these bytes;
 * with packages `external` they import from node_modules instead. Throws when the entry does not build.
 */
export function bundle(entry: string, outdir: string, packages: 'bundle' | 'external' = 'bundle'): string {
  const directory = join(outdir, dirname(entry))
  buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(directory, 'index.mjs'),
    bundle: true,
    packages,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // esbuild's default for node prefers CommonJS builds, of which it can drop nothing.
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    // Some dependencies still call `require` for node's own modules, which an ES module does not have.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    // What is wrong is in the error thrown.
    logLevel: 'silent',
  })
  return directory
}
