import type { Book } from '../../infra/local/partners/book.ts'
import type { Claim } from '../../shared/domain/entry.ts'
import type { Attempt } from '../../shared/domain/fold.ts'
import { epochMs } from '../../shared/domain/instant.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Checks } from './checks.ts'
import type { Worker } from './operations.ts'
import type { ChaosPartner } from './partners/partner.ts'

/** Transfers that a partner has paid although it had refused them: its fault, which our books have to bear. */
export type Contradictions = {
  /** A partner pays one of those that it has refused, if there is one that it would pay. */
  add(among: number): void
}

/** Takes down in `contradicted` the references that have been paid so. */
export function createContradictions(deps: {
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly checks: Checks
  readonly contradicted: Set<string>
  readonly note: (line: string) => void
}): Contradictions {
  const { partners, checks, contradicted, note } = deps
  return {
    add(among) {
      const refused = checks.refused()
      const from = among % Math.max(1, refused.length)
      for (const { reference, partner } of [...refused.slice(from), ...refused.slice(0, from)]) {
        const simulator = [...partners].find(([name]) => name === partner)?.[1].simulator
        if (!simulator?.payAfterAll(reference)) continue
        contradicted.add(reference)
        note(`${partner}: pays ${reference} after all`)
        return
      }
    },
  }
}

/**
 * What a worker that claims must have heard: whoever pays asks the partner about the attempt that it has rejected last
 * before the next one there. The reference of that, should the partner have paid it before the worker began.
 */
export function paidUnasked(
  attempts: readonly Attempt[],
  { partner }: Pick<Claim, 'partner'>,
  worker: Worker | undefined,
  books: ReadonlyMap<string, Book>,
): string | undefined {
  const last = attempts.findLast(({ status, claim }) => status === 'rejected' && claim.partner === partner)
  const book = books.get(partner)
  // Whoever has been told of another transfer may have taken that for the answer.
  if (!last || !book || !worker || worker.misinformed) return undefined
  const { reference } = last.claim
  const wasPaid = book
    .movements()
    .some((one) => one.partnerReferenceNo === reference && epochMs(one.at) < worker.startedAt)
  return wasPaid && book.paid(reference) ? reference : undefined
}
