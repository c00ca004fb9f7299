import { availableParallelism } from 'node:os'
import type { Mistake } from '../../infra/command-line.ts'
import { endWithReader } from '../../infra/command-line.ts'
import { type Engine, startEngine } from '../../infra/local/engine.ts'
import { type Arguments, help, readArguments } from './arguments.ts'
import { coverageOf, fallsShort } from './coverage.ts'
import { isForEngine } from './engine/share.ts'
import { createProgressLine } from './progress.ts'
import { describeFailure, describeSummary, summaryOf } from './report.ts'
import { type Results, runSeeds } from './seeds.ts'
import { openThreads } from './threads.ts'

/** `npm run chaos`: runs seeded worlds full of faults on all processors, and tells the story of what failed. */
const exitCodes = { sound: 0, unsound: 1, mistaken: 2 } as const

const say = (text: string) => process.stdout.write(`${text}\n`)
const tell = (text: string) => process.stderr.write(`${text}\n`)

/** Started where a seed is for it; without it nothing runs there, unless that is what was asked for. */
async function openEngine(asked: Arguments): Promise<Engine | Mistake | undefined> {
  const seeds = Array.from({ length: asked.seeds }, (_, index) => asked.from + index)
  if (!seeds.some((seed) => isForEngine(seed, asked))) return undefined
  try {
    return await startEngine({})
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    if (asked.engine) return { mistake: reason }
    tell(`All worlds run in memory: ${reason}`)
    return undefined
  }
}

async function run(asked: Arguments, engine: Engine | undefined): Promise<Results> {
  const width = Math.min(asked.seeds, availableParallelism())
  const threads = openThreads(width)
  const line = process.stderr.isTTY ? createProgressLine(process.stderr, asked.seeds) : undefined
  try {
    return await runSeeds(asked, {
      threads,
      width,
      ...(engine && { engine: engine.endpoint }),
      note: (progress) => line?.note(progress),
    })
  } finally {
    line?.end()
    await threads.close()
    await engine?.stop()
  }
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2))
  if (asked === 'help') {
    process.stdout.write(help)
    return exitCodes.sound
  }
  if ('mistake' in asked) {
    tell(asked.mistake)
    return exitCodes.mistaken
  }
  const engine = await openEngine(asked)
  if (engine && 'mistake' in engine) {
    tell(engine.mistake)
    return exitCodes.mistaken
  }
  const results = await run(asked, engine)
  const coverage = coverageOf(results.met)
  const stories = results.failed.map((failed) => `${describeFailure(failed, asked)}\n`)
  if (asked.json) {
    for (const story of stories) tell(story)
    for (const point of coverage.unlisted) tell(`${point} is not listed in test/chaos/coverage.ts`)
    say(JSON.stringify(summaryOf(asked, results, coverage)))
  } else {
    for (const story of stories) say(story)
    say(describeSummary(asked, results, coverage))
  }
  const sound = results.failed.length === 0 && !fallsShort(coverage, asked)
  return sound ? exitCodes.sound : exitCodes.unsound
}

endWithReader()
process.exitCode = await main()
