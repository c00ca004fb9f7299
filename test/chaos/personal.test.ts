import { expect, test } from 'vitest'
import { createIsPersonal } from './personal.ts'

const isPersonal = createIsPersonal({
  holders: [
    { partner: 'bni', number: '1100000100', name: 'Peserta BA' },
    { partner: 'ovo', number: '+6281200000201', name: 'Peserta CA' },
  ],
})

test.each([
  ['{"pk":"P-1","remark":"to 1100000100"}', true],
  ['0812 is no number, 081200000201 is one', true],
  ['{"number":"+6281200000201"}', true],
  ['{"number":"6281200000201"}', true],
  ['{"verified":"PESERTA CA"}', true],
  ['{"lastFour":"0100","partner":"bni"}', false],
  ['{"referenceNo":"BNI20201100000100"}', false],
  ['{"number":"1100000101"}', false],
  ['', false],
])('%s: %s', (text, personal) => expect(isPersonal(text)).toBe(personal))

test('where nobody has an account, nothing is personal', () =>
  expect(createIsPersonal({ holders: [] })('1100000100')).toBe(false))
