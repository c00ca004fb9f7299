import { isDeepStrictEqual } from 'node:util'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { type KeyNames, keyPart, type Stored } from './table.ts'

export const indexKey: KeyNames = ['list', 'at', 'pk', 'sk']

type Entry = Stored & { readonly list: string }
/** An entry that was taken into its list, or has left it. */
type IndexWrite = { readonly entry: Entry; readonly taken: boolean }

/** Oldest first; what is due at the same moment, by its key. */
export const placeInList = (item: Item): string =>
  `${keyPart(item, 'at')}\0${keyPart(item, 'pk')}\0${keyPart(item, 'sk')}`

/** What else the index knows of an item. */
const projected = ['state', 'since', 'partner']

/** What the index knows of an item that has both a list and a date; of another, nothing. */
function entryOf({ item, atMost }: Stored): Entry | undefined {
  const { pk, sk, list, at } = item
  if (!pk || !sk || !list || !at) return undefined
  const known: Item = { list, at, pk, sk }
  for (const name of projected) if (item[name]) known[name] = item[name]
  return { list: keyPart(known, 'list'), place: placeInList(known), item: known, atMost }
}

/** The index `worklist` (infra/tables.ts): keys and a little more, sparse, and up to date only if it happens to be. */
export function createWorklistIndex() {
  const lists = new Map<string, Shelf<Entry>>()
  const writes: IndexWrite[] = []
  /** Of every item that was stored. */
  const entries = new WeakMap<Item, Entry>()

  function listOf(name: string): Shelf<Entry> {
    const known = lists.get(name)
    if (known) return known
    const list = createShelf<Entry>()
    lists.set(name, list)
    return list
  }

  return {
    /** Throws for an item with something else than a text in the place of an index key. */
    check(item: Item): void {
      for (const name of ['list', 'at']) if (item[name]) keyPart(item, name)
    },

    /** Leaving a place and taking one are two writes: between them an item is in no list. */
    follow(before: Item | undefined, after: Stored): void {
      const [left, taken] = [before && entries.get(before), entryOf(after)]
      if (taken) entries.set(after.item, taken)
      if (left?.list === taken?.list && left?.place === taken?.place && isDeepStrictEqual(left, taken)) return
      if (left) {
        listOf(left.list).remove(left.place)
        writes.push({ entry: left, taken: false })
      }
      if (taken) {
        listOf(taken.list).put(taken)
        writes.push({ entry: taken, taken: true })
      }
    },

    /** A list as it was before the last `hidden` writes of the whole index. */
    read(name: string, hidden: number): readonly Stored[] {
      const now = lists.get(name)?.things ?? []
      if (hidden === 0) return now
      const past = createShelf(now)
      for (const { entry, taken } of writes.slice(-hidden).reverse()) {
        if (entry.list !== name) continue
        if (taken) past.remove(entry.place)
        else past.put(entry)
      }
      return past.things
    },
  }
}
export type WorklistIndex = ReturnType<typeof createWorklistIndex>
