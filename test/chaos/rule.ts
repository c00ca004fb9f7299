import type { Claim, Entry } from '../../shared/domain/entry.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'

/** A rule that an entry has broken, and how. */
export type Misconduct = { readonly check: string; readonly detail: string }
/** By partner: for how long it recognises a reference, and when an answer about one is sure. */
export type Windows = Readonly<
  Record<string, Pick<PartnerConfiguration, 'settleWindowSeconds' | 'idempotencyWindowSeconds'>>
>
/** What is wrong with an entry behind these, as far as they alone can tell. */
export type Rule = (before: readonly Entry[], entry: Entry, windows: Windows) => readonly Misconduct[]

/** SNAP's `latestTransactionStatus` of what was paid and has come back. */
export const refunded = '04'

export const fine: readonly Misconduct[] = []
export const wrong = (check: string, detail: string): readonly Misconduct[] => [{ check, detail }]

/** The last entry of these types, and what it is. */
export function lastOf<Type extends Entry['event']['type']>(
  chain: readonly Entry[],
  ...types: readonly Type[]
) {
  const named = (entry: Entry): entry is Entry & { readonly event: { readonly type: Type } } =>
    types.some((type) => type === entry.event.type)
  return chain.findLast(named)
}

export const claimOf = (chain: readonly Entry[], attempt: number): Claim | undefined =>
  chain.flatMap(({ event }) => (event.type === 'claimed' && event.attempt === attempt ? [event] : [])).at(0)

/** What an attempt's windows are counted from: when it was claimed, and when the term of its last sender ends. */
export function sendingOf(before: readonly Entry[], attempt: number) {
  const own = before.filter((entry) => 'attempt' in entry.event && entry.event.attempt === attempt)
  const [claimed, claim] = [own[0], claimOf(own, attempt)]
  if (!claimed || !claim) return undefined
  const until = lastOf(own, 'claimed', 'resent')?.event.until ?? claim.until
  return { own, claim, claimedAt: claimed.at, until }
}
