import { type AttributeValue, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { type Item, itemSize, putUnits, refusedUnits } from '../../shared/ledger/dynamodb/write-units.ts'
import { startTestEngine } from '../support/engine.ts'
import { capacityOf } from './capacity.ts'
import { newParticipant } from './examples.ts'

// Other engines report other figures than the embedded one, whose figures are AWS's.
vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined)
const engine = await startTestEngine()
afterAll(() => engine.stop())
const client = engine.connect()
const consumed = capacityOf(client)

const TableName = engine.tables.payouts
type Attributes = Readonly<Record<string, AttributeValue>>

/** Puts one item after the other in one place; the units of the last put, by us and by the engine. */
async function unitsOf(transacted: boolean, ...versions: readonly Attributes[]) {
  const key = marshall({ pk: newParticipant(), sk: 'incentive-1' })
  let before: Item | undefined
  let units = { ours: 0, engines: 0 }
  for (const version of versions) {
    const Item = { ...key, ...version }
    if (transacted)
      await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item } }] }))
    else await client.send(new PutItemCommand({ TableName, Item }))
    units = { ours: putUnits(before, Item, transacted), engines: consumed() }
    before = Item
  }
  return units
}

/** Padding that brings an item of these attributes to `size` bytes. */
function paddedTo(size: number, attributes: Attributes): Attributes {
  const item = { ...marshall({ pk: 'P-00000', sk: 'incentive-1' }), ...attributes, z: { S: '' } }
  return { ...attributes, z: { S: 'z'.repeat(size - itemSize(item)) } }
}

const n = (text: string): AttributeValue => ({ N: text })
const s = (text: string): AttributeValue => ({ S: text })

describe('an item of exactly 1,024 bytes by our count costs one unit, of one more two', () => {
  test.for<readonly [string, AttributeValue]>([
    ['an ascii text', s('Budi')],
    ['an empty text', s('')],
    ['letters of two bytes', s('éñ')],
    ['letters of three bytes', s('あ€')],
    ['letters of four bytes', s('😀🏦')],
    ['zero', n('0')],
    ['minus zero', n('-0')],
    ['one digit', n('7')],
    ['two digits', n('42')],
    ['three digits', n('123')],
    ['zeros at the end', n('600000')],
    ['zeros inside', n('1001')],
    ['zeros in front', n('0042')],
    ['the largest amount', n(String(Number.MAX_SAFE_INTEGER))],
    ['a negative number', n('-600000')],
    ['a fraction', n('0.05')],
    ['digits on both sides of the point', n('1.5')],
    ['an odd number of digits on both sides', n('100.001')],
    ['zeros after the point', n('1.50')],
    ['a negative fraction', n('-0.012')],
    ['a small number as JavaScript writes it', n(String(2 ** -52))],
    ['true', { BOOL: true }],
    ['null', { NULL: true }],
    ['an empty list', { L: [] }],
    ['an empty map', { M: {} }],
    ['a list', { L: [s('a'), n('1.5'), { BOOL: false }] }],
    ['a map', { M: { é: s('ü'), amount: n('50000') } }],
    ['lists and maps in each other', { L: [{ M: { a: { L: [{ L: [] }, { M: {} }] } } }, { M: {} }] }],
  ])('%s', async ([, value]) => {
    const full = await unitsOf(false, paddedTo(1_024, { value }))
    const over = await unitsOf(false, paddedTo(1_025, { value }))
    expect([full, over]).toEqual([
      { ours: 1, engines: 1 },
      { ours: 2, engines: 2 },
    ])
  })
})

const nowhere = { z: s('') }
const place = { list: s('open#bni#0'), at: s('2020-09-18T00:00:00.000Z') }
const later = { ...place, at: s('2020-09-19T00:00:00.000Z') }
const elsewhere = { ...place, list: s('inquire#bni#0') }
const oneKilobyte = paddedTo(1_024, place)
const twoKilobytes = paddedTo(1_025, place)

describe('a put costs the larger of the old and the new item, and what it moves in the index', () => {
  test.for<readonly [string, number, number, ...Attributes[]]>([
    ['the first, in no list', 1, 2, nowhere],
    ['the first, in a list', 2, 3, place],
    ['at the same place', 1, 2, place, { ...place, z: s('new') }],
    ['later in the same list', 3, 4, place, later],
    ['into another list', 3, 4, place, elsewhere],
    ['into a list', 2, 3, nowhere, place],
    ['out of its list', 2, 3, place, nowhere],
    ['a list without a date is no place', 1, 2, { list: s('open#bni#0') }],
    ['a date without a list is no place', 1, 2, { at: s('2020-09-18T00:00:00.000Z') }],
    ['a kilobyte, at the same place', 1, 2, oneKilobyte, oneKilobyte],
    ['growing over a kilobyte', 2, 4, oneKilobyte, twoKilobytes],
    ['shrinking to a kilobyte', 2, 4, twoKilobytes, oneKilobyte],
    ['shrinking and moving', 4, 6, twoKilobytes, later],
  ])('%s: %i, in a transaction %i', async ([, alone, transacted, ...versions]) => {
    expect(await unitsOf(false, ...versions)).toEqual({ ours: alone, engines: alone })
    expect(await unitsOf(true, ...versions)).toEqual({ ours: transacted, engines: transacted })
  })
})

/*
 * No engine names the units of a write it refuses. The documentation does: the larger of the item that was there and
 * the one that should have been, and none for the index, which did not change.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
test.for([
  ['nothing there', undefined, oneKilobyte, 1],
  ['the new one larger', oneKilobyte, twoKilobytes, 2],
  ['the old one larger', twoKilobytes, oneKilobyte, 2],
] as const)('a put that is refused costs the larger item: %s', ([, stored, wanted, units]) => {
  const key = marshall({ pk: 'P-00000', sk: 'incentive-1' })
  const before = stored && { ...key, ...stored }
  expect(refusedUnits(before, { ...key, ...wanted })).toBe(units)
  expect(refusedUnits(before, { ...key, ...wanted }, true)).toBe(2 * units)
})

/** Numbers that both the SDK and the engine take: within the safe integers, and not closer to zero than 1e-130. */
const number = fc
  .double({ noNaN: true, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  .filter((value) => value === 0 || Math.abs(value) > 1e-130)
const text = fc.string({ unit: 'binary' })
const name = text.filter((given) => given !== '' && given !== '__proto__')
const scalar = fc.oneof(text, number, fc.maxSafeInteger(), fc.boolean(), fc.constant(null))
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))
const row = fc.record(
  {
    value,
    list: fc.constantFrom('open#bni#0', 'inquire#bni#0'),
    at: fc.constantFrom('2020-09-18T00:00:00.000Z', '2020-09-19T00:00:00.000Z'),
    padding: fc.integer({ min: 900, max: 2_100 }).map((length) => 'z'.repeat(length)),
  },
  { requiredKeys: ['value'] },
)

test('whatever is put over whatever, our count is the engine’s', async () => {
  const put = fc.asyncProperty(row, row, fc.boolean(), async (before, after, transacted) => {
    const { ours, engines } = await unitsOf(transacted, marshall(before), marshall(after))
    expect(ours).toBe(engines)
  })
  await fc.assert(put, { numRuns: 80 })
})
