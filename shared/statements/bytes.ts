import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Refused } from './refused.ts'

/** A million lines of the longest format have about half a gigabyte; a small file that unpacks to more is an attack. */
const bytesMax = 2 * 1024 ** 3

const startsWith = (chunk: Uint8Array, ...bytes: number[]): boolean =>
  bytes.every((byte, index) => chunk[index] === byte)

/** What is wrong with a file that begins so; `undefined` for what may be a statement. */
function unreadable(start: Uint8Array): string | undefined {
  if (startsWith(start, 0xff, 0xfe) || startsWith(start, 0xfe, 0xff))
    return 'the file is written in UTF-16: UTF-8 is expected'
  if (startsWith(start, 0x50, 0x4b, 0x03, 0x04))
    return 'the file is a ZIP archive or a spreadsheet: plain text, or plain text under gzip, is expected'
  return undefined
}

/** Chunks of at least `length` bytes to begin with, so that what the file is can be told from its first. */
async function* gathered(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array()
  for await (const chunk of source) {
    if (start === undefined) {
      yield chunk
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < length) continue
    yield start
    start = undefined
  }
  if (start !== undefined && start.length > 0) yield start
}

/** Whether an error of zlib's is about what it was given, e.g. Z_BUF_ERROR for a file that ends too soon. */
const isDamage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(source, { objectMode: false })
  const gunzip = createGunzip()
  packed.once('error', (error) => gunzip.destroy(error))
  try {
    yield* packed.pipe(gunzip)
  } catch (error) {
    if (!isDamage(error)) throw error
    throw new Refused('the compressed file is broken off or damaged: fetch it again')
  } finally {
    packed.destroy()
  }
}

async function* plain(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = gathered(source, 4)
  const first = await chunks.next()
  if (first.done) return
  async function* all() {
    yield first.value ?? new Uint8Array()
    yield* chunks
  }
  yield* startsWith(first.value, 0x1f, 0x8b) ? unpacked(all()) : all()
}

/** The text of a file as bytes, unpacked if it is under gzip. Throws `Refused` for what cannot be a text in UTF-8. */
export async function* textBytes(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of gathered(plain(source), 4)) {
    const complaint = length === 0 ? unreadable(chunk) : undefined
    if (complaint) throw new Refused(complaint)
    length += chunk.length
    if (length > bytesMax) throw new Refused('the file is longer than any statement can be')
    yield chunk
  }
  if (length === 0) throw new Refused('the file is empty')
}
