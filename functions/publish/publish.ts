import type { Entry } from '../../shared/domain/entry.ts'
import { replay, stateOf, stateOfStanding } from '../../shared/domain/fold.ts'
import { type Instant, jakartaDate } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { changesShown, shownOf } from '../../shared/domain/public-status.ts'
import { payoutsOf, schemeNamed } from '../../shared/domain/scheme.ts'
import { type JournalEntry, type JournalRecord, journalRecord, type Tampering } from '../journal-record.ts'
import type { StatusChange } from './event.ts'
import { createReading, type JournalReader, type Reading } from './reading.ts'

export type PublishDependencies = {
  readonly ledger: JournalReader
  /** Puts at most `putMax` events on the bus; rejects unless every one was taken. */
  readonly put: (events: readonly StatusChange[]) => Promise<void>
}

export type Published = {
  /** Events that the bus has taken. */
  readonly events: number
  readonly tampered: readonly Tampering[]
  /** The first record that was not dealt with, and why. It and all that follow must come again. */
  readonly failed?: { readonly index: number; readonly error: unknown }
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const putMax = 10
/** Records whose ledger is read at the same time. */
const sideBySide = 20

/**
 * What is shown of a payout after the last entry of `chain`, whatever has followed since: the later entries have
 * records, and sequences, of their own. Only where facts have a say are they read, as they are now.
 */
async function changeAfter(
  reading: Reading,
  participantId: string,
  payout: Payout,
  { chain, at }: { readonly chain: readonly Entry[]; readonly at: Instant },
): Promise<StatusChange> {
  const standing = replay(chain)
  const decided = stateOfStanding(standing)
  const facts = decided ? undefined : await reading.facts(participantId)
  const state = decided ?? stateOf(standing, facts ?? { surveys: {}, accounts: [] }, payout)
  const sequence = standing.seq
  return {
    eventId: `${participantId}:${payout}:${sequence}`,
    participantId,
    payout,
    ...shownOf({ state, standing, ...(facts && { facts }) }, jakartaDate(at)),
    since: at,
    sequence,
  }
}

/** The events of one entry: none for what changes nothing that is shown, seven for a new entitlement. */
async function changesOf(reading: Reading, entry: JournalEntry): Promise<readonly StatusChange[]> {
  const { owner, at } = entry
  if (entry.subject === 'float') return []
  if (entry.subject === 'entitlement') {
    if (entry.event.type === 'certified') return []
    const beginning = { chain: [], at }
    const payouts = payoutsOf(schemeNamed(entry.event.scheme))
    return Promise.all(payouts.map((payout) => changeAfter(reading, owner, payout, beginning)))
  }
  if (!changesShown[entry.event.type]) return []
  return [await changeAfter(reading, owner, entry.subject, { chain: await reading.chainTo(entry), at })]
}

/** What is to be published, record by record, up to the first that fails. */
async function prepare(ledger: JournalReader, records: readonly unknown[]) {
  const parsed = records.map((record) => journalRecord.safeParse(record))
  const reading = createReading(
    ledger,
    parsed.flatMap(({ data }) => (data?.eventName === 'INSERT' ? [data.dynamodb.NewImage] : [])),
  )
  const prepared: { readonly record: JournalRecord; readonly changes: readonly StatusChange[] }[] = []
  for (let start = 0; start < parsed.length; start += sideBySide) {
    const outcomes = await Promise.allSettled(
      parsed.slice(start, start + sideBySide).map(async ({ data: record, error }) => {
        if (!record) throw error
        const changes =
          record.eventName === 'INSERT' ? await changesOf(reading, record.dynamodb.NewImage) : []
        return { record, changes }
      }),
    )
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        return { prepared, failed: { index: prepared.length, error: outcome.reason as unknown } }
      prepared.push(outcome.value)
    }
  }
  return { prepared }
}

/**
 * Only the newest of what a batch says of a payout: a payment takes less than a second, so that nearly every payout is
 * being paid and paid in one batch, and every event is paid for.
 */
function newest<Of extends { readonly change: StatusChange }>(changes: readonly Of[]): readonly Of[] {
  const payoutOf = ({ change }: Of) => `${change.participantId}:${change.payout}`
  const last = new Map<string, number>()
  for (const each of changes)
    last.set(payoutOf(each), Math.max(each.change.sequence, last.get(payoutOf(each)) ?? 0))
  return changes.filter((each) => each.change.sequence === last.get(payoutOf(each)))
}

/**
 * Publishes what a batch of the journal's stream changes, in its order. The last entry of a payout that changes what is
 * shown gives one event, whose id and content say what was so after that entry; so it does not matter how records are
 * batched, repeated or mixed up: whoever keeps the event with the highest sequence of each payout ends with the right
 * status. What fails stops everything after it.
 *
 *   journal   claimed 1 ── unknown 2 ── disbursed 3
 *   one batch                           paid 3
 *   three     in-process 1 ──────────── paid 3
 */
export async function publish(
  { ledger, put }: PublishDependencies,
  records: readonly unknown[],
): Promise<Published> {
  const { prepared, failed } = await prepare(ledger, records)
  const changes = newest(prepared.flatMap((each, index) => each.changes.map((change) => ({ index, change }))))
  let failure = failed
  let events = 0
  for (; events < changes.length; events += putMax) {
    const some = changes.slice(events, events + putMax)
    try {
      await put(some.map(({ change }) => change))
    } catch (error) {
      failure = { index: some[0]?.index ?? 0, error }
      break
    }
  }
  const tampered = prepared.slice(0, failure?.index).flatMap(({ record }) => tamperingOf(record))
  return { events: Math.min(events, changes.length), tampered, ...(failure && { failed: failure }) }
}

const tamperingOf = (record: JournalRecord): readonly Tampering[] =>
  record.eventName === 'INSERT' ? [] : [{ done: record.eventName, ...record.dynamodb.Keys }]
