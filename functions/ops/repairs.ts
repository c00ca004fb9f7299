import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import { civilDate, plusDays } from '../../shared/domain/instant.ts'
import { lastRepairable, type Repair, repairDaysMax, repairKeys } from '../../shared/finance/repair.ts'
import type { repairAnswer, repairRequest } from '../../shared/operations/repairs.ts'
import { recordIntent, recordOutcome } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import { commandId } from './instruct.ts'
import { shownAt } from './listed.ts'

type Shown = z.input<typeof repairAnswer>

/** How many of the newest are shown. */
const shownMax = 100
const racesMax = 20

function shown({ partners }: OpsDependencies, repair: Repair): Shown {
  const { id, from, to, reason, state, entries, next, parts, sums, movements, startedBy, at, endedAt } =
    repair
  return {
    ...{ id, from, to, reason, state, entries, read: next === null },
    ...{ parts, of: repairKeys(repair, partners).length, sums, movements, startedBy, at: shownAt(at) },
    ...(endedAt !== undefined && { endedAt: shownAt(endedAt) }),
  }
}

const noSuchRepair = (id: string): Refused => refuse(404, `There is no repair ${id}.`)

/** Why these days cannot be repaired, if they cannot. */
function mistakeIn({ from, to }: z.output<typeof repairRequest>, { now }: Command): Refused | undefined {
  if (from > to) return refuse(422, 'The first day is after the last.')
  if (plusDays(civilDate(from), repairDaysMax - 1) < to)
    return refuse(422, `A repair takes at most ${repairDaysMax} days.`)
  const last = lastRepairable(now)
  if (to > last)
    return refuse(
      422,
      `Entries of the days after ${last} may still be on their way, and would be counted twice: repair them later.`,
    )
  return undefined
}

/** Starts a repair of the sums and the movement files of some days. The same command again finds its own. */
export async function startRepair(
  deps: OpsDependencies,
  request: z.output<typeof repairRequest>,
  command: Command,
): Promise<Shown | Refused> {
  const mistake = mistakeIn(request, command)
  if (mistake) return mistake
  const { repairs, queues } = deps
  const fresh: Repair = {
    ...{ id: commandId(command), from: civilDate(request.from), to: civilDate(request.to) },
    ...{ reason: request.reason, state: 'running', entries: 0, pieces: [], parts: 0, sums: 0, movements: 0 },
    ...{ startedBy: command.person.name, at: command.now, version: 1 },
  }
  await recordIntent(deps, command, 'startRepair', { ...request })
  const isNew = (await repairs.start(fresh)) === 'started'
  const repair = isNew ? fresh : ((await repairs.repair(fresh.id)) ?? fresh)
  if (repair.state === 'running') await queues.sendRepair(repair.id)
  await recordOutcome(deps, command, 'startRepair', { repair: repair.id })
  return shown(deps, repair)
}

export const listRepairs = async (deps: OpsDependencies): Promise<{ repairs: Shown[] }> => ({
  repairs: (await deps.repairs.repairs()).slice(0, shownMax).map((repair) => shown(deps, repair)),
})

export async function readRepair(deps: OpsDependencies, id: string): Promise<Shown | Refused> {
  const repair = await deps.repairs.repair(id)
  return repair ? shown(deps, repair) : noSuchRepair(id)
}

/** Stops a repair; the piece it is busy with is still finished. What it has written is right, and stays. */
export async function stopRepair(
  deps: OpsDependencies,
  id: string,
  command: Command,
): Promise<Shown | Refused> {
  for (let race = 0; race < racesMax; race++) {
    const repair = await deps.repairs.repair(id)
    if (!repair) return noSuchRepair(id)
    if (repair.state === 'done') return refuse(409, `Repair ${id} is done: there is nothing to stop.`)
    await recordIntent(deps, command, 'stopRepair', { repair: id })
    const stopped: Repair = {
      ...{ ...repair, state: 'stopped', endedAt: command.now },
      version: repair.version + 1,
    }
    const isStopped = repair.state === 'stopped'
    if (!isStopped && (await deps.repairs.change(stopped)) === 'overtaken') continue
    await recordOutcome(deps, command, 'stopRepair', { repair: id, parts: repair.parts })
    return shown(deps, isStopped ? repair : stopped)
  }
  throw new Error(`repair ${id} was overtaken ${racesMax} times`)
}
