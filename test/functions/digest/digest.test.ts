import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { digestDays } from '../../../functions/digest/digest.ts'
import { civilDate, type Instant } from '../../../shared/domain/instant.ts'
import { auditHash } from '../../../shared/operations/audit.ts'
import { digestOf } from '../../../shared/operations/digest.ts'
import type { AuditRecord, Register } from '../../../shared/operations/register.ts'
import { at } from '../../domain/examples.ts'
import { startBucket } from '../../support/bucket.ts'
import { startTestEngine, type TestEngine } from '../../support/engine.ts'
import { forge } from '../../support/forger.ts'
import { captureLog, newContext, prepare, variablesOf } from '../handlers/host.ts'
import { linesOf, metricsOf, strayFields } from '../handlers/log.ts'

/** The digests of the audit trail, on a real table and a real bucket. */

const bucket = await startBucket()
afterAll(() => bucket.stop())
let engine: TestEngine
let register: Register
beforeEach(async () => {
  engine = await startTestEngine()
  register = engine.openRegister()
})
afterEach(async () => {
  bucket.empty()
  await engine.stop()
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const day = civilDate('2020-09-18')
const midnight = at('2020-09-19T00:15:00+07:00')
const noDigests = { kept: 0, changed: [], failures: [] }

let records = 0
async function act(when: Instant, name = 'ani'): Promise<AuditRecord> {
  const by = { role: 'operator', name } as const
  const draft = { at: when, by, action: 'instruct/hold', detail: {} }
  const record = await register.record(`record-${++records}`, draft)
  if (record === 'recorded-before') throw new Error('the name was used before')
  return record
}
const run = (now: Instant, { digests } = bucket) => digestDays({ register, digests }, now)
const digestedDays = () => bucket.keys().map((key) => key.replace(/^audit\/|\.json$/g, ''))

test('a day that has ended is kept whole, and the one that has begun is not', async () => {
  await act(at('2020-09-18T00:00:00+07:00'))
  const last = await act(at('2020-09-18T23:59:59+07:00'))
  await act(at('2020-09-19T00:00:00+07:00'))
  await run(midnight)
  expect(digestedDays().at(-1)).toBe(day)
  const { hash } = digestOf(day, await register.audit(day))
  const kept = JSON.parse((await bucket.text(`audit/${day}.json`)) ?? '')
  expect(kept).toEqual({ day, records: 2, lastHash: last.hash, hash })
})

test('a day on which nobody did anything has a digest, too', async () => {
  await run(midnight)
  expect(await bucket.digests.read(day)).toMatchObject({ records: 0, lastHash: '' })
})

test('a second run, and one at the same time, change nothing', async () => {
  await act(at('2020-09-18T10:00:00+07:00'))
  const [one, other] = await Promise.all([run(midnight), run(midnight)])
  expect(one.kept + other.kept).toBe(7)
  const before = await bucket.text(`audit/${day}.json`)
  expect(await run(midnight)).toEqual(noDigests)
  expect(await bucket.text(`audit/${day}.json`)).toBe(before)
})

test('days without a digest are made up for, up to seven days back', async () => {
  await run(at('2020-09-12T00:15:00+07:00'))
  bucket.remove('audit/2020-09-10.json')
  bucket.remove('audit/2020-09-11.json')
  expect(await run(at('2020-09-18T00:15:00+07:00'))).toMatchObject({ kept: 7 })
  expect(digestedDays()).not.toContain('2020-09-10')
  expect(digestedDays().slice(-7)).toEqual(
    ['11', '12', '13', '14', '15', '16', '17'].map((date) => `2020-09-${date}`),
  )
})

test('a trail written anew, its own hashes right, is found out; the digest stays', async () => {
  const record = await act(at('2020-09-18T10:00:00+07:00'))
  await run(midnight)
  const before = await bucket.text(`audit/${day}.json`)
  const forged = { ...record, by: 'budi' }
  await forge(engine, { ...forged, hash: auditHash(forged) })
  expect(await run(at('2020-09-20T00:15:00+07:00'))).toEqual({ ...noDigests, kept: 1, changed: [day] })
  expect(await bucket.text(`audit/${day}.json`)).toBe(before)
})

test('a day that cannot be read holds up no other', async () => {
  const record = await act(at('2020-09-16T10:00:00+07:00'))
  const unreadable = {
    ...register,
    audit: (asked: typeof day) =>
      asked === record.day ? Promise.reject(new Error('unreadable')) : register.audit(asked),
  }
  const { kept, failures } = await digestDays({ register: unreadable, digests: bucket.digests }, midnight)
  expect({ kept, failures }).toEqual({ kept: 6, failures: [new Error('unreadable')] })
  expect(digestedDays()).not.toContain(record.day)
})

test('the function says what it did, and counts what it found changed', async () => {
  const record = await act(at('2020-09-18T10:00:00+07:00'))
  prepare('digest', { ...(await variablesOf(engine)), ...bucket.variables })
  const { handler } = await import('../../../functions/digest/handler.ts')
  const log = captureLog()
  expect(await handler({ now: '2020-09-18T17:15:00Z' }, newContext())).toEqual({ next: null, kept: 7 })
  await forge(engine, { ...record, by: 'budi' })
  expect(await handler({ now: '2020-09-18T17:15:00Z' }, newContext())).toEqual({ next: null, kept: 0 })
  expect(metricsOf(log())).toMatchObject({ AuditTampered: 1 })
  expect(linesOf(log())).toMatchObject([
    { message: 'days digested', count: 7 },
    { level: 'WARN', message: 'the audit trail of 2020-09-18 is not what its digest says' },
  ])
  expect(strayFields(log())).toEqual([])
})

test('the function fails where it cannot reach the bucket', async () => {
  prepare('digest', { ...(await variablesOf(engine)), ...bucket.variables, DIGESTS_BUCKET: 'test-nowhere' })
  const { handler } = await import('../../../functions/digest/handler.ts')
  captureLog()
  await expect(handler({ now: '2020-09-18T17:15:00Z' }, newContext())).rejects.toThrow(
    '7 days could not be digested',
  )
})
