import { expect, test } from 'vitest'
import { parsePhone, renderPhone } from '../../shared/domain/phone.ts'

test.for([
  ['081200000001', '+6281200000001'],
  ['6281200000001', '+6281200000001'],
  ['+6281200000001', '+6281200000001'],
  ['0812-0000 0001', '+6281200000001'],
  [`08${'1'.repeat(7)}`, `+628${'1'.repeat(7)}`],
  [`08${'1'.repeat(12)}`, `+628${'1'.repeat(12)}`],
  [`08${'1'.repeat(6)}`, undefined],
  [`08${'1'.repeat(13)}`, undefined],
  ['0215551234', undefined],
  ['81200000001', undefined],
  ['+6081200000001', undefined],
  ['0812000O0001', undefined],
  ['', undefined],
] as const)('%s is read as %s', ([text, e164]) => {
  expect(parsePhone(text)).toBe(e164)
})

test.for([
  ['e164', '+6281200000001'],
  ['62', '6281200000001'],
  ['08', '081200000001'],
] as const)('format %s writes %s', ([format, written]) => {
  expect(renderPhone('+6281200000001', format)).toBe(written)
})

test('a number that is none is a bug, and is not repeated', () => {
  expect(() => renderPhone('0215551234', '62')).toThrow('not an Indonesian mobile number')
})
