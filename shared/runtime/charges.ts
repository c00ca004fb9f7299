import { log } from './log.ts'

const charges = new Map<string, number>()

/**
 * Adds up what an invocation's writes cost, where the log would say it. A function serves one invocation at a time, so
 * one map is enough.
 */
export function charge(owner: string, sk: string, units: () => number): void {
  if (!log.debugs()) return
  const payout = /^(?:incentive|survey)-\d/.exec(sk)?.[0]
  const key = `${owner} ${payout ?? 'facts'}`
  charges.set(key, (charges.get(key) ?? 0) + units())
}

/** Writes the sums to the log, once an invocation, and starts again. */
export function reportCharges(): void {
  if (charges.size === 0) return
  const rows = [...charges].map(([key, units]) => {
    const [owner = '', subject = ''] = key.split(' ')
    return [owner, subject, units] as const
  })
  charges.clear()
  log.debug('write units', { charges: rows })
}
