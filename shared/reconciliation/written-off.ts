import type { CivilDate, Instant } from '../domain/instant.ts'
import type { BreakRecord } from './follow.ts'
import { statementDayOf } from './item.ts'
import type { Reconciliations, Remark } from './register.ts'

type Runs = Pick<Reconciliations, 'runsOf'>

/** The day of the statement that a break is of; none for a movement of ours alone, which no statement changes. */
function dayOf({ line, movement, day }: BreakRecord): CivilDate | undefined {
  if (line !== undefined) return statementDayOf(line)
  return movement === undefined ? day : undefined
}

/** When a day's statement was first reconciled as it is now. */
async function reconciledSince(
  { runsOf }: Runs,
  partner: string,
  day: CivilDate,
): Promise<Instant | undefined> {
  const runs = await runsOf(partner, day)
  const statement = runs.at(-1)?.summary.statement
  return runs.find((run) => run.summary.statement === statement)?.at
}

/**
 * Those of a partner's breaks, by their ids, that two people have written off since their statement was first reconciled
 * as it is now: on the one before the same break may have been another difference, and of this one nobody has said
 * anything. `remarks`: oldest first.
 */
export async function writtenOff(
  reconciliations: Runs,
  partner: string,
  breaks: readonly BreakRecord[],
  remarks: readonly Remark[],
): Promise<ReadonlySet<string>> {
  const givenUp = remarks.filter(({ writtenOffBy }) => writtenOffBy !== undefined)
  const last = new Map(givenUp.map(({ id, at }) => [id, at]))
  const said = breaks.flatMap((record) => {
    const at = last.get(record.id)
    return at === undefined ? [] : [{ id: record.id, at, day: dayOf(record) }]
  })
  const since = new Map<CivilDate, Instant | undefined>()
  for (const day of new Set(said.flatMap(({ day }) => day ?? [])))
    since.set(day, await reconciledSince(reconciliations, partner, day))
  const holds = ({ at, day }: (typeof said)[number]) => {
    const begun = day === undefined ? at : since.get(day)
    return begun !== undefined && begun <= at
  }
  return new Set(said.filter(holds).map(({ id }) => id))
}
