import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../../infra/bundle.ts'
import { readTemplate } from '../../infra/local/template.ts'
import { stages } from '../../infra/stages.ts'
import { synthesise } from '../../infra/synthesise.ts'

/**
 * `npm run bench:imports`: how long a new process takes to import each function's bundle, which a cold start waits for,
 * beside a bundle that holds DynamoDB's client and nothing else. Figures, not assertions.
 */

const times = 9
const root = join(import.meta.dirname, '..', '..')
const directory = mkdtempSync(join(tmpdir(), 'imports-'))

type Measured = { readonly name: string; readonly bytes: number; readonly milliseconds: number }

/** The middle of several imports, each in a process of its own with the function's own environment. */
function measure(name: string, bundled: string, environment: Readonly<Record<string, string>>): Measured {
  const file = join(bundled, 'index.mjs')
  const url = JSON.stringify(pathToFileURL(file).href)
  const script = `const from = performance.now(); await import(${url}); console.log(performance.now() - from)`
  const taken = Array.from({ length: times }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: {
        ...environment,
        AWS_REGION: stages.local.region,
        AWS_ACCESS_KEY_ID: 'x',
        AWS_SECRET_ACCESS_KEY: 'x',
      },
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${name} cannot be imported: ${stderr}`)
    return Number(stdout)
  })
  const middle = taken.sort((one, other) => one - other)[Math.floor(times / 2)] ?? Number.NaN
  return { name, bytes: statSync(file).size, milliseconds: middle }
}

function bareClient(): Measured {
  const entry = join(directory, 'bare.ts')
  const client = join(root, 'node_modules', '@aws-sdk', 'client-dynamodb', 'dist-es', 'index.js')
  writeFileSync(
    entry,
    `import { DynamoDBClient } from ${JSON.stringify(client)}\nexport const client = new DynamoDBClient()\n`,
  )
  return measure("DynamoDB's client alone", bundle(entry, directory), {})
}

try {
  const template = JSON.stringify(synthesise(stages.local, { bundles: false }))
  const { functions } = readTemplate(template, 'http://127.0.0.1')
  const oneEach = new Map(functions.map((each) => [each.entry, each]))
  const bare = bareClient()
  const all = [...oneEach].map(([entry, { Environment }]) =>
    measure(entry.split('/')[1] ?? entry, bundle(entry, directory), Environment?.Variables ?? {}),
  )
  for (const { name, bytes, milliseconds } of [bare, ...all]) {
    const ratio = (milliseconds / bare.milliseconds).toFixed(1)
    console.log(
      `${name.padEnd(24)} ${String(bytes).padStart(8)} bytes ${milliseconds.toFixed(0).padStart(5)} ms  x ${ratio}`,
    )
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
