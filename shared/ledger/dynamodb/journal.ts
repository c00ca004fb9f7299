import type { AnyEntry, Draft, Entry } from '../../domain/entry.ts'
import type { Payout } from '../../domain/payout.ts'
import { hashOf } from '../chain.ts'
import type { Journal } from '../ports.ts'
import { entrySchema } from '../schemas.ts'
import { entryKey, seqMax } from './keys.ts'
import { absent, type Table } from './table.ts'

/** An entry as it is stored: the key says owner, subject and seq; the rest is as in the domain. */
export const entryItem = (entry: AnyEntry) => ({
  ...entryKey(entry.owner, entry.subject, entry.seq),
  ...entry,
})

/** Gives a draft its place behind `chain`. Throws when a chain grows beyond any use. */
export function chained<T extends Draft>(chain: readonly AnyEntry[], draft: T) {
  const last = chain.at(-1)
  const seq = (last?.seq ?? 0) + 1
  if (seq > seqMax) throw new Error(`${draft.owner} ${draft.subject} has ${seqMax} entries`)
  return { ...draft, seq, previousHash: last ? hashOf(last) : '' }
}

/** The journal on its table. Only puts of entries that are not there yet; nothing else writes it. */
export function createJournal(table: Table): Journal {
  const parse = (items: unknown[]): Entry[] => items.map((item) => entrySchema.parse(item))
  return {
    async read(participantId, payout) {
      const range = { expression: 'begins_with(sk, :chain)', values: { ':chain': `${payout}#` } }
      return parse(await table.query(participantId, range))
    },

    async readAll(participantId) {
      const range = { expression: 'sk BETWEEN :first AND :last', values: { ':first': 'i', ':last': 't' } }
      const entries = parse(await table.query(participantId, range))
      const chains = new Map<Payout, Entry[]>()
      for (const entry of entries) chains.set(entry.subject, [...(chains.get(entry.subject) ?? []), entry])
      return chains
    },

    /*
     * The race this closes: two writers have read the same chain and each has decided on the entry that comes
     * next. Both want the same key; the first put creates it, the second finds it taken.
     *
     *   worker A  read 1..n ── decide ── put n+1 (absent) ✓
     *   worker B  read 1..n ───── decide ────────── put n+1 (absent) ✗ overtaken
     */
    async append(chain, draft) {
      const entry = entrySchema.parse(chained(chain, draft))
      const outcome = await table.put(entryItem(entry), absent)
      return outcome.written ? entry : 'overtaken'
    },
  }
}
