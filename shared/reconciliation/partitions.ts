import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { decodeItem, encodeItem, type Item } from './item.ts'

/** Files that are open at once. A million lines on each side make some 30,000 items a file. */
const partitionCount = 64
/** Characters kept in memory per file before they are written. */
const bufferMax = 1 << 16

/** FNV-1a, which spreads references that differ in a digit: http://www.isthe.com/chongo/tech/comp/fnv/ */
function spread(key: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) % partitionCount
}

export type Partitions = {
  /** Items of the same key go to the same file. */
  add(key: string, item: Item): void
  /** File by file, each gone once it was read; nothing can be added any more. */
  read(): Iterable<readonly Item[]>
}

/** Items on disk in a directory that exists, so that neither side is ever whole in memory. */
export function createPartitions(directory: string, name: string): Partitions {
  const files = Array.from({ length: partitionCount }, (_, index) => {
    const path = join(directory, `${name}-${index}.ndjson`)
    return { path, descriptor: openSync(path, 'w'), buffer: '' }
  })
  type File = (typeof files)[number]

  function flush(file: File): void {
    writeSync(file.descriptor, file.buffer)
    file.buffer = ''
  }

  return {
    add(key, item) {
      const file = files[spread(key)]
      if (!file) throw new Error(`there is no partition for ${key}`)
      file.buffer += encodeItem(item)
      if (file.buffer.length > bufferMax) flush(file)
    },
    *read() {
      for (const file of files) {
        flush(file)
        closeSync(file.descriptor)
        const lines = readFileSync(file.path, 'utf8').split('\n')
        rmSync(file.path)
        yield lines.filter((line) => line !== '').map(decodeItem)
      }
    },
  }
}
