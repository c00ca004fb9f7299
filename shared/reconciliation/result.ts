import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Matched, matchedPart } from './matched.ts'
import { createPartitions } from './partitions.ts'

/** Where results are, gzipped JSON lines, by the names that they are kept under. */
export type ResultFiles = ReadonlyMap<string, string>

/** What is gathered before it is written, in characters. */
const bufferMax = 1 << 16

/** One line of a result. */
export const lineOf = (value: object): string => `${JSON.stringify(value)}\n`

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
    /** One line with its line feed, or several. Resolves at once but for every thousandth line or so. */
    async add(lines: string): Promise<void> {
      buffer += lines
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

/** The matched lines, in a file for each part that has any; `end` answers with the sha256 of theirs. */
export function createMatchedResult(directory: string) {
  const parts = createPartitions(directory, 'matched')
  return {
    add(matched: Matched): void {
      parts.add(matched.partnerReferenceNo ?? matched.line, lineOf(matched))
    },
    async end(): Promise<{ readonly hash: string; readonly files: ResultFiles }> {
      const hash = createHash('sha256')
      const files = new Map<string, string>()
      let partition = 0
      for (const lines of parts.read()) {
        const name = matchedPart(partition++)
        if (lines === '') continue
        const result = createResult(join(directory, `${name.replace('/', '-')}.ndjson.gz`))
        for (let start = 0; start < lines.length; start += bufferMax)
          await result.add(lines.slice(start, start + bufferMax))
        hash.update(`${name} ${await result.end()}\n`)
        files.set(name, result.path)
      }
      return { hash: hash.digest('hex'), files }
    },
  }
}
