import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
import { textOf } from '../text.ts'

/** Bytes in UTF-8 of a character as JavaScript counts them. */
export const characterMax = 3

/** Bytes that an item does not have more of (`itemSize`): its JSON has all its names and values. To count takes longer. */
export const sizeAtMost = (item: Item): number => textOf(item).length * characterMax
