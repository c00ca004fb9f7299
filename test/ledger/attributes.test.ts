import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { fromItem, toItem } from '../../shared/ledger/dynamodb/attributes.ts'

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    tie('map'),
  ),
  map: fc.dictionary(fc.string(), fc.oneof(tie('value'), fc.constant(undefined))),
}))
const values = plain.map.filter((value) => typeof value === 'object' && value !== null)

test('plain values become the attributes that the SDK makes of them, and come back as by the SDK', () => {
  fc.assert(
    fc.property(values, (value) => {
      const attributes = marshall(value, { removeUndefinedValues: true })
      expect(toItem(Object(value))).toEqual(attributes)
      expect(fromItem(attributes)).toEqual(unmarshall(attributes))
    }),
    { numRuns: 2_000 },
  )
})

describe('what the ledger never stores is refused', () => {
  it.each([
    ['a bigint', { amount: 5n }, 'does not store: BigInt'],
    ['a function', { amount: () => 5 }, 'does not store: Function'],
    ['undefined in a list', { amounts: [undefined] }, 'does not store: undefined'],
    ['a date', { at: new Date(0) }, 'does not store: Date'],
    ['a set', { names: new Set(['a']) }, 'does not store: Set'],
    ['no number', { amount: Number.NaN }, 'the number NaN'],
    ['a number beyond every other', { amount: Number.POSITIVE_INFINITY }, 'the number Infinity'],
    ['a whole number that may be another', { amount: 2 ** 53 }, 'the number 9007199254740992'],
  ])('%s', (_, value, message) => {
    expect(() => toItem(value)).toThrow(message)
  })

  it.each([
    ['a set of texts', { names: { SS: ['a'] } }, 'type SS'],
    ['a number that may be another', { amount: { N: '9007199254740992' } }, 'the number 9007199254740992'],
    ['an attribute of no type', { name: {} }, 'type'],
  ])('%s that is stored all the same', (_, item, message) => {
    expect(() => fromItem(Object(item))).toThrow(message)
  })
})
