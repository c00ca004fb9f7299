import type * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Look } from '../../shared/api/step.ts'
import { civilDate } from '../../shared/domain/instant.ts'
import { type ExportRow, exported } from '../../shared/finance/export.ts'
import type { ExportQuery, exportAnswer } from '../../shared/finance/schemas.ts'
import { dueBy } from '../../shared/finance/totals.ts'
import type { FinanceDependencies } from './dependencies.ts'
import { toTheMillisecond } from './trial-balance.ts'

/** Rows that wait to be among a page's: those beyond it are thrown away when there are so many. */
const slack = 4

const inOrder = (one: ExportRow, other: ExportRow): number => (one.key < other.key ? -1 : 1)

/** Keeps the first rows by their keys of all that it is given, one of each key: the later of two. */
function createPage(size: number, after: string) {
  let rows = new Map<string, ExportRow>()
  const first = () => [...rows.values()].sort(inOrder).slice(0, size + 1)
  return {
    add(row: ExportRow): void {
      if (row.key <= after) return
      const before = rows.get(row.key)
      if (before && before.rank >= row.rank) return
      rows.set(row.key, row)
      if (rows.size > slack * (size + 1)) rows = new Map(first().map((each) => [each.key, each]))
    },
    first,
  }
}

/**
 * One page of a day: its movement files are read through once, and no more of them is kept than a few pages. A day that
 * cannot be read within one answer is refused: files are not in the order of the rows, so that part of them gives none.
 */
export async function exportDay(
  { movements }: Pick<FinanceDependencies, 'movements'>,
  { what, day, limit, after = '' }: ExportQuery,
  { now, timeLeft }: Pick<Look, 'now' | 'timeLeft'>,
): Promise<z.input<typeof exportAnswer> | Refused> {
  const { columns, rowOf } = exported[what]
  const page = createPage(limit, after)
  for await (const movement of movements.readDay(civilDate(day))) {
    if (!timeLeft())
      return refuse(
        422,
        `${day} has more movements than one answer can read: ask for them in Athena, whose table has the same files.`,
      )
    const row = rowOf(movement)
    if (row) page.add(row)
  }
  const rows = page.first()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    countedTo: toTheMillisecond(dueBy(now)),
    columns: [...columns],
    rows: shown.map(({ cells }) => [...cells]),
    ...(rows.length > limit && last && { next: last.key }),
  }
}
