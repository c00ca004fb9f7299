import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accrualOf, entriesOfLife, paidAfter } from '../../finance/people.ts'
import { corrupted } from '../publish/records.ts'
import { startTotals, type TotalsWorld } from '../totals/world.ts'
import { captureLog, newContext, prepare, variablesOf } from './host.ts'
import { linesOf, metricsOf, strayFields } from './log.ts'

/** The totals function whole: from the stream's records to the sums and the files. */

const totals = await startTotals()
afterAll(() => totals.stop())
const variables = { ...(await variablesOf(totals.engine)), ...totals.bucket.variables }
let world: TotalsWorld
beforeEach(async () => {
  world = await totals.begin()
  prepare('totals', { ...variables, JOURNAL_TABLE: world.names.journal, FINANCE_TABLE: world.names.finance })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

async function handle(Records: readonly object[], window = { shardId: 'shardId-00000001-a' }) {
  const { handler } = await import('../../../functions/totals/handler.ts')
  const log = captureLog()
  try {
    const answer = await handler({ Records, state: {}, ...window }, newContext())
    return { answer, log: log() }
  } finally {
    vi.restoreAllMocks()
  }
}

const journal = entriesOfLife('P-1', { 'incentive-1': paidAfter(0) })

test('a batch is counted, and told by its number only', async () => {
  const { answer, log } = await handle(await world.write(journal))
  expect(answer).toEqual({ state: {} })
  expect(metricsOf(log)).toMatchObject({ MovementCounted: 3 })
  expect(strayFields(log)).toEqual([])
  expect(await world.wrongFor(journal)).toEqual({ differences: [], files: [] })
  expect(world.keys()).toEqual([
    expect.stringMatching(
      /^movements\/partner=gopay\/day=2020-09-18\/shardId-00000001-a-\d+-\d+\.ndjson\.gz$/,
    ),
    expect.stringMatching(
      /^movements\/partner=none\/day=2020-09-18\/shardId-00000001-a-\d+-\d+\.ndjson\.gz$/,
    ),
  ])
})

test('what comes again is answered like the first time, and counts nothing', async () => {
  const records = await world.write(journal)
  await handle(records)
  const { answer, log } = await handle(records)
  expect(answer).toEqual({ state: {} })
  expect(linesOf(log).some((line) => 'MovementCounted' in line)).toBe(false)
})

test('the last of a window without records is answered', async () => {
  expect((await handle([])).answer).toEqual({ state: {} })
})

test('what is no entry fails the batch, so that Lambda halves it', async () => {
  const [accrued = {}] = await world.write([accrualOf('P-1')])
  await expect(handle([accrued, corrupted()])).rejects.toThrow()
  expect(await world.counters.read()).toEqual([])
})
