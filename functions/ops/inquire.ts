import type { Command } from '../../shared/api/step.ts'
import { openAttempt } from '../../shared/domain/fold.ts'
import { earliest, type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { type PayoutCase, project, readCase } from '../../shared/ledger/payout.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import { inBatches } from '../batches.ts'
import { recordIntent, recordOutcome, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import type { InstructionAnswer } from './instruct.ts'
import { done, type Effect, leftAlone, type Outcome } from './instructions/carried.ts'
import { nameOf } from './listed.ts'
import { shardsOf } from './lists.ts'
import { nominateFrom } from './pages.ts'

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

type Heads = (partner: string) => Promise<Instant>

/** By lane, the place right before all its questions as they are now, and due: a run puts the oldest first, and not all. */
function headsOf(deps: OpsDependencies, now: Instant): Heads {
  const find = async (partner: string) => {
    const lists = shardsOf(deps, 'unknown', partner)
    const [first] = await nominateFrom(deps.ledger, { lists, range: {}, limit: 1 })
    return first ? earliest(now, plusSeconds(first.place.at, -0.001)) : now
  }
  const heads = new Map<string, Promise<Instant>>()
  return (partner) => {
    const head = heads.get(partner) ?? find(partner)
    heads.set(partner, head)
    return head
  }
}

/** Asked with the next run, if it still waits to be asked; its row is brought up to date first. */
async function hasten({ ledger, shards }: OpsDependencies, key: PayoutKey, headOf: Heads): Promise<Outcome> {
  for (let race = 0; race < racesMax; race++) {
    const found = await readCase(ledger, key)
    if (!found) return leftAlone('not found: nobody is entitled to it')
    const nothing = nothingToAsk(found)
    if (nothing !== undefined) return leftAlone(nothing)
    const isCurrent = found.row?.seq === found.standing.seq
    const row = isCurrent && found.row ? found.row : await project(ledger, found, shards)
    const head = await headOf(row.partner ?? '')
    if (row.at !== undefined && row.at <= head) return asked
    if ((await ledger.participants.postpone(row, head)) === 'postponed') return asked
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
  const headOf = headsOf(deps, command.now)
  const effects = await inBatches(distinct, batchMax, (batch) =>
    Promise.all(
      batch.map(async (one): Promise<Effect> => {
        return { subject: nameOf(one), ...(await hasten(deps, one, headOf)) }
      }),
    ),
  )
  await recordOutcome(deps, command, 'inquire', { effects: tallied(effects) })
  return { result: 'done', effects: [...effects] }
}
