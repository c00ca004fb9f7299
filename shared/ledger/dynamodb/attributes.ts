import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Item } from './write-units.ts'

/*
 * Items as DynamoDB has them, from plain values and back: texts, numbers, bytes, booleans, null, lists and maps. The
 * SDK's own translation (`@aws-sdk/util-dynamodb`), to which the tests hold this one, knows many forms more that the
 * ledger never stores, and tries them on every text and number: it takes several times as long.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: numeral(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (Array.isArray(value)) return { L: value.map(toAttribute) }
  if (value instanceof Uint8Array) return { B: value }
  if (typeof value === 'object' && isMap(value)) return { M: toItem(value) }
  throw new TypeError(`the ledger does not store: ${value?.constructor.name ?? typeof value}`)
}

/** Whether an object is no more than its entries: a date or a set would be stored as an empty map. */
const isMap = (value: object): boolean => value.constructor === undefined || value.constructor === Object

/** Beyond these numbers, a text says what is meant and a number does not. */
function numeral(value: number): string {
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value)
  throw new RangeError(`the ledger does not store the number ${value}`)
}

/**
 * The item of a plain object; what is `undefined` in it is left out. Throws where something in it is neither text, number,
 * bytes, boolean, null, list nor map.
 */
export function toItem(value: object): Item {
  const item: Item = {}
  for (const [name, part] of Object.entries(value)) if (part !== undefined) item[name] = toAttribute(part)
  return item
}

/** Of a numeral that `toItem` may have written. */
function numberIn(text: string): number {
  const value = Number(text)
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  throw new RangeError(`the ledger does not store the number ${text}`)
}

function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S
  if (attribute.N !== undefined) return numberIn(attribute.N)
  if (attribute.M !== undefined) return fromItem(attribute.M)
  if (attribute.BOOL !== undefined) return attribute.BOOL
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute)
  if (attribute.NULL !== undefined) return null
  if (attribute.B !== undefined) return attribute.B
  throw new TypeError(
    `the ledger does not know an attribute of the type ${Object.keys(attribute).join(', ')}`,
  )
}

/** What `toItem` was given. Throws for an attribute of any other type. */
export function fromItem(item: Readonly<Record<string, AttributeValue>>): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const name of Object.keys(item)) {
    const attribute = item[name]
    if (attribute !== undefined) value[name] = fromAttribute(attribute)
  }
  return value
}
