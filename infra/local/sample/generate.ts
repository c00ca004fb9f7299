import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { anyWholeNumber, type Mistake, readOptions, readWholeNumber } from '../../command-line.ts'
import { type AccountNumbers, createAccountNumbers } from './accounts.ts'
import { envelope, type Publication } from './envelope.ts'
import { linkAccounts } from './links.ts'
import {
  accountOddities,
  type DeliveryOddity,
  deal,
  deliveryOddities,
  surveyOddities,
  trainingOddities,
} from './oddities.ts'
import { day, nextRun } from './programme.ts'
import { createRandom, type Random } from './random.ts'
import { strayLines } from './strays.ts'
import { fillSurveys } from './surveys.ts'
import { train } from './trainings.ts'

/** How many participants, at most 90,000; the same seed and number give the same bytes. */
export type SampleRequest = { readonly participants: number; readonly seed: number }
const mostParticipants = 90_000

/** A line on its way into the file: ordered by time, then rank; then moved by at most `later` lines. */
type Line = {
  readonly publishedAt: number
  readonly rank: number
  readonly text: string
  readonly later: number
}

/** Accounts come before everything else of their night: the core publishes them first. */
function lineOf(publication: Publication, later: number, random: Random): Line {
  const rank = random.next() + (publication.detailType === 'PayoutAccountLinked' ? 0 : 1)
  return { publishedAt: publication.publishedAt, rank, text: envelope(publication), later }
}

/** A participant's lines, one of which may be repeated or out of place. */
function deliver(
  publications: readonly Publication[],
  oddity: DeliveryOddity | undefined,
  random: Random,
): Line[] {
  const odd = oddity && random.pick(publications)
  const lines = publications.map((publication) =>
    lineOf(
      publication,
      odd === publication && oddity === 'line-out-of-order' ? random.between(5, 120) : 0,
      random,
    ),
  )
  if (odd && oddity === 'same-event-twice') lines.push(lineOf(odd, random.between(1, 200), random))
  if (odd && oddity === 'same-fact-in-new-event') {
    const again = { ...odd, id: random.uuid(), publishedAt: nextRun(odd.publishedAt) }
    lines.push(lineOf(again, 0, random))
  }
  return lines
}

/** Who carries which oddity, participant by participant. */
function dealAll(participants: number, random: Random) {
  return {
    training: deal(trainingOddities, participants, random),
    survey: deal(surveyOddities, participants, random),
    account: deal(accountOddities, participants, random),
    delivery: deal(deliveryOddities, participants, random),
  }
}

function participantLines(
  index: number,
  cards: ReturnType<typeof dealAll>,
  numbers: AccountNumbers,
  seed: number,
) {
  const participantId = `P-${String(index + 1).padStart(5, '0')}`
  const random = createRandom(`${seed} ${participantId}`)
  const survey = cards.survey[index]
  const heldBack = survey === 'survey-before-certificate' ? 2 * day : 0
  const trained = train({ participantId, oddity: cards.training[index], heldBack, random })
  const surveys = fillSurveys(trained.first, survey, random)
  const links = linkAccounts({ trained, oddity: cards.account[index], numbers, random })
  return deliver([...trained.publications, ...surveys, ...links], cards.delivery[index], random)
}

/** Where a line ends up: as many places later as it says, though never among lines five days younger. */
function placeOf(lines: readonly Line[], index: number): number {
  const line = lines[index]
  if (!line) return index
  const reach = lines.slice(index + 1, index + 1 + line.later)
  return index + reach.filter(({ publishedAt }) => publishedAt <= line.publishedAt + 5 * day).length
}

/**
 * The sample: EventBridge envelopes, one line of JSON each and without line ends, in the order they reach the
 * bus. Exactly `participants` people become entitled; `oddities.ts` says what else happens to them, `strays.ts`
 * which lines belong to nobody. Lines follow their `time` except where an oddity moves one, and a line that is
 * not JSON has no time: it arrives after the line above it.
 */
export function generateSample({ participants, seed }: SampleRequest): Iterable<string> {
  const random = createRandom(String(seed))
  const numbers = createAccountNumbers()
  const cards = dealAll(participants, random)
  const lines = Array.from({ length: participants }, (_, index) =>
    participantLines(index, cards, numbers, seed),
  ).flat()
  for (const stray of strayLines(participants, numbers, random))
    lines.push({ ...stray, rank: random.next() + 1, later: 0 })
  lines.sort((first, second) => first.publishedAt - second.publishedAt || first.rank - second.rank)
  return lines
    .map(({ text }, index) => ({ text, place: placeOf(lines, index) }))
    .sort((first, second) => first.place - second.place)
    .map(({ text }) => text)
}

const help = `Writes a sample of the events of 2020, one JSON envelope a line; the same arguments give the same bytes.

  npm run sample -- [--participants 1000] [--seed 2020] [--out FILE|-]

  --participants  people who become entitled, 1 to ${mostParticipants} (default 1000)
  --seed          a whole number (default 2020)
  --out           a file, or - for standard output (default -); npm run -s sample keeps npm itself quiet
  --help          this text
`

const options = {
  participants: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '2020' },
  out: { type: 'string', default: '-' },
} as const

/** The request that the arguments make, `help` when that is what was asked for, or what is wrong with them. */
function readArguments(args: readonly string[]): (SampleRequest & { out: string }) | 'help' | Mistake {
  const values = readOptions(args, options)
  if (values === 'help' || 'mistake' in values) return values
  const limits = { least: 1, most: mostParticipants }
  const participants = readWholeNumber('participants', values.participants, limits)
  if (typeof participants === 'object') return participants
  const seed = readWholeNumber('seed', values.seed, anyWholeNumber)
  if (typeof seed === 'object') return seed
  return { participants, seed, out: values.out }
}

/** Exit code 0: written; 2: the arguments are wrong; 1: the file cannot be written. */
async function run(args: readonly string[]): Promise<number> {
  const request = readArguments(args)
  if (request === 'help') {
    process.stdout.write(help)
    return 0
  }
  if ('mistake' in request) {
    console.error(request.mistake)
    return 2
  }
  const text = Array.from(generateSample(request), (line) => `${line}\n`)
  try {
    await pipeline(Readable.from(text), request.out === '-' ? process.stdout : createWriteStream(request.out))
    return 0
  } catch (error) {
    // A reader that has seen enough (`| head`) is no failure.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0
    console.error(`cannot write ${request.out}: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2))
