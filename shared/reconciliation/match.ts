import { decodeItem, encodeItem, type Item } from './item.ts'
import { byOwnReference, byPartnersReference, type Pair, pairUp } from './pair.ts'
import { createPartitions } from './partitions.ts'

/** What became of an item: it was found on the other side, or it is left over. */
export type Matched = { readonly pair: Pair } | { readonly left: Item }

const itemsIn = (lines: string): readonly Item[] =>
  lines.split('\n').flatMap((line) => (line === '' ? [] : decodeItem(line)))

/**
 * Matches the items of both sides, mixed in any order: by our own reference, and what is left by the partner's. Goes
 * through two sets of files in `directory`, which must exist, be empty and hold both sides. The order of what comes
 * out depends on the items alone.
 */
export async function* match(items: AsyncIterable<Item>, directory: string): AsyncGenerator<Matched> {
  const first = createPartitions(directory, 'own')
  for await (const item of items) {
    first.add(byOwnReference(item) ?? byPartnersReference(item) ?? item.id, encodeItem(item))
  }
  const second = createPartitions(directory, 'partners')
  for (const some of first.read()) {
    const { pairs, left } = pairUp(itemsIn(some), byOwnReference)
    for (const pair of pairs) yield { pair }
    for (const item of left) second.add(byPartnersReference(item) ?? item.id, encodeItem(item))
  }
  for (const some of second.read()) {
    const { pairs, left } = pairUp(itemsIn(some), byPartnersReference)
    for (const pair of pairs) yield { pair }
    for (const item of left) yield { left: item }
  }
}
