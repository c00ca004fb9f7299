import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { mockClient } from 'aws-sdk-client-mock'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import type { RefusalReason } from '../../../functions/intake/refusals.ts'
import { epochMs } from '../../../shared/domain/instant.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { always, createTable, type Key } from '../../../shared/ledger/dynamodb/table.ts'
import type { Item } from '../../../shared/ledger/dynamodb/write-units.ts'
import type { LedgerWithAccounts } from '../../../shared/ledger/ports.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { certificateIssued, publishers } from '../events.ts'
import { batchOf, captureLog, newContext, prepare, variablesOf } from '../handlers/host.ts'
import { hostileBody, largeBody, validEvents } from './hostile-bodies.ts'
import { readsAsValid } from './reading.ts'
import { rewritten } from './rewriting.ts'
import { openTables } from './tables.ts'

/** A hundred thousand bodies, most of them hostile: each is accepted or quarantined, and none is too much. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const memory = openTables(engine.tables)
beforeEach(() => memory.clear())

const seed = 20_200_918
const now = at('2020-09-18T10:00:01+07:00')
const basis = {
  publishers,
  partners: { gopay: 'wallet', bni: 'bank' } as const,
  shards: 2,
  scheme: scheme2020,
}
const takeInto = (ledger: LedgerWithAccounts, body: string) =>
  takeIn({ ledger, ...basis }, body, now, 'intake/test')

/** What only the ledger can tell. */
const conflicts: readonly RefusalReason[] = ['certificate_conflict', 'survey_conflict', 'wave_conflict']

let bodiesTaken = 0
/** Takes a body in and compares what became of it with what another reader makes of it. */
async function take(body: string) {
  bodiesTaken++
  const taken = await takeInto(memory.ledger, body)
  const sound = taken.outcome !== 'quarantined' || conflicts.includes(taken.reason)
  if (sound !== readsAsValid(body, epochMs(now))) expect.fail(`${JSON.stringify(taken)}: ${body}`)
  return taken
}

/** Everything stored, but for the marks that every write has of its own. */
const storedOf = (items: readonly Item[]) => {
  const nameOf = ({ pk, sk }: Item) => `${pk?.S} ${sk?.S}`
  return items
    .map(({ putId: _, ...item }) => item)
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
}
const tables = Object.values(engine.tables)
const inMemory = () => tables.map((name) => storedOf(memory.itemsOf(name)))

describe('whatever a queue holds is accepted or quarantined, and nothing wrong is accepted', () => {
  test('anything, by twenties that meet each other; and once more, which changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileBody, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.nat(39),
        async (bodies, repeated) => {
          memory.clear()
          for (const body of bodies) await take(body)
          const body = bodies[repeated % bodies.length] ?? ''
          const before = memory.writes()
          expect((await take(body)).outcome).not.toBe('accepted')
          expect(memory.writes()).toBe(before)
        },
      ),
      { numRuns: 4_350, seed },
    )
  })

  test('messages as large as a queue takes', async () => {
    await fc.assert(
      fc.asyncProperty(largeBody, async (body) => void (await take(body))),
      { numRuns: 100, seed },
    )
  })

  const events = validEvents.slice(0, 3)
  const named = events.map((event) => [event['detail-type'], event] as const)
  test.for(named)('every truncation, and every byte damaged: %s', async ([, event]) => {
    const bytes = Buffer.from(JSON.stringify(event))
    for (const [place, byte] of bytes.entries()) {
      memory.clear()
      const [before, after] = [bytes.subarray(0, place), bytes.subarray(place + 1)]
      expect(await take(before.toString())).toEqual({ outcome: 'quarantined', reason: 'malformed' })
      const instead = [
        [],
        [byte, byte],
        [0],
        [0xff],
        [byte ^ 0x20],
        [byte ^ 1],
        ...['"', '\\', '{', '}', ',', '1'],
      ]
      for (const damage of instead) await take(Buffer.concat([before, Buffer.from(damage), after]).toString())
    }
  })

  test('and the same JSON in another hand is the same event', async () => {
    await fc.assert(
      fc.asyncProperty(rewritten, async ({ plain, other }) => {
        memory.clear()
        expect(await take(plain)).toMatchObject({ outcome: 'accepted' })
        const stored = inMemory()
        memory.clear()
        expect(await take(other)).toMatchObject({ outcome: 'accepted' })
        expect(inMemory()).toEqual(stored)
      }),
      { numRuns: 500, seed },
    )
  })

  test('a hundred thousand times', () => expect(bodiesTaken).toBeGreaterThan(100_000))
})

/** Of each outcome there is, some bodies. */
async function sampleOf(each: number): Promise<readonly string[]> {
  const byOutcome = new Map<string, string[]>()
  const ordinary = fc.sample(hostileBody, { numRuns: 4_000, seed })
  for (const body of [...fc.sample(largeBody, { numRuns: 20, seed }), ...ordinary]) {
    memory.clear()
    const taken = await take(body)
    const outcome = 'reason' in taken ? taken.reason : taken.eventType
    const bodies = byOutcome.get(outcome) ?? []
    if (bodies.length < each) byOutcome.set(outcome, [...bodies, body])
  }
  return [...byOutcome.values()].flat()
}
const sample = await sampleOf(40)

describe('the tables in memory are those of DynamoDB', () => {
  test('with a sample of bodies', async () => {
    const ledger = engine.open()
    expect(sample.length).toBeGreaterThan(300)
    for (const body of sample) expect(await takeInto(ledger, body)).toEqual(await take(body))
    const client = engine.connect()
    for (const [index, TableName] of tables.entries()) {
      const items: Item[] = []
      for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items)
      expect(storedOf(items)).toEqual(inMemory()[index])
    }
  })

  const probes: readonly (readonly [string, Key & Readonly<Record<string, unknown>>])[] = [
    ['the longest key', { pk: 'x'.repeat(2048), sk: 'x'.repeat(1024) }],
    ['no partition key', { pk: '', sk: 'x' }],
    ['no sort key', { pk: 'x', sk: '' }],
    ['a partition key too long', { pk: 'x'.repeat(2049), sk: 'x' }],
    ['a sort key too long', { pk: 'x', sk: 'x'.repeat(1025) }],
    ['a sort key of too many bytes', { pk: 'x', sk: '\u00e9'.repeat(513) }],
    ['an empty list', { pk: 'x', sk: 'x', list: '', at: 'x' }],
    ['an empty place in a list', { pk: 'x', sk: 'x', list: 'x', at: '' }],
    ['an empty text', { pk: 'x', sk: 'x', text: '' }],
    ['NUL', { pk: '\u0000', sk: '\u0000', text: '\u0000' }],
    ['half a character', { pk: 'x', sk: 'x', text: '\ud800' }],
    ['an item too large', { pk: 'x', sk: 'x', text: 'x'.repeat(409_600) }],
    ['a large item', { pk: 'x', sk: 'x', text: 'x'.repeat(409_000) }],
  ]
  const accepts = (client: DynamoDBClient, item: Key) =>
    createTable(client, engine.tables.payouts, () => {})
      .put(item, always)
      .then(
        () => true,
        () => false,
      )

  test.for(probes)('with %s', async ([, item]) => {
    expect(await accepts(memory.client, item)).toBe(await accepts(engine.connect(), item))
  })
})

describe('a hostile body in a batch', () => {
  const secrets = mockClient(SecretsManagerClient)
  beforeEach(async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'key of the tests' })
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
    prepare('intake', await variablesOf(engine))
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.useRealTimers()
    vi.unstubAllEnvs()
  })

  test('keeps none of the other nine from being taken in', async () => {
    const { handler } = await import('../../../functions/intake/handler.ts')
    const { participants } = engine.open()
    for (const [batch, body] of sample.filter((_, index) => index % 30 === 0).entries()) {
      const ids = Array.from({ length: 9 }, (_, index) => `B-${batch}-${index}`)
      const bodies = ids.map((id) => JSON.stringify(certificateIssued(id)))
      const log = captureLog()
      const response = await handler(batchOf(bodies.toSpliced(batch % 10, 0, body)), newContext())
      vi.restoreAllMocks()
      expect(response, log()).toEqual({ batchItemFailures: [] })
      const records = await Promise.all(ids.map((id) => participants.read(id)))
      expect(records.map(({ rows }) => rows.length)).toEqual(ids.map(() => 7))
    }
  })

  test('is taken in beside nine others, or comes back and is then', async () => {
    const { handler } = await import('../../../functions/intake/handler.ts')
    for (let first = 0; first < sample.length; first += 10) {
      const log = captureLog()
      let left = sample.slice(first, first + 10)
      // Those of one participant may race each other more often than intake tries.
      for (let delivery = 0; delivery < 10 && left.length > 0; delivery++) {
        const { batchItemFailures } = await handler(batchOf(left), newContext())
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
        left = left.filter((_, index) => failed.has(`message-${index}`))
      }
      vi.restoreAllMocks()
      expect(left, log()).toEqual([])
    }
  })
})
