import { isRefused, type Refused, refuse } from '../../../shared/api/problem.ts'
import { decide, type Refusal } from '../../../shared/domain/decide.ts'
import type { DocumentCommand } from '../../../shared/domain/document.ts'
import { attemptNumbered } from '../../../shared/domain/fold.ts'
import type { Instant } from '../../../shared/domain/instant.ts'
import { parseReference } from '../../../shared/domain/reference.ts'
import { applyDocument } from '../../../shared/ledger/float.ts'
import { type PayoutCase, readCase } from '../../../shared/ledger/payout.ts'
import { type Instruction, peopleNeeded } from '../../../shared/operations/instructions.ts'
import { configurationOf } from '../../../shared/partners/registry.ts'
import { bringUpToDate } from '../../cases.ts'
import { readAbsence, sayAbsence } from '../absence.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { type Behind, type Carried, done, type Judged, type Stated, signature } from './carried.ts'

/** What people know of one attempt by a document: what became of it, or of what was paid twice. */

type AttemptInstruction = Extract<Instruction, { instruction: 'settle' | 'recovered' | 'write-off' }>
type Found = { readonly found: PayoutCase; readonly attempt: number }

async function findAttempt({ ledger }: OpsDependencies, reference: string): Promise<Found | Refused> {
  const parsed = parseReference(reference)
  const found = parsed && (await readCase(ledger, parsed))
  if (parsed && found && attemptNumbered(found.standing, parsed.attempt)) {
    return { found, attempt: parsed.attempt }
  }
  return refuse(404, `No attempt has the reference ${reference}.`)
}

function commandOf(
  instruction: AttemptInstruction,
  { found, attempt }: Found,
  now: Instant,
): DocumentCommand {
  const { document } = instruction
  if (instruction.instruction !== 'settle') return { command: instruction.instruction, attempt, document }
  const partner = attemptNumbered(found.standing, attempt)?.claim.partner ?? ''
  const { settleWindowSeconds, idempotencyWindowSeconds } = configurationOf(partner)
  const windows = { settleWindowSeconds, idempotencyWindowSeconds }
  return { command: 'attest', attempt, outcome: instruction.outcome, document, now, windows }
}

const why: Readonly<Record<Refusal, string>> = {
  'already-settled': 'the journal has proof that it was paid',
  'attempt-closed': 'it is closed: the journal has proof that it was not paid',
  overtaken: 'something was written about the payout in between; look at it and try again',
  'nothing-new': 'this was written down before',
  'too-early':
    'the partner may still accept a send of it; wait until its settle and idempotency windows are past',
  'not-allowed':
    'its state does not allow it: an attempt is settled by a document only while its outcome is unknown, and only what a partner has paid twice can come back or be given up',
}

const entries = {
  paid: 'disbursed',
  'not-paid': 'rejected',
  recovered: 'recovered',
  'write-off': 'written-off',
}

/** The same document has said the same of this attempt before. */
function saidBefore({ found, attempt }: Found, instruction: AttemptInstruction): boolean {
  const said = instruction.instruction === 'settle' ? instruction.outcome : instruction.instruction
  return found.chain.some(
    ({ event }) =>
      event.type === entries[said] &&
      'evidence' in event &&
      'attempt' in event &&
      event.attempt === attempt &&
      event.evidence.document === instruction.document,
  )
}

const refusedBy = (instruction: AttemptInstruction, refusal: Refusal): Refused =>
  refuse(422, `${instruction.reference} cannot be changed so: ${why[refusal]}.`)

/**
 * What the partner's statements say where an attempt is to be settled as not paid. Refused only by a debit that may be
 * this very payment; whatever else the statements lack, the document is the proof, and people are told.
 */
async function askStatements(
  deps: OpsDependencies,
  instruction: AttemptInstruction,
  { found, attempt }: Found,
): Promise<Stated | Refused | undefined> {
  const open = attemptNumbered(found.standing, attempt)
  const isNotPaid = instruction.instruction === 'settle' && instruction.outcome === 'not-paid'
  if (!isNotPaid || open?.status !== 'unknown') return undefined
  const absence = await readAbsence(deps, open)
  const statements = sayAbsence(absence)
  if (absence.absence !== 'debit-unmatched') return { statements }
  return refuse(
    422,
    `${instruction.reference} cannot be settled as not paid: the statements have ${statements}. Ask the partner whose debit it is: its corrected statement says so, or two people write its break off.`,
  )
}

/** Refused before a second person is asked, where the rules say no already. */
export async function judgeAttempt(
  deps: OpsDependencies,
  instruction: AttemptInstruction,
  now: Instant,
): Promise<Judged> {
  const found = await findAttempt(deps, instruction.reference)
  if (isRefused(found)) return found
  const decision = decide(found.found, commandOf(instruction, found, now))
  if ('refusal' in decision && !saidBefore(found, instruction))
    return refusedBy(instruction, decision.refusal)
  return (await askStatements(deps, instruction, found)) ?? peopleNeeded[instruction.instruction]
}

/** Writes it down, and gives the lane what that frees. */
export async function carryOutAttempt(
  deps: OpsDependencies,
  instruction: AttemptInstruction,
  behind: Behind,
): Promise<Carried> {
  const found = await findAttempt(deps, instruction.reference)
  if (isRefused(found)) return found
  // Statements may have come since it was proposed.
  const stated = await askStatements(deps, instruction, found)
  if (stated && isRefused(stated)) return stated
  // Release tells by the signature what a dead worker has written, so that it must be of this invocation alone.
  const writer = { at: behind.now, by: `${signature(behind)}/${behind.invocation}` }
  const applied = await applyDocument(
    deps.ledger,
    found.found,
    commandOf(instruction, found, behind.now),
    writer,
  )
  await bringUpToDate(deps, applied.now)
  const subject = instruction.reference
  if (!applied.refusal) return { effects: [{ subject, ...done(applied.now.state.state) }] }
  if (!saidBefore(found, instruction)) return refusedBy(instruction, applied.refusal)
  return { effects: [{ subject, ...done(`written down before: ${applied.now.state.state}`) }] }
}
