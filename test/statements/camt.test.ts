import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { read, whole } from './reading.ts'

const namespaceOf = (version: string) => `urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}`
const file = (inside: string, version = '02') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${namespaceOf(version)}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>
${inside}</Stmt></BkToCstmrStmt></Document>
`

type Parts = Partial<Record<'amount' | 'way' | 'status' | 'day' | 'code' | 'details' | 'reversal', string>>
const entry = ({ amount, way, status, day, code = '', details, reversal = '' }: Parts = {}) => `<Ntry>
<NtryRef>1</NtryRef>${amount ?? '<Amt Ccy="IDR">600000.00</Amt>'}<CdtDbtInd>${way ?? 'DBIT'}</CdtDbtInd>${reversal}
${status ?? '<Sts>BOOK</Sts>'}<BookgDt>${day ?? '<Dt>2020-09-18</Dt>'}</BookgDt><ValDt><Dt>2020-09-21</Dt></ValDt>
<AcctSvcrRef>B1</AcctSvcrRef>${code}
<NtryDtls>${details ?? '<TxDtls><Refs><EndToEndId>P-1-I1-A1</EndToEndId></Refs></TxDtls>'}</NtryDtls></Ntry>`

const line = {
  line: 1,
  day: '2020-09-18',
  direction: 'debit',
  amount: 600_000,
  partnerReferenceNo: 'P-1-I1-A1',
  referenceNo: 'B1',
}

describe('an entry is a line', () => {
  const charge =
    '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>'
  const details = (inside: string) => ({ details: `<TxDtls>${inside}</TxDtls>` })
  const without = { ...line, partnerReferenceNo: undefined }
  test.each<[string, Parts, object]>([
    ['booked', {}, line],
    ['booked, as version 8 writes it', { status: '<Sts><Cd>BOOK</Cd></Sts>' }, line],
    ['credit', { way: 'CRDT' }, { ...line, direction: 'credit' }],
    [
      'a reversal, with its own direction',
      { way: 'CRDT', reversal: '<RvslInd>true</RvslInd>' },
      { ...line, direction: 'credit' },
    ],
    ['a charge', { code: charge }, { ...line, direction: 'fee' }],
    ['a charge that came back', { code: charge, way: 'CRDT' }, { ...line, direction: 'credit' }],
    ['with a time', { day: '<DtTm>2020-09-18T23:59:59</DtTm>' }, line],
    ['with a time and an offset', { day: '<DtTm>2020-09-17T17:00:00Z</DtTm>' }, line],
    ['with a date and a zone', { day: '<Dt>2020-09-18+07:00</Dt>' }, line],
    ['of whole rupiah', { amount: '<Amt Ccy="IDR">600000</Amt>' }, line],
    [
      'with its own reference of the bank',
      details('<Refs><AcctSvcrRef>B2</AcctSvcrRef><EndToEndId>P-1-I1-A1</EndToEndId></Refs>'),
      { ...line, referenceNo: 'B2' },
    ],
    [
      'with a document',
      details('<Refs><EndToEndId>SP2D-7</EndToEndId></Refs>'),
      { ...without, document: 'SP2D-7' },
    ],
    [
      'with our reference in the remark',
      details(
        '<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RmtInf><Ustrd>TRF P-1-I1-A1</Ustrd></RmtInf>',
      ),
      line,
    ],
    [
      'with a fee by its words',
      details('<RmtInf><Ustrd>BIAYA TRANSFER NO. DOK INV-1</Ustrd></RmtInf>'),
      { ...without, direction: 'fee', document: 'INV-1' },
    ],
    ['with CDATA', details('<Refs><EndToEndId><![CDATA[P-1-I1]]><!-- -->-A1</EndToEndId></Refs>'), line],
    ['without details', { details: '' }, without],
  ])('%s', async (_, parts, expected) => {
    const reading = await read('bni', 'camt.053', file(entry(parts)))
    expect(reading).toEqual({ lines: [expected], unparsable: [], ending: whole(1) })
  })

  test.each(['PDNG', 'INFO', 'FUTR'])('but not one that is %s', async (status) => {
    const content = file(`${entry({ status: `<Sts>${status}</Sts>` })}${entry()}`)
    expect(await read('bni', 'camt.053', content)).toEqual({
      lines: [line],
      unparsable: [],
      ending: whole(1),
    })
  })
})

describe('a batch entry is as many lines as it has transactions', () => {
  const transaction = (reference: string, amount?: string) =>
    `<TxDtls><Refs><EndToEndId>${reference}</EndToEndId></Refs>${amount ?? ''}</TxDtls>`
  const amountOf = (amount: number) => `<Amt Ccy="IDR">${amount}.00</Amt>`
  const older = (amount: number) => `<AmtDtls><TxAmt>${amountOf(amount)}</TxAmt></AmtDtls>`

  test.each([
    ['as of version 8', amountOf],
    ['as of version 2', older],
  ])('%s', async (_, write) => {
    const details = `${transaction('P-1-I1-A1', write(400_000))}${transaction('P-2-S1-A1', write(200_000))}`
    const { lines, ending } = await read('bni', 'camt.053', file(`${entry({ details })}${entry()}`))
    const { referenceNo: _of, ...own } = line
    expect(lines).toEqual([
      { ...own, amount: 400_000 },
      { ...own, line: 2, amount: 200_000, partnerReferenceNo: 'P-2-S1-A1' },
      { ...line, line: 3 },
    ])
    expect(ending).toEqual(whole(3))
  })

  test.each([
    ['whose parts add up to something else', [600_000, 200_000], 'sum'],
    ['whose parts have no amounts', [undefined, 600_000], 'Amt'],
  ])('%s', async (_, amounts, complaint) => {
    const parts = amounts.map((amount, index) =>
      transaction(`P-${index}-I1-A1`, amount === undefined ? undefined : amountOf(amount)),
    )
    const { unparsable } = await read('bni', 'camt.053', file(entry({ details: parts.join('') })))
    expect(unparsable).toEqual([{ line: expect.any(Number), complaint: expect.stringContaining(complaint) }])
  })
})

describe('an entry that cannot be read is one line, and the file goes on', () => {
  const amount = (text: string, currency = 'IDR') => ({ amount: `<Amt Ccy="${currency}">${text}</Amt>` })
  const reference = (text: string) => ({
    details: `<TxDtls><Refs><EndToEndId>${text}</EndToEndId></Refs></TxDtls>`,
  })
  test.each<[string, Parts]>([
    ['Amt', amount('600000.50')],
    ['Amt', amount('-600000')],
    ['Amt', amount('1e5')],
    ['Amt', amount('0')],
    ['Amt', amount('')],
    ['Amt', amount('9'.repeat(5_000))],
    ['Amt', amount('600000.00', 'USD')],
    ['Amt', { amount: '<Amt>600000.00</Amt>' }],
    ['Amt', { amount: '' }],
    ['CdtDbtInd', { way: 'debit' }],
    ['BookgDt', { day: '<Dt>2020-02-30</Dt>' }],
    ['BookgDt', { day: '<Dt>18/09/2020</Dt>' }],
    ['BookgDt', { day: '<DtTm>2020-09-18</DtTm>' }],
    ['BookgDt', { day: '' }],
    ['EndToEndId', reference('a b')],
    ['EndToEndId', reference('R'.repeat(65))],
  ])('%s: %j', async (field, parts) => {
    const reading = await read('bni', 'camt.053', file(`${entry()}${entry(parts)}${entry()}`))
    expect(reading.unparsable).toEqual([{ line: 2, complaint: expect.stringContaining(field) }])
    expect(reading.lines.map(({ line }) => line)).toEqual([1, 3])
    expect(reading.ending).toEqual(whole(3, 1))
  })
})

describe('what a statement says of itself is compared', () => {
  const balance = (code: string, amount: string, way = 'CRDT') =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="IDR">${amount}</Amt><CdtDbtInd>${way}</CdtDbtInd></Bal>`
  const summary = (lines: number, credits: number, debits: number) =>
    `<TxsSummry><TtlNtries><NbOfNtries>${lines}</NbOfNtries></TtlNtries><TtlCdtNtries><Sum>${credits}</Sum></TtlCdtNtries><TtlDbtNtries><Sum>${debits}.00</Sum></TtlDbtNtries></TxsSummry>`
  const entries = `${entry()}${entry({ way: 'CRDT' })}${entry()}`
  test.each<[string, string, object[]]>([
    [
      'all agrees',
      `${balance('OPBD', '1000000.00')}${balance('CLBD', '400000.00')}${summary(3, 600_000, 1_200_000)}`,
      [],
    ],
    ['overdrawn', `${balance('OPBD', '0')}${balance('CLBD', '600000', 'DBIT')}`, []],
    ['interest has sen', `${balance('OPBD', '0.25')}${balance('CLBD', '1.00')}`, []],
    ['a closing balance alone', balance('CLBD', '1.00'), []],
    ['a line is missing', summary(4, 600_000, 1_200_000), [{ total: 'lines', stated: 4, read: 3 }]],
    [
      'another balance',
      `${balance('OPBD', '0')}${balance('CLBD', '1.00')}`,
      [{ total: 'closing balance', stated: 1, read: -600_000 }],
    ],
    [
      'another sum',
      summary(3, 1, 2),
      [
        { total: 'debits', stated: 2, read: 1_200_000 },
        { total: 'credits', stated: 1, read: 600_000 },
      ],
    ],
  ])('%s', async (_, inside, differences) => {
    const { ending } = await read('bni', 'camt.053', file(`${inside}${entries}`))
    expect(ending).toEqual({ ...whole(3), differences })
  })

  test('each of several statements by itself', async () => {
    const one = `${summary(1, 0, 600_000)}${entry()}`
    const { ending } = await read('bni', 'camt.053', file(`${one}</Stmt><Stmt>${one}`))
    expect(ending).toEqual(whole(2))
  })
})

describe('a file is refused as a whole', () => {
  const good = file(entry())
  const laughs = Array.from(
    { length: 9 },
    (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`,
  ).join('')
  const declared = (declaration: string, text: string) =>
    good.replace('?>\n', `?>\n<!DOCTYPE Document [${declaration}]>\n`).replace('P-1-I1-A1', text)
  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'empty'],
    ['CSV', 'a;b;c\n', 'well-formed'],
    ['broken off', good.slice(0, -40), 'broken off'],
    ['broken off within an entry', good.slice(0, good.indexOf('<AcctSvcrRef>')), 'broken off'],
    ['two roots', `${good}${good.slice(good.indexOf('<Document'))}`, 'well-formed'],
    [
      'not closed in order',
      good.replace('</Stmt></BkToCstmrStmt>', '</BkToCstmrStmt></Stmt>'),
      'well-formed',
    ],
    ['another message', good.replace('camt.053', 'camt.052'), 'not camt.053'],
    ['no namespace', good.replace(/ xmlns="[^"]*"/, ''), 'not camt.053'],
    ['no statement in it', good.replaceAll('Stmt>', 'Rpt>'), 'not camt.053'],
    ['a billion laughs', declared(`<!ENTITY l0 "ha">${laughs}`, '&l9;'), 'document type'],
    ['an external entity', declared('<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;'), 'document type'],
    ['an entity nobody declared', good.replace('P-1-I1-A1', '&x;'), 'well-formed'],
    ['deeply nested', good.replace('P-1-I1-A1', `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`), 'nested'],
    ['an endless comment', good.replace('P-1-I1-A1', `<!--${'x'.repeat(3_000_000)}-->`), 'longer text'],
    ['an endless name', good.replace('<AcctSvcrRef>', `<${'x'.repeat(3_000_000)}>`), 'longer text'],
    ['not UTF-8', Buffer.from(good.replace('P-1-I1-A1', '\xe9'), 'latin1'), 'UTF-8'],
    ['another encoding declared', good.replace('UTF-8', 'ISO-8859-1'), 'UTF-8'],
    ['NUL', good.replace('P-1-I1-A1', '\0'), 'well-formed'],
    ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le'), 'UTF-16'],
    ['gzip broken off', gzipSync(good).subarray(0, -20), 'compressed'],
  ])('%s', async (_, content, complaint) => {
    const { ending } = await read('bni', 'camt.053', content)
    expect(ending).toEqual({ ending: 'refused', complaint: expect.stringContaining(complaint) })
  })

  test.each(['02', '04', '08', '12'])('but not of version %s, whatever its prefix', async (version) => {
    const plain = file(entry(), version)
    const prefixed = plain.replace('xmlns=', 'xmlns:c=').replace(/<(\/?)(?=[A-Z])/g, '<$1c:')
    for (const content of [plain, prefixed, `\uFEFF${plain}`, gzipSync(plain)])
      expect(await read('bni', 'camt.053', content)).toEqual({
        lines: [line],
        unparsable: [],
        ending: whole(1),
      })
    expect((await read('bni', 'camt.053', plain, 1)).lines).toEqual([line])
  })
})
