import * as z from 'zod'
import type { CivilDate } from '../domain/instant.ts'
import { civilDateSchema } from '../ledger/schemas.ts'
import { type Break, breakSchema } from './break.ts'

export const breakStates = ['new', 'persisting', 'resolved'] as const
const count = z.int().nonnegative()

/** A break over successive runs. Only the reconcile function writes it. */
export const breakRecordSchema = breakSchema.extend({
  state: z.enum(breakStates),
  /** Days of the statements by which it was first and last found. */
  firstSeen: civilDateSchema,
  lastSeen: civilDateSchema,
  /** Every change of state, and the run that made it; the oldest are dropped. */
  history: z.array(z.object({ day: civilDateSchema, run: count, state: z.enum(breakStates) })),
})
export type BreakRecord = z.infer<typeof breakRecordSchema>

/** The run of a statement's day; 1 for the first, more when the day was reconciled again. */
export type RunName = { readonly day: CivilDate; readonly run: number }

/** Changes that one break remembers. */
const historyMax = 20

function changed(record: BreakRecord, state: BreakRecord['state'], { day, run }: RunName): BreakRecord {
  const last = record.history.at(-1)
  if (record.state === state && last) return record
  const history = [...record.history, { day, run, state }].slice(-historyMax)
  return { ...record, state, history }
}

function seen(record: BreakRecord | undefined, found: Break, name: RunName): BreakRecord {
  const { day, run } = name
  if (!record) {
    const history = [{ day, run, state: 'new' as const }]
    return { ...found, state: 'new', firstSeen: day, lastSeen: day, history }
  }
  const firstSeen = record.firstSeen < day ? record.firstSeen : day
  const isFirst = firstSeen === day && record.state !== 'resolved'
  const lastSeen = record.lastSeen > day ? record.lastSeen : day
  return { ...changed(record, isFirst ? 'new' : 'persisting', name), ...found, firstSeen, lastSeen }
}

/**
 * What a run makes of the breaks that are known: those it finds again persist, those it does not find are resolved,
 * and the others are new. Breaks of later days than the run's are left to the runs of those days, which follow when a
 * day is reconciled again. Answers with the records that change; the same run once more changes none.
 */
export function followBreaks(
  known: readonly BreakRecord[],
  found: readonly Break[],
  name: RunName,
): readonly BreakRecord[] {
  const before = new Map(known.map((record) => [record.id, record]))
  const now = new Map(found.map((one) => [one.id, seen(before.get(one.id), one, name)]))
  const gone = known
    .filter(({ id, state, firstSeen }) => !now.has(id) && state !== 'resolved' && firstSeen <= name.day)
    .map((record) => changed(record, 'resolved', name))
  return [...now.values(), ...gone].filter(
    (record) => JSON.stringify(record) !== JSON.stringify(before.get(record.id)),
  )
}
