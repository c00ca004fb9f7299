import { hash } from 'node:crypto'
import { type Item, itemSize } from '../../../shared/ledger/dynamodb/write-units.ts'
import { invalid } from './refusal.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { characterMax, sizeAtMost } from './size.ts'
import type { WorklistIndex } from './worklist.ts'

/** An item at its place within a partition; it has no more bytes than `atMost`. */
export type Stored = { readonly place: string; readonly item: Item; readonly atMost: number }

/** Partition and sort key; in an index, also the key of the item. */
export type KeyNames = readonly [partition: string, sort: string, ...item: string[]]
export const primaryKey: KeyNames = ['pk', 'sk']

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const bytesMax = { pk: 2_048, sk: 1_024, item: 400 * 1_024 }

/** A part of a key: a text that is not empty. */
export function keyPart(item: Item, name: string, max = bytesMax.pk): string {
  const text = item[name]?.S
  if (text === undefined || text === '') throw invalid(`${name} is not a text with something in it`)
  if (text.length * characterMax > max && Buffer.byteLength(text) > max)
    throw invalid(`${name} is longer than ${max} bytes`)
  return text
}

/** The key in an item. */
const keyIn = (item: Item) => ({
  pk: keyPart(item, 'pk', bytesMax.pk),
  sk: keyPart(item, 'sk', bytesMax.sk),
})

/** Refuses a key that has too much or too little in it. */
export function checkKey(key: Item, names: KeyNames): void {
  for (const name of names) keyPart(key, name)
  if (Object.keys(key).length !== names.length) throw invalid(`a key is ${names.join(', ')} and nothing else`)
}

function checkSize(size: number): void {
  if (size > bytesMax.item) throw invalid(`an item of ${size} bytes is too large`)
}

type Partition = { readonly place: string; readonly items: Shelf<Stored> }
/** DynamoDB spreads partitions by a hash of their key, and scans them in its order. */
const partitionPlace = (pk: string): string => `${hash('sha1', pk)} ${pk}`

/** One table, with its index if it has one. */
export function createMemoryTable(name: string, index: WorklistIndex | undefined) {
  const partitions = new Map<string, Shelf<Stored>>()
  const order = createShelf<Partition>()

  function partitionOf(pk: string): Shelf<Stored> {
    const known = partitions.get(pk)
    if (known) return known
    const items = createShelf<Stored>()
    partitions.set(pk, items)
    order.put({ place: partitionPlace(pk), items })
    return items
  }

  return {
    name,
    index,

    get(key: Item): Item | undefined {
      const { pk, sk } = keyIn(key)
      return partitions.get(pk)?.get(sk)?.item
    },

    /** What the table would store; throws for what it would not. */
    check(item: Item): Stored {
      const { sk } = keyIn(item)
      index?.check(item)
      const atMost = sizeAtMost(item)
      if (atMost > bytesMax.item) checkSize(itemSize(item))
      return { place: sk, item, atMost }
    },

    /** Stores what was checked; the item that was there before. */
    put(stored: Stored): Item | undefined {
      const items = partitionOf(keyPart(stored.item, 'pk'))
      const before = items.get(stored.place)?.item
      items.put(stored)
      index?.follow(before, stored)
      return before
    },

    partition: (pk: string): readonly Stored[] => partitions.get(pk)?.things ?? [],

    /** All items behind `start`, in an order that only depends on their keys. */
    *scan(start?: Item): Generator<Stored> {
      const from = start && { place: partitionPlace(keyIn(start).pk), sk: keyIn(start).sk }
      for (const { place, items } of order.things) {
        if (from && place < from.place) continue
        for (const stored of items.things) {
          if (from?.place !== place || stored.place > from.sk) yield stored
        }
      }
    },
  }
}
export type MemoryTable = ReturnType<typeof createMemoryTable>
