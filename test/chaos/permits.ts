import type { Item } from '../../shared/ledger/dynamodb/write-units.ts'
import type { Problem } from './checks.ts'

/** Permits on the lanes' control rows: none stays there for good, for what it hides of the float cannot be spent. */
export type Permits = {
  /** Hears of everything that is written to the table of payouts. */
  changed(after: Item): void
  /** Permits that are there still, days after they were taken; `now` in epoch milliseconds. */
  breaks(now: number): readonly Problem[]
}

const day = 86_400_000
/** What its worker has not taken off by then, release settles: it looks at every lane every minute. */
const settledAfter = 2 * day + 300_000
const staysMax = 3 * day

/** `appoint`: release looks at the lane then (epoch milliseconds; `Infinity`: it need not), also where nothing else calls
 *  it. */
export function createPermits(appoint: (lane: string, at: number) => void): Permits {
  /** When each was taken, by lane and worker. */
  const lanes = new Map<string, ReadonlyMap<string, number>>()
  return {
    changed({ pk, sk, permits }) {
      if (sk?.S !== 'CONTROL') return
      const lane = pk?.S?.replace('partner#', '') ?? ''
      const taken = Object.entries(permits?.M ?? {}).map(
        ([worker, permit]) => [worker, Date.parse(permit.M?.at?.S ?? '')] as const,
      )
      lanes.set(lane, new Map(taken))
      appoint(lane, Math.min(...taken.map(([, at]) => at)) + settledAfter)
    },
    breaks: (now) =>
      [...lanes].flatMap(([lane, taken]) => {
        const old = [...taken].filter(([, at]) => now - at > staysMax)
        const [worker, since] = old[0] ?? []
        if (worker === undefined || since === undefined) return []
        const detail = `${lane} keeps ${old.length} permits, that of ${worker} since ${new Date(since).toISOString()}`
        return [{ check: 'permit', subject: '', detail }]
      }),
  }
}
