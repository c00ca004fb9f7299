import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { generateSample } from '../../infra/local/sample/generate.ts'

/**
 * `npm run bench [-- PARTICIPANTS…]`: the whole pipeline on this machine for so many participants (default: 1,000 and
 * 4,000), the bare engine's ceiling for the same commands, and the ratio of the two. Figures, not assertions.
 */

const seed = 2020
const sizes = process.argv.slice(2).map(Number)
const wanted = sizes.length > 0 ? sizes : [1_000, 4_000]
const root = join(import.meta.dirname, '..', '..')
const mebi = 1024 * 1024

/** Resident memory of a process and all its descendants, in bytes; Linux only, 0 elsewhere. */
function residentBytes(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return Number(kilobytes) * 1024 + children.reduce((sum, child) => sum + residentBytes(Number(child)), 0)
  } catch {
    return 0 // It has ended meanwhile.
  }
}

/** Runs Node with these arguments; its standard output, and the most memory it and its children held together. */
async function measured(...given: readonly string[]) {
  const child = spawn(process.execPath, given, {
    cwd: root,
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  let peak = 0
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const watch = setInterval(() => {
    peak = Math.max(peak, residentBytes(child.pid ?? 0))
  }, 200)
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`node ${given.join(' ')} ended with ${code}`)
  return { output, peakMebibytes: Math.round(peak / mebi) }
}

const reportSchema = z.object({
  payouts: z.record(z.string(), z.number()),
  payoutsPerSecond: z.number(),
  writeUnitsPerPayout: z.number(),
  seconds: z.number(),
})
const ceilingSchema = z.object({
  commandsPerPayout: z.number(),
  results: z.array(z.object({ concurrency: z.number(), payoutsPerSecond: z.number() })),
})

const directory = mkdtempSync(join(tmpdir(), 'bench-'))
try {
  const { output } = await measured('test/bench/ceiling.ts')
  const { commandsPerPayout, results } = ceilingSchema.parse(JSON.parse(output))
  const ceiling = Math.max(...results.map(({ payoutsPerSecond }) => payoutsPerSecond))
  console.log(
    `engine alone: ${ceiling} payouts/s at the best of ${results.map((each) => each.concurrency)} side by side`,
  )
  console.log(`              ${commandsPerPayout} DynamoDB commands per payout`)
  for (const participants of wanted) {
    const events = join(directory, `${participants}.ndjson`)
    writeFileSync(events, `${[...generateSample({ participants, seed })].join('\n')}\n`)
    const given = ['--events', events, '--json', '--data', directory]
    // As `npm start` does.
    const run = await measured('--single-threaded-gc', 'infra/local/start.ts', ...given)
    const report = reportSchema.parse(JSON.parse(run.output))
    const { payoutsPerSecond: rate, writeUnitsPerPayout, seconds } = report
    console.log(
      `${participants} participants: ${report.payouts.paid} paid in ${seconds} s, ${rate} payouts/s,`,
    )
    console.log(
      `              ${(1000 / rate).toFixed(1)} ms and ${writeUnitsPerPayout} write units per payout,`,
    )
    console.log(
      `              ${run.peakMebibytes} MiB at the most, ratio to the engine alone ${(rate / ceiling).toFixed(2)}`,
    )
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}
