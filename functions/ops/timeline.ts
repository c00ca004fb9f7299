import type * as z from 'zod'
import type { Entry, PayoutEvent } from '../../shared/domain/entry.ts'
import type { AccountVersion, Facts } from '../../shared/domain/facts.ts'
import { type Instant, plusDays, startOfDay } from '../../shared/domain/instant.ts'
import type { Evidence } from '../../shared/domain/outcome.ts'
import { parseReference, referenceOf } from '../../shared/domain/reference.ts'
import { formatRupiah } from '../../shared/domain/rupiah.ts'
import type { timelineLine } from '../../shared/operations/schemas.ts'
import type { BreakRecord } from '../../shared/reconciliation/follow.ts'
import { shownAt } from './listed.ts'
import type { FoundLine } from './matched.ts'

type Line = z.input<typeof timelineLine>
type Told = { readonly what: string; readonly detail: string }

/** What was seen, in one line; empty for nothing. */
function proof({ code, http, referenceNo, externalId, status, document }: Evidence): string {
  const parts = [
    code !== undefined && `code ${code}`,
    http !== undefined && `HTTP ${http}`,
    status !== undefined && `status ${status}`,
    referenceNo !== undefined && `partner's reference ${referenceNo}`,
    externalId !== undefined && `request ${externalId}`,
    document !== undefined && `document ${document}`,
  ]
  return parts.filter((part) => part !== false).join(', ')
}

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('; ')
const account = (partner: string, lastFour: string): string => `${partner} …${lastFour}`

/** Total over the entries a payout may have. An open attempt's outcome is never called failed. */
function tell(event: PayoutEvent): Told {
  switch (event.type) {
    case 'claimed':
      return {
        what: 'being sent',
        detail: `${formatRupiah(event.amount)} to ${account(event.partner, event.lastFour)}`,
      }
    case 'resent':
      return { what: 'the same request sent once more', detail: proof(event.evidence) }
    case 'pending':
      return { what: 'in process at the partner', detail: proof(event.evidence) }
    case 'unknown':
      return { what: 'outcome not known yet', detail: joined(event.cause, proof(event.evidence)) }
    case 'asked':
      return { what: 'the partner does not know it, which proves nothing', detail: proof(event.evidence) }
    case 'disbursed':
      return { what: 'paid', detail: proof(event.evidence) }
    case 'rejected':
      return { what: 'failed', detail: joined(event.reason, proof(event.evidence)) }
    case 'deferred':
      return {
        what: 'put off',
        detail: joined(event.reason, `not before ${shownAt(event.notBefore)}`, proof(event.evidence)),
      }
    case 'refused':
      return { what: 'account refused, nothing sent', detail: joined(event.reason, proof(event.evidence)) }
    case 'returned':
      return { what: 'the money came back', detail: proof(event.evidence) }
    case 'held':
      return { what: 'held', detail: event.reason }
    case 'hold-released':
      return { what: 'hold lifted', detail: event.reason }
    case 'retried':
      return { what: 'to be sent again', detail: event.reason }
    case 'cancelled':
      return { what: 'cancelled', detail: event.reason }
    case 'surfaced':
      return { what: 'a closed attempt turned out to be paid', detail: proof(event.evidence) }
    case 'overpaid':
      return { what: 'paid twice by the partner', detail: proof(event.evidence) }
    case 'recovered':
      return { what: 'what was paid twice came back', detail: proof(event.evidence) }
    case 'written-off':
      return { what: 'what was paid twice was given up', detail: proof(event.evidence) }
  }
}

type Dated = { readonly at: Instant; readonly line: Omit<Line, 'at'> }

function ofEntry({ owner, subject, at, by, event }: Entry): Dated {
  const reference = 'attempt' in event ? { reference: referenceOf(owner, subject, event.attempt) } : {}
  return { at, line: { ...tell(event), by, payout: subject, ...reference } }
}

/** Whether an account has been verified, in words. */
export const verificationOf = ({ verification }: AccountVersion): string => {
  if (!verification) return 'not asked yet'
  return verification.outcome === 'verified' ? 'verified' : `refused: ${verification.reason}`
}

function ofFacts({ entitlement, surveys, accounts }: Facts): readonly Dated[] {
  const issued = entitlement?.governing
  const completed = Object.entries(surveys).flatMap(([survey, at]) => (at ? [{ survey, at }] : []))
  return [
    ...(issued
      ? [
          {
            at: issued.issuedAt,
            line: { what: 'certificate issued', detail: `${issued.certificateId} on ${issued.platform}` },
          },
        ]
      : []),
    ...completed.map(({ survey, at }) => ({
      at,
      line: { what: 'survey filled in', detail: `survey ${survey}` },
    })),
    ...accounts.map(({ linkedAt, partner, lastFour }) => ({
      at: linkedAt,
      line: { what: 'account linked', detail: account(partner, lastFour) },
    })),
  ]
}

/** By the end of the day whose statement showed it first. */
function ofBreak(record: BreakRecord): Dated {
  const { id, partner, kind, state, amount, direction = '', detail, partnerReferenceNo, firstSeen } = record
  const named = partnerReferenceNo === undefined ? undefined : parseReference(partnerReferenceNo)
  return {
    at: startOfDay(plusDays(firstSeen, 1)),
    line: {
      what: `break: ${kind}`,
      detail: joined(
        `${direction} of ${formatRupiah(amount)} at ${partner}`.trimStart(),
        detail ?? '',
        `${state} as ${id}`,
      ),
      by: 'reconcile',
      ...(named && { payout: named.payout, reference: partnerReferenceNo }),
    },
  }
}

/** By the end of the day on which the partner booked it. */
function ofMatched({ partner, reference, file, line, direction, amount, valueDay }: FoundLine): Dated {
  const payout = parseReference(reference)?.payout
  return {
    at: startOfDay(plusDays(valueDay, 1)),
    line: {
      what: 'on the statement',
      detail: `${direction} of ${formatRupiah(amount)} at ${partner} on ${valueDay}; line ${line} of ${file}`,
      by: 'reconcile',
      ...(payout && { payout }),
      reference,
    },
  }
}

type Known = {
  readonly facts: Facts
  readonly entries: readonly Entry[]
  readonly breaks: readonly BreakRecord[]
  readonly matched: readonly FoundLine[]
}

/** Everything known of a participant's money by its time, oldest first; what is equally old stays in its chain's order. */
export const timelineOf = ({ facts, entries, breaks, matched }: Known): Line[] =>
  [...ofFacts(facts), ...entries.map(ofEntry), ...matched.map(ofMatched), ...breaks.map(ofBreak)]
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
    .map(({ at, line }) => ({ at: shownAt(at), ...line }))
