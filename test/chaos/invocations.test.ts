import { describe, expect, it } from 'vitest'
import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { type Environment, tables } from './environments.ts'
import type { Fault } from './faults.ts'
import { createInvocations, createPool } from './invocations.ts'
import { createMemoryDatabase } from './memory/database.ts'
import { createOperations, type Worker } from './operations.ts'
import { createRandom } from './random.ts'

const ledger = openLedgerWithAccounts(
  createMemoryDatabase(tables).connect(),
  tables,
  () => {},
  () => Promise.resolve('key'),
)

/** One function whose invocations wait for so many seconds, a minute at the most; `stops`: whether they are stopped then. */
function createScene(stops: boolean) {
  let milliseconds = 0
  const time = () => milliseconds
  const now = () => instant(milliseconds)
  const pace = { elapsed: time, wait: async () => {} }
  const operations = createOperations(time)
  const opened: Environment[] = []
  const told: string[] = []
  const invocations = createInvocations({
    misfortune: createRandom(1, 1),
    time,
    operations,
    open() {
      const environment: Environment = { ledger, shards: 1, now, pace, worker: undefined }
      opened.push(environment)
      return environment
    },
    chances: () => ({ skewRate: 0, zombieRate: stops ? 0 : 1 }),
    failed: ({ id }) => told.push(`${id} fails`),
    began: ({ id }) => told.push(`${id} begins`),
    stopped: ({ id }) => told.push(`${id} is late`),
  })
  const wait = (worker: Worker, seconds: number) => operations.sleep(worker, seconds * 1_000)
  const pool = createPool('pay', 60, () => wait)
  return {
    ...invocations,
    pool,
    opened,
    told,
    begin: (seconds: number, end: 'returns' | 'throws' = 'returns') =>
      invocations.invoke(
        pool,
        async (handler, worker, isHeard) => {
          await handler(worker, seconds)
          if (end === 'throws') throw new Error('a storm')
          if (isHeard()) told.push(`${worker.id} answers`)
        },
        () => told.push('the next is looked for'),
      ),
    /** What waits until then goes on, or meets this fault; `late`: before anybody looks whose time is over. */
    async at(seconds: number, { fault, late = false }: { fault?: Fault; late?: boolean } = {}) {
      milliseconds = seconds * 1_000
      if (!late) invocations.stopLate()
      for (const operation of [...operations.waiting]) {
        if ((operations.asleep.get(operation) ?? 0) > milliseconds) continue
        operations.waiting.splice(operations.waiting.indexOf(operation), 1)
        operation.proceed(fault)
      }
      await new Promise<void>((resolve) => process.nextTick(resolve))
      invocations.stopLate()
    },
  }
}

describe('an invocation', () => {
  it('that ends in time leaves its machine to the next', async () => {
    const { begin, at, pool, opened, told, busy, nextEnd } = createScene(true)
    begin(10)
    expect([pool.busy, busy(), nextEnd()]).toEqual([1, true, 60_000])
    await at(10)
    begin(10)
    await at(20)
    expect([opened.length, pool.busy, busy(), nextEnd()]).toEqual([1, 0, false, Number.POSITIVE_INFINITY])
    const [first, second] = [1, 2].map((id) => [`${id} begins`, `${id} answers`, 'the next is looked for'])
    expect(told).toEqual([...(first ?? []), ...(second ?? [])])
  })

  it('that fails in time leaves it, too', async () => {
    const { begin, at, pool, told } = createScene(true)
    begin(10, 'throws')
    await at(10)
    expect([told, pool.busy, pool.idle.length]).toEqual([
      ['1 begins', '1 fails', 'the next is looked for'],
      0,
      1,
    ])
  })

  it('whose machine dies leaves no machine', async () => {
    const { begin, at, pool, told, busy } = createScene(true)
    begin(10)
    await at(10, { fault: 'crash-before' })
    expect([told, pool.busy, pool.idle.length, busy()]).toEqual([['1 begins'], 0, 0, false])
  })

  it('whose time is over is stopped, with its machine', async () => {
    const { begin, at, pool, opened, told, busy } = createScene(true)
    begin(90)
    await at(60)
    expect([told, pool.busy, busy()]).toEqual([['1 begins', '1 is late'], 0, false])
    await at(90)
    begin(10)
    await at(100)
    expect([told.slice(2), opened.length]).toEqual([['2 begins', '2 answers', 'the next is looked for'], 2])
  })

  it('that ends too late, before anybody has looked, is not heard', async () => {
    const { begin, at, pool, told, busy } = createScene(true)
    begin(50)
    await at(60, { late: true })
    expect([told, pool.busy, pool.idle.length, busy()]).toEqual([['1 begins', '1 is late'], 0, 0, false])
  })

  it('that nobody stops goes on beside the next, and nobody hears its answer', async () => {
    const { begin, at, pool, opened, told, busy } = createScene(false)
    begin(90)
    await at(60)
    expect([pool.busy, busy()]).toEqual([0, true])
    begin(10)
    expect([pool.busy, opened.length]).toEqual([1, 2])
    await at(70)
    await at(90)
    expect(told).toEqual(['1 begins', '1 is late', '2 begins', '2 answers', 'the next is looked for'])
    expect([pool.busy, pool.idle.length, busy()]).toEqual([0, 1, false])
  })

  it('that nobody stops, and whose machine dies later, is over', async () => {
    const { begin, at, busy } = createScene(false)
    begin(90)
    await at(60)
    await at(90, { fault: 'crash-before' })
    expect(busy()).toBe(false)
  })
})
