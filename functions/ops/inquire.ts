import type { Command } from '../../shared/api/step.ts'
import { openAttempt } from '../../shared/domain/fold.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { type PayoutCase, project, readCase } from '../../shared/ledger/payout.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import { inBatches } from '../batches.ts'
import { recordIntent, recordOutcome, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import type { InstructionAnswer } from './instruct.ts'
import { done, type Effect, leftAlone, type Outcome } from './instructions/carried.ts'
import { nameOf } from './listed.ts'

/** A row that keeps moving is being asked about already. */
const racesMax = 5
const batchMax = 8

/** Why there is nothing to ask, or `undefined`. */
function nothingToAsk({ standing, state }: PayoutCase): string | undefined {
  const open = openAttempt(standing)
  if (!open) return `not asked: no attempt is open, it is ${state.state}`
  return open.status === 'sending' ? 'not asked yet: it is being sent' : undefined
}

const asked = done('asked with the next run')

/** Asked with the next run, if it still waits to be asked; its row is brought up to date first. */
async function hasten({ ledger, shards }: OpsDependencies, key: PayoutKey, now: Instant): Promise<Outcome> {
  for (let race = 0; race < racesMax; race++) {
    const found = await readCase(ledger, key)
    if (!found) return leftAlone('not found: nobody is entitled to it')
    const nothing = nothingToAsk(found)
    if (nothing !== undefined) return leftAlone(nothing)
    const isCurrent = found.row?.seq === found.standing.seq
    const row = isCurrent && found.row ? found.row : await project(ledger, found, shards)
    if (row.at !== undefined && row.at <= now) return asked
    if ((await ledger.participants.postpone(row, now)) === 'postponed') return asked
  }
  return leftAlone('left alone: it is changing at this moment')
}

/** Puts payouts whose outcome is not known at the head of the questions to their partners. Asks nothing itself. */
export async function inquire(
  deps: OpsDependencies,
  payouts: readonly PayoutKey[],
  command: Command,
): Promise<InstructionAnswer> {
  const distinct = [...new Map(payouts.map((one) => [nameOf(one), one])).values()]
  await recordIntent(deps, command, 'inquire', { payouts: distinct.map(nameOf) })
  const effects = await inBatches(distinct, batchMax, (batch) =>
    Promise.all(
      batch.map(async (one): Promise<Effect> => {
        return { subject: nameOf(one), ...(await hasten(deps, one, command.now)) }
      }),
    ),
  )
  await recordOutcome(deps, command, 'inquire', { effects: tallied(effects) })
  return { result: 'done', effects: [...effects] }
}
