import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished, pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Matched, matchedPart } from './matched.ts'
import { createPartitions } from './partitions.ts'

/** Where results are, gzipped JSON lines, by the names that they are kept under. */
export type ResultFiles = ReadonlyMap<string, string>

/** What is gathered before it is written, in characters. */
const bufferMax = 1 << 16

/** One line of a result. */
export const lineOf = (value: object): string => `${JSON.stringify(value)}\n`

/**
 * A gzipped file of JSON lines; `end` answers with the sha256 of its lines as they were before. Both `add` and `end`
 * throw what the disk says where it takes no more. Holds the file open until `end` or `discard` has resolved.
 */
export function createResult(path: string) {
  const gzip = createGzip()
  const hash = createHash('sha256')
  const file = createWriteStream(path)
  const written = pipeline(gzip, file)
  written.catch(() => {}) // Awaited at the end.
  let buffer = ''

  async function flush(): Promise<void> {
    hash.update(buffer)
    const ready = gzip.write(buffer)
    buffer = ''
    // After an error of the file it never drains: the error is the answer then.
    if (!ready) await Promise.race([once(gzip, 'drain'), written])
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
    /** Lets the file go, half written as it may be; after an error or its end that changes nothing. Never throws. */
    async discard(): Promise<void> {
      gzip.destroy()
      await finished(file).catch(() => {}) // Cut off is what it was meant to be.
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
