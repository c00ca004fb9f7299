import type { Entry } from '../../shared/domain/entry.ts'
import type { Facts } from '../../shared/domain/facts.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { type ParticipantReader, readParticipant } from '../../shared/ledger/payout.ts'
import type { Journal } from '../../shared/ledger/ports.ts'
import type { JournalEntry } from '../journal-record.ts'

export type JournalReader = ParticipantReader & { readonly journal: Pick<Journal, 'read'> }

/** What a batch needs of the ledger, strongly consistently, each thing once. */
export type Reading = {
  /** A payout's chain from its beginning up to this entry; not read where the batch itself holds all of it. */
  chainTo(entry: Entry): Promise<readonly Entry[]>
  facts(participantId: string): Promise<Facts>
}

/** Reads for a key the first time only. */
function createMemory<Result>() {
  const results = new Map<string, Promise<Result>>()
  return (key: string, read: () => Promise<Result>): Promise<Result> => {
    const result = results.get(key) ?? read()
    results.set(key, result)
    return result
  }
}

const placeOf = (owner: string, subject: Payout, seq: number): string => `${owner} ${subject} ${seq}`

/**
 * The reading of one batch, which remembers: a participant has several entries in it, and each is read once. It lives no
 * longer than its batch, or it would give facts that have changed since.
 */
export function createReading(ledger: JournalReader, batch: readonly JournalEntry[]): Reading {
  const chains = createMemory<readonly Entry[]>()
  const participants = createMemory<{ readonly facts: Facts }>()
  const held = new Map<string, Entry>()
  for (const entry of batch) {
    if (entry.subject === 'entitlement' || entry.subject === 'float') continue
    held.set(placeOf(entry.owner, entry.subject, entry.seq), entry)
  }

  function chainInBatch({ owner, subject, seq }: Entry): readonly Entry[] | undefined {
    const chain: Entry[] = []
    while (chain.length < seq) {
      const next = held.get(placeOf(owner, subject, chain.length + 1))
      if (!next) return undefined
      chain.push(next)
    }
    return chain
  }

  return {
    async chainTo(entry) {
      const inBatch = chainInBatch(entry)
      if (inBatch) return inBatch
      const { owner, subject, seq } = entry
      const chain = await chains(`${owner} ${subject}`, () => ledger.journal.read(owner, subject))
      if (chain.length < seq) throw new Error(`the journal lacks entry ${seq} of ${subject} of ${owner}`)
      return chain.slice(0, seq)
    },
    async facts(participantId) {
      const { facts } = await participants(participantId, () => readParticipant(ledger, participantId))
      return facts
    },
  }
}
