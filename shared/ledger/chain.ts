import { hash } from 'node:crypto'
import type { AnyEntry } from '../domain/entry.ts'
import { canonicalJson } from './canonical.ts'

/** Lower-case hex sha256 of a value's canonical JSON. */
export const sha256Of = (value: unknown): string => hash('sha256', canonicalJson(value), 'hex')

/** sha256 of an entry, its own `previousHash` included: changing any entry breaks every later one of its chain. */
export const hashOf = (entry: AnyEntry): string => sha256Of(entry)

/** The first place in a chain where an entry does not carry the hash of the one before it; `undefined` if none. */
export function brokenLink(chain: readonly AnyEntry[]): AnyEntry | undefined {
  return chain.find((entry, index) => {
    const previous = chain[index - 1]
    return entry.previousHash !== (previous ? hashOf(previous) : '')
  })
}

/** A chain that cannot be what was written: an entry is missing, out of place or not one. */
export class BrokenChain extends Error {
  /** Whose chain it is, as people call it: `P-00017/incentive-2`. */
  readonly payout: string

  constructor(message: string, { payout, cause }: { readonly payout: string; readonly cause: unknown }) {
    super(message, { cause })
    this.payout = payout
  }
}
