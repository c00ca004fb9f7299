import { describe, expect, test } from 'vitest'
import { civilDate, type Instant, jakartaTimestamp, parseInstant } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { InstantRange, Partner, StatementPage } from '../../shared/partners/partner.ts'
import { statementPage } from '../../shared/partners/snap/statement.ts'
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
  test.each<[object, object]>([
    [{}, line],
    [{ type: 'CREDIT' }, { ...line, direction: 'credit' }],
    [{ transactionDate: '2020-09-17T17:00:00Z' }, line],
    [{ transactionDetailStatus: null }, line],
    [{ transactionDetailStatus: '' }, line],
    [
      { remark: 'BIAYA NO. DOK INV-1' },
      { ...line, direction: 'fee', document: 'INV-1', partnerReferenceNo: undefined },
    ],
    [
      { remark: null, transactionId: '' },
      { ...line, referenceNo: undefined, partnerReferenceNo: undefined },
    ],
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
    // Nothing has been booked by it yet, and it is asked for this once: a day that has one is not whole.
    ['transactionDetailStatus', { transactionDetailStatus: 'PENDING' }],
    ['transactionDetailStatus', { transactionDetailStatus: 'ERROR CORECTION' }],
    ['transactionDetailStatus', { transactionDetailStatus: 'success' }],
    ['transactionDetailStatus', { transactionDetailStatus: 7 }],
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
  answer?: (page: StatementPage, number: number) => StatementPage,
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
    return answer ? answer(answered, asked.length) : answered
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
    gather(
      fetchBankStatement({
        partner,
        day,
        now: () => at('2020-09-19T01:00:00Z'),
        secondsLeft: () => 900,
        remark,
      }),
    )
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

const emptyPage: StatementPage = { outcome: 'page', records: [], stated: {} }
const notFoundPage = statementPage({
  meaning: { means: 'not-found' },
  fields: { responseCode: '4041401' },
  evidence: { http: 404, code: '4041401' },
})
const lost = 'what lies between them may be missing'

/** Without totals, which are not mandatory, and with other pages after the first. */
const afterFirst =
  (change: (page: StatementPage) => StatementPage) =>
  (page: StatementPage, number: number): StatementPage => {
    const changed = number > 1 ? change(page) : page
    return changed.outcome === 'page' ? { ...changed, stated: {} } : changed
  }

/** Of a bank that takes the end of what it is asked for as the first moment that no longer counts. */
const exclusive = (page: StatementPage): StatementPage =>
  page.outcome === 'page' ? { ...page, records: page.records.slice(1) } : page

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

  test('a bank that finds nothing has booked nothing', async () => {
    const { lines, ending } = await bankOf([], 3, () => notFoundPage).fetch()
    expect({ lines, ending }).toEqual({ lines: [], ending: whole(0) })
  })

  test('a record that is not booked yet leaves the day less than whole', async () => {
    const [first, ...others] = recordsIn(1, 1, 1)
    if (!first) throw new Error('three records')
    const records = [{ ...first, transactionDetailStatus: 'PENDING' }, ...others]
    const { lines, unparsable, ending } = await bankOf(records, 3).fetch()
    expect(lines.map(({ line }) => line)).toEqual([2, 3])
    expect(unparsable).toHaveLength(1)
    expect(ending).toEqual(whole(3, 1))
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

  test.each<[string, number[], number, Parameters<typeof bankOf>[2], string]>([
    ['a page that is not given', [1], 3, () => ({ outcome: 'unavailable' }), 'ask again'],
    ['a second with more than a page', [9], 3, undefined, 'no end'],
    ['a next page that is not found', [1, 1, 1, 1], 3, afterFirst(() => notFoundPage), lost],
    ['a next page without records', [1, 1, 1, 1], 3, afterFirst(() => emptyPage), lost],
    [
      'next pages that leave out what they are asked for to',
      [1, 1, 1, 1, 1, 1],
      3,
      afterFirst(exclusive),
      lost,
    ],
  ])('is refused for %s', async (_, seconds, pageSize, answer, complaint) => {
    const { ending } = await bankOf(recordsIn(...seconds), pageSize, answer).fetch()
    expect(ending).toEqual({ ending: 'refused', complaint: expect.stringContaining(complaint) })
  })
})
