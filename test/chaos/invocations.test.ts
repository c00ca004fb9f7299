import { describe, expect, it } from 'vitest'
import { instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { type Environment, tables } from './environments.ts'
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

/** One function whose invocations take as long as they are told to, in seconds; `stops`: whether they are stopped in time. */
function createScene(stops: boolean) {
  let milliseconds = 0
  const time = () => milliseconds
  const now = () => instant(milliseconds)
  const pace = { elapsed: time, wait: async () => {} }
  const operations = createOperations(time)
  const opened: Environment[] = []
  const stopped: number[] = []
  const answers: number[] = []
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
    failed: () => {},
    began: () => {},
    stopped: ({ id }) => stopped.push(id),
  })
  const pool = createPool('pay', 60, () => (worker: Worker, seconds: number) => {
    return operations.sleep(worker, seconds * 1_000)
  })
  const settle = async () => {
    for (const operation of [...operations.waiting]) {
      if ((operations.asleep.get(operation) ?? 0) > time()) continue
      operations.waiting.splice(operations.waiting.indexOf(operation), 1)
      operation.proceed(undefined)
    }
    await new Promise<void>((resolve) => process.nextTick(resolve))
  }
  return {
    ...invocations,
    pool,
    opened,
    stopped,
    answers,
    /** Begins an invocation of a minute at the most. */
    begin: (seconds: number) =>
      invocations.invoke(
        pool,
        async (handler, worker, isHeard) => {
          await handler(worker, seconds)
          if (isHeard()) answers.push(worker.id)
        },
        () => {},
      ),
    async at(seconds: number) {
      milliseconds = seconds * 1_000
      invocations.stopLate()
      await settle()
    },
  }
}

describe('an invocation', () => {
  it('that ends in time leaves its machine to the next', async () => {
    const { begin, at, pool, opened, answers, busy } = createScene(true)
    begin(10)
    expect([pool.busy, busy()]).toEqual([1, true])
    await at(10)
    begin(10)
    await at(20)
    expect([answers, opened.length, pool.busy, busy()]).toEqual([[1, 2], 1, 0, false])
  })

  it('whose time is over is stopped, with its machine', async () => {
    const { begin, at, pool, opened, answers, stopped, busy } = createScene(true)
    begin(90)
    await at(60)
    expect([stopped, pool.busy, busy()]).toEqual([[1], 0, false])
    await at(90)
    begin(10)
    await at(100)
    expect([answers, opened.length]).toEqual([[2], 2])
  })

  it('that nobody stops goes on beside the next, and nobody hears its answer', async () => {
    const { begin, at, pool, opened, answers, busy } = createScene(false)
    begin(90)
    await at(60)
    expect([pool.busy, busy()]).toEqual([0, true])
    begin(10)
    expect([pool.busy, opened.length]).toEqual([1, 2])
    await at(70)
    await at(90)
    expect([answers, pool.busy, pool.idle.length, busy()]).toEqual([[2], 0, 1, false])
  })
})
