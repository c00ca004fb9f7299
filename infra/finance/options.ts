import * as z from 'zod'
import { kinds } from '../../shared/domain/payout.ts'
import type { Option, Options } from '../command/verb.ts'
import type { Mistake } from '../command-line.ts'
import { partnerNames } from '../stages.ts'

/** Options that several verbs have. */

/** In how many shares the journal is read. */
export const shares = {
  value: 'N',
  says: 'read the journal in so many shares, each within 25 seconds (1)',
  takes: 'a whole number from 1 to 99999',
} as const satisfies Option

const sharesForm = z
  .string()
  .regex(/^[1-9]\d{0,4}$/)
  .transform(Number)

export function readShares(text = '1'): number | Mistake {
  const number = sharesForm.safeParse(text)
  return number.success ? number.data : { mistake: `--shares takes ${shares.takes}` }
}

const day = 'a day, written YYYY-MM-DD'

export const period = {
  from: { value: 'DAY', says: 'from this day in Jakarta on (the first)', takes: day },
  to: { value: 'DAY', says: 'up to this day in Jakarta, itself included (the last)', takes: day },
} as const satisfies Options

export const wave = {
  wave: { value: 'N', says: 'only of this wave', takes: 'a whole number from 1 on' },
} as const satisfies Options

export const filters = {
  partner: { value: 'NAME', says: 'only at this partner', takes: `one of ${partnerNames.join(', ')}` },
  ...wave,
  kind: { value: 'KIND', says: 'only of this kind', takes: `one of ${kinds.join(', ')}` },
  platform: { value: 'NAME', says: 'only certificates of this digital platform', takes: 'its name' },
  provider: { value: 'NAME', says: 'only certificates of this training provider', takes: 'its name' },
} as const satisfies Options

export const by = (names: readonly string[]) =>
  ({
    by: {
      value: 'NAMES',
      says: `a row for each, commas between several: ${names.join(', ')}`,
      takes: `one or several of ${names.join(', ')}, with commas between them`,
    },
  }) as const satisfies Options
