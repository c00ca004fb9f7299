import { createHash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '../../shared/ledger/canonical.ts'
import type { refusedEvent } from '../../shared/operations/schemas.ts'
import { parseJson } from '../../shared/partners/snap/json.ts'
import { recordCommand } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import type { InstructionAnswer } from './instruct.ts'
import { shownAt } from './listed.ts'
import { type Refused, refuse } from './problem.ts'
import type { Command } from './step.ts'

/** Everything refused, without the events themselves: they may hold an account number. */
export async function listRefused({
  ledger,
}: OpsDependencies): Promise<{ events: z.input<typeof refusedEvent>[] }> {
  const refused = await ledger.quarantine.list()
  return {
    events: refused.map(({ hash, reason, detail, at }) => ({ hash, reason, detail, at: shownAt(at) })),
  }
}

const anything = z.unknown().optional()
/** Who speaks, about whom, and where the money goes: of several accounts, to the one that was linked last. */
const substance = z.object({
  'detail-type': anything,
  source: anything,
  account: anything,
  detail: z.object({
    participantId: anything,
    certificateId: anything,
    partner: anything,
    accountNumber: anything,
    holderName: anything,
    linkedAt: anything,
  }),
})

/**
 * Whether a repaired event still says the same of the same: a person may mend a date or a wave, but never who
 * publishes, who is entitled, and which account is paid. That only the publisher can.
 */
function isSameInSubstance(refused: string, repaired: string): boolean {
  const [before, after] = [refused, repaired].map((text) => substance.safeParse(parseJson(text)))
  return (
    before?.success === true &&
    after?.success === true &&
    canonicalJson(before.data) === canonicalJson(after.data)
  )
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
    'A repaired event must keep its type, source and account, and in its detail participantId, certificateId, partner, accountNumber, holderName and linkedAt. Where one of these is wrong, or the event cannot be read at all, have its publisher publish it again.',
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
  if (!refused) return refuse(404, 'No event of this hash was refused.')
  const body = bodyToSend(hash, refused.body, repaired)
  if (typeof body !== 'string') return body
  await queues.sendEvent(body)
  await recordCommand(deps, command, 'resubmit', {
    refused: hash,
    reason: refused.reason,
    sent: hashOf(body),
  })
  return { result: 'done', effects: [{ subject: hash, outcome: 'sent to intake again' }] }
}
