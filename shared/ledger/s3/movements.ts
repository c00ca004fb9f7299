import { createGunzip, gzipSync } from 'node:zlib'
import {
  type _Object,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { epochMs } from '../../domain/instant.ts'
import { type Movement, movementPrefix, movementSchema } from '../../finance/movement.ts'
import type { MovementFiles, Movements, Written } from '../../finance/movements.ts'
import { wholeLines } from '../../lines.ts'
import { objectsUnder } from './listing.ts'
import { isTaken } from './taken.ts'

/** Of a file, as its name says. */
type Span = {
  readonly key: string
  readonly shard: string
  readonly first: bigint
  readonly last: bigint
  /** Epoch milliseconds. */
  readonly written: number
}

const nameForm = /\/([^/]+)-(\d+)-(\d+)\.ndjson\.gz$/

function spanOf({ Key: key = '', LastModified }: _Object): Span {
  const [, shard, first, last] = nameForm.exec(key) ?? []
  if (shard === undefined || first === undefined || last === undefined || LastModified === undefined)
    throw new Error(`${key} is no name of a movement file`)
  return { key, shard, first: BigInt(first), last: BigInt(last), written: LastModified.getTime() }
}

function inOrder(one: Span, other: Span): number {
  if (one.shard !== other.shard) return one.shard < other.shard ? -1 : 1
  return one.first < other.first ? -1 : one.first > other.first ? 1 : 0
}

/**
 * Files in groups between which no movement is twice: a record is in one shard, so that only files of one shard whose
 * spans overlap can have the same. Nearly every group is one file, whatever a day has; more come of a batch that
 * failed after its files were written.
 */
function overlapping(spans: readonly Span[]): readonly (readonly Span[])[] {
  const groups: Span[][] = []
  let end: { readonly shard: string; readonly last: bigint } | undefined
  for (const span of [...spans].sort(inOrder)) {
    const group = groups.at(-1)
    if (group && end?.shard === span.shard && span.first <= end.last) {
      group.push(span)
      if (span.last > end.last) end = span
    } else {
      groups.push([span])
      end = span
    }
  }
  return groups
}

/** Files on their way at once: a day of a payday has thousands, of which each takes some 20 ms to come. */
const ahead = 16

/** What each of the given comes to, in their order; the next ones are begun before they are asked for. */
async function* inAdvance<Given, Found>(
  given: readonly Given[],
  begin: (one: Given) => Promise<Found>,
): AsyncGenerator<Found> {
  const begun: Promise<Found>[] = []
  for (const one of given) {
    const found = begin(one)
    // Who asks for it hears of its failure.
    found.catch(() => {})
    begun.push(found)
    const first = begun.length < ahead ? undefined : begun.shift()
    if (first) yield first
  }
  yield* begun
}

const brokenOff = (): Error => new Error('a movement file ends within a line')

/** The movement files in a bucket: gzipped NDJSON, a folder for each partner and day. */
export function openMovements(client: S3Client, bucket: string): Movements & MovementFiles {
  const spansIn = async (prefix: string): Promise<readonly Span[]> =>
    (await objectsUnder(client, bucket, prefix)).map(spanOf)

  async function fetchFile(key: string): Promise<Uint8Array> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!Body) throw new Error(`the movement file ${key} has no content`)
    return Body.transformToByteArray()
  }

  /** Of a file as it was fetched, which is a tenth of what is in it. */
  async function* movementsIn(file: Uint8Array): AsyncIterable<Movement> {
    for await (const line of wholeLines(createGunzip().end(file), brokenOff))
      yield movementSchema.parse(JSON.parse(line))
  }

  async function* readFile(key: string): AsyncIterable<Movement> {
    yield* movementsIn(await fetchFile(key))
  }

  async function* readAll(spans: readonly Span[], { after, until }: Written = {}): AsyncIterable<Movement> {
    const isOld = ({ written }: Span) => after !== undefined && written <= epochMs(after)
    const there = until === undefined ? spans : spans.filter(({ written }) => written <= epochMs(until))
    const groups = overlapping(there).filter((group) => !group.every(isOld))
    // Of a group, what is old comes first.
    const wanted = groups.flatMap((group) =>
      [...group.filter(isOld), ...group.filter((one) => !isOld(one))].map((span) => ({ span, group })),
    )
    const fetched = inAdvance(wanted, async (each) => ({ ...each, file: await fetchFile(each.span.key) }))
    let current: readonly Span[] = []
    let seen = new Set<string>()
    for await (const { span, group, file } of fetched) {
      if (group !== current) seen = new Set()
      current = group
      for await (const movement of movementsIn(file)) {
        if (seen.has(movement.id)) continue
        if (group.length > 1) seen.add(movement.id)
        if (!isOld(span)) yield movement
      }
    }
  }

  return {
    async write({ partner, day, shard, first, last, movements }) {
      const file = new PutObjectCommand({
        Bucket: bucket,
        Key: `${movementPrefix(partner, day)}${shard}-${first}-${last}.ndjson.gz`,
        Body: gzipSync(movements.map((movement) => `${JSON.stringify(movement)}\n`).join('')),
        ContentType: 'application/gzip',
        IfNoneMatch: '*',
      })
      try {
        await client.send(file)
      } catch (error) {
        if (!isTaken(error)) throw error
      }
    },

    async names(partner, day) {
      const spans = await spansIn(movementPrefix(partner, day))
      return spans.map(({ key }) => key).sort()
    },

    readFile,

    async *read(partner, day, written) {
      yield* readAll(await spansIn(movementPrefix(partner, day)), written)
    },

    async *counted(partner, day, { shard, sequence, since }) {
      const end = sequence === undefined ? undefined : BigInt(sequence)
      for (const span of await spansIn(movementPrefix(partner, day))) {
        const isCounted = span.shard !== shard || (end !== undefined && span.last <= end)
        if (isCounted && span.written >= epochMs(since)) yield* readFile(span.key)
      }
    },

    async *readDay(day) {
      const answer = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: 'movements/', Delimiter: '/' }),
      )
      for (const { Prefix = '' } of answer.CommonPrefixes ?? [])
        yield* readAll(await spansIn(`${Prefix}day=${day}/`))
    },
  }
}
