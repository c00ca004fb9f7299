import type { Attempt } from '../../shared/domain/fold.ts'
import { type Kind, kindOf, kinds } from '../../shared/domain/payout.ts'
import { payoutOfEntryKey } from '../../shared/ledger/dynamodb/keys.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'
import { setBackMaxSeconds } from './clock.ts'
import type { Worker } from './operations.ts'

/**
 * What pauses and canaries promise, by what was written to the control rows and when, and by whose clocks those who claim
 * say that they have decided to. A machine may stand still behind its decision, but not decide by what is long over.
 */
export type Pauses = {
  began(worker: Worker): void
  /** A worker's look at a lane has failed: it may go by what it knows. */
  unseen(worker: Worker): void
  /** Hears of everything that is written to the table of payouts. */
  changed(after: Item): void
  /** Whether any kind of payout is paused in that lane, as its row says. */
  isPaused(partner: string): boolean
  /** Hears of everything that is written to the journal. */
  entered(after: Item): void
}

type Canary = {
  /** As the row says, by somebody's clock. */
  readonly since: string
  /** Epoch milliseconds. */
  readonly from: number
}
type Claimed = { readonly reference: string; readonly at: number; readonly counted: boolean }
/** One kind of payout in one lane. Times are epoch milliseconds. */
type Gate = {
  paused?: { readonly from: number; readonly lifted: boolean }
  canary?: Canary
  /** What was claimed since the canary began, and right before: by a wrong clock, that is its payment, too. `counted`: by
   *  those who could know of the canary. */
  claims: Claimed[]
  /** Since when it was paused or had a canary. */
  narrowFrom?: number
}
type Decision = { readonly gate: Gate; readonly subject: string; readonly worker: Worker }
type Surroundings = {
  /** Epoch milliseconds. */
  readonly time: () => number
  readonly statusOf: (reference: string) => Attempt['status'] | undefined
  readonly report: (problem: Problem) => void
}

/** How old a look at the lane may be on which a claim is decided. */
const lookMs = 1_000
/** Payments of a canary, until one of them is paid. */
const canaryMax = 5
/** From the decision on a resend to the end of its term. */
const claimTermMs = 150_000
const proven: readonly Attempt['status'][] = ['paid', 'returned', 'overpaid']

export function createPauses({ time, statusOf, report }: Surroundings): Pauses {
  const workers = new Map<string, Worker>()
  const blind = new Set<Worker>()
  const gates = new Map<string, Gate>()

  function gateOf(partner: string, kind: Kind): Gate {
    const name = `${partner} ${kind}`
    const gate = gates.get(name) ?? { claims: [] }
    gates.set(name, gate)
    return gate
  }

  /** When the claim was decided, and until when it may be sent, in epoch milliseconds: one that was written down later than
   *  that is no payment of anybody's. */
  function claimed(
    { gate, subject, worker }: Decision,
    reference: string,
    { decided, until }: { readonly decided: number; readonly until: number },
  ): void {
    const knows = Math.max(worker.startedAt, decided - lookMs - worker.clock.lostMs)
    const isAware = (of: { readonly from: number }) => of.from < knows && !blind.has(worker)
    const { paused, canary } = gate
    if (paused && isAware(paused))
      report({ check: 'pause', subject, detail: `${reference} is claimed although its kind is paused` })
    // A claim that its clock dates before its own permit is taken for none, and another takes its place.
    const counted = canary !== undefined && isAware(canary) && worker.clock.lostMs === 0 && time() < until
    gate.claims.push({ reference, at: time(), counted })
    const count = gate.claims.filter((each) => each.counted).length
    if (counted && count > canaryMax)
      report({ check: 'canary', subject, detail: `${reference} is payment ${count} of a canary` })
  }

  function resent({ gate, subject }: Decision, decided: number): void {
    if (gate.narrowFrom === undefined || gate.narrowFrom >= decided) return
    report({ check: 'pause', subject, detail: `${subject} is sent again although its kind is not open` })
  }

  const isPaid = ({ reference }: Claimed) => {
    const status = statusOf(reference)
    return status !== undefined && proven.includes(status)
  }

  /** What a change of the row does to one kind. */
  function pass(partner: string, kind: Kind, reason: string | undefined, since: string | undefined): void {
    const gate = gateOf(partner, kind)
    const wrong = (detail: string) =>
      report({ check: 'canary', subject: '', detail: `${kind} of ${partner} ${detail}` })
    const { paused, canary } = gate
    if (paused && !reason && !paused.lifted && canary?.since === since) wrong('is resumed without a canary')
    if (canary && since === undefined && !reason && !gate.claims.some(isPaid))
      wrong('is open, and none of its canary is paid')
    if (!reason) delete gate.paused
    else gate.paused = { from: paused?.from ?? time(), lifted: reason === 'float-empty' }
    if (since === undefined) delete gate.canary
    else if (canary?.since !== since) {
      gate.canary = { since, from: time() }
      const justBefore = gate.claims.filter(({ at }) => at >= time() - setBackMaxSeconds * 1_000)
      gate.claims = justBefore.map((claim) => ({ ...claim, counted: false }))
    }
    if (reason || since !== undefined) gate.narrowFrom ??= time()
    else delete gate.narrowFrom
  }

  return {
    began: (worker) => void workers.set(`${worker.functionName}/${worker.id}`, worker),
    unseen: (worker) => void blind.add(worker),
    isPaused: (partner) => kinds.some((kind) => gateOf(partner, kind).paused !== undefined),
    changed({ pk, sk, paused, canary }) {
      if (sk?.S !== 'CONTROL') return
      const partner = pk?.S?.replace('partner#', '') ?? ''
      for (const kind of kinds)
        pass(partner, kind, paused?.M?.[kind]?.M?.reason?.S, canary?.M?.[kind]?.M?.since?.S)
    },
    entered({ pk, sk, event, at, by }) {
      const worker = workers.get(by?.S ?? '')
      const payout = payoutOfEntryKey(sk?.S ?? '')
      if (!worker?.lane || !payout) return
      const trueTime = (own: string | undefined, earlier = 0) =>
        worker.clock.trueTime(Date.parse(own ?? '') - earlier)
      const gate = gateOf(worker.lane, kindOf(payout))
      const decision = { gate, subject: `${pk?.S} ${payout}`, worker }
      const { type, reference, until } = event?.M ?? {}
      const term = { decided: trueTime(at?.S), until: trueTime(until?.S) }
      if (type?.S === 'claimed') claimed(decision, reference?.S ?? '', term)
      if (type?.S === 'resent') resent(decision, trueTime(until?.S, claimTermMs))
    },
  }
}
