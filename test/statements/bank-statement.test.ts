import { describe, expect, test } from 'vitest'
import { civilDate, type Instant, jakartaTimestamp, parseInstant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { InstantRange, Partner, StatementPage } from '../../shared/partners/partner.ts'
import { fetchBankStatement, readRecord } from '../../shared/statements/bank-statement.ts'
import { statementMappings } from '../../shared/statements/mappings.ts'
import { gather, whole } from './reading.ts'

const { remark } = statementMappings.bni
const day = civilDate('2020-09-18')
const record = {
  amount: { value: '600000.00', currency: 'IDR' },
  originAmount: { value: '600000.00', currency: 'IDR' },
  transactionDate: '2020-09-18T10:00:01+07:00',
  remark: 'TRANSFER PRAKERJA P-1-I1-A1',
  transactionId: 'BNI1',
  type: 'DEBIT',
  transactionDetailStatus: 'SUCCESS',
}
const line = {
  line: 1,
  day,
  direction: 'debit',
  amount: 600_000,
  partnerReferenceNo: 'P-1-I1-A1',
  referenceNo: 'BNI1',
}

describe('a record is a line', () => {
  test.each<[object, object | undefined]>([
    [{}, line],
    [{ type: 'CREDIT' }, { ...line, direction: 'credit' }],
    [{ transactionDate: '2020-09-17T17:00:00Z' }, line],
    [{ transactionDetailStatus: null }, line],
    [
      { remark: 'BIAYA NO. DOK INV-1' },
      { ...line, direction: 'fee', document: 'INV-1', partnerReferenceNo: undefined },
    ],
    [
      { remark: null, transactionId: '' },
      { ...line, referenceNo: undefined, partnerReferenceNo: undefined },
    ],
    [{ transactionDetailStatus: 'PENDING' }, undefined],
  ])('%j', (change, expected) => {
    expect(readRecord({ ...record, ...change }, 1, remark)).toEqual(expected)
  })

  test.each<[string, object]>([
    ['amount', { amount: { value: '600000.50', currency: 'IDR' } }],
    ['amount', { amount: { value: '-1', currency: 'IDR' } }],
    ['amount', { amount: { value: '1.00', currency: 'USD' } }],
    ['amount', { amount: 600_000 }],
    ['transactionDate', { transactionDate: '2020-09-18' }],
    ['transactionDate', { transactionDate: '2020-09-31T10:00:01+07:00' }],
    ['type', { type: 'D' }],
    ['remark', { remark: 'x'.repeat(257) }],
    ['transactionId', { transactionId: 'a b' }],
  ])('but not where %s is %j', (field, change) => {
    expect(readRecord({ ...record, ...change }, 7, remark)).toEqual({
      line: 7,
      complaint: expect.stringContaining(field),
    })
  })

  test.each([null, 'text', 7, []])('nor %j', (raw) => {
    expect(readRecord(raw, 1, remark)).toMatchObject({ complaint: expect.any(String) })
  })
})

/** A bank that gives these records, newest first, so many a page. */
function bankOf(
  records: readonly (typeof record)[],
  pageSize: number,
  answer?: (page: StatementPage) => StatementPage,
) {
  const asked: InstantRange[] = []
  const at = (text: string): Instant => {
    const read = parseInstant(text)
    if (!read) throw new Error('no instant')
    return read
  }
  async function bankStatement(range: InstantRange): Promise<StatementPage> {
    asked.push(range)
    const within = records.filter(({ transactionDate }) => {
      const time = at(transactionDate)
      return time >= range.from && time <= range.to
    })
    const page = within.slice(0, pageSize)
    const last = page.at(-1)
    const answered: StatementPage = {
      outcome: 'page',
      records: page,
      ...(last && within.length > page.length && { next: at(last.transactionDate) }),
      stated: { records: within.length, debits: rupiah(within.length * 600_000), credits: rupiah(0) },
    }
    return answer ? answer(answered) : answered
  }
  const unused = () => {
    throw new Error('only the statement is asked for')
  }
  const partner: Partner = {
    verify: unused,
    transfer: unused,
    inquire: unused,
    balance: unused,
    bankStatement,
  }
  const fetch = () =>
    gather(fetchBankStatement({ partner, day, now: () => at('2020-09-19T01:00:00Z'), remark }))
  return { fetch, asked }
}

/** As many records in each of some seconds, the newest first. */
const recordsIn = (...seconds: number[]) =>
  seconds.flatMap((count, second) =>
    Array.from({ length: count }, (_, index) => ({
      ...record,
      transactionDate: `2020-09-18T10:00:${String(59 - second).padStart(2, '0')}+07:00`,
      transactionId: `BNI${second}-${index}`,
    })),
  )

describe('a statement in pages', () => {
  test.each([
    [[], 3],
    [[3], 3],
    [[1, 1, 1, 1, 1, 1, 1], 3],
    [[2, 2, 2, 2], 3],
    [[1, 2, 2, 1, 2], 4],
  ])('%j a second, %i a page: each record is read once', async (seconds, pageSize) => {
    const records = recordsIn(...seconds)
    const { lines, ending } = await bankOf(records, pageSize).fetch()
    expect(lines.map(({ referenceNo }) => referenceNo)).toEqual(
      records.map(({ transactionId }) => transactionId),
    )
    expect(lines.map(({ line }) => line)).toEqual(records.map((_, index) => index + 1))
    expect(ending).toEqual(whole(records.length))
  })

  test('two records that are alike are two lines, wherever the page ends', async () => {
    const alike = recordsIn(1, 1, 1).map((one) => ({ ...one, transactionId: 'BNI' }))
    const [first, second, third] = alike
    if (!first || !second || !third) throw new Error('three records')
    for (const pageSize of [3, 4, 5]) {
      const { lines } = await bankOf([first, second, second, third], pageSize).fetch()
      expect(lines).toHaveLength(4)
    }
  })

  test('asks for the Jakarta day, and no more', async () => {
    const { fetch, asked } = bankOf(recordsIn(1), 3)
    await fetch()
    expect(asked.map(({ from, to }) => [jakartaTimestamp(from), jakartaTimestamp(to)])).toEqual([
      ['2020-09-18T00:00:00+07:00', '2020-09-18T23:59:59+07:00'],
    ])
  })

  test('totals of another number are told', async () => {
    const more = (page: StatementPage): StatementPage =>
      page.outcome === 'page' ? { ...page, stated: { records: 3, debits: rupiah(600_001) } } : page
    const { ending } = await bankOf(recordsIn(1), 3, more).fetch()
    expect(ending).toMatchObject({
      differences: [
        { total: 'lines', stated: 3, read: 1 },
        { total: 'debits', stated: 600_001, read: 600_000 },
      ],
    })
  })

  test.each<[string, number[], number, ((page: StatementPage) => StatementPage) | undefined, string]>([
    ['a page that is not given', [1], 3, () => ({ outcome: 'unavailable' }), 'ask again'],
    ['a second with more than a page', [9], 3, undefined, 'no end'],
  ])('is refused for %s', async (_, seconds, pageSize, answer, complaint) => {
    const { ending } = await bankOf(recordsIn(...seconds), pageSize, answer).fetch()
    expect(ending).toEqual({ ending: 'refused', complaint: expect.stringContaining(complaint) })
  })
})
