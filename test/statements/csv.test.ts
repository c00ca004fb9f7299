import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readCsv } from '../../shared/statements/csv.ts'
import { statementMappings } from '../../shared/statements/mappings.ts'
import { readStatement } from '../../shared/statements/read.ts'
import { chunks, gather, read, whole } from './reading.ts'

/** A day of each partner, as it would come. */
const files = {
  bni: `Tanggal Buku;Jam;Uraian Transaksi;No. Referensi;Debet;Kredit;Saldo
18/09/2020;08:00:00;PINDAH DANA NO. DOK SP2D-7;F1;0,00;10.000.000,00;10.000.000,00
18/09/2020;10:00:01;"TRANSFER PRAKERJA P-00017-I1-A1; LANCAR";BNI1;600.000,00;0,00;9.400.000,00
18/09/2020;11:00:00;RETUR P-00017-I1-A1;BNI2;;600.000,00;10.000.000,00
18/09/2020;23:00:00;BIAYA ADMINISTRASI NO. DOK INV-1;BNI3;2.500;;9.997.500,00
TOTAL;4;;;602.500,00;10.600.000,00;9.997.500,00
`,
  gopay: `created_at,type,amount,currency,partner_reference_no,reference_no,status
2020-09-18T01:00:00Z,topup,10000000.00,IDR,SP2D-7,F1,completed
2020-09-17T17:00:00.123Z,payout,600000.00,IDR,P-00017-I1-A1,GO1,completed
2020-09-18T11:00:00+07:00,refund,600000,IDR,P-00017-I1-A1,GO2,completed
2020-09-18T16:59:59Z,fee,2500.00,IDR,INV-1,GO3,completed
`,
  linkaja: `Transaction Date|Transaction Type|Merchant Trx ID|LinkAja Ref ID|Amount|Balance
18-09-2020|CREDIT|SP2D-7|F1|10,000,000.00|10,000,000.00
18-09-2020 10:00|DISBURSEMENT|P-00017-I1-A1|LA1|-600,000.00|9,400,000.00
18-09-2020|CREDIT|P-00017-I1-A1|LA2|600,000|10,000,000.00
18-09-2020|FEE|INV-1|LA3|-2,500.00|9,997,500.00
TRAILER|4
`,
  ovo: `"NO","TRX_DATE","TRX_TIME","OVO_REF","NOTES","DB/CR","NOMINAL"
"1","20200918","08:00:00","F1","PRAKERJA/SP2D-7","CR","Rp 10.000.000"
"2","20200918","10:00:01","OVO1","PRAKERJA/P-00017-I1-A1","DB","Rp 600.000"
"3","20200918","11:00:00","OVO2","PRAKERJA/P-00017-I1-A1","CR","Rp 600.000,00"
"4","20200918","23:00:00","OVO3","PRAKERJA/INV-1","FEE","Rp 2.500"
`,
} as const
type Partner = keyof typeof files
const partners: readonly Partner[] = ['bni', 'gopay', 'linkaja', 'ovo']

/** The same four lines at each partner, but for the partner's own references. */
const expected = (theirs: readonly string[]) =>
  [
    { line: 1, day: '2020-09-18', direction: 'credit', amount: 10_000_000, document: 'SP2D-7' },
    { line: 2, day: '2020-09-18', direction: 'debit', amount: 600_000, partnerReferenceNo: 'P-00017-I1-A1' },
    { line: 3, day: '2020-09-18', direction: 'credit', amount: 600_000, partnerReferenceNo: 'P-00017-I1-A1' },
    { line: 4, day: '2020-09-18', direction: 'fee', amount: 2_500, document: 'INV-1' },
  ].map((line, index) => ({ ...line, referenceNo: theirs[index] }))

describe('a day', () => {
  const prefixes = { bni: 'BNI', gopay: 'GO', linkaja: 'LA', ovo: 'OVO' } as const
  for (const partner of partners) {
    const lines = expected(['F1', ...[1, 2, 3].map((number) => `${prefixes[partner]}${number}`)])
    test.each([
      ['as it is', files[partner]],
      ['with CRLF', files[partner].replaceAll('\n', '\r\n')],
      ['with a byte order mark', `\uFEFF${files[partner]}`],
      ['under gzip', gzipSync(files[partner])],
      ['with empty lines', files[partner].replaceAll('\n', '\n\n')],
    ])(`of ${partner}, %s`, async (_, content) => {
      expect(await read(partner, 'csv', content)).toEqual({ lines, unparsable: [], ending: whole(4) })
    })
    test(`of ${partner}, byte by byte`, async () => {
      expect(await read(partner, 'csv', files[partner], 1)).toMatchObject({ lines, ending: whole(4) })
      expect(await read(partner, 'csv', gzipSync(files[partner]), 1)).toMatchObject({ lines })
    })
  }
})

test('columns are found by their names, wherever they are', async () => {
  const moved =
    'reference_no,extra,status,amount,partner_reference_no,type,created_at\nGO1,x,completed,5,P-1-S1-A2,payout,2020-09-18T01:00:00Z\n'
  expect((await read('gopay', 'csv', moved)).lines).toEqual([
    {
      line: 1,
      day: '2020-09-18',
      direction: 'debit',
      amount: 5,
      partnerReferenceNo: 'P-1-S1-A2',
      referenceNo: 'GO1',
    },
  ])
})

test('the day is Jakarta’s, whatever the offset', async () => {
  const days = [
    ['2020-09-18T16:59:59Z', '2020-09-18'],
    ['2020-09-18T17:00:00Z', '2020-09-19'],
    ['2020-09-18T17:00:00+07:00', '2020-09-18'],
    ['2020-09-18T17:00:00-07:00', '2020-09-19'],
    ['2020-09-18T22:29:59+05:30', '2020-09-18'],
    ['2020-09-18T22:30:00+05:30', '2020-09-19'],
    ['2020-12-31T17:00:00.000Z', '2021-01-01'],
  ] as const
  const rows = days.map(([at]) => `${gopayRow({ at })}\n`)
  const { lines } = await read('gopay', 'csv', `${files.gopay.split('\n')[0]}\n${rows.join('')}`)
  expect(lines.map(({ day }) => day)).toEqual(days.map(([, day]) => day))
})

/** One line of GoPay's between two good ones. */
const among = (row: string) => {
  const [heading, first, second] = files.gopay.split('\n')
  return `${heading}\n${first}\n${row}\n${second}\n`
}
const gopayRow = (
  fields: Partial<Record<'at' | 'type' | 'amount' | 'ours' | 'theirs' | 'status', string>>,
) => {
  const {
    at = '2020-09-18T01:00:00Z',
    type = 'payout',
    amount = '600000.00',
    ours = 'P-1-I1-A1',
    theirs = 'GO9',
    status = 'completed',
  } = fields
  return `${at},${type},${amount},IDR,${ours},${theirs},${status}`
}

describe('a line that cannot be read is one, and the file goes on', () => {
  test.each([
    ['amount', { amount: '600000.50' }],
    ['amount', { amount: '-600000.00' }],
    ['amount', { amount: '1e5' }],
    ['amount', { amount: '0.00' }],
    ['amount', { amount: '' }],
    ['amount', { amount: '9'.repeat(20) }],
    ['amount', { amount: '999999999999999999' }],
    ['the line', { amount: '600,000.00' }],
    ['amount', { amount: 'NaN' }],
    ['amount', { amount: '٦٠٠٠٠٠' }],
    ['amount', { amount: '"600.000,00"' }],
    ['amount', { amount: 'x'.repeat(100_000) }],
    ['created_at', { at: '2020-02-30T01:00:00Z' }],
    ['created_at', { at: '2021-02-29T01:00:00Z' }],
    ['created_at', { at: '2020-09-18T25:00:00Z' }],
    ['created_at', { at: '2020-09-18T24:00:00Z' }],
    ['created_at', { at: '2020-09-18T01:60:00Z' }],
    ['created_at', { at: '2020-09-18T01:00:00+25:00' }],
    ['created_at', { at: '2020-09-18T01:00:00' }],
    ['created_at', { at: '2020-09-18' }],
    ['created_at', { at: '' }],
    ['type', { type: 'PAYOUT' }],
    ['type', { type: '' }],
    ['type', { type: '__proto__' }],
    ['partner_reference_no', { ours: 'a b' }],
    ['partner_reference_no', { ours: 'A\0B' }],
    ['partner_reference_no', { ours: 'R'.repeat(65) }],
    ['reference_no', { theirs: '\uFFFD' }],
    ['the line', { theirs: 'GO9,one more' }],
    ['status', { status: 'queued' }],
    ['status', { status: 'approved' }],
    ['status', { status: 'processed' }],
    ['status', { status: 'COMPLETED' }],
    ['status', { status: '' }],
  ])('%s: %j', async (column, fields) => {
    const reading = await read('gopay', 'csv', among(gopayRow(fields)))
    expect(reading.unparsable).toEqual([{ line: 2, complaint: expect.stringContaining(column) }])
    expect(reading.lines.map(({ line }) => line)).toEqual([1, 3])
    expect(reading.ending).toEqual(whole(3, 1))
  })

  test('and the complaint never repeats what was there', async () => {
    const { unparsable } = await read('gopay', 'csv', among(gopayRow({ amount: 'SITI RAHAYU 0812' })))
    expect(JSON.stringify(unparsable)).not.toMatch(/SITI|0812/)
  })

  test.each(['600.00', '6.00.000', '1.2345', '600.000,5', '600.000.', '600 000', '-600.000,00'])(
    'grouped digits must be grouped: %s',
    async (amount) => {
      const content = files.bni.replace('600.000,00;0,00', `${amount};0,00`)
      expect((await read('bni', 'csv', content)).unparsable).toHaveLength(1)
    },
  )

  test.each([
    ['both', '600.000,00;600.000,00'],
    ['neither', '0,00;0,00'],
    ['nothing', ';'],
  ])('money goes one way: %s', async (_, amounts) => {
    const content = files.bni.replace('600.000,00;0,00', amounts)
    const { unparsable } = await read('bni', 'csv', content)
    expect(unparsable).toEqual([{ line: 2, complaint: expect.stringContaining('Debet, Kredit') }])
  })
})

describe('a line of which the partner says that nothing moved is left out', () => {
  test.each(['failed', 'rejected'])('%s', async (status) => {
    const reading = await read('gopay', 'csv', among(gopayRow({ status })))
    expect(reading.lines.map(({ line }) => line)).toEqual([1, 3])
    expect(reading).toMatchObject({ unparsable: [], ending: whole(2) })
  })

  test('and still counts among the lines that the file says it has', async () => {
    const [heading, ...rows] = files.linkaja.trimEnd().split('\n')
    const trailer = rows.pop()
    const withStatus = [
      `${heading}|Status`,
      ...rows.map((row, index) => `${row}|${index === 1 ? 'NO' : 'OK'}`),
      trailer,
      '',
    ]
    const status = { column: 'Status', booked: ['OK'], notBooked: ['NO'] }
    const mapping = { ...statementMappings.linkaja.csv, status }
    const { lines, ending } = await gather(readCsv(chunks(withStatus.join('\n')), mapping))
    expect(lines.map(({ line }) => line)).toEqual([1, 3, 4])
    expect(ending).toEqual(whole(3))
  })
})

describe('a reference among other words', () => {
  test.each([
    ['TRF P-00017-I1-A1', { partnerReferenceNo: 'P-00017-I1-A1' }],
    ['P-00017-S3-A99/9', { partnerReferenceNo: 'P-00017-S3-A99' }],
    ['TRF P-00017-I1-A100', {}],
    ['TRF p-00017-I1-A1', {}],
    [`TRF ${'P'.repeat(31)}-I1-A1`, {}],
    ['TARIK DANA NO. DOK SP2D/2020.7', { document: 'SP2D/2020.7' }],
    ['TUNAI', {}],
  ])('%s', async (remark, found) => {
    const content = files.bni.replace('"TRANSFER PRAKERJA P-00017-I1-A1; LANCAR"', remark)
    const { partnerReferenceNo, document } = (await read('bni', 'csv', content)).lines[1] ?? {}
    expect({ partnerReferenceNo, document }).toEqual({ ...found })
  })
})

test('words without end are looked through in no time', async () => {
  const content = files.bni.replace('"TRANSFER PRAKERJA P-00017-I1-A1; LANCAR"', 'A-'.repeat(2_000))
  expect((await read('bni', 'csv', content)).lines[1]).not.toHaveProperty('partnerReferenceNo')
})

describe('a file is refused as a whole', () => {
  const cut = (text: string, from: number) => text.slice(0, from)
  test.each([
    ['empty', 'gopay', '', 'is empty'],
    ['no heading', 'gopay', '\n\n', 'no heading'],
    ['another heading', 'gopay', files.ovo, 'no column created_at'],
    ['a heading without the status', 'gopay', files.gopay.replace(',status', ',state'), 'no column status'],
    [
      'a heading with a column twice',
      'gopay',
      files.gopay.replace('currency', 'amount'),
      'two columns amount',
    ],
    ['broken off within a line', 'gopay', cut(files.gopay, -20), 'broken off'],
    ['broken off after a line', 'bni', cut(files.bni, files.bni.indexOf('TOTAL')), 'broken off'],
    ['lines after the totals', 'linkaja', `${files.linkaja}18-09-2020|FEE|a|b|-1|0\n`, 'after the last one'],
    ['totals that are none', 'linkaja', files.linkaja.replace('TRAILER|4', 'TRAILER|four'), 'cannot be read'],
    ['a quotation mark left open', 'ovo', files.ovo.replace('"Rp 2.500"', '"Rp 2.500'), 'quotation mark'],
    ['one endless line', 'gopay', 'x'.repeat(3_000_000), 'longer than any'],
    ['binary', 'gopay', Buffer.alloc(3_000_000), 'longer than any'],
    ['UTF-16', 'gopay', Buffer.from(`\uFEFF${files.gopay}`, 'utf16le'), 'UTF-16'],
    ['a spreadsheet', 'gopay', Buffer.from('PK\x03\x04xxxxxxxx\n'), 'spreadsheet'],
    ['gzip broken off', 'gopay', gzipSync(files.gopay).subarray(0, -20), 'compressed'],
    [
      'gzip damaged',
      'gopay',
      Buffer.concat([gzipSync(files.gopay).subarray(0, 12), Buffer.alloc(40, 7)]),
      'compressed',
    ],
    ['a partner nobody has described', 'dana', files.gopay, 'nobody has described'],
    ['a partner by the name of a method', 'toString', files.gopay, 'nobody has described'],
  ])('%s', async (_, partner, content, complaint) => {
    const { ending } = await read(partner, 'csv', content)
    expect(ending).toEqual({ ending: 'refused', complaint: expect.stringContaining(complaint) })
  })
})

describe('what a file says of itself is compared', () => {
  test.each([
    ['TOTAL;5;;;602.500,00;10.600.000,00', [{ total: 'lines', stated: 5, read: 4 }]],
    ['TOTAL;4;;;602.501,00;10.600.000,00', [{ total: 'debits', stated: 602_501, read: 602_500 }]],
    ['TOTAL;4;;;602.500,00;10.000.000,00', [{ total: 'credits', stated: 10_000_000, read: 10_600_000 }]],
  ])('%s', async (trailer, differences) => {
    const content = files.bni.replace('TOTAL;4;;;602.500,00;10.600.000,00', trailer)
    expect((await read('bni', 'csv', content)).ending).toEqual({ ...whole(4), differences })
  })

  test('but not where a line could not be read', async () => {
    const content = files.bni.replace('2.500;;', 'x;;')
    expect((await read('bni', 'csv', content)).ending).toEqual(whole(4, 1))
  })
})

test('an error of the source is no refusal', async () => {
  async function* broken() {
    yield Buffer.from(files.gopay)
    throw new Error('the connection was lost')
  }
  await expect(gather(readStatement({ partner: 'gopay', format: 'csv' }, broken()))).rejects.toThrow(
    'the connection was lost',
  )
})
