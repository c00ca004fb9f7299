import { describe, expect, test } from 'vitest'
import { reason } from '../../shared/operations/instructions.ts'

describe('a reason is refused', () => {
  test.for([
    'wrong wallet 081234567890',
    'wrong wallet 0812-3456-7890',
    'wrong wallet 0812.3456.7890',
    'wrong wallet 0812  3456   7890',
    'wrong wallet 0812 - 3456 - 7890',
    'wrong wallet 0812–3456–7890',
    'wrong wallet (0812) 3456-7890',
    'wrong wallet +62-812-345',
    'since 2020-10-31 wrong wallet 0812-3456-7890',
    'wrong wallet 0812-2020-10-31',
    'wrong wallet 2020-10-31-7890',
    'wrong wallet 1234-56-78',
  ])('that is “%s”', (text) => {
    expect(reason.safeParse(text).error?.issues).toMatchObject([
      { message: expect.stringContaining('eight digits or more') },
    ])
  })
})

describe('a reason is taken', () => {
  test.for([
    'their maintenance of 2020-10-31',
    'their maintenance from 2020-10-31 to 2020-11-01',
    'their maintenance, 2020-10-31 2020-11-01',
    'Rp600.000 too much on 2020-10-31T10:00:00+07:00',
    'float short of Rp60.000.000',
    'ticket 4711 of 2020-10-31, 600.000 each',
    'as in job 0198c0de-4152-7001-8904-806061120304',
    'returned by statement P-00863-I1-A1, OVO/4711',
  ])('that is “%s”', (text) => {
    expect(reason.parse(text)).toBe(text)
  })
})
