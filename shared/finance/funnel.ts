import type { CivilDate } from '../domain/instant.ts'
import type { MilestoneName } from './milestones.ts'
import type { FunnelQuery } from './schemas.ts'
import type { DayTotals } from './totals.ts'

/** How many participants have come how far, as the programme itself publishes it. */

export type Reached = Record<MilestoneName, number>
export type FunnelRow = {
  readonly group: { readonly day?: string; readonly month?: string; readonly wave?: number }
  readonly reached: Reached
}

const nobody = (): Reached => ({
  certificates: 0,
  entitled: 0,
  'first-incentive': 0,
  'all-incentives': 0,
  'paid-in-full': 0,
})

function groupOf({ by = [] }: FunnelQuery, day: CivilDate, wave: number): FunnelRow['group'] {
  return {
    ...(by.includes('day') ? { day } : by.includes('month') && { month: day.slice(0, 7) }),
    ...(by.includes('wave') && { wave }),
  }
}

const rankOf = ({ group: { day = '', month = '', wave = 0 } }: FunnelRow): string =>
  `${day}${month} ${String(wave).padStart(4, '0')}`

/** `days`: those of the period. */
export function funnelOf(
  days: readonly DayTotals[],
  query: FunnelQuery,
): { readonly rows: readonly FunnelRow[]; readonly total: Reached } {
  const rows = new Map<string, FunnelRow>()
  const total = nobody()
  for (const { day, milestones } of days)
    for (const { name, wave, participants } of milestones) {
      if (query.wave !== undefined && query.wave !== wave) continue
      const group = groupOf(query, day, wave)
      const key = JSON.stringify(group)
      const row = rows.get(key) ?? { group, reached: nobody() }
      rows.set(key, row)
      row.reached[name] += participants
      total[name] += participants
    }
  const inOrder = [...rows.values()].sort((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1))
  return { rows: inOrder, total }
}
