import * as z from 'zod'
import type { AnyEntry, Draft, Entry } from '../../domain/entry.ts'
import type { Payout } from '../../domain/payout.ts'
import { BrokenChain, hashOf } from '../chain.ts'
import type { Counted, Journal } from '../ports.ts'
import { entrySchema } from '../schemas.ts'
import { entryKey, seqMax } from './keys.ts'
import { absent, type Key, type Table } from './table.ts'

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

const storedKey = z.object({ pk: z.string(), sk: z.string() })

function parse(items: readonly unknown[]): Entry[] {
  return items.map((item) => {
    const entry = entrySchema.safeParse(item)
    if (entry.success) return entry.data
    const { pk, sk } = storedKey.parse(item)
    const name = `${pk}/${sk.slice(0, sk.lastIndexOf('#'))}`
    throw new BrokenChain(`${sk} of ${pk} is not an entry`, { payout: name, cause: entry.error })
  })
}

/** What one request of DynamoDB names. */
const batchMax = 100

/** Where a chain of so many entries is, and the one that would come next. */
const keysOf = ({ participantId, payout, seq }: Counted): readonly Key[] =>
  Array.from({ length: seq + 1 }, (_, index) => entryKey(participantId, payout, index + 1))

/** The entries in the order of their places; `broken` where one is none, or one before another is missing. */
function inOrder(items: readonly unknown[], { seq }: Counted): readonly Entry[] | 'broken' {
  const parsed = items.map((item) => entrySchema.safeParse(item).data)
  const entries = parsed.filter((entry) => entry !== undefined).sort((one, other) => one.seq - other.seq)
  const isWhole = entries.length >= seq && entries.every((entry, index) => entry.seq === index + 1)
  return isWhole && entries.length === items.length ? entries : 'broken'
}

/** The journal on its table. Only puts of entries that are not there yet; nothing else writes it. */
export function createJournal(table: Table): Journal {
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

    async readEach(rows) {
      const wanted = rows.flatMap(keysOf)
      const requests = Array.from({ length: Math.ceil(wanted.length / batchMax) }, (_, index) =>
        table.getEach(wanted.slice(index * batchMax, (index + 1) * batchMax)),
      )
      const items = (await Promise.all(requests)).flat()
      const chainOf = ({ pk, sk }: Key) => `${pk} ${sk.slice(0, sk.lastIndexOf('#'))}`
      const chains = Map.groupBy(items, (item) => chainOf(storedKey.parse(item)))
      return rows.map((row) => inOrder(chains.get(`${row.participantId} ${row.payout}`) ?? [], row))
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
