import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, gzipSync } from 'node:zlib'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { type Movement, movementPrefix, movementSchema } from '../../finance/movement.ts'
import type { Movements } from '../../finance/movements.ts'

/** A thousand names each: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const pagesMax = 1_000

/** Of a file, as its name says. */
type Span = { readonly key: string; readonly shard: string; readonly first: bigint; readonly last: bigint }

const nameForm = /\/([^/]+)-(\d+)-(\d+)\.ndjson\.gz$/

function spanOf(key: string): Span {
  const [, shard, first, last] = nameForm.exec(key) ?? []
  if (shard === undefined || first === undefined || last === undefined)
    throw new Error(`${key} is no name of a movement file`)
  return { key, shard, first: BigInt(first), last: BigInt(last) }
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

async function* linesOf(content: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of content) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') throw new Error('a movement file ends within a line')
}

/** The movement files in a bucket: gzipped NDJSON, a folder for each partner and day. */
export function openMovements(client: S3Client, bucket: string): Movements {
  async function keysIn(prefix: string): Promise<readonly string[]> {
    const keys: string[] = []
    let token: string | undefined
    for (let page = 0; page < pagesMax; page++) {
      const answer = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      )
      keys.push(...(answer.Contents ?? []).flatMap(({ Key }) => Key ?? []))
      token = answer.NextContinuationToken
      if (token === undefined) return keys
    }
    throw new Error(`the movement files of ${prefix} do not end within ${pagesMax} pages`)
  }

  async function* readFile(key: string): AsyncIterable<Movement> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!(Body instanceof Readable)) throw new Error(`the movement file ${key} has no content`)
    const content = createGunzip()
    // What fails at either end fails at the other, where it is read.
    const arrived = pipeline(Body, content)
    arrived.catch(() => {})
    try {
      for await (const line of linesOf(content)) yield movementSchema.parse(JSON.parse(line))
    } finally {
      content.destroy()
    }
  }

  async function* readAll(keys: readonly string[]): AsyncIterable<Movement> {
    for (const group of overlapping(keys.map(spanOf))) {
      const seen = new Set<string>()
      for (const { key } of group)
        for await (const movement of readFile(key)) {
          if (seen.has(movement.id)) continue
          if (group.length > 1) seen.add(movement.id)
          yield movement
        }
    }
  }

  return {
    async write({ partner, day, shard, first, last, movements }) {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${movementPrefix(partner, day)}${shard}-${first}-${last}.ndjson.gz`,
          Body: gzipSync(movements.map((movement) => `${JSON.stringify(movement)}\n`).join('')),
          ContentType: 'application/gzip',
        }),
      )
    },

    async *read(partner, day) {
      yield* readAll(await keysIn(movementPrefix(partner, day)))
    },

    async *readDay(day) {
      const answer = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: 'movements/', Delimiter: '/' }),
      )
      for (const { Prefix = '' } of answer.CommonPrefixes ?? [])
        yield* readAll(await keysIn(`${Prefix}day=${day}/`))
    },
  }
}
