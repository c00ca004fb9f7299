import type { AnyEntry, Entry } from '../domain/entry.ts'
import type { Origin } from './movement.ts'

/** What finance reads of the journal. */
export type History = {
  /** The origins of these participants, by id; of whoever was never entitled there is none. */
  origins(participantIds: readonly string[]): Promise<ReadonlyMap<string, Origin>>
  /** Every entry of a participant's payouts, in no order. */
  payments(participantId: string): Promise<readonly Entry[]>
  /**
   * The whole journal, in `segments` equal shares of which this is one: the entries of one owner after the other, an
   * owner's all at once.
   */
  owners(segment: number, segments: number): AsyncIterable<readonly AnyEntry[]>
  /**
   * A piece of the whole journal: owners with all they have, at least one and about `entriesMax` entries, from behind
   * where the piece before has ended. `next`: where the piece behind it begins; absent at the end.
   */
  walk(after: string | undefined, entriesMax: number): Promise<Walked>
}
export type Walked = { readonly owners: readonly (readonly AnyEntry[])[]; readonly next?: string }

/** What finance shows of one participant's journal. */
export type Chains = {
  /** Every entry, the entitlement's first, then payout by payout in the order of their chains. */
  entries(participantId: string): Promise<readonly AnyEntry[]>
}
