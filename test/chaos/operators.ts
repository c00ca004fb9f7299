import { judgeLines } from '../../functions/reconcile/judging.ts'
import type { Book } from '../../infra/local/partners/book.ts'
import { partnerNames } from '../../infra/stages.ts'
import type { Command } from '../../shared/domain/decide.ts'
import type { Claim } from '../../shared/domain/entry.ts'
import { openAttempt, overpaidAttempt } from '../../shared/domain/fold.ts'
import { type Instant, instant, jakartaDate, plusDays, secondsBetween } from '../../shared/domain/instant.ts'
import { lists } from '../../shared/domain/row.ts'
import { applyDocument } from '../../shared/ledger/float.ts'
import { apply, type PayoutCase, project, readCase } from '../../shared/ledger/payout.ts'
import type { LedgerWithAccounts, PayoutKey } from '../../shared/ledger/ports.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Item } from '../../shared/reconciliation/item.ts'
import type { Contradictions } from './contradictions.ts'
import type { Deed } from './deeds.ts'
import { type Environment, serving } from './environments.ts'
import type { Worker } from './operations.ts'
import type { ChaosPartner } from './partners/partner.ts'
import { sendingOf, type Windows } from './rule.ts'
import { type StatusOf, strangeLines } from './statements.ts'
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
  /** Of every work list. */
  readonly shards: number
  readonly contradictions: Contradictions
  readonly statusOf: StatusOf
  readonly isToldBack: (reference: string) => boolean
  readonly windows: Windows
  readonly system: System
  /** Epoch milliseconds. */
  readonly time: () => number
  readonly note: (line: string) => void
}

/** Whatever a partner still does, it does within so many days. */
const finalDays = 5
const placesMax = 200

/** Where those are whom something can be done for. */
function listsIn(shards: number) {
  const shardNumbers = Array.from({ length: shards }, (_, shard) => shard)
  const ofLanes = (list: (partner: string, shard: number) => string) =>
    partnerNames.flatMap((partner) => shardNumbers.map((shard) => list(partner, shard)))
  return {
    'release-hold': shardNumbers.map(lists.held),
    retry: ofLanes(lists.failed),
    attest: ofLanes(lists.inquire),
    'close-overpaid': shardNumbers.map(lists.overpaid),
  } as const
}

/** The account that was held with its payout: lifting the hold clears it, or the next payment would hold again. */
function heldAccount({ chain }: PayoutCase): { readonly accountVersion?: string } {
  const held = chain.map(({ event }) => event).findLast(({ type }) => type === 'held')
  const version = held?.type === 'held' ? held.accountVersion : undefined
  return version === undefined ? {} : { accountVersion: version }
}

export function createOperators(surroundings: Surroundings): Operators {
  const { ledger, partners, shards, contradictions, statusOf, isToldBack, windows, system, time, note } =
    surroundings
  const listsOf = listsIn(shards)
  const bookOf = (partner: string) => [...partners].find(([name]) => name === partner)?.[1].simulator.book

  /** Also what has come back since: that is another matter, of which a statement tells. */
  const hasPaid = (partner: string, reference: string): boolean =>
    bookOf(partner)
      ?.movements()
      .some((one) => one.partnerReferenceNo === reference && one.direction === 'debit') ?? false

  /** Somebody's invocation, about one payout. */
  function decide(
    key: PayoutKey,
    act: (own: LedgerWithAccounts, found: PayoutCase, at: Instant, by: string) => Promise<PayoutCase>,
  ): void {
    system.perform(async (environment: Environment, worker: Worker) => {
      const { ledger: own, now, by } = serving(environment, worker)
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

  /**
   * The partner's document about an attempt of which it gives no answer: once the partner has done whatever it still does,
   * it says what its book says. Nobody has any business with one before, while the attempt may still be sent: it says that
   * nothing was paid, and must be refused. In between it might be believed, and people wait for another.
   */
  function attest(key: PayoutKey, { partner, reference, attempt }: Claim): void {
    note(`people: attest ${key.participantId} ${key.payout}`)
    decide(key, async (own, found, at, by) => {
      const { settleWindowSeconds = 0, idempotencyWindowSeconds = 0 } = windows[partner] ?? {}
      const within = { settleWindowSeconds, idempotencyWindowSeconds }
      const sending = sendingOf(found.chain, attempt)
      if (!sending) return found
      const { claimedAt, until } = sending
      const isOld = secondsBetween(claimedAt, at) >= finalDays * 86_400
      const isYoung =
        secondsBetween(until, at) < settleWindowSeconds ||
        secondsBetween(claimedAt, at) < idempotencyWindowSeconds
      if (!isOld && !isYoung) return found
      const outcome = isOld && hasPaid(partner, reference) ? 'paid' : 'not-paid'
      const said = { attempt, outcome, document: 'letter', now: at, windows: within } as const
      return (await applyDocument(own, found, { command: 'attest', ...said }, { at, by })).now
    })
  }
  async function attestAll(): Promise<void> {
    for (const place of await nominated('attest')) {
      const found = await readCase(ledger, place)
      const open = found && openAttempt(found.standing)
      if (open?.status === 'unknown') attest(place, open.claim)
    }
  }

  /**
   * The statements of the days that are over, and only what is news on them: what matches, reconciling leaves alone. What
   * the partner has told us itself is left to those who heard it, or a statement would put right what they forget.
   */
  function readStatement(partner: PartnerName, book: Book): void {
    const today = jakartaDate(instant(time()))
    const lines = strangeLines(book, statusOf, today).filter(
      ({ direction, partnerReferenceNo = '' }) => direction === 'debit' || !isToldBack(partnerReferenceNo),
    )
    if (lines.length === 0) return
    note(`people: read the statement of ${partner}`)
    const day = plusDays(today, -1)
    const isCredit = ({ direction }: Item) => direction === 'credit'
    system.perform(async (environment: Environment, worker: Worker) => {
      const { ledger: own, now } = serving(environment, worker)
      const judging = { partner, day, now: now(), invocation: String(worker.id) }
      const deps = { ledger: own, shards, report: () => {} }
      // As reconciling does: what has not been paid yet as far as we know cannot have come back.
      const debits = lines.filter((line) => !isCredit(line))
      await judgeLines(deps, debits, judging)
      await judgeLines(deps, lines.filter(isCredit), judging)
    })
  }

  function instructOn(deed: 'hold' | 'cancel' | 'release-hold' | 'retry', key: PayoutKey): void {
    note(`people: ${deed} ${key.participantId} ${key.payout}`)
    const account = (found: PayoutCase) => (deed === 'release-hold' ? heldAccount(found) : {})
    instruct(key, (found) => ({ command: deed, reason: 'drawn', ...account(found) }))
  }

  async function retryReturned(): Promise<void> {
    for (const place of await nominated('retry')) {
      const found = await readCase(ledger, place)
      if (found?.state.state === 'returned') instructOn('retry', place)
    }
  }

  async function instructOnOne(deed: 'release-hold' | 'retry', among: number): Promise<void> {
    const places = await nominated(deed)
    const place = places[among % places.length]
    if (place) instructOn(deed, place)
  }

  /** Of what we hold as paid; only a statement tells. */
  function refund(among: number): void {
    const paid = [...partners.values()].flatMap(({ simulator }) =>
      simulator.book
        .movements()
        .filter(
          ({ direction, partnerReferenceNo }) =>
            direction === 'debit' && statusOf(partnerReferenceNo) === 'paid',
        )
        .map(({ partnerReferenceNo: reference }) => ({ simulator, reference })),
    )
    const { simulator, reference = '' } = paid[among % paid.length] ?? {}
    if (simulator?.takeBack(reference)) note(`people: the partner refunds ${reference}`)
  }

  const ended = new Set<string>()
  /** The partner has taken back what it had paid twice, or two people give it up: once for all. */
  async function closeOverpaid(deed: 'take-back' | 'give-up', among: number): Promise<void> {
    const places = await nominated('close-overpaid')
    const place = places[among % places.length]
    const found = place && (await readCase(ledger, place))
    const claim = found && overpaidAttempt(found.standing)?.claim
    if (!claim || ended.has(claim.reference)) return
    const simulator = [...partners].find(([name]) => name === claim.partner)?.[1].simulator
    if (deed === 'take-back' && !simulator?.takeBack(claim.reference)) return
    ended.add(claim.reference)
    note(`people: ${deed} ${claim.reference}`)
    const command = deed === 'take-back' ? 'recovered' : 'write-off'
    const { attempt } = claim
    decide(place, async (own, now, at, by) => {
      const said = { command, attempt, document: 'letter' } as const
      return (await applyDocument(own, now, said, { at, by })).now
    })
  }

  return {
    async perform(deed) {
      if ('payout' in deed) return instructOn(deed.deed, deed)
      if (deed.deed === 'attest') return attestAll()
      if (deed.deed === 'retry-returned') return retryReturned()
      if (deed.deed === 'pay-after-all') return contradictions.add(deed.among)
      if (deed.deed === 'refund') return refund(deed.among)
      if (deed.deed === 'take-back' || deed.deed === 'give-up') return closeOverpaid(deed.deed, deed.among)
      if ('among' in deed) return instructOnOne(deed.deed, deed.among)
      for (const [partner, { simulator }] of partners) readStatement(partner, simulator.book)
    },
  }
}
