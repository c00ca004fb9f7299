import { isRefused, type Refused, refuse } from '../../../shared/api/problem.ts'
import { decide, type Refusal } from '../../../shared/domain/decide.ts'
import { beyondSendingFrom, type DocumentCommand, type Windows } from '../../../shared/domain/document.ts'
import { type Attempt, attemptNumbered } from '../../../shared/domain/fold.ts'
import type { Instant } from '../../../shared/domain/instant.ts'
import { parseReference } from '../../../shared/domain/reference.ts'
import { applyDocument } from '../../../shared/ledger/float.ts'
import { type PayoutCase, readCase } from '../../../shared/ledger/payout.ts'
import { type Instruction, peopleNeeded } from '../../../shared/operations/instructions.ts'
import { configurationOf } from '../../../shared/partners/registry.ts'
import type { Likeness } from '../../../shared/reconciliation/absence.ts'
import { bringUpToDate } from '../../cases.ts'
import { readAbsence, sayAbsence } from '../absence.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { shownAt } from '../listed.ts'
import { type Behind, type Carried, done, type Judged, type Stated, signature } from './carried.ts'

/** What people know of one attempt by a document: what became of it, or of what was paid twice. */

type AttemptInstruction = Extract<Instruction, { instruction: 'settle' | 'recovered' | 'write-off' }>
type Found = { readonly found: PayoutCase; readonly attempt: Attempt }

async function findAttempt({ ledger }: OpsDependencies, reference: string): Promise<Found | Refused> {
  const parsed = parseReference(reference)
  const found = parsed && (await readCase(ledger, parsed))
  const attempt = found && attemptNumbered(found.standing, parsed.attempt)
  return attempt ? { found, attempt } : refuse(404, `No attempt has the reference ${reference}.`)
}

function windowsOf({ claim }: Attempt): Windows {
  const { settleWindowSeconds, idempotencyWindowSeconds } = configurationOf(claim.partner)
  return { settleWindowSeconds, idempotencyWindowSeconds }
}

function commandOf(instruction: AttemptInstruction, attempt: Attempt, now: Instant): DocumentCommand {
  const { document } = instruction
  const about = { attempt: attempt.claim.attempt, document }
  if (instruction.instruction !== 'settle') return { command: instruction.instruction, ...about }
  const { outcome } = instruction
  return { command: 'attest', ...about, outcome, now, windows: windowsOf(attempt) }
}

const why: Readonly<Record<Refusal, (attempt: Attempt) => string>> = {
  'already-settled': () => 'the journal has proof that it was paid',
  'attempt-closed': () => 'it is closed: the journal has proof that it was not paid',
  overtaken: () => 'something was written about the payout in between; look at it and try again',
  'nothing-new': () => 'this was written down before',
  'too-early': (attempt) =>
    `it may be settled by a document from ${shownAt(beyondSendingFrom(attempt, windowsOf(attempt)))} on. Until then its request may be sent again or still be accepted, so that the partner's own answer is the better proof, also that it was paid; a debit on the partner's statement settles it as paid before`,
  'not-allowed': ({ status }) =>
    status === 'pending'
      ? 'the partner calls it pending: its own changed answer or its statement closes it, and no document that contradicts what it says; inquire has it asked again'
      : 'its state does not allow it: an attempt is settled by a document only while its outcome is unknown, and only what a partner has paid twice can come back or be given up',
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
      event.attempt === attempt.claim.attempt &&
      event.evidence.document === instruction.document,
  )
}

const refusedBy = (attempt: Attempt, refusal: Refusal): Refused =>
  refuse(422, `${attempt.claim.reference} cannot be changed so: ${why[refusal](attempt)}.`)

/** What lifts the refusal because of a debit that may be the payment. */
const remedies: Readonly<Record<Likeness, string>> = {
  reference:
    'Ask the partner what it has booked: where it has paid, settle it as paid; where it has not, its corrected statement says so, or a later one that takes the debit back. Writing the break off proves neither.',
  'left-out': 'Ask the partner for a corrected statement of that day.',
  amount:
    'Ask the partner whose debit it is: its corrected statement says so, or two people write its break off.',
}

/**
 * What the partner's statements say where an attempt is to be settled as not paid. Refused only by a debit that may be
 * this very payment; whatever else the statements lack, the document is the proof, and people are told.
 */
async function askStatements(
  deps: OpsDependencies,
  instruction: AttemptInstruction,
  attempt: Attempt,
  now: Instant,
): Promise<Stated | Refused | undefined> {
  const isNotPaid = instruction.instruction === 'settle' && instruction.outcome === 'not-paid'
  if (!isNotPaid || attempt.status !== 'unknown') return undefined
  const absence = await readAbsence(deps, attempt, now)
  const statements = sayAbsence(absence, now)
  if (absence.absence !== 'debit-unmatched') return { statements }
  return refuse(
    422,
    `${instruction.reference} cannot be settled as not paid: the statements have ${statements}. ${remedies[absence.because]}`,
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
  const { attempt } = found
  const decision = decide(found.found, commandOf(instruction, attempt, now))
  if ('refusal' in decision && !saidBefore(found, instruction)) return refusedBy(attempt, decision.refusal)
  return (await askStatements(deps, instruction, attempt, now)) ?? peopleNeeded[instruction.instruction]
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
  const { attempt } = found
  const stated = await askStatements(deps, instruction, attempt, behind.now)
  if (stated && isRefused(stated)) return stated
  // Release tells by the signature what a dead worker has written, so that it must be of this invocation alone.
  const writer = { at: behind.now, by: `${signature(behind)}/${behind.invocation}` }
  const applied = await applyDocument(
    deps.ledger,
    found.found,
    commandOf(instruction, attempt, behind.now),
    writer,
  )
  await bringUpToDate(deps, applied.now)
  const subject = instruction.reference
  if (!applied.refusal) return { effects: [{ subject, ...done(applied.now.state.state) }] }
  // Another run of the same approval may have been first.
  if (!saidBefore({ found: applied.now, attempt }, instruction)) {
    const changed = attemptNumbered(applied.now.standing, attempt.claim.attempt)
    return refusedBy(changed ?? attempt, applied.refusal)
  }
  return { effects: [{ subject, ...done(`written down before: ${applied.now.state.state}`) }] }
}
