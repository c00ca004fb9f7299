import { partnerNames } from '../../infra/stages.ts'
import type { Command } from '../../shared/domain/decide.ts'
import { attemptNumbered, openAttempt } from '../../shared/domain/fold.ts'
import { type Instant, secondsBetween } from '../../shared/domain/instant.ts'
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
const listsOf: Readonly<Record<'release-hold' | 'retry' | 'attest', readonly string[]>> = {
  'release-hold': shardNumbers.map(lists.held),
  retry: ofLanes(lists.failed),
  attest: ofLanes(lists.inquire),
}

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

  /** The partner's document about an attempt of which it gives no answer; it says what its book says. */
  function attest(key: PayoutKey): void {
    decide(key, async (own, found, at, by) => {
      const open = openAttempt(found.standing)
      if (!open || secondsBetween(open.claimedAt, at) < finalDays * 86_400) return found
      const { partner, reference, attempt } = open.claim
      const outcome = bookOf(partner)?.paid(reference) ? 'paid' : 'not-paid'
      const { settleWindowSeconds = 0, idempotencyWindowSeconds = 0 } = windows[partner] ?? {}
      const within = { settleWindowSeconds, idempotencyWindowSeconds }
      const said = { attempt, outcome, document: 'letter', now: at, windows: within } as const
      return (await applyDocument(own, found, { command: 'attest', ...said }, { at, by })).now
    })
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

  /** One of those in the lists in which what can be done is done. */
  async function find(deed: keyof typeof listsOf, among: number): Promise<PayoutKey | undefined> {
    const nominated = listsOf[deed].map((list) => ledger.worklist.nominate(list, { limit: placesMax }))
    const places = (await Promise.all(nominated)).flat()
    return places[among % places.length]
  }
  function decideOn(deed: 'hold' | 'cancel' | keyof typeof listsOf, key: PayoutKey): void {
    note(`people: ${deed} ${key.participantId} ${key.payout}`)
    const account = (found: PayoutCase) => (deed === 'release-hold' ? heldAccount(found) : {})
    if (deed === 'attest') attest(key)
    else instruct(key, (found) => ({ command: deed, reason: 'drawn', ...account(found) }))
  }

  return {
    async perform(deed) {
      if (deed.deed === 'read-statements') return contradictions.unproven().forEach(proveLate)
      if (deed.deed === 'pay-after-all') return contradictions.add(deed.among)
      const key = 'among' in deed ? await find(deed.deed, deed.among) : deed
      if (key) decideOn(deed.deed, key)
    },
  }
}
