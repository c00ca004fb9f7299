import { createHash } from 'node:crypto'
import * as z from 'zod'
import { parseInstant } from '../../../shared/domain/instant.ts'
import { canonicalJson } from '../../../shared/ledger/canonical.ts'
import { numberAt } from '../holders.ts'
import type { Holdings, Refusal } from './holdings.ts'

/** What became of the events: `received` is the sum of all the others. */
export type EventFigures = {
  readonly received: number
  readonly accepted: number
  /** The same event, or the same fact, again. */
  readonly duplicate: number
  /** By reason. */
  readonly quarantined: Readonly<Record<string, number>>
  /** Events that left no trace. */
  readonly lost: number
}

/** An event in quarantine, by its place among what was published, from 0. */
export type RefusedEvent = Refusal & { readonly place: number }

const text = z.string()
const moment = text.transform((written, context) => {
  const instant = parseInstant(written)
  if (instant) return instant
  context.addIssue({ code: 'custom', message: 'is not an instant' })
  return z.NEVER
})

/** The record that an event should have left, as one text that is equal for equal content. */
const recordOf = {
  certificate: (content: object) => canonicalJson({ record: 'certificate', ...content }),
  survey: (content: object) => canonicalJson({ record: 'survey', ...content }),
  account: (content: object) => canonicalJson({ record: 'account', ...content }),
}

const event = z.discriminatedUnion('detail-type', [
  z.object({
    'detail-type': z.literal('CertificateIssued'),
    detail: z
      .object({
        certificateId: text,
        participantId: text,
        wave: z.number(),
        platform: text,
        trainingProvider: text,
        trainingId: text,
        issuedAt: moment,
      })
      .transform(recordOf.certificate),
  }),
  z.object({
    'detail-type': z.literal('SurveyCompleted'),
    detail: z
      .object({ participantId: text, survey: z.number(), completedAt: moment })
      .transform(recordOf.survey),
  }),
  z.object({
    'detail-type': z.literal('PayoutAccountLinked'),
    detail: z
      .object({
        participantId: text,
        partner: text,
        accountNumber: text,
        holderName: text,
        linkedAt: moment,
      })
      .transform(({ accountNumber, ...link }) =>
        recordOf.account({ ...link, number: numberAt(link.partner, accountNumber) }),
      ),
  }),
])

/** The record that a queue body should have left; `undefined` for what is no event. */
function recordAskedFor(body: string): string | undefined {
  try {
    return event.safeParse(JSON.parse(body)).data?.detail
  } catch {
    return undefined
  }
}

function recordsIn({ participants, certificates }: Holdings): ReadonlySet<string> {
  const records = new Set([...certificates.values()].map(recordOf.certificate))
  for (const [participantId, { surveys, accounts }] of participants) {
    for (const [survey, completedAt] of Object.entries(surveys))
      records.add(recordOf.survey({ participantId, survey: Number(survey), completedAt }))
    for (const { partner, number, holderName, linkedAt } of accounts)
      records.add(recordOf.account({ participantId, partner, number, holderName, linkedAt }))
  }
  return records
}

/**
 * Matches every published body with the one trace it should have left: a place in quarantine or a record. The first
 * to claim a trace is accepted or quarantined; whoever finds only claimed ones is a duplicate; whoever finds none is
 * lost.
 */
export function matchEvents(
  bodies: readonly string[],
  holdings: Holdings,
): { readonly figures: EventFigures; readonly refused: readonly RefusedEvent[] } {
  const records = recordsIn(holdings)
  const claimed = new Set<string>()
  const quarantined: Record<string, number> = {}
  const refused: RefusedEvent[] = []
  let accepted = 0
  let duplicate = 0
  let lost = 0
  for (const [place, body] of bodies.entries()) {
    const hash = createHash('sha256').update(body).digest('hex')
    const refusal = holdings.quarantine.get(hash)
    const asked = recordAskedFor(body)
    const record = asked !== undefined && records.has(asked) ? asked : undefined
    if (refusal !== undefined && !claimed.has(hash)) {
      claimed.add(hash)
      quarantined[refusal.reason] = (quarantined[refusal.reason] ?? 0) + 1
      refused.push({ place, ...refusal })
    } else if (record !== undefined && !claimed.has(record)) {
      claimed.add(record)
      accepted++
    } else if (refusal !== undefined || record !== undefined) duplicate++
    else lost++
  }
  return { figures: { received: bodies.length, accepted, duplicate, quarantined, lost }, refused }
}
