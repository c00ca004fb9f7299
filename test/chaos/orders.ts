import { payoutOfEntryKey } from '../../shared/ledger/dynamodb/keys.ts'
import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'
import { setBackMaxSeconds } from './clock.ts'
import type { Worker } from './operations.ts'
import type { CallPoint } from './partners/call.ts'

/** Whoever has claimed an attempt, or resends it, orders its transfer before the term of that has ended. */
export type Orders = {
  /** Hears of everything that is written to the journal. */
  entered(after: Item): void
  /** A worker sets out on a request to a partner; when that arrives there is not in its hands. */
  called(worker: Worker, point: CallPoint): void
  /** The partner has given a worker a token. */
  granted(worker: Worker): void
}

/** Epoch milliseconds. */
type Term = { readonly subject: string; readonly since: number; readonly until: number }
type Token = { readonly asked: number; readonly granted?: number }

/** `time`: the true one, in epoch milliseconds. */
export function createOrders(time: () => number, report: (problem: Problem) => void): Orders {
  /** By whose they are, and the reference. */
  const terms = new Map<string, Term>()
  const ordered = new Set<string>()
  /** The last that a worker has asked for: a transfer that was ordered before waits for it. */
  const tokens = new Map<Worker, Token>()
  /** By payout and attempt. */
  const references = new Map<string, string>()

  return {
    entered({ pk, sk, event, by }) {
      const { type, attempt, reference, until } = event?.M ?? {}
      if (type?.S !== 'claimed' && type?.S !== 'resent') return
      const subject = `${pk?.S} ${payoutOfEntryKey(sk?.S ?? '')}`
      const name = `${subject} ${attempt?.N}`
      if (reference?.S !== undefined) references.set(name, reference.S)
      const term = { subject, since: time(), until: Date.parse(until?.S ?? '') }
      terms.set(`${by?.S} ${references.get(name)}`, term)
    },
    called(worker, { service, partnerReferenceNo }) {
      if (service === 'token') tokens.set(worker, { asked: time() })
      if (service !== 'transfer') return
      const order = `${worker.functionName}/${worker.id} ${partnerReferenceNo}`
      const term = terms.get(order)
      // A token that was refused is replaced, and the same order goes on.
      if (!term || ordered.has(order)) return
      ordered.add(order)
      const { asked = 0, granted } = tokens.get(worker) ?? {}
      const hasWaited = granted !== undefined && granted >= term.since
      const at = hasWaited ? Math.max(asked, term.since) : time()
      if (at <= term.until + setBackMaxSeconds * 1_000) return
      const detail = `${partnerReferenceNo} is ordered ${(at - term.until) / 1_000} s after its term has ended`
      report({ check: 'late order', subject: term.subject, detail })
    },
    granted(worker) {
      const token = tokens.get(worker)
      if (token) tokens.set(worker, { ...token, granted: time() })
    },
  }
}
