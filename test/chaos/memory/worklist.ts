import { isDeepStrictEqual } from 'node:util'
import { type Item, itemSize } from '../../../shared/ledger/dynamodb/writeUnits.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { type KeyNames, keyPart, type Stored } from './table.ts'

export const indexKey: KeyNames = ['list', 'at', 'pk', 'sk']

type Entry = Stored & { readonly list: string }
/** An entry that was taken into its list, or has left it. */
type IndexWrite = { readonly entry: Entry; readonly taken: boolean }

/** Oldest first; what is due at the same moment, by its key. */
export const placeInList = (item: Item): string =>
  ['at', 'pk', 'sk'].map((name) => keyPart(item, name)).join('\0')

/** What else the index knows of an item. */
const projected = ['state', 'since', 'partner']

/** What the index knows of an item that has both a list and a date; of another, nothing. */
function entryOf(item: Item | undefined): Entry | undefined {
  const { pk, sk, list, at } = item ?? {}
  if (!pk || !sk || !list || !at) return undefined
  const others = projected.flatMap((name) => (item?.[name] ? [[name, item[name]] as const] : []))
  const known = { list, at, pk, sk, ...Object.fromEntries(others) }
  return { list: keyPart(known, 'list'), place: placeInList(known), item: known, size: itemSize(known) }
}

/** The index `worklist` (infra/tables.ts): keys and a little more, sparse, and up to date only if it happens to be. */
export function createWorklistIndex() {
  const lists = new Map<string, Shelf<Entry>>()
  const writes: IndexWrite[] = []

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
    follow(before: Item | undefined, after: Item): void {
      const [left, taken] = [entryOf(before), entryOf(after)]
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
