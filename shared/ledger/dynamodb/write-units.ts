import type { AttributeValue } from '@aws-sdk/client-dynamodb'

/**
 * The write request units of our commands, counted from item sizes and index keys.
 * Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 * Indexes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations
 */
export type Item = Record<string, AttributeValue>

const utf8 = (text: string): number => Buffer.byteLength(text)

/** Nearly all of the ledger's numbers. */
const isWhole = /^[1-9]\d*$/
const zerosAtTheEnd = /0+$/

/**
 * A byte for every two digits before the point and for every two after it, zeros at either end of the number left
 * out; one byte more, and one for a minus sign. Zero is one byte.
 */
function numberSize(text: string): number {
  if (isWhole.test(text)) return 1 + Math.ceil(text.replace(zerosAtTheEnd, '').length / 2)
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = whole + fraction
  const first = digits.search(/[1-9]/)
  if (first < 0) return 1
  const end = digits.replace(zerosAtTheEnd, '').length
  const point = whole.length + Number(exponent)
  const before = Math.max(0, Math.min(end, point) - first)
  const after = Math.max(0, end - Math.max(first, point))
  return 1 + Math.ceil(before / 2) + Math.ceil(after / 2) + (text.startsWith('-') ? 1 : 0)
}

function mapSize(map: Item): number {
  let size = 0
  for (const name in map) {
    const value = map[name]
    if (value) size += utf8(name) + valueSize(value)
  }
  return size
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return utf8(value.S)
  if (value.N !== undefined) return numberSize(value.N)
  if (value.B !== undefined) return value.B.byteLength
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1
  if (value.L !== undefined) return value.L.reduce((size, element) => size + 1 + valueSize(element), 3)
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + mapSize(value.M)
  throw new Error('the ledger stores strings, numbers, bytes, booleans, lists and maps only')
}

/** Bytes of an item as DynamoDB counts them; 0 for none. */
export const itemSize = (item: Item | undefined): number => (item ? mapSize(item) : 0)

const units = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024))

const placeOf = (item: Item | undefined): string | undefined =>
  item?.list?.S !== undefined && item.at?.S !== undefined ? `${item.list.S} ${item.at.S}` : undefined

/** Units of the work list index: one to leave a place, one to take one, none when it stays. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  const [left, taken] = [placeOf(before), placeOf(after)]
  if (left === taken) return 0
  return (left === undefined ? 0 : 1) + (taken === undefined ? 0 : 1)
}

/** A put that was applied: the larger of old and new item, twice inside a transaction, and the index. */
export const putUnits = (before: Item | undefined, after: Item, transacted = false): number =>
  units(Math.max(itemSize(before), itemSize(after))) * (transacted ? 2 : 1) + indexUnits(before, after)

/** A put whose condition failed costs as if it had been applied, but for the index. */
export const refusedUnits = (before: Item | undefined, after: Item, transacted = false): number =>
  units(Math.max(itemSize(before), itemSize(after))) * (transacted ? 2 : 1)
