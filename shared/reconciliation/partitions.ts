import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A million lines on each side make some 30,000 items a file. */
const partitionCount = 64
/** Bytes kept in memory per file before they are written: outside of the heap, which strings that grow would fill. */
const bufferBytes = 1 << 16

/**
 * From 0 to 63, always the same for a key. FNV-1a, which spreads references that differ in a digit:
 * http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function partitionOf(key: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % partitionCount
}

export type Partitions = {
  /** Lines of the same key go to the same file. `line` ends with the only line feed in it. */
  add(key: string, line: string): void
  /** File by file in the order of `partitionOf`, empty ones too; each is gone once it was read. */
  read(): Iterable<string>
}

/** Lines on disk in a directory that exists, so that they are never all in memory. Holds no file open. */
export function createPartitions(directory: string, name: string): Partitions {
  const files = Array.from({ length: partitionCount }, (_, index) => ({
    path: join(directory, `${name}-${index}.ndjson`),
    buffer: Buffer.allocUnsafe(bufferBytes),
    used: 0,
    written: false,
  }))
  type File = (typeof files)[number]

  function flush(file: File): void {
    appendFileSync(file.path, file.buffer.subarray(0, file.used))
    file.used = 0
    file.written = true
  }

  return {
    add(key, line) {
      const file = files[partitionOf(key)]
      if (!file) throw new Error(`there is no partition for ${key}`)
      const bytes = Buffer.byteLength(line)
      if (file.used > 0 && file.used + bytes > bufferBytes) flush(file)
      if (bytes > bufferBytes) {
        appendFileSync(file.path, line)
        file.written = true
      } else file.used += file.buffer.write(line, file.used)
    },
    *read() {
      for (const file of files) {
        const rest = file.buffer.toString('utf8', 0, file.used)
        const lines = file.written ? readFileSync(file.path, 'utf8') + rest : rest
        rmSync(file.path, { force: true })
        yield lines
      }
    },
  }
}
