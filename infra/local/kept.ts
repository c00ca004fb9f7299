import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { epochMs, type Instant } from '../../shared/domain/instant.ts'
import { instantSchema } from '../../shared/ledger/schemas.ts'
import type { Mistake } from '../command-line.ts'
import { stages } from '../stages.ts'
import { otherEngine } from './engine-choice.ts'
import type { Feed } from './feed.ts'
import { charge } from './log.ts'
import { partnerState } from './partners/state.ts'

/**
 * What a run leaves beside its tables, for whoever goes on where it stopped: virtual time, what its report needs of
 * it, and what the partners know. Both files are there, or the data are of a run that was broken off.
 */

const files = { run: 'run.json', partners: 'partners.json' } as const

/** Which lines of a feed are published, told by their number and their hash. */
const published = z.object({
  /** Lines dated later than this; absent: all from the beginning. */
  since: instantSchema.exactOptional(),
  lines: z.int().nonnegative(),
  /** Lower-case hex sha256 of the lines. */
  hash: z.string(),
})
export type Published = z.infer<typeof published>

const run = z.object({
  stage: z.literal(stages.local.name),
  /** What `chosenEngine` calls the engine that has the tables. */
  engine: z.string(),
  /** Where virtual time stood. */
  time: instantSchema,
  /** By which the partners misbehave, if they do. */
  seed: z.int().nonnegative().exactOptional(),
  /** Of wall time so far. */
  seconds: z.number(),
  published,
  /** What the functions' writes have cost so far. */
  charges: z.array(charge),
})
const partners = z.record(z.string(), partnerState)
export type Kept = z.infer<typeof run> & { readonly partners: z.infer<typeof partners> }

/** What is kept in a directory, for a run whose tables are in that engine. */
export function readKept(directory: string, engine: string): Kept | Mistake {
  const [runFile, partnersFile] = [join(directory, files.run), join(directory, files.partners)]
  if (!existsSync(runFile) || !existsSync(partnersFile))
    return { mistake: `${directory} holds no finished run to go on from; npm start makes one` }
  try {
    const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
    const kept = { ...run.parse(read(runFile)), partners: partners.parse(read(partnersFile)) }
    return otherEngine(directory, kept.engine, engine) ?? kept
  } catch {
    return { mistake: `${directory} holds a run that this version cannot read; npm start makes a new one` }
  }
}

/** Keeps it for the next. */
export function writeKept(directory: string, { partners, ...run }: Kept): void {
  write(join(directory, files.partners), partners)
  write(join(directory, files.run), run)
}

function write(file: string, content: object): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, `${JSON.stringify(content)}\n`)
  renameSync(unfinished, file)
}

/** To be called before time moves: should the run be broken off, nobody goes on from a state that never was. */
export function forgetKept(directory: string): void {
  for (const file of Object.values(files)) rmSync(join(directory, file), { force: true })
}

/** The lines of a feed after `since`, as far as `until`, both in virtual time. */
export const linesBetween = (feed: Feed, since: Instant | undefined, until: Instant): Feed =>
  feed.filter(({ at }) => (since === undefined || at > epochMs(since)) && at <= epochMs(until))

export function publishedOf(feed: Feed, since: Instant | undefined, until: Instant): Published {
  const lines = linesBetween(feed, since, until)
  const hash = createHash('sha256')
  for (const { body } of lines) hash.update(`${body}\n`)
  return { ...(since && { since }), lines: lines.length, hash: hash.digest('hex') }
}

/**
 * The instant after which all that was published is in this feed, when a kept run goes on with it. `undefined`: all
 * from the beginning, since the feed is the one that the run was given before.
 */
export function sinceWhen(feed: Feed, { published, time }: Kept): Instant | undefined {
  const again = publishedOf(feed, published.since, time)
  return again.lines === published.lines && again.hash === published.hash ? published.since : time
}
