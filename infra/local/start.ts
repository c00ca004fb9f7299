import {
  type CivilDate,
  epochMs,
  type Instant,
  instant,
  jakartaDate,
  plusDays,
  plusSeconds,
  startOfDay,
} from '../../shared/domain/instant.ts'
import type { Mistake } from '../command-line.ts'
import { endWithReader } from '../command-line.ts'
import { type Arguments, help, readArguments } from './arguments.ts'
import { openDataDirectory } from './data-directory.ts'
import { chosenEngine } from './engine-choice.ts'
import { type Feed, nameOfSource, readFeed } from './feed.ts'
import { type Kept, readKept } from './kept.ts'
import { createProgress } from './progress.ts'
import { leaveQuarantined, quarantinedIn } from './quarantined.ts'
import { describeReport, isSound } from './report.ts'
import { type RunResult, runProgramme } from './run.ts'
import { counted } from './text.ts'

/** `npm start`: runs a feed through the whole pipeline on this machine and reports. */
const exitCodes = { sound: 0, unsound: 1, mistaken: 2, interrupted: 130 } as const

const tell = (text: string) => process.stderr.write(`${text}\n`)

function refuse({ mistake }: Mistake): number {
  tell(mistake)
  return exitCodes.mistaken
}

/** As many as there are processors on a small machine: every further one would load all packages once more. */
const threads = 2

const endOf = (until: CivilDate): Instant => plusSeconds(startOfDay(plusDays(until, 1)), -1)

function checkDay(feed: Feed, { until }: Arguments, kept: Kept | undefined): Mistake | undefined {
  if (kept)
    return epochMs(kept.time) > epochMs(endOf(until))
      ? { mistake: `--until ${until} is over: the last run has stopped on ${jakartaDate(kept.time)}` }
      : undefined
  const first = jakartaDate(instant(feed[0]?.at ?? 0))
  return first > until
    ? { mistake: `--until ${until} is before the first event, which is of ${first}` }
    : undefined
}

/** Runs until the end of that day, showing its progress on a terminal. */
async function run(
  asked: Arguments,
  feed: Feed,
  kept: Kept | undefined,
): Promise<RunResult | 'interrupted' | 'not started' | 'failed'> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const progress = process.stderr.isTTY ? createProgress(process.stderr) : undefined
  let running = false
  try {
    return await runProgramme({
      feed,
      until: endOf(asked.until),
      dataDirectory: asked.data,
      threads,
      signal: interruption.signal,
      ...(asked.seed !== undefined && { seed: asked.seed }),
      ...(kept && { kept }),
      ...(progress && { listeners: { settled: progress.note } }),
      prepare(programme, published) {
        running = true
        progress?.watch(programme, published)
      },
    })
  } catch (error) {
    if (interruption.signal.aborted) return 'interrupted'
    // What keeps it from starting is this machine's or the user's; afterwards it is a bug.
    const known = error instanceof Error ? error : new Error(String(error))
    tell(running ? (known.stack ?? known.message) : known.message)
    return running ? 'failed' : 'not started'
  } finally {
    progress?.end()
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
  }
}

/** The first of a list, and how many more there are; `where`: the place in which all of them are. */
function tellSome(texts: readonly string[], most: number, what: string, where?: string): void {
  for (const text of texts.slice(0, most)) tell(text)
  const rest = `and ${counted(texts.length - most, what)} more`
  if (texts.length > most) tell(where === undefined ? rest : `${rest}; all of them are in ${where}`)
}

function print(result: RunResult, asked: Arguments): void {
  const { report, problems, failures, refused, unpublished, endedAt } = result
  if (asked.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    process.stdout.write(`${describeReport(report, unpublished)}\n`)
    process.stdout.write(`Virtual time stopped on ${jakartaDate(endedAt)}; the data are in ${asked.data}\n`)
  }
  if (asked.json && unpublished > 0)
    tell(`${counted(unpublished, 'event')} dated after ${asked.until}: not published`)
  const source = nameOfSource(asked.events)
  const refusals = refused.map(({ line, reason, detail }) => `${source}:${line} ${reason}: ${detail}`)
  leaveQuarantined(asked.data, refusals)
  tellSome(refusals, 10, 'quarantined line', quarantinedIn(asked.data))
  tellSome(problems, 20, 'problem')
  for (const failure of failures) tell(failure)
}

async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2))
  if (asked === 'help') {
    process.stdout.write(help)
    return exitCodes.sound
  }
  if ('mistake' in asked) return refuse(asked)
  const engine = chosenEngine()
  if (typeof engine !== 'string') return refuse(engine)
  const kept = asked.continue ? readKept(asked.data, engine) : undefined
  if (kept && 'mistake' in kept) return refuse(kept)
  const feed = await readFeed(asked.events, process.stdin)
  if ('mistake' in feed) return refuse(feed)
  const mistake = checkDay(feed, asked, kept) ?? (kept ? undefined : openDataDirectory(asked.data))
  if (mistake) return refuse(mistake)
  const result = await run(asked, feed, kept)
  if (result === 'interrupted') return exitCodes.interrupted
  if (result === 'not started') return exitCodes.mistaken
  if (result === 'failed') return exitCodes.unsound
  print(result, asked)
  return isSound(result.report) ? exitCodes.sound : exitCodes.unsound
}

endWithReader()
process.exitCode = await main()
