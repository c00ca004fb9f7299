import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBook } from '../../infra/local/partners/book.ts'
import { leaveStatements } from '../../infra/local/statements.ts'
import { instant, parseInstant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import { read, whole } from '../statements/reading.ts'

/** Three days in Jakarta; on the second nothing happens. */
const bookOf = () => {
  let time = new Date('2020-09-18T03:00:00Z').getTime()
  const book = createBook({ float: rupiah(10_000_000), document: 'SP2D-1', now: () => time })
  const days = ['2020-09-18T04:00:00Z', '2020-09-18T16:59:59.999Z', '2020-09-19T17:00:00Z']
  for (const [index, text] of days.entries()) {
    const at = parseInstant(text) ?? instant(0)
    book.enter({
      at,
      direction: 'debit',
      partnerReferenceNo: `P-${index}-I1-A1`,
      referenceNo: `R${index}`,
      amount: rupiah(600_000),
      accountNumber: '1234567890',
      serviceCode: '17',
    })
  }
  time = new Date('2020-09-25T03:00:00Z').getTime()
  return book
}

test('every partner leaves a statement of each day with movements, a bank in both formats', async () => {
  const data = mkdtempSync(join(tmpdir(), 'statements-'))
  const statements = join(data, 'statements')
  mkdirSync(join(statements, 'ovo'), { recursive: true })
  writeFileSync(join(statements, 'ovo', '2019-01-01.csv'), 'of an earlier run')
  leaveStatements(
    data,
    new Map([
      ['bni', bookOf()],
      ['ovo', bookOf()],
    ]),
  )

  expect(readdirSync(statements).toSorted()).toEqual(['bni', 'ovo'])
  expect(readdirSync(join(statements, 'ovo')).toSorted()).toEqual(['2020-09-18.csv', '2020-09-20.csv'])
  expect(readdirSync(join(statements, 'bni')).toSorted()).toEqual([
    '2020-09-18.csv',
    '2020-09-18.xml',
    '2020-09-20.csv',
    '2020-09-20.xml',
  ])
  for (const [partner, format, file] of [
    ['ovo', 'csv', '2020-09-18.csv'],
    ['bni', 'csv', '2020-09-18.csv'],
    ['bni', 'camt.053', '2020-09-18.xml'],
  ] as const) {
    const { lines, ending } = await read(partner, format, readFileSync(join(statements, partner, file)))
    expect(ending).toEqual(whole(3))
    expect(lines.map(({ document, partnerReferenceNo }) => document ?? partnerReferenceNo)).toEqual([
      'SP2D-1',
      'P-0-I1-A1',
      'P-1-I1-A1',
    ])
  }
  const last = readFileSync(join(statements, 'bni', '2020-09-20.csv'), 'utf8')
  expect(last).toContain('600.000,00;0,00;8.200.000,00\n')
})
