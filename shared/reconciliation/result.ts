import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** What is gathered before it is written, in characters. */
const bufferMax = 1 << 16

/** A gzipped file of JSON lines; `end` answers with the sha256 of its lines as they were before. */
export function createResult(path: string) {
  const gzip = createGzip()
  const hash = createHash('sha256')
  const written = pipeline(gzip, createWriteStream(path))
  written.catch(() => {}) // Awaited at the end.
  let buffer = ''

  async function flush(): Promise<void> {
    hash.update(buffer)
    const ready = gzip.write(buffer)
    buffer = ''
    if (!ready) await once(gzip, 'drain')
  }

  return {
    path,
    /** Resolves at once but for every thousandth line or so. */
    async add(line: object): Promise<void> {
      buffer += `${JSON.stringify(line)}\n`
      if (buffer.length > bufferMax) await flush()
    },
    async end(): Promise<string> {
      await flush()
      gzip.end()
      await written
      return hash.digest('hex')
    },
  }
}
export type Result = ReturnType<typeof createResult>
