import { availableParallelism } from 'node:os'
import { type Arguments, help, readArguments } from './arguments.ts'
import { coverageOf } from './coverage.ts'
import { createProgressLine } from './progress.ts'
import { describeFailure, describeSummary, summaryOf } from './report.ts'
import { type Results, runSeeds } from './seeds.ts'
import { openThreads } from './threads.ts'

/** `npm run chaos`: runs seeded worlds full of faults on all processors, and tells the story of what failed. */
const exitCodes = { sound: 0, unsound: 1, mistaken: 2 } as const

const say = (text: string) => process.stdout.write(`${text}\n`)
const tell = (text: string) => process.stderr.write(`${text}\n`)

async function run(asked: Arguments): Promise<Results> {
  const width = Math.min(asked.seeds, availableParallelism())
  const threads = openThreads(width)
  const line = process.stderr.isTTY ? createProgressLine(process.stderr, asked.seeds) : undefined
  try {
    return await runSeeds(asked, { threads, width, note: (progress) => line?.note(progress) })
  } finally {
    line?.end()
    await threads.close()
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
  const results = await run(asked)
  const coverage = coverageOf(results.met)
  const stories = results.failed.map((failed) => `${describeFailure(failed, asked.participants)}\n`)
  if (asked.json) {
    for (const story of stories) tell(story)
    for (const point of coverage.unlisted) tell(`${point} is not listed in test/chaos/coverage.ts`)
    say(JSON.stringify(summaryOf(asked, results, coverage)))
  } else {
    for (const story of stories) say(story)
    say(describeSummary(asked, results, coverage))
  }
  return results.failed.length === 0 ? exitCodes.sound : exitCodes.unsound
}

process.exitCode = await main()
