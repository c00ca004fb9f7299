import type { StatusChange } from '../../../functions/publish/event.ts'
import { type PublishDependencies, publish } from '../../../functions/publish/publish.ts'
import type { Entry } from '../../../shared/domain/entry.ts'
import type { Story } from '../../domain/story.ts'

/** Participants with one story each, as the ledger tells them. */
export type Told = { readonly participantId: string; readonly story: Story }

/** The entries of a story, under its participant. */
export const entriesOf = ({ participantId, story }: Told): readonly Entry[] =>
  story.entries().map((entry) => ({ ...entry, owner: participantId }))

/** A ledger that knows these stories to their end, and counts what is read of it. */
export function ledgerOf(stories: readonly Told[]) {
  const reads = { chains: 0, participants: 0 }
  const find = (id: string) => stories.find(({ participantId }) => participantId === id)
  const ledger: PublishDependencies['ledger'] = {
    journal: {
      async read(participantId, payout) {
        reads.chains += 1
        const told = find(participantId)
        return told?.story.payout === payout ? entriesOf(told) : []
      },
    },
    participants: {
      async read(participantId) {
        reads.participants += 1
        const { accounts: _, ...facts } = find(participantId)?.story.facts() ?? { surveys: {}, accounts: [] }
        return { ...facts, rows: [] }
      },
    },
    accounts: {
      async read(participantId) {
        const accounts = find(participantId)?.story.facts().accounts ?? []
        return accounts.map((account) => ({ ...account, number: '08123', holderName: 'Budi Santoso' }))
      },
    },
  }
  return { ledger, reads }
}

/** What may go wrong with one request to the bus. */
export type Luck = 'taken' | 'refused' | 'taken but not answered'

/** A bus whose requests have the luck that `luck` deals out; afterwards all goes well. */
export function busWith(luck: readonly Luck[] = []) {
  const events: StatusChange[] = []
  let requests = 0
  const put = async (changes: readonly StatusChange[]) => {
    const how = luck[requests++] ?? 'taken'
    if (how !== 'refused') events.push(...changes)
    if (how !== 'taken') throw new Error(how)
  }
  return { events, put }
}

const attemptsMax = 100

/** Hands over a batch as Lambda does: what was not dealt with comes again, from the first failure on. */
export async function deliver(deps: PublishDependencies, batch: readonly unknown[]): Promise<void> {
  let rest = batch
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { failed } = await publish(deps, rest)
    if (!failed) return
    rest = rest.slice(failed.index)
  }
  throw new Error('a batch never succeeds')
}

/** What a subscriber knows in the end, who takes every event once and none that is out of date. */
export function heardOf(events: readonly StatusChange[]): ReadonlyMap<string, StatusChange> {
  const ids = new Set<string>()
  const latest = new Map<string, StatusChange>()
  for (const event of events) {
    if (ids.has(event.eventId)) continue
    ids.add(event.eventId)
    const key = `${event.participantId} ${event.payout}`
    if ((latest.get(key)?.sequence ?? -1) < event.sequence) latest.set(key, event)
  }
  return latest
}
