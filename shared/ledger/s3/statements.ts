import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { wholeLines } from '../../lines.ts'
import { type Break, breakSchema } from '../../reconciliation/break.ts'
import { decodeItem } from '../../reconciliation/item.ts'
import { resultKey, type StatementFiles } from '../../reconciliation/register.ts'

/** Results put at once. */
const sideBySide = 8

/** Puts a file of this machine under a key; streamed. */
export async function putStatement(
  client: S3Client,
  bucket: string,
  key: string,
  path: string,
): Promise<void> {
  const Body = createReadStream(path)
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: statSync(path).size }),
  )
}

/** The statements of the partners in a bucket, and beside them what reconciliation has made of each. */
export function openStatementFiles(client: S3Client, bucket: string): StatementFiles {
  async function content(key: string): Promise<Readable> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    if (!(Body instanceof Readable)) throw new Error(`${key} has no content`)
    return Body
  }

  /** What fails on the way is thrown to whoever reads. */
  const unpacked = (packed: Readable): Readable => pipeline(packed, createGunzip(), () => {})

  async function* linesOf(key: string): AsyncGenerator<string> {
    yield* wholeLines(unpacked(await content(key)), () => new Error(`${key} ends within a line`))
  }

  async function* hashed(key: string, hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
    for await (const chunk of await content(key)) {
      hash.update(chunk)
      yield chunk
    }
  }

  return {
    open(key) {
      const hash = createHash('sha256')
      return { bytes: hashed(key, hash), sha256: () => hash.digest('hex') }
    },

    async keep(results, files) {
      const all = [...files]
      for (let start = 0; start < all.length; start += sideBySide)
        await Promise.all(
          all.slice(start, start + sideBySide).map(([name, path]) =>
            client.send(
              new PutObjectCommand({
                Bucket: bucket,
                Key: resultKey(results, name),
                Body: createReadStream(path),
                ContentLength: statSync(path).size,
                ContentType: 'application/gzip',
              }),
            ),
          ),
        )
    },

    async *openItems(results) {
      for await (const line of linesOf(resultKey(results, 'open'))) yield decodeItem(line)
    },

    async breaks(results) {
      const breaks: Break[] = []
      for await (const line of linesOf(resultKey(results, 'breaks')))
        breaks.push(breakSchema.parse(JSON.parse(line)))
      return breaks
    },
  }
}
