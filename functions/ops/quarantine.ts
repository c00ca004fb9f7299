import { createHash } from 'node:crypto'
import * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import { parseJson } from '../../shared/json.ts'
import { canonicalJson } from '../../shared/ledger/canonical.ts'
import type { Refused as Kept } from '../../shared/ledger/ports.ts'
import type { routes } from '../../shared/operations/routes.ts'
import type { quarantinedEvent, quarantineQuery, refusedEvent } from '../../shared/operations/undelivered.ts'
import { recordIntent, recordOutcome } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import type { InstructionAnswer } from './instruct.ts'
import { done } from './instructions/carried.ts'
import { shownAt } from './listed.ts'
import { withoutPersonalData } from './personal-data.ts'

const noSuchEvent = refuse(404, 'No event of this hash was refused.')

const described = ({ hash, reason, detail, at }: Kept): z.input<typeof refusedEvent> => ({
  hash,
  reason,
  detail,
  at: shownAt(at),
})

/** One page of what was refused, in the order of the hashes, without the events themselves. */
export async function listRefused(
  { ledger }: OpsDependencies,
  { limit, cursor }: z.output<typeof quarantineQuery>,
): Promise<z.input<(typeof routes)['quarantine']['answer']>> {
  const refused = await ledger.quarantine.list(limit, cursor)
  const next = refused.length === limit ? refused.at(-1)?.hash : undefined
  return { events: refused.map(described), ...(next !== undefined && { next }) }
}

/** One event that was refused, as far as it may be shown. */
export async function showRefused(
  { ledger }: OpsDependencies,
  hash: string,
): Promise<z.input<typeof quarantinedEvent> | Refused> {
  const refused = await ledger.quarantine.read(hash)
  return refused ? { ...described(refused), ...withoutPersonalData(refused.body) } : noSuchEvent
}

const anything = z.unknown().optional()
/** Who speaks, about whom and which of their payouts, for which training, and where the money goes: of several accounts,
 *  to the one that was linked last. */
const substance = z.object({
  'detail-type': anything,
  source: anything,
  account: anything,
  detail: z.object({
    participantId: anything,
    certificateId: anything,
    trainingProvider: anything,
    trainingId: anything,
    survey: anything,
    partner: anything,
    accountNumber: anything,
    holderName: anything,
    linkedAt: anything,
  }),
})

/**
 * Whether a repaired event still says the same of the same: a person may mend a date, a wave or a platform, but never who
 * publishes, who is entitled and by what, and which account is paid. That only the publisher can.
 */
function isSameInSubstance(refused: string, repaired: string): boolean {
  const [before, after] = [refused, repaired].map((text) => substance.safeParse(parseJson(text)))
  return (
    before?.success === true &&
    after?.success === true &&
    canonicalJson(before.data) === canonicalJson(after.data)
  )
}

/** What of an event decides how much is paid, and when, and may be repaired all the same. */
const repairable = ['issuedAt', 'completedAt', 'wave', 'platform']
/** What EventBridge puts on an event, and intake makes nothing of:
 *  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
const delivery = ['version', 'id', 'time', 'region', 'resources']

type Fields = Readonly<Record<string, unknown>>
const fields = z.record(z.string(), z.unknown())

/** An event's own fields and those of its detail; none of what is no event. */
function fieldsOf(text: string): { readonly outer: Fields; readonly inner: Fields } {
  const { detail, ...outer } = fields.safeParse(parseJson(text)).data ?? {}
  return { outer, inner: fields.safeParse(detail).data ?? {} }
}

function differing(before: Fields, after: Fields): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
}

/**
 * What a repaired event has otherwise than the refused one, for the trail: the names of fields, never what is in them,
 * since anything may stand in a refused event. That goes for the names, too, of fields that nobody knows: of those, which
 * intake ignores and `showRefused` hides, only how many differ.
 */
function repairsOf(refused: string, sent: string): { repairs: string[]; otherFields?: number } {
  const [before, after] = [fieldsOf(refused), fieldsOf(sent)]
  const [outer, inner] = [differing(before.outer, after.outer), differing(before.inner, after.inner)]
  const repairs = [
    ...delivery.filter((name) => outer.includes(name)),
    ...repairable.filter((name) => inner.includes(name)),
  ]
  const otherFields = outer.length + inner.length - repairs.length
  return { repairs, ...(otherFields > 0 && { otherFields }) }
}

const hashOf = (body: string): string => createHash('sha256').update(body).digest('hex')

/** What would be sent, or why not. */
function bodyToSend(hash: string, kept: string, repaired: string | undefined): string | Refused {
  if (repaired === undefined) {
    if (hashOf(kept) === hash) return kept
    return refuse(422, 'The event was too long to be kept whole. Have its publisher publish it again.')
  }
  if (isSameInSubstance(kept, repaired)) return repaired
  return refuse(
    422,
    'A repaired event must keep its type, source and account, and in its detail participantId, certificateId, trainingProvider, trainingId, survey, partner, accountNumber, holderName and linkedAt. Where one of these is wrong, or the event cannot be read at all, have its publisher publish it again.',
  )
}

/**
 * Sends a refused event to intake again, as it is or repaired. Intake judges it as any other; what it knows already
 * changes nothing. It stays in quarantine, as a record of what was refused.
 */
export async function resubmit(
  { ledger, queues, ...deps }: OpsDependencies,
  hash: string,
  repaired: string | undefined,
  command: Command,
): Promise<InstructionAnswer | Refused> {
  const refused = await ledger.quarantine.read(hash)
  if (!refused) return noSuchEvent
  const body = bodyToSend(hash, refused.body, repaired)
  if (typeof body !== 'string') return body
  const sent = hashOf(body)
  const repairs = repairsOf(refused.body, body)
  await recordIntent(deps, command, 'resubmit', { refused: hash, reason: refused.reason, sent, ...repairs })
  await queues.sendEvent(body)
  await recordOutcome(deps, command, 'resubmit', { sent })
  return { result: 'done', effects: [{ subject: hash, ...done('sent to intake again') }] }
}
