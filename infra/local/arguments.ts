import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CivilDate, civilDate, isCivilDate, plusDays } from '../../shared/domain/instant.ts'
import { schemes } from '../../shared/domain/scheme.ts'

/** What `npm start` was asked to do. */
export type Arguments = {
  /** A file of events, or `-` for standard input. */
  readonly events: string
  /** The last day, in Jakarta, that virtual time runs through. */
  readonly until: CivilDate
  /** Chooses how the simulated partners misbehave; without one they do only what account numbers ask for. */
  readonly seed?: number
  /** One JSON object instead of a report for people. */
  readonly json: boolean
  /** Directory in which the data stay. */
  readonly data: string
}

/** One sentence for whoever made it: what is wrong, where, and what to do. */
export type Mistake = { readonly mistake: string }

const firstDay = schemes.map(({ firstCertificate }) => firstCertificate).sort()[0] ?? ''
const lastPayment =
  schemes
    .map((scheme) => scheme.lastPayment)
    .sort()
    .at(-1) ?? firstDay
/** The day after the closing sweep's first: nothing is left to happen by itself. */
const dayAfterClosing = plusDays(civilDate(lastPayment), 2)
/** Every idle day costs a little; nobody means the year 9999. */
const latestDay = plusDays(civilDate(lastPayment), 365)

export const help = `Runs the whole pipeline on this machine, in virtual time, and reports what became of every event and every rupiah.

  npm start -- [--events FILE|-] [--until YYYY-MM-DD] [--seed N] [--json] [--data DIR]

  --events  EventBridge envelopes, one JSON object a line; - reads standard input
            (default: the sample of 1,000 participants)
  --until   run to the end of this day in Jakarta (default: ${dayAfterClosing}, when the scheme has closed)
  --seed    a whole number; the simulated partners then misbehave at random, the same way for the same seed
  --json    print the report as one JSON object; everything else goes to standard error
  --data    the data stay in this directory; every run starts afresh (default: .local)
  --help    print this text

Exit code: 0 all is well, 1 something was paid twice or lost or the books do not balance, 2 the command is wrong.
`

function readDay(text: string): CivilDate | undefined {
  try {
    return isCivilDate(text) ? civilDate(text) : undefined
  } catch {
    return undefined
  }
}

const options = {
  events: { type: 'string', default: join(import.meta.dirname, 'sample', 'sample.ndjson') },
  until: { type: 'string', default: dayAfterClosing },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  data: { type: 'string', default: '.local' },
  help: { type: 'boolean', default: false },
} as const

/** node's own complaint, without the advice that follows it. */
const complaint = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).split(/\. |\.?\n/)[0]}; --help lists what there is`

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    return { mistake: complaint(error) }
  }
}

/** The arguments, `help` when that is what was asked for, or what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | 'help' | Mistake {
  const values = read(args)
  if ('mistake' in values) return values
  const { events, seed, json, data } = values
  if (values.help) return 'help'
  const until = readDay(values.until)
  if (until === undefined || until < firstDay || until > latestDay)
    return { mistake: `--until takes a day from ${firstDay} to ${latestDay}, written YYYY-MM-DD` }
  if (seed !== undefined && !/^\d{1,15}$/.test(seed))
    return { mistake: '--seed takes a whole number of at most 15 digits' }
  if (events === '') return { mistake: '--events takes the name of a file, or - for standard input' }
  if (data === '') return { mistake: '--data takes the name of a directory' }
  return { events, until, json, data, ...(seed !== undefined && { seed: Number(seed) }) }
}
