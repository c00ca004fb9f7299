import type * as z from 'zod'
import type { Instant } from '../../shared/domain/instant.ts'
import { amountOf } from '../../shared/domain/scheme.ts'
import type { Described } from '../../shared/ledger/ports.ts'
import type { statusAnswer } from '../../shared/operations/schemas.ts'
import type { OpsDependencies } from './dependencies.ts'
import { shownAt } from './listed.ts'
import type { Range } from './pages.ts'

/** Payouts of one list that are counted; of more it is said that there are at least so many. `finance ageing` counts all. */
export const countMax = 2_000

export type Total = z.input<typeof statusAnswer>['held']

/** A payout as the index describes it, and the list it is in. */
export type Found = Described & { readonly list: string }
export type Counted = { readonly found: readonly Found[]; readonly atLeast: boolean }

/** What is in a list's shards, as far as it is counted, as the index describes it: no row is read. */
export async function count(
  { ledger, shards }: Pick<OpsDependencies, 'ledger' | 'shards'>,
  names: readonly string[],
  range: Range = {},
): Promise<Counted> {
  const limit = Math.ceil(countMax / shards)
  const found = await Promise.all(
    names.map(async (list) => {
      const described = await ledger.worklist.describe(list, { ...range, limit })
      return described.map((one) => ({ ...one, list }))
    }),
  )
  return { found: found.flat(), atLeast: found.some(({ length }) => length === limit) }
}

/** Those of them that are wanted. */
export const having = (counted: Counted, wanted: (one: Found) => boolean): Counted => ({
  ...counted,
  found: counted.found.filter(wanted),
})

/** `since`: when what is counted began, of each of them. */
export function totalOf(
  { scheme }: Pick<OpsDependencies, 'scheme'>,
  { found, atLeast }: { readonly found: readonly Described[]; readonly atLeast: boolean },
  since: (one: Described) => Instant = (one) => one.since,
): Total {
  const oldest = found.reduce<Instant | undefined>((least, one) => {
    const at = since(one)
    return least === undefined || at < least ? at : least
  }, undefined)
  return {
    count: found.length,
    rupiah: found.reduce((sum, { payout }) => sum + amountOf(scheme, payout), 0),
    atLeast,
    ...(oldest !== undefined && { oldest: shownAt(oldest) }),
  }
}
