import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item } from '../../../shared/ledger/dynamodb/writeUnits.ts'

/** Bytes in UTF-8 of a character as JavaScript counts them. */
const characterMax = 3
/** Of a number of any length. */
const numberMax = 21
/** Of a list or map, beside what is in it; and of each thing in it. */
const collection = 3
const element = 1

function ofMap(map: Item): number {
  let size = 0
  for (const name in map) {
    const value = map[name]
    if (value) size += element + name.length * characterMax + ofValue(value)
  }
  return size
}

function ofValue({ S, N, L, M, B }: AttributeValue): number {
  if (S !== undefined) return S.length * characterMax
  if (N !== undefined) return numberMax
  if (L !== undefined) return L.reduce((size, each) => size + element + ofValue(each), collection)
  if (M !== undefined) return collection + ofMap(M)
  return B === undefined ? 1 : B.byteLength
}

/** Bytes that an item does not have more of (`itemSize`): to count them takes ten times as long. */
export const sizeAtMost = (item: Item): number => ofMap(item)
