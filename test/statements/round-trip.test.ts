import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Booked, isOfAttempt } from '../../infra/local/partners/statements/booked.ts'
import { writeLines } from '../../infra/local/partners/statements/write.ts'
import { civilDate, instant, jakartaDate } from '../../shared/domain/instant.ts'
import { payouts } from '../../shared/domain/payout.ts'
import { referenceOf } from '../../shared/domain/reference.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { read, whole } from './reading.ts'

/** Whatever a simulated partner books, our side reads it from the statement as it was booked. */

const begin = new Date('2020-04-11T00:00:00Z').getTime()
const end = new Date('2020-12-31T16:59:59Z').getTime()
const characters = (text: string) => fc.constantFrom(...text)
const capitals = characters('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-')
const documentCharacters = characters('ABCxyz0123456789/._-')

const reference = fc
  .tuple(
    fc.string({ unit: capitals, minLength: 1, maxLength: 30 }),
    fc.constantFrom(...payouts),
    fc.integer({ min: 1, max: 99 }),
  )
  .map((parts) => referenceOf(...parts))
const document = fc
  .string({ unit: documentCharacters, minLength: 3, maxLength: 64 })
  .filter((text) => !/[IS]\d-A\d/.test(text))
const amount = fc.integer({ min: 1, max: 14_300_000_000_000 }).map(rupiah)
const time = fc.integer({ min: begin, max: end }).map(instant)
const referenceNo = fc.string({ unit: capitals, minLength: 1, maxLength: 64 })

const booked = fc
  .oneof(
    fc.record({ direction: fc.constantFrom('debit', 'credit'), ours: reference }),
    fc.record({ direction: fc.constantFrom('debit', 'credit', 'fee'), ours: document }),
  )
  .chain((kind) => fc.record({ kind: fc.constant(kind), amount, at: time, referenceNo }))
  .map(({ kind, at, ...rest }): Booked => ({ ...kind, ...rest, at, day: jakartaDate(at) }))

const asLine = ({ day, direction, amount, ours = '', referenceNo }: Booked, index: number) => ({
  line: index + 1,
  day,
  direction,
  amount,
  ...(isOfAttempt({ ours }) ? { partnerReferenceNo: ours } : { document: ours }),
  referenceNo,
})

const day = civilDate('2020-09-18')

describe('what is written is read', () => {
  test.each([
    ['bni', 'csv'],
    ['bni', 'camt.053'],
    ['gopay', 'csv'],
    ['linkaja', 'csv'],
    ['ovo', 'csv'],
  ] as const)('of %s as %s', async (partner, format) => {
    const property = fc.asyncProperty(
      fc.array(booked, { maxLength: 20 }),
      fc.nat({ max: 1_000_000_000 }),
      fc.integer({ min: 1, max: 700 }),
      async (lines, opening, chunk) => {
        const text = [...writeLines({ partner, day, format }, lines, opening).text].join('')
        expect(await read(partner, format, text, chunk)).toEqual({
          lines: lines.map(asLine),
          unparsable: [],
          ending: whole(lines.length),
        })
      },
    )
    await fc.assert(property, { numRuns: 60 })
  })

  test.each(['csv', 'camt.053'] as const)('and %s that is damaged anywhere never throws', async (format) => {
    const property = fc.asyncProperty(
      fc.array(booked, { minLength: 1, maxLength: 5 }),
      fc.nat({ max: 10_000 }),
      fc.uint8Array({ maxLength: 8 }),
      async (lines, place, noise) => {
        const text = Buffer.from([...writeLines({ partner: 'bni', day, format }, lines, 0).text].join(''))
        const at = place % text.length
        const damaged = Buffer.concat([text.subarray(0, at), noise, text.subarray(at + noise.length)])
        const { ending, unparsable } = await read('bni', format, damaged)
        expect(ending).toBeDefined()
        expect(unparsable.every(({ complaint }) => complaint.length > 0)).toBe(true)
      },
    )
    await fc.assert(property, { numRuns: 150 })
  })
})
