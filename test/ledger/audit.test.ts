import { afterAll, describe, expect, test } from 'vitest'
import { type Instant, jakartaDate, plusDays, plusSeconds, startOfDay } from '../../shared/domain/instant.ts'
import { brokenAudit } from '../../shared/operations/audit.ts'
import type { AuditDraft, AuditRecord } from '../../shared/operations/register.ts'
import { startTestEngine } from '../support/engine.ts'
import { now } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const register = engine.openRegister()

describe('the audit trail', () => {
  /** Days after all that were written before: the trail never goes back. */
  const startOf = (day: number): Instant => startOfDay(plusDays(jakartaDate(now), day))
  const draftOf = (at: Instant, detail: AuditDraft['detail'] = {}): AuditDraft => ({
    at,
    by: { role: 'operator', name: 'ani' },
    action: 'instruct/hold',
    detail,
  })
  let names = 0
  /** Adds a record under a name of its own. */
  async function add(draft: AuditDraft, to = register): Promise<AuditRecord> {
    const record = await to.record(`name-${++names}`, draft)
    if (record === 'recorded-before') throw new Error('the name was used before')
    return record
  }

  test('gives each record its place in its day and the hash of the one before, over the days', async () => {
    const moments = [startOf(1), plusSeconds(startOf(1), 5), plusSeconds(startOf(1), 9), startOf(3)]
    const written = []
    for (const moment of moments) written.push(await add(draftOf(moment, { subject: 'P-1' })))
    expect(written.map(({ seq }) => seq)).toEqual([1, 2, 3, 1])
    const days = [1, 2, 3].map((day) => jakartaDate(startOf(day)))
    const kept = await Promise.all(days.map(register.audit))
    expect(kept).toEqual([written.slice(0, 3), [], written.slice(3)])
    expect(brokenAudit(kept.flat())).toBeUndefined()
  })

  test('keeps what JSON keeps of a detail, so that its hash can be recomputed', async () => {
    const detail = { none: undefined, empty: '', nested: [{ b: 1, a: null }], yes: true, share: 0.2 }
    const record = await add(draftOf(startOf(4), detail))
    const { none: _, ...told } = detail
    expect(record.detail).toEqual(told)
    expect(await register.audit(record.day)).toEqual([record])
    expect(brokenAudit([record])).toBeUndefined()
  })

  test('never goes back: a clock that is behind writes in the day that has begun', async () => {
    const first = await add(draftOf(startOf(6)))
    const late = plusSeconds(startOf(6), -3)
    const second = await add(draftOf(late))
    expect(second).toMatchObject({ day: first.day, seq: 2, at: late, previousHash: first.hash })
  })

  test('is one chain however many write at once', async () => {
    const at = startOf(8)
    await Promise.all(Array.from({ length: 6 }, (_, nth) => add(draftOf(at, { nth }))))
    const records = await register.audit(jakartaDate(at))
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(records.map(({ detail }) => detail.nth).toSorted()).toEqual([0, 1, 2, 3, 4, 5])
    expect(brokenAudit(records)).toBeUndefined()
  })

  test('has a record once whose answer was lost and which the client repeats', async () => {
    const at = startOf(10)
    const record = await add(draftOf(at), engine.openRegister(engine.connectUnlucky()))
    expect(await register.audit(jakartaDate(at))).toEqual([record])
  })

  test('has a record of one name once, whoever writes it again and whatever it says', async () => {
    const at = startOf(12)
    const writers = Array.from({ length: 4 }, (_, nth) => register.record('ani key-1', draftOf(at, { nth })))
    const outcomes = await Promise.all(writers)
    const kept = await register.audit(jakartaDate(at))
    expect(kept).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome !== 'recorded-before')).toEqual(kept)
    await add(draftOf(at))
    expect(await register.record('ani key-1', draftOf(at))).toBe('recorded-before')
    expect(await register.audit(jakartaDate(at))).toHaveLength(2)
  })
})
