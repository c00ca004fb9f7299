import { type Refused, refuse } from '../../../shared/api/problem.ts'
import type { Command } from '../../../shared/domain/decide.ts'
import { payoutsOf, type Scheme } from '../../../shared/domain/scheme.ts'
import type { StateName } from '../../../shared/domain/state.ts'
import { apply, type PayoutCase, readCases } from '../../../shared/ledger/payout.ts'
import type { PayoutKey } from '../../../shared/ledger/ports.ts'
import { type Instruction, peopleNeeded } from '../../../shared/operations/instructions.ts'
import { casesMax, inBatches } from '../../batches.ts'
import { bringUpToDate } from '../../cases.ts'
import type { OpsDependencies } from '../dependencies.ts'
import { nameOf } from '../listed.ts'
import {
  type Behind,
  type Carried,
  done,
  type Effect,
  type Judged,
  leftAlone,
  type Outcome,
  reasonOf,
  signature,
} from './carried.ts'

/** Holding, letting go and cancelling: what is done to payouts that nothing is under way for. */

type HoldInstruction = Extract<Instruction, { instruction: 'hold' | 'unhold' | 'cancel' }>
type Name = HoldInstruction['instruction']

/** The payouts that are meant, each once. */
function payoutsMeant({ subjects }: HoldInstruction, scheme: Scheme): readonly PayoutKey[] {
  if ('participantId' in subjects) {
    const { participantId } = subjects
    return payoutsOf(scheme).map((payout) => ({ participantId, payout }))
  }
  return [...new Map(subjects.payouts.map((one) => [nameOf(one), one])).values()]
}

/** The account that was held together with its payouts: lifting the hold clears it, or the next payment would hold again. */
function heldAccount({ chain }: PayoutCase): { readonly accountVersion?: string } {
  const held = chain.map(({ event }) => event).findLast(({ type }) => type === 'held')
  return held?.type === 'held' && held.accountVersion !== undefined
    ? { accountVersion: held.accountVersion }
    : {}
}

/**
 * Why it takes two people to let go of it, if it does. Held because somebody else has linked the same account: to lift that
 * clears the account for whatever is paid to it later, too, so that one person alone could have a participant paid to a
 * stranger's. Held because a partner is still at work on an attempt that it had rejected: it may be paid twice.
 */
function reasonForTwo(found: PayoutCase): string | undefined {
  if (found.state.state !== 'held') return undefined
  if (heldAccount(found).accountVersion !== undefined) return 'its account is shared'
  const { reason } = found.state
  return reason === 'attempt-at-work' ? 'its partner may still pay what it had rejected' : undefined
}

const nobodyEntitled = (): Refused => refuse(404, 'Nobody is entitled to any of these payouts.')

/** Anybody may hold; to cancel takes two, and so does lifting some holds. */
export async function judgeHold(deps: OpsDependencies, instruction: HoldInstruction): Promise<Judged> {
  const { instruction: name } = instruction
  if (name === 'hold') return peopleNeeded.hold
  const found = await inBatches(payoutsMeant(instruction, deps.scheme), casesMax, (batch) =>
    readCases(deps.ledger, batch),
  )
  const cases = found.flatMap((one) => one ?? [])
  if (cases.length === 0) return nobodyEntitled()
  return name === 'cancel' || cases.some(reasonForTwo) ? 'two' : 'one'
}

function commandOf(name: Name, found: PayoutCase, reason: string): Command {
  if (name === 'unhold') {
    const since = found.state.state === 'held' ? { since: found.state.since } : {}
    return { command: 'release-hold', reason, ...heldAccount(found), ...since }
  }
  return { command: name, reason }
}

const open = leftAlone('not stoppable: an attempt is open')
const paid = leftAlone('not stoppable: it is paid')
const inOrder = done('not held')
const unmoved = leftAlone('left alone: it has changed in between, try again')

/** What nothing was written for, and why, by the state that the payout is in. */
const unwritten: Readonly<Record<Name, Readonly<Record<StateName, Outcome>>>> = {
  hold: {
    waiting: unmoved,
    scheduled: unmoved,
    sending: open,
    pending: open,
    unknown: open,
    failed: unmoved,
    held: done('held already'),
    paid,
    returned: unmoved,
    cancelled: leftAlone('not stoppable: it is cancelled'),
  },
  unhold: {
    waiting: inOrder,
    scheduled: inOrder,
    sending: inOrder,
    pending: inOrder,
    unknown: inOrder,
    failed: inOrder,
    held: unmoved,
    paid: inOrder,
    returned: inOrder,
    cancelled: leftAlone('not held: it is cancelled'),
  },
  cancel: {
    waiting: unmoved,
    scheduled: unmoved,
    sending: open,
    pending: open,
    unknown: open,
    failed: unmoved,
    held: unmoved,
    paid,
    returned: unmoved,
    cancelled: done('cancelled already'),
  },
}

function written(name: Name, { state }: PayoutCase): Outcome {
  if (name === 'hold') return done('held')
  return done(name === 'cancel' ? 'cancelled' : `hold lifted: ${state.state}`)
}

async function carryOutOne(
  deps: OpsDependencies,
  { instruction: name, reason }: HoldInstruction,
  found: PayoutCase,
  behind: Behind,
): Promise<Effect> {
  const { state } = found
  if (name === 'unhold' && state.state === 'held' && state.since > behind.asked) {
    return { subject: nameOf(found), ...leftAlone('left alone: it was held again since this was asked for') }
  }
  // It may have been held so since one person was found to be enough.
  const why = reasonForTwo(found)
  if (name === 'unhold' && behind.approvedBy === undefined && why)
    return { subject: nameOf(found), ...leftAlone(`not lifted: ${why}, which takes two people`) }
  const writer = { at: behind.now, by: signature(behind) }
  const applied = await apply(deps.ledger, found, commandOf(name, found, reasonOf(reason, behind)), writer)
  await bringUpToDate(deps, applied.now)
  const outcome = applied.refusal ? unwritten[name][applied.now.state.state] : written(name, applied.now)
  return { subject: nameOf(applied.now), ...outcome }
}

/** Each payout on its own: those that cannot be stopped any more are named, and the others are done. */
export async function carryOutHold(
  deps: OpsDependencies,
  instruction: HoldInstruction,
  behind: Behind,
): Promise<Carried> {
  const wanted = payoutsMeant(instruction, deps.scheme)
  const effects = await inBatches(wanted, casesMax, async (batch) => {
    const cases = await readCases(deps.ledger, batch)
    return Promise.all(
      batch.map((one, index) => {
        const found = cases[index]
        if (found) return carryOutOne(deps, instruction, found, behind)
        return { subject: nameOf(one), ...leftAlone('not found: nobody is entitled to it') }
      }),
    )
  })
  const known = effects.some(({ outcome }) => !outcome.startsWith('not found:'))
  return known ? { effects: [...effects] } : nobodyEntitled()
}
