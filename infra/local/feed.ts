import { createReadStream } from 'node:fs'
import * as z from 'zod'
import { epochMs, parseInstant, startOfDay } from '../../shared/domain/instant.ts'
import { schemes } from '../../shared/domain/scheme.ts'
import { parseJson } from '../../shared/json.ts'
import type { Mistake } from '../command-line.ts'
import type { Envelope } from './bus.ts'
import { region } from './references.ts'

/** One event of the file. */
export type FeedLine = {
  /** Place in the file, from 1. */
  readonly number: number
  /** When it is published, in epoch milliseconds. */
  readonly at: number
  /** What intake's queue will hold of it. */
  readonly body: string
  /** Absent where EventBridge could never deliver it: then the body goes to intake's queue as it is. */
  readonly envelope?: Envelope
}
/** In the order of publication: by time, and by place in the file where times are equal. Never empty. */
export type Feed = readonly FeedLine[]

/** Nothing can be owed before, so that virtual time starts no earlier; what is dated earlier is published then. */
const beginning = Math.min(...schemes.map(({ firstCertificate }) => epochMs(startOfDay(firstCertificate))))

/** What EventBridge delivers; it would itself fill in what has a default here. Fields it does not know are dropped. */
const envelopeSchema = z.object({
  version: z.literal('0').default('0'),
  id: z.string().default(''),
  'detail-type': z.string().min(1),
  source: z.string().min(1),
  account: z.string(),
  time: z.string(),
  region: z.string().default(region),
  resources: z.array(z.string()).default([]),
  detail: z.record(z.string(), z.unknown()),
})

/** Deeper ones are sent as they are: no writer of JSON on the way to a queue is sure to follow them. */
const levelsMax = 1_000

/** Whether lists and objects are nested deeper than that, told without nesting calls as deeply. */
function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let levels = 0; levels <= levelsMax; levels++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
    if (level.length === 0) return false
  }
  return true
}

type Delivered = { readonly envelope?: Envelope; readonly at: number }

/** The envelope of a line and its time in epoch milliseconds; `undefined` when EventBridge could not deliver it. */
function deliverable(text: string, number: number): Delivered | undefined {
  const parsed = envelopeSchema.safeParse(parseJson(text))
  const time = parsed.success ? parseInstant(parsed.data.time) : undefined
  if (!parsed.success || time === undefined) return undefined
  const at = Math.max(epochMs(time), beginning)
  if (isTooDeep(parsed.data)) return { at }
  return { envelope: { ...parsed.data, id: parsed.data.id || `line-${number}` }, at }
}

/** The feed that these lines of a file make; blank ones do not count. */
export function createFeed(texts: readonly string[]): FeedLine[] {
  const read = texts.flatMap((text, index) => {
    const number = index + 1
    return text.trim() === '' ? [] : [{ number, text, delivered: deliverable(text, number) }]
  })
  let at = read.find(({ delivered }) => delivered)?.delivered?.at ?? beginning
  const lines = read.map(({ number, text, delivered }): FeedLine => {
    at = delivered?.at ?? at
    const envelope = delivered?.envelope
    if (!envelope) return { number, at, body: text }
    return { number, at, envelope, body: JSON.stringify(envelope) }
  })
  return lines.sort((first, second) => first.at - second.at)
}

async function readLines(stream: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = []
  let rest = ''
  for await (const chunk of stream) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) lines.push(part)
  }
  return [...lines, rest].map((line) => line.replace(/^\uFEFF|\r$/g, ''))
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'may not be read by this user',
}

/** What people call it. */
export const nameOfSource = (source: string): string => (source === '-' ? 'standard input' : source)

/** Reads a file of events, or `standardInput` where `source` is `-`. */
export async function readFeed(
  source: string,
  standardInput: NodeJS.ReadableStream,
): Promise<Feed | Mistake> {
  const name = nameOfSource(source)
  const stream = source === '-' ? standardInput : createReadStream(source)
  stream.setEncoding('utf8')
  try {
    const feed = createFeed(await readLines(textOf(stream)))
    if (feed.length > 0) return feed
    return { mistake: `${name} has no event: --events takes one JSON object a line` }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return {
      mistake: `${name} ${reasons[code] ?? `cannot be read (${code || error})`}: --events takes a file, or - for standard input`,
    }
  }
}

async function* textOf(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const chunk of stream) yield String(chunk)
}
