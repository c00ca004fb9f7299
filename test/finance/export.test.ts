import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '../../infra/command/transport.ts'
import { finance } from '../../infra/finance/program.ts'
import { openWarehouse, type Warehouse } from '../../infra/warehouse/duckdb.ts'
import { exported } from '../../shared/finance/export.ts'
import { ok, operate, words } from '../ops/operator.ts'

let directory: string
let warehouse: Warehouse
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'export-'))
  warehouse = await openWarehouse(directory)
})
afterAll(() => {
  warehouse.close()
  rmSync(directory, { recursive: true })
})

const { columns } = exported.payouts
const row = (participant: string, provider: string | null, amount = 600_000) => [
  ...['2020-10-01', participant, 'incentive-1', 'incentive', amount, 'paid', '2020-10-01T03:00:00.000Z'],
  ...['bni', 1, `${participant}INCENTIVE101`, null, 5, 'prakerja-2020', 'tokopedia', provider],
]
const countedTo = '2020-10-12T11:30:00.000+07:00'
const awkward = ['Skill Academy', 'a "quoted", one', 'two\nlines', '', ' spaced ', null, 'Pelatihan – Ö 学']
const page = (rows: readonly unknown[], next?: string): Reply =>
  ok({ columns: [...columns], countedTo, rows, ...(next !== undefined && { next }) })
const pages = [
  page([]),
  page(
    awkward.slice(0, 4).map((provider, index) => row(`P-${index}`, provider)),
    'P-3/incentive-1',
  ),
  page(awkward.slice(4).map((provider, index) => row(`P-${index + 4}`, provider, 9_007_199_254_740_991))),
]
const give = (line: string, replies: readonly Reply[]) =>
  operate(words(`export --what payouts --from 2020-10-01 ${line}`), replies, { program: finance })

describe('an export', () => {
  test('has the same rows as Parquet and as CSV, whatever stands in them', async () => {
    const file = join(directory, 'payouts.parquet')
    const csv = await give('', pages)
    const parquet = await give(`--format parquet --file ${file}`, pages)
    expect(parquet).toMatchObject({ code: 0, out: '', err: '7 rows\n' })
    writeFileSync(join(directory, 'payouts.csv'), csv.out)
    const ofParquet = await warehouse.rows(`select * from read_parquet('${file}')`)
    const ofCsv = await warehouse.rows(
      `select * from read_csv('${directory}/payouts.csv', header = true, all_varchar = true)`,
    )
    expect(ofParquet.map(({ training_provider: provider }) => provider)).toEqual(awkward)
    expect(ofParquet.map((each) => Object.values(each).map((cell) => cell ?? '')).map(String)).toEqual(
      ofCsv.map((each) => Object.values(each).map((cell) => cell ?? '')).map(String),
    )
    expect(ofParquet.at(-1)?.amount).toBe(9_007_199_254_740_991)
    expect(Object.keys(ofParquet[0] ?? {})).toEqual(columns)
  })

  test('of nothing is a file of no rows', async () => {
    const file = join(directory, 'nothing.parquet')
    expect(await give(`--format parquet --file ${file}`, [page([])])).toMatchObject({
      code: 0,
      err: '0 rows\n',
    })
    expect(await warehouse.rows(`select * from read_parquet('${file}')`)).toEqual([])
  })

  test('that ends before its end leaves no file', async () => {
    const file = join(directory, 'half.parquet')
    const cut = [...pages.slice(0, 2), { unsent: 'the line is cut' }]
    expect(await give(`--format parquet --file ${file}`, cut)).toMatchObject({
      code: 1,
      err: 'the line is cut\n',
    })
    expect(existsSync(file)).toBe(false)
    expect(readdirSync(directory).filter((name) => name.startsWith('half'))).toEqual([])
  })
})
