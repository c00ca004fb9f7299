import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { cache, fingerprint } from './cache.ts'

const root = join(import.meta.dirname, '..', '..')
const patienceMs = 120_000
/** Young objects are looked through sooner, in the same time, and it holds a hundred megabytes less. */
const lean = '--max-semi-space-size=2'
/** The stacks import constructs, shared names, deadlines and questions, and packages; nothing else makes a template. */
const sources = ['infra/*.ts', 'shared/**/*.{ts,sql}', 'cdk.json', 'package-lock.json']

/**
 * A stage's template, as JSON text. Synthesis runs in a process of its own, which takes its 400 MB away again,
 * and only when something that the template is made from has changed. Throws with the synthesis' own words when
 * it fails.
 */
export async function synthesise(stage: string): Promise<string> {
  const file = join(cache, `${stage}-${fingerprint(sources)}.json`)
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true })
    const unfinished = `${file}.${process.pid}`
    await run(['infra/synth.ts', '--stage', stage, '--out', unfinished])
    renameSync(unfinished, file)
  }
  return readFileSync(file, 'utf8')
}

function run(command: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [lean, ...command], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: patienceMs,
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    let complaint = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`synthesis failed\n${complaint.trim()}`))
    })
  })
}
