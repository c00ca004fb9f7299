import { join } from 'node:path'
import { type CivilDate, civilDate, isCivilDate, plusDays } from '../../shared/domain/instant.ts'
import { schemes } from '../../shared/domain/scheme.ts'
import { anyWholeNumber, type Mistake, readOptions, readWholeNumber } from '../command-line.ts'

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
  /** Goes on from what is in the directory. */
  readonly continue: boolean
}

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

  npm start -- [--events FILE|-] [--until YYYY-MM-DD] [--seed N] [--json] [--data DIR] [--continue]

  --events    EventBridge envelopes, one JSON object a line; - reads standard input
              (default: the sample of 1,000 participants)
  --until     run to the end of this day in Jakarta (default: ${dayAfterClosing}, when the scheme has closed)
  --seed      a whole number; the simulated partners then misbehave at random, the same way for the same seed
  --json      print the report as one JSON object, and everything else on standard error; npm run -s start keeps npm
              itself quiet
  --data      the data stay in this directory; a run without --continue starts afresh (default: .local)
  --continue  go on where the last run in --data has stopped; of the events, those after that time are published
  --help      print this text

Exit code: 0 all is well, 1 something was paid twice or lost, or the books do not balance, or it broke off by a bug,
2 the command is wrong or cannot run here, 130 it was interrupted.
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
  continue: { type: 'boolean', default: false },
} as const

/** The arguments, `help` when that is what was asked for, or what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | 'help' | Mistake {
  const values = readOptions(args, options)
  if (values === 'help' || 'mistake' in values) return values
  const { events, json, data } = values
  const until = readDay(values.until)
  if (until === undefined || until < firstDay || until > latestDay)
    return { mistake: `--until takes a day from ${firstDay} to ${latestDay}, written YYYY-MM-DD` }
  const seed = values.seed === undefined ? undefined : readWholeNumber('seed', values.seed, anyWholeNumber)
  if (typeof seed === 'object') return seed
  if (events === '') return { mistake: '--events takes the name of a file, or - for standard input' }
  if (data === '') return { mistake: '--data takes the name of a directory' }
  return { events, until, json, data, continue: values.continue, ...(seed !== undefined && { seed }) }
}
