import { expect, test } from 'vitest'
import { isPlatform, wasPartnerIn } from '../../shared/domain/platform.ts'

test.for([
  ['tokopedia', 1, true],
  ['tokopedia', 11, true],
  ['ruangguru', 3, true],
  ['ruangguru', 4, false],
  ['tokopedia', 0, false],
  ['skill-academy', 1, false],
  ['toString', 1, false],
  ['', 1, false],
] as const)('%s was a partner in wave %d: %s', ([platform, wave, partner]) => {
  expect(wasPartnerIn(platform, wave)).toBe(partner)
})

test.for([
  ['ruangguru', true],
  ['Ruangguru', false],
  ['constructor', false],
] as const)('%s is a platform: %s', ([name, platform]) => {
  expect(isPlatform(name)).toBe(platform)
})
