import type * as z from 'zod'
import { type CivilDate, civilDate, type Instant, plusDays } from '../../shared/domain/instant.ts'
import { brokenAudit } from '../../shared/operations/audit.ts'
import { digestDue, digestOf } from '../../shared/operations/digest.ts'
import type { AuditRecord, Register } from '../../shared/operations/register.ts'
import type { auditAnswer, auditQuery } from '../../shared/operations/schemas.ts'
import type { OpsDependencies } from './dependencies.ts'
import { type Refused, refuse } from './problem.ts'
import type { Command } from './step.ts'

/** Writes down what somebody has commanded and what came of it. `action`: the route, and the instruction if it is one. */
export async function recordCommand(
  { register }: { readonly register: Pick<Register, 'record'> },
  { person, key, now }: Command,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await register.record({ at: now, by: person, action, detail: { ...detail, key } })
}

/** Effects as the audit trail keeps them: how many came to what. Each payout's own is in its journal. */
export function tallied(effects: readonly { readonly outcome: string }[]): Readonly<Record<string, number>> {
  const tally: Record<string, number> = {}
  for (const { outcome } of effects) tally[outcome] = (tally[outcome] ?? 0) + 1
  return tally
}

/** Days that one request may ask for. */
const daysMax = 31

/** What the digest of a day says of its records; nothing while it is not due, or on a day without either. */
async function compare(
  { digests }: Pick<OpsDependencies, 'digests'>,
  day: CivilDate,
  records: readonly AuditRecord[],
  now: Instant,
): Promise<z.input<typeof auditAnswer>['digests']> {
  const kept = await digests.read(day)
  if (kept) return [{ day, hash: kept.hash, matches: kept.hash === digestOf(day, records).hash }]
  return records.length === 0 || now < digestDue(day) ? [] : [{ day, matches: 'missing' }]
}

/**
 * The audit trail of some days, with its chain checked link by link and held against the digests of its
 * days. The records' times are as their hashes have them,
 * in UTC, so that whoever has the answer can check it, too.
 */
export async function audit(
  deps: Pick<OpsDependencies, 'register' | 'digests'>,
  { from, to }: z.output<typeof auditQuery>,
  now: Instant,
): Promise<z.input<typeof auditAnswer> | Refused> {
  const [first, last] = [civilDate(from), civilDate(to)]
  const days: CivilDate[] = []
  for (let day = first; day <= last && days.length < daysMax; day = plusDays(day, 1)) days.push(day)
  if (days.at(-1) !== last) {
    return refuse(
      400,
      `The query cannot be read. to: must be from's day or later, and within ${daysMax} days of it`,
    )
  }
  const each = await Promise.all(
    days.map(async (day) => {
      const records = await deps.register.audit(day)
      return { records, digests: await compare(deps, day, records, now) }
    }),
  )
  const records = each.flatMap((day) => day.records)
  const broken = brokenAudit(records)
  return {
    records: records.map(({ detail, ...record }) => ({ ...record, detail: { ...detail } })),
    digests: each.flatMap((day) => day.digests),
    ...(broken && { broken: `${broken.day} ${broken.seq}` }),
  }
}
