import type { Book } from '../../infra/local/partners/book.ts'
import type { Claim, Entry } from '../../shared/domain/entry.ts'
import { type Attempt, isOpen, replay } from '../../shared/domain/fold.ts'
import { payouts } from '../../shared/domain/payout.ts'
import { balances } from '../../shared/domain/postings.ts'
import { amountOf, participantCeiling, scheme2020 } from '../../shared/domain/scheme.ts'
import { hashOf } from '../../shared/ledger/chain.ts'
import { fromItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { payoutOfEntryKey } from '../../shared/ledger/dynamodb/keys.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import { entrySchema } from '../../shared/ledger/schemas.ts'
import { misconduct } from './conduct.ts'
import { paidUnasked } from './contradictions.ts'
import type { Worker } from './operations.ts'
import { refunded, type Windows } from './rule.ts'

/** A promise that was broken, and whose payout broke it. */
export type Problem = { readonly check: string; readonly subject: string; readonly detail: string }

export const stackLinesMax = 4

/** An error that nobody has drawn: where it comes from is what there is to say of it. */
export function problemOf(error: unknown): Problem {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { check: 'error', subject: '', detail: text.split('\n').slice(0, stackLinesMax).join('\n') }
}

type Known = { readonly chain: readonly Entry[]; readonly attempts: readonly Attempt[] }

/** What must be true after every entry of the journal, and after every request to a partner. */
export type Checks = {
  /** Hears of everything that is written to the journal. */
  written(before: Item | undefined, after: Item): void
  /** A transfer is about to reach the partner. */
  sending(partner: string, reference: string): void
  /** The partner has dealt with it. */
  delivered(reference: string): void
  /** The chain and attempts of a payout, `P-1 incentive-1`. */
  known(subject: string): Known | undefined
  statusOf(reference: string): Attempt['status'] | undefined
  /** Whether the partner has told us itself that the money came back: whoever heard that writes it down. */
  isToldBack(reference: string): boolean
  /** The claims of attempts that their partner has refused, in the order in which their payouts were first written to. */
  refused(): readonly Claim[]
}

type Report = (problem: Problem) => void

const isClosed = ({ status }: Attempt) =>
  status === 'rejected' || status === 'deferred' || status === 'returned'
const isRefused = ({ status }: Attempt) => status === 'rejected' || status === 'deferred'
/** What a partner has paid against its word is beside the one attempt that takes the money. */
const takes = (attempt: Attempt) => isOpen(attempt) || attempt.status === 'paid'
const proofs: readonly string[] = ['surfaced', 'overpaid']

type Surroundings = {
  readonly books: ReadonlyMap<string, Book>
  readonly windows: Windows
  /** References that a partner has paid after it had refused them. */
  readonly contradicted: ReadonlySet<string>
  /** Whoever signs entries so. */
  readonly workerOf: (by: string) => Worker | undefined
  readonly report: Report
}

export function createChecks({ books, windows, contradicted, workerOf, report }: Surroundings): Checks {
  const payoutsKnown = new Map<string, Known>()
  const subjectOf = new Map<string, string>()

  function chainChecks(subject: string, before: Known | undefined, entry: Entry): void {
    const last = before?.chain.at(-1)
    if (entry.seq !== (last?.seq ?? 0) + 1)
      report({ check: 'chain', subject, detail: `entry ${entry.seq} follows ${last?.seq ?? 0}` })
    if (entry.previousHash !== (last ? hashOf(last) : ''))
      report({
        check: 'chain',
        subject,
        detail: `entry ${entry.seq} carries another hash than its predecessor's`,
      })
  }

  function attemptChecks(subject: string, before: Known | undefined, now: Known, entry: Entry): void {
    const taking = now.attempts.filter(takes)
    if (taking.length > 1)
      report({ check: 'one attempt', subject, detail: `${taking.length} attempts are open or paid` })
    const { event } = entry
    if (event.type === 'claimed') {
      const open = before?.attempts.find((attempt) => !isClosed(attempt))
      if (open)
        report({
          check: 'new attempt',
          subject,
          detail: `claimed while ${open.claim.reference} is ${open.status}`,
        })
      for (const { claim } of before?.attempts ?? [])
        if (!contradicted.has(claim.reference) && books.get(claim.partner)?.paid(claim.reference))
          report({
            check: 'new attempt',
            subject,
            detail: `claimed while ${claim.partner} has paid ${claim.reference}`,
          })
      const unasked = paidUnasked(before?.attempts ?? [], event, workerOf(entry.by), books)
      if (unasked)
        report({
          check: 'unasked',
          subject,
          detail: `claimed although ${event.partner} has paid ${unasked} since it rejected that`,
        })
      if (subjectOf.has(event.reference))
        report({ check: 'reference', subject, detail: `${event.reference} is used again` })
      subjectOf.set(event.reference, subject)
      return
    }
    const attempt =
      'attempt' in event ? now.attempts.find(({ claim }) => claim.attempt === event.attempt) : undefined
    if (attempt && isClosed(attempt)) closedChecks(subject, attempt)
    if (attempt && event.type === 'disbursed') paymentChecks(subject, attempt)
    const reference = attempt?.claim.reference ?? ''
    if (proofs.includes(event.type) && !contradicted.has(reference))
      report({
        check: 'late proof',
        subject,
        detail: `${reference} is ${event.type}, and nobody has paid it`,
      })
  }

  /** What our books call paid, the partner has paid by then, even if it has come back since. */
  function paymentChecks(subject: string, { claim: { partner, reference } }: Attempt): void {
    const book = books.get(partner)
    const isOfIt = (movement: { readonly partnerReferenceNo: string }) =>
      movement.partnerReferenceNo === reference
    if (!book?.paid(reference) && !book?.movements().some(isOfIt))
      report({ check: 'paid', subject, detail: `${reference} is paid, and ${partner} knows nothing of it` })
  }

  /** A closed attempt is one that the partner has not paid, or has paid back. */
  function closedChecks(subject: string, { claim, status, ending }: Attempt): void {
    // What was given up stays paid.
    if (ending !== 'written-off' && books.get(claim.partner)?.paid(claim.reference))
      report({
        check: 'proof',
        subject,
        detail: `${claim.reference} is ${status}, and ${claim.partner} has paid it`,
      })
  }

  function bookChecks(subject: string, { chain, attempts }: Known): void {
    const postings = chain.flatMap((entry) => entry.postings)
    let inTransit = 0
    for (const [account, balance] of balances(postings))
      if (account.startsWith('in-transit/')) inTransit += balance
    const open = attempts.filter(isOpen).reduce((sum, { claim }) => sum + claim.amount, 0)
    if (inTransit !== open)
      report({ check: 'in transit', subject, detail: `${inTransit} booked, open attempts say ${open}` })
  }

  function ceilingChecks(participantId: string): void {
    let total = 0
    for (const payout of payouts) {
      const attempts = payoutsKnown.get(`${participantId} ${payout}`)?.attempts ?? []
      for (const attempt of attempts) if (takes(attempt)) total += attempt.claim.amount
    }
    if (total > participantCeiling(scheme2020))
      report({ check: 'ceiling', subject: participantId, detail: `is paid ${total}` })
  }

  return {
    known: (subject) => payoutsKnown.get(subject),
    statusOf: (reference) => {
      const { attempts = [] } = payoutsKnown.get(subjectOf.get(reference) ?? '') ?? {}
      return attempts.find(({ claim }) => claim.reference === reference)?.status
    },
    isToldBack: (reference) => {
      const { chain = [], attempts = [] } = payoutsKnown.get(subjectOf.get(reference) ?? '') ?? {}
      const { claim } = attempts.find((attempt) => attempt.claim.reference === reference) ?? {}
      return chain.some(
        ({ event }) =>
          (event.type === 'disbursed' || event.type === 'surfaced') &&
          event.attempt === claim?.attempt &&
          event.evidence.status === refunded,
      )
    },
    refused: () =>
      [...payoutsKnown.values()].flatMap(({ attempts }) =>
        attempts.filter(isRefused).map(({ claim }) => claim),
      ),
    written(before, after) {
      const sk = after.sk?.S ?? ''
      const payout = payoutOfEntryKey(sk)
      const participantId = after.pk?.S ?? ''
      const subject = `${participantId} ${payout ?? ''}`.trimEnd()
      if (before) return report({ check: 'append-only', subject, detail: `entry ${sk} was written over` })
      if (!payout) return
      const entry = entrySchema.parse(fromItem(after))
      const earlier = payoutsKnown.get(subject)
      chainChecks(subject, earlier, entry)
      for (const problem of misconduct(earlier?.chain ?? [], entry, windows)) report({ ...problem, subject })
      const chain = [...(earlier?.chain ?? []), entry]
      const now = { chain, attempts: replay(chain).attempts }
      payoutsKnown.set(subject, now)
      attemptChecks(subject, earlier, now, entry)
      bookChecks(subject, now)
      ceilingChecks(participantId)
    },
    sending(partner, reference) {
      const subject = subjectOf.get(reference) ?? ''
      const attempts = payoutsKnown.get(subject)?.attempts ?? []
      const attempt = attempts.find(({ claim }) => claim.reference === reference)
      const detail = `${reference} is sent to ${partner}`
      if (!attempt)
        return report({ check: 'claim first', subject, detail: `${detail}, and nobody has claimed it` })
      if (attempt.claim.partner !== partner)
        report({
          check: 'claim first',
          subject,
          detail: `${detail}, but claimed for ${attempt.claim.partner}`,
        })
      if (isClosed(attempt))
        report({ check: 'closed attempt', subject, detail: `${detail} although it is ${attempt.status}` })
      const others = attempts.filter((other) => other !== attempt && takes(other))
      for (const { claim, status } of others)
        report({ check: 'one attempt', subject, detail: `${detail} while ${claim.reference} is ${status}` })
    },
    delivered(reference) {
      const subject = subjectOf.get(reference)
      if (subject === undefined) return
      const attempts = payoutsKnown.get(subject)?.attempts ?? []
      const net = attempts.reduce(
        (sum, { claim: { partner, reference } }) =>
          sum + (contradicted.has(reference) ? 0 : (books.get(partner)?.net(reference) ?? 0)),
        0,
      )
      if (net > amountOf(scheme2020, payoutOf(subject)))
        report({ check: 'paid twice', subject, detail: `the partners have paid ${net}` })
    },
  }
}

function payoutOf(subject: string) {
  const payout = payouts.find((candidate) => subject.endsWith(` ${candidate}`))
  if (!payout) throw new Error(`${subject} is no payout`)
  return payout
}
