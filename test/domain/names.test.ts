import { expect, test } from 'vitest'
import { namesAgree } from '../../shared/domain/names.ts'

test.for([
  // given, answered, agree, why
  ['Budi Santoso', 'BUDI SANTOSO', true, 'case does not matter'],
  ["Nur'aini, S.Pd.", 'NURAINI SPD', true, 'only letters and spaces count'],
  ['Abdul-Rahman', 'ABDULRAHMAN', true, 'a hyphen is dropped'],
  ['  Budi \t Santoso ', 'BUDI SANTOSO', true, 'spaces count once'],
  ['Siti - Aminah', 'SITI AMINAH', true, 'what is dropped leaves one space'],
  ['Andrée', 'ANDREE', true, 'diacritics are dropped'],
  ['Budi Santoso', 'BU** SANT***', true, 'an asterisk hides one letter'],
  ['Budi Santoso', 'BUXX SANTXXX', true, 'so does an X'],
  ['Alex Xaverius', 'ALEX XAVERIUS', true, 'an X may be an X'],
  ['Budi Santoso', 'BUD** SANTOSO', false, 'a mask is as long as what it hides'],
  ['Budi Santoso', 'BUDI*SANTOSO', false, 'a mask hides no space'],
  ['BUXX', 'BUDI', false, 'only the answer is masked'],
  ['Budi Santoso', 'BUDI SANTOSA', false, 'one letter is another name'],
  ['Budi Santoso', 'BUDI', false, 'part of a name is another name'],
  ['Budi Santoso', 'BUDISANTOSO', false, 'spaces count'],
  ['', '', false, 'no name agrees with nothing'],
  ['123', '...', false, 'nor does a name without letters'],
] as const)('%s and %s: %s, %s', ([given, answered, agree]) => {
  expect(namesAgree(given, answered)).toBe(agree)
})

test.for([
  // given, answered, agree, why
  ['Budi Santoso', 'Bpk BUDI SANTOSO', true, 'one salutation is left out'],
  ['Siti Aminah', 'SDRI. SITI AMINAH', true, 'with its full stop, in capitals or not'],
  ['Budi Santoso', 'Bpk  BU** SANT***', true, 'from a masked name, too'],
  ['Budi Santoso', 'BUDI SANTOSO', true, 'there need not be one'],
  ['Ibu Sulastri', 'IBU SULASTRI', true, 'and where both names have it, they are the same'],
  ['Budi Santoso', 'Bpk Sdr BUDI SANTOSO', false, 'two are not'],
  ['Budi Santoso', 'BUDI SANTOSO Bpk', false, 'it stands before the name'],
  ['Budi Santoso', 'Bpk BUDI', false, 'part of a name is another name'],
  ['Budi Santoso', 'Tn BUDI SANTOSO', false, 'only what the partner is known to write'],
  ['Budi Santoso', 'BpkBUDI SANTOSO', false, 'it is a word of its own'],
  ['Budi Santoso', 'B** BUDI SANTOSO', false, 'it is not masked'],
  ['Bpk Budi Santoso', 'BUDI SANTOSO', false, 'nothing is left out of what was given'],
  ['', 'Bpk', false, 'no name agrees with nothing'],
] as const)('with salutations, %s and %s: %s, %s', ([given, answered, agree]) => {
  expect(namesAgree(given, answered, ['Bpk', 'Ibu', 'Sdr', 'Sdri'])).toBe(agree)
})
