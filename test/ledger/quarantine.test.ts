import { createHash } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { Refused } from '../../shared/ledger/ports.ts'
import { startTestEngine } from '../support/engine.ts'
import { linkOf, now } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { quarantine, accounts } = engine.open()

const refusedOf = (body: string, seconds = 0): Refused => ({
  hash: createHash('sha256').update(body).digest('hex'),
  reason: 'unknown-platform',
  detail: 'platform: one of the wave’s platforms was expected',
  body,
  at: plusSeconds(now, seconds),
})
const listed = async (bodies: readonly string[]) =>
  (await quarantine.list(1_000)).filter(({ body }) => bodies.includes(body))

test('the same body is kept once, as it was refused first', async () => {
  const first = refusedOf('{"a":1}')
  expect(await quarantine.refuse(first)).toBe('quarantined')
  expect(await quarantine.refuse(first)).toBe('duplicate')
  expect(await quarantine.refuse({ ...first, at: plusSeconds(now, 60), reason: 'another' })).toBe('duplicate')
  expect(await listed([first.body])).toEqual([first])
})

test('the same body many times at once is kept once', async () => {
  const refused = refusedOf('{"b":1}')
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => quarantine.refuse(refused)))
  expect(outcomes.sort()).toEqual([...Array(9).fill('duplicate'), 'quarantined'])
})

test('a body whose answer was lost and which the client repeats is quarantined, not a duplicate', async () => {
  const { quarantine: unlucky } = engine.open(engine.connectUnlucky())
  expect(await unlucky.refuse(refusedOf('{"c":1}'))).toBe('quarantined')
})

test('one is read by its hash', async () => {
  const [first, second] = [refusedOf('{"e":1}'), refusedOf('{"e":2}')]
  for (const refused of [first, second]) await quarantine.refuse(refused)
  expect(await quarantine.read(second.hash)).toEqual(second)
  expect(await quarantine.read(refusedOf('{"e":3}').hash)).toBeUndefined()
})

test('everything is listed, in the order of the hashes, and nothing else that lives in the table', async () => {
  await accounts.link(linkOf('P-1'))
  const order = [3, 1, 4, 1.5, 9, 2, 6, 5, 3.5, 8]
  const all = order.map((seconds) => refusedOf(`{"d":${seconds}}`, seconds))
  for (const refused of all) await quarantine.refuse(refused)
  const expected = all.toSorted((first, second) => (first.hash < second.hash ? -1 : 1))
  expect(await listed(all.map(({ body }) => body))).toEqual(expected)
})

test('is listed page by page, each from behind the last of the one before', async () => {
  const all = await quarantine.list(1_000)
  const found: Refused[] = []
  for (let page = 0; page <= all.length; page++) {
    const some = await quarantine.list(3, found.at(-1)?.hash)
    found.push(...some)
    if (some.length < 3) break
  }
  expect(found).toEqual(all)
  const [, second] = all
  if (!second) throw new Error('too few were refused')
  expect((await quarantine.list(1, second.hash.slice(0, 20)))[0]).toEqual(second)
  expect(await quarantine.list(1, 'f'.repeat(64))).toEqual([])
})

test('bodies are kept whole, and listed over as many pages as it takes', async () => {
  // Three of one partition: DynamoDB ends a page at 1 MB.
  const large = Array.from({ length: 3 }, (_, nth) => ({
    ...refusedOf(`${nth}${'x'.repeat(390_000)}`),
    hash: `f${nth}`.repeat(32),
  }))
  for (const refused of large) expect(await quarantine.refuse(refused)).toBe('quarantined')
  expect(await listed(large.map(({ body }) => body))).toEqual(large)
})
