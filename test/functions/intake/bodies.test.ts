import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { takeIn } from '../../../functions/intake/intake.ts'
import { screen } from '../../../functions/intake/screen.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { accountLinked, certificateIssued, type Envelope, publishers, surveyCompleted } from '../events.ts'

/** Bodies that nobody should send, and what intake says of them. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const now = at('2020-09-18T10:00:01+07:00')
const screening = { publishers, partners: { gopay: 'wallet', bni: 'bank' } as const, scheme: scheme2020, now }
const take = (body: string) => takeIn({ ledger, shards: 2, ...screening }, body, now, 'intake/test')
const screened = (event: unknown) => screen(JSON.stringify(event), screening)

const events: readonly Envelope[] = [
  certificateIssued('P-1'),
  surveyCompleted('P-1'),
  accountLinked('P-1', { accountNumber: '081255550000', holderName: 'Sinta Dewi' }),
]

describe('a field that is not as it should be is named, and its value is not', () => {
  const wrongTypes: readonly unknown[] = [undefined, null, true, -1, 1.5, 1e308, [], {}, [['x']]]
  const wrongTexts = ['', 'x'.repeat(101), 'with\u0000nul', 'line\nbreak', '\ud800', '\u0085', '\u001b[2J']
  const nameless = [
    ' ',
    '\u00a0\u3000',
    '...',
    '-',
    '\u200b',
    '\u202e\u202c',
    '\u0301',
    '\u{1f600}',
    '\u{10ffff}',
  ]
  const times = ['2020-09-18', '2020-09-18T10:00:00', '18/09/2020', '2020-13-01T00:00:00Z', '1600000000']
  const farTimes = ['-271821-04-20T00:00:00Z', '+010000-01-01T00:00:00Z', '0000-01-01T00:00:00+07:00']

  function wrongFor(field: string, right: unknown): readonly unknown[] {
    if (field.endsWith('At')) return [...wrongTypes, ...wrongTexts, ...times, ...farTimes]
    if (field === 'participantId') return [...wrongTypes, ...wrongTexts, 'p-1', 'P 1', 'P#1', 'P'.repeat(31)]
    if (typeof right === 'number') return [...wrongTypes, '1', 0, Number.MAX_SAFE_INTEGER + 2]
    return [...wrongTypes, ...wrongTexts, ...nameless]
  }

  for (const event of events) {
    for (const [field, right] of Object.entries(event.detail)) {
      test(`${event['detail-type']}: ${field}`, () => {
        for (const value of wrongFor(field, right)) {
          const result = screened({ ...event, detail: { ...event.detail, [field]: value } })
          const refused = 'refused' in result ? result.refused : undefined
          expect(refused, JSON.stringify(value)).toMatchObject({ reason: 'malformed' })
          expect(refused?.detail).toMatch(new RegExp(`^${field}: `))
          if (typeof value === 'string' && value.length > 2) expect(refused?.detail).not.toContain(value)
        }
      })
    }
  }

  test.for(['=HYPERLINK("http://x/?"&B2,"ok")', '+1A', '-1A', '@SUM(1)', '  =1', '＝1+1', '＠1'])(
    'a training provider that a spreadsheet would take for a formula: %s',
    (trainingProvider) => {
      const result = screened(certificateIssued('P-1', { trainingProvider }))
      expect(result).toMatchObject({ refused: { reason: 'malformed' } })
      expect('refused' in result && result.refused.detail).toMatch(/^trainingProvider: begins as a formula/)
    },
  )

  test('what is in no file may begin as it likes, and so may a number with its country', () => {
    const account = { accountNumber: '+6281255550000', holderName: '-Sinta Dewi' }
    expect(screened(accountLinked('P-1', account))).not.toHaveProperty('refused')
    const certificate = { certificateId: '-C-1', trainingId: '@T-1', trainingProvider: 'a-b=c+d@e' }
    expect(screened(certificateIssued('P-1', certificate))).not.toHaveProperty('refused')
  })

  const around = ['version', 'id', 'time', 'region', 'detail-type', 'source', 'account', 'detail']
  test.for(around)('the envelope: %s', (field) => {
    const wrongText = field === 'time' ? [...times, ...farTimes, ''] : []
    for (const value of [undefined, null, 1, field === 'detail' ? 'text' : {}, [], ...wrongText]) {
      const result = screened({ ...events[0], [field]: value })
      expect(result).toMatchObject({ refused: { reason: 'malformed' } })
      expect('refused' in result && result.refused.detail).toContain(field)
    }
  })

  test('many of them are named together', () => {
    const result = screened({ ...events[2], detail: { holderName: 'Sinta', accountNumber: 5 } })
    const detail = 'refused' in result ? result.refused.detail : ''
    expect(detail.split('; ').map((complaint) => complaint.split(':')[0])).toEqual([
      'participantId',
      'partner',
      'accountNumber',
      'linkedAt',
    ])
  })
})

describe('a body is quarantined whole', () => {
  const valid = JSON.stringify(events[0])
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  test.for<[string, string]>([
    ['nothing', ''],
    ['no JSON', 'CertificateIssued'],
    ['JSON cut off', valid.slice(0, -2)],
    ['a text', '"CertificateIssued"'],
    ['a number', '1e400'],
    ['null', 'null'],
    ['a list of events', `[${valid}]`],
    ['two events', `${valid}\n${valid}`],
    ['NUL', '\u0000'],
    ['a lone surrogate', `${valid}\ud800`],
    ['a prototype instead of fields', '{"__proto__":{"detail-type":"CertificateIssued","detail":{}}}'],
    [
      'a prototype in the detail',
      JSON.stringify(events[1]).replace(/"detail":(.*)}$/, '"detail":{"__proto__":$1}}'),
    ],
    ['a hundred thousand brackets', nested(100_000)],
    ['brackets in the detail', valid.replace('"T-0001"', nested(50_000))],
  ])('%s', async ([, body]) => {
    expect(await take(body)).toEqual({ outcome: 'quarantined', reason: 'malformed' })
    const kept = await keptOf(body)
    expect(kept?.body).toBe(body.toWellFormed())
  })

  const megabyte = 1_048_576
  test.for<[string, string]>([
    ['letters', 'x'.repeat(megabyte)],
    ['characters of three bytes', '字'.repeat(megabyte / 3)],
    ['characters of two units', `x${'😀'.repeat(megabyte / 4 - 1)}`],
    ['an event with a long field', valid.replace('T-0001', '字'.repeat(300_000))],
  ])('or cut, where it is a megabyte of %s', async ([, body]) => {
    expect(await take(body)).toEqual({ outcome: 'quarantined', reason: 'malformed' })
    const kept = await keptOf(body)
    const length = kept?.body.length ?? 0
    expect(length).toBeGreaterThan(70_000)
    // Where the cut goes through a character, its place is marked.
    expect(body.startsWith(kept?.body.replace(/\ufffd$/, '') ?? 'nothing')).toBe(true)
  })

  test('of a key that is there twice the last value counts, as everywhere', async () => {
    const twice = valid.replace('"wave":5', '"wave":99,"wave":5').replaceAll('P-1"', 'P-TWICE"')
    expect(await take(twice)).toMatchObject({ outcome: 'accepted' })
  })

  const hashOf = (body: string) => createHash('sha256').update(body).digest('hex')
  async function keptOf(body: string) {
    return (await ledger.quarantine.list(1_000)).find(({ hash }) => hash === hashOf(body))
  }
})

test('the same body again is quarantined once', async () => {
  const count = async () => (await ledger.quarantine.list(1_000)).length
  await take('once')
  const before = await count()
  expect(await take('once')).toEqual({ outcome: 'quarantined', reason: 'malformed' })
  expect(await count()).toBe(before)
})

describe('whatever comes', () => {
  const marker = 'GEHEIM7'
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(null, 1e308, -0, 2 ** 60, marker, `08125555${marker}`, `${marker}\u0000`),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.jsonValue(),
  )
  const fields = [...new Set(events.flatMap(({ detail }) => Object.keys(detail))), '__proto__', marker]
  /** An event with some parts replaced by anything. */
  const damaged = fc
    .record({
      event: fc.constantFrom(...events),
      detail: fc.dictionary(fc.constantFrom(...fields), leaf, { maxKeys: 3 }),
      envelope: fc.dictionary(fc.constantFrom('detail-type', 'source', 'account', marker), leaf, {
        maxKeys: 1,
      }),
    })
    .map(({ event, detail, envelope }) =>
      JSON.stringify({ ...event, ...envelope, detail: { ...event.detail, ...detail } }),
    )
  const body = fc.oneof(
    { weight: 4, arbitrary: damaged },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 1, arbitrary: fc.tuple(damaged, fc.nat(400)).map(([text, length]) => text.slice(0, length)) },
  )

  test('no refusal repeats a value or a name of the event', async () => {
    fc.assert(
      fc.property(body, (text) => {
        const result = screen(text, screening)
        if ('refused' in result) expect(result.refused.detail).not.toContain(marker)
      }),
      { numRuns: 1_000 },
    )
    for (const { detail } of await ledger.quarantine.list(1_000)) {
      expect(detail).not.toMatch(/GEHEIM|Sinta|0812|8125/)
    }
  })
})
