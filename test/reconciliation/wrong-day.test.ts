import { expect, test } from 'vitest'
import { plusDays } from '../../shared/domain/instant.ts'
import type { Movement } from '../../shared/finance/movement.ts'
import { firstDay, type Given, ours, reconciled, theirs } from './day.ts'

const A = { partnerReferenceNo: 'P-1-I1-A1' }
const fourDaysLater = plusDays(firstDay, 4)

test.for<readonly [string, Movement, Given, string[]]>([
  [
    'a fee that people booked by its document four days later',
    ours('fee', { document: 'INV-1', day: fourDaysLater }),
    theirs('fee', { document: 'INV-1' }),
    [],
  ],
  [
    'a second payment’s return that people wrote down four days later',
    ours('recovered', { ...A, document: 'NOTE-1', day: fourDaysLater }),
    theirs('credit', A),
    [],
  ],
  [
    'a payment that the partner told us of four days later',
    ours('disbursed', { ...A, day: fourDaysLater }),
    theirs('debit', A),
    ['wrong-day'],
  ],
  [
    'a funding that the partner booked four days after its document',
    ours('funded', { document: 'F-1' }),
    theirs('credit', { document: 'F-1', day: fourDaysLater }),
    ['wrong-day'],
  ],
])('where days lie apart only the partner is asked why: %s', async ([, movement, line, kinds]) => {
  const compared = await reconciled({ day: fourDaysLater, ours: [movement], theirs: [line] })
  expect(compared.matched).toHaveLength(1)
  expect(compared.breaks.map(({ kind }) => kind)).toEqual(kinds)
})
