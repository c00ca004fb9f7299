import { partnerNames } from '../../infra/stages.ts'
import type { Command } from '../../shared/domain/decide.ts'
import type { Claim } from '../../shared/domain/entry.ts'
import { attemptNumbered, openAttempt } from '../../shared/domain/fold.ts'
import { type Instant, instant, secondsBetween } from '../../shared/domain/instant.ts'
import { parseReference } from '../../shared/domain/reference.ts'
import { lists } from '../../shared/domain/row.ts'
import { announceFloat, applyDocument, settleFloat } from '../../shared/ledger/float.ts'
import { apply, type PayoutCase, project, readCase } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts, PayoutKey } from '../../shared/ledger/ports.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Windows } from './conduct.ts'
import type { Contradictions } from './contradictions.ts'
import type { Deed } from './deeds.ts'
import { type Environment, serving } from './environments.ts'
import { shards } from './functions.ts'
import type { Worker } from './operations.ts'
import type { ChaosPartner } from './partners/partner.ts'
import type { System } from './system.ts'

/** Those who decide about single payouts. */
export type Operators = {
  /** Goes on as an invocation of its own, and can go wrong like any other. */
  perform(deed: Exclude<Deed, { partner: PartnerName }>): Promise<void>
}

type Surroundings = {
  /** Without faults: to see what there is. */
  readonly ledger: LedgerWithAccounts
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly contradictions: Contradictions
  readonly windows: Windows
  readonly system: System
  /** Epoch milliseconds. */
  readonly time: () => number
  readonly note: (line: string) => void
}

/** Whatever a partner still does, it does within so many days. */
const finalDays = 5
const placesMax = 200

const shardNumbers = Array.from({ length: shards }, (_, shard) => shard)
const ofLanes = (list: (partner: string, shard: number) => string) =>
  partnerNames.flatMap((partner) => shardNumbers.map((shard) => list(partner, shard)))
const listsOf = {
  'release-hold': shardNumbers.map(lists.held),
  retry: ofLanes(lists.failed),
  attest: ofLanes(lists.inquire),
} as const

/** The account that was held with its payout: lifting the hold clears it, or the next payment would hold again. */
function heldAccount({ chain }: PayoutCase): { readonly accountVersion?: string } {
  const held = chain.map(({ event }) => event).findLast(({ type }) => type === 'held')
  const version = held?.type === 'held' ? held.accountVersion : undefined
  return version === undefined ? {} : { accountVersion: version }
}

export function createOperators(surroundings: Surroundings): Operators {
  const { ledger, partners, contradictions, windows, system, time, note } = surroundings
  const bookOf = (partner: string) => [...partners].find(([name]) => name === partner)?.[1].simulator.book

  /** Somebody's invocation, about one payout. */
  function decide(
    key: PayoutKey,
    act: (own: LedgerWithAccounts, found: PayoutCase, at: Instant, by: string) => Promise<PayoutCase>,
  ): void {
    system.perform(async (environment: Environment, worker: Worker) => {
      const { ledger: own, now, by } = serving(environment, worker, time)
      const found = await readCase(own, key)
      if (found) await project(own, await act(own, found, now(), by), shards)
    })
  }
  const instruct = (key: PayoutKey, commandOf: (found: PayoutCase) => Command) =>
    decide(key, async (own, found, at, by) => (await apply(own, found, commandOf(found), { at, by })).now)

  const nominated = async (deed: keyof typeof listsOf) => {
    const places = listsOf[deed].map((list) => ledger.worklist.nominate(list, { limit: placesMax }))
    return (await Promise.all(places)).flat()
  }

  /** The partner's document about an attempt of which it gives no answer; it says what its book says. */
  function attest(key: PayoutKey, claim: Claim): void {
    note(`people: attest ${key.participantId} ${key.payout}`)
    decide(key, async (own, found, at, by) => {
      const { partner, reference, attempt } = claim
      const outcome = bookOf(partner)?.paid(reference) ? 'paid' : 'not-paid'
      const { settleWindowSeconds = 0, idempotencyWindowSeconds = 0 } = windows[partner] ?? {}
      const within = { settleWindowSeconds, idempotencyWindowSeconds }
      const said = { attempt, outcome, document: 'letter', now: at, windows: within } as const
      return (await applyDocument(own, found, { command: 'attest', ...said }, { at, by })).now
    })
  }
  /** Of all that are old enough. */
  async function attestAll(): Promise<void> {
    const now = instant(time())
    for (const place of await nominated('attest')) {
      const found = await readCase(ledger, place)
      const open = found && openAttempt(found.standing)
      if (open?.status === 'unknown' && secondsBetween(open.claimedAt, now) >= finalDays * 86_400)
        attest(place, open.claim)
    }
  }

  /** A payment on the partner's statement, of an attempt that it had refused. */
  function proveLate(reference: string): void {
    const parsed = parseReference(reference)
    if (!parsed) throw new Error(`${reference} is no reference`)
    decide(parsed, async (own, found, at, by) => {
      const partner = attemptNumbered(found.standing, parsed.attempt)?.claim.partner ?? ''
      const float = { lanes: own.lanes, partner, by }
      const resend = { settleWindowSeconds: 0, idempotencyWindowSeconds: 0, laneOpen: false, until: at }
      const outcome = { outcome: 'paid', evidence: { document: 'statement' } } as const
      const { seq } = found.standing
      const { attempt } = parsed
      const command = { command: 'answer', attempt, seq, askedAt: at, outcome, resend } as const
      await announceFloat(float, found, at)
      const applied = await apply(own, found, command, { at, by })
      await settleFloat(float, [found], [applied])
      return applied.now
    })
  }

  function instructOn(deed: 'hold' | 'cancel' | 'release-hold' | 'retry', key: PayoutKey): void {
    note(`people: ${deed} ${key.participantId} ${key.payout}`)
    const account = (found: PayoutCase) => (deed === 'release-hold' ? heldAccount(found) : {})
    instruct(key, (found) => ({ command: deed, reason: 'drawn', ...account(found) }))
  }

  async function instructOnOne(deed: 'release-hold' | 'retry', among: number): Promise<void> {
    const places = await nominated(deed)
    const place = places[among % places.length]
    if (place) instructOn(deed, place)
  }

  return {
    async perform(deed) {
      if ('payout' in deed) return instructOn(deed.deed, deed)
      if (deed.deed === 'attest') return attestAll()
      if (deed.deed === 'pay-after-all') return contradictions.add(deed.among)
      if ('among' in deed) return instructOnOne(deed.deed, deed.among)
      for (const reference of contradictions.unproven()) proveLate(reference)
    },
  }
}
