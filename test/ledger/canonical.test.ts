import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../shared/ledger/canonical.ts'

/** The same value with the keys of its objects the other way round. */
const reversed = (_: string, part: unknown): unknown =>
  part !== null && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).reverse())
    : part

it('canonical JSON is the JSON of the value, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text)
      const turned: unknown = JSON.parse(text, reversed)
      expect(canonicalJson(turned)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(value)
    }),
  )
})

it.for([
  [{ b: [{ z: 1, a: 2 }, null], a: 'x' }, '{"a":"x","b":[{"a":2,"z":1},null]}'],
  [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
  [JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}'), '{"__proto__":{"c":2,"d":1},"b":1}'],
  [{ b: { at: new Date(0) }, a: 1 }, '{"a":1,"b":{"at":"1970-01-01T00:00:00.000Z"}}'],
  ['text', '"text"'],
] as const)('%j as canonical JSON', ([value, text]) => {
  expect(canonicalJson(value)).toBe(text)
})
