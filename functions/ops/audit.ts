import * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import { type CivilDate, civilDate, type Instant, plusDays } from '../../shared/domain/instant.ts'
import { brokenAudit } from '../../shared/operations/audit.ts'
import { digestDue, digestOf } from '../../shared/operations/digest.ts'
import type { AuditRecord, Register } from '../../shared/operations/register.ts'
import type { auditAnswer, auditQuery } from '../../shared/operations/trail.ts'
import type { OpsDependencies } from './dependencies.ts'

type Recorder = { readonly register: Pick<Register, 'record'> }
type Detail = Readonly<Record<string, unknown>>

/** A command leaves one record of each phase, however often it comes again under its key. */
async function recordPhase(
  phase: 'intent' | 'outcome',
  { register }: Recorder,
  { person, key, now }: Command,
  action: string,
  detail: Detail,
): Promise<void> {
  await register.record(`${person.name} ${key} ${phase}`, {
    at: now,
    by: person,
    action,
    detail: { phase, ...detail, key },
  })
}

/**
 * Writes down what somebody is about to do, before anything is changed: whatever becomes of the command, the trail knows
 * who wanted what. `action`: the route, and the instruction if it is one.
 */
export const recordIntent = (deps: Recorder, command: Command, action: string, detail: Detail) =>
  recordPhase('intent', deps, command, action, detail)

/** Writes down what came of a command. An intent without an outcome was cut off, or has not come to its end. */
export const recordOutcome = (deps: Recorder, command: Command, action: string, detail: Detail) =>
  recordPhase('outcome', deps, command, action, detail)

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

/** An answer may have 6 MB; a record is counted by its detail, the only part of it that may be long. */
const pageBytesMax = 3_000_000
const recordBytes = 700
const sizeOf = ({ detail }: AuditRecord): number => recordBytes + JSON.stringify(detail).length

/** A day and how many of its records were seen. */
const placeForm = /^(?<day>\d{4}-\d{2}-\d{2})\.(?<seen>\d{1,6})$/
type Place = { readonly day: CivilDate; readonly seen: number }

function placeOf(cursor: string | undefined, first: CivilDate): Place | undefined {
  if (cursor === undefined) return { day: first, seen: 0 }
  const { day, seen } = placeForm.exec(cursor)?.groups ?? {}
  return seen !== undefined && z.iso.date().safeParse(day).success
    ? { day: civilDate(day ?? ''), seen: Number(seen) }
    : undefined
}

/** As many records as one page may hold, at least one. */
function fitting(records: readonly AuditRecord[], room: number): readonly AuditRecord[] {
  let left = room
  const end = records.findIndex((record, index) => {
    left -= sizeOf(record)
    return left < 0 && index > 0
  })
  return end < 0 ? records : records.slice(0, end)
}

type Page = {
  readonly records: readonly AuditRecord[]
  /** The record before the page's first, where the page does not begin the trail's part. */
  readonly before?: AuditRecord
  /** Days that the page comes to the end of, with all their records. */
  readonly ended: readonly { readonly day: CivilDate; readonly records: readonly AuditRecord[] }[]
  readonly next?: Place
}

/** The records from a place on, day after day, until a page is full. */
async function readPage({ register }: Pick<OpsDependencies, 'register'>, from: Place, last: CivilDate) {
  const records: AuditRecord[] = []
  const ended: Page['ended'][number][] = []
  let before: AuditRecord | undefined
  let room = pageBytesMax
  let { seen } = from
  for (let day = from.day; day <= last; day = plusDays(day, 1)) {
    const all = await register.audit(day)
    const more = fitting(all.slice(seen), room)
    if (seen > 0) before = all[seen - 1]
    records.push(...more)
    room -= more.reduce((sum, record) => sum + sizeOf(record), 0)
    const place = { day, seen: seen + more.length }
    if (place.seen < all.length || (room <= 0 && day < last)) return { records, ended, before, next: place }
    ended.push({ day, records: all })
    seen = 0
  }
  return { records, ended, before }
}

/**
 * One page of the audit trail of some days, with its chain checked link by link and held against the digests of the
 * days that end on it. The records' times are as their hashes have them, in UTC, so that whoever has the answer can check
 * it, too.
 */
export async function audit(
  deps: Pick<OpsDependencies, 'register' | 'digests'>,
  { from, to, cursor }: z.output<typeof auditQuery>,
  now: Instant,
): Promise<z.input<typeof auditAnswer> | Refused> {
  const [first, last] = [civilDate(from), civilDate(to)]
  if (last < first || last >= plusDays(first, daysMax)) {
    return refuse(
      400,
      `The query cannot be read. to: must be from's day or later, and within ${daysMax} days of it`,
    )
  }
  const place = placeOf(cursor, first)
  if (!place || place.day < first || place.day > last) {
    return refuse(400, 'The query cannot be read. cursor: not one that a page of these days has given')
  }
  const { records, ended, before, next } = await readPage(deps, place, last)
  const digests = await Promise.all(ended.map((day) => compare(deps, day.day, day.records, now)))
  const broken = brokenAudit(records, before)
  return {
    records: records.map(({ detail, ...record }) => ({ ...record, detail: { ...detail } })),
    digests: digests.flat(),
    ...(broken && { broken: `${broken.day} ${broken.seq}` }),
    ...(next && { next: `${next.day}.${next.seen}` }),
  }
}
