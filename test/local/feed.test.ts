import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createFeed, readFeed } from '../../infra/local/feed.ts'
import { holdersIn } from '../../infra/local/holders.ts'

const line = (time: unknown, change: object = {}): string =>
  JSON.stringify({
    version: '0',
    id: 'one',
    'detail-type': 'SurveyCompleted',
    source: 'prakerja.core',
    account: '100000000000',
    time,
    region: 'ap-southeast-3',
    resources: [],
    detail: { survey: 1 },
    ...change,
  })
const first = line('2020-09-18T03:00:00Z')
const second = line('2020-09-18T04:00:00Z', { id: 'two' })

const order = (...texts: string[]) =>
  createFeed(texts).map(({ number, at }) => [number, new Date(at).toISOString()])

describe('a feed', () => {
  it('is in the order of its times, and of its lines where times are equal', () => {
    expect(order(second, first, line('2020-09-18T10:00:00+07:00'))).toEqual([
      [2, '2020-09-18T03:00:00.000Z'],
      [3, '2020-09-18T03:00:00.000Z'],
      [1, '2020-09-18T04:00:00.000Z'],
    ])
  })

  it('starts with the scheme: what is dated earlier is published then', () => {
    expect(order(line('1970-01-01T00:00:00Z'))).toEqual([[1, '2020-02-27T17:00:00.000Z']])
  })

  it('does not count blank lines as events, but as lines', () => {
    expect(order('', first, '  ')).toEqual([[2, '2020-09-18T03:00:00.000Z']])
  })

  it('holds what the queue will hold, to the letter', () => {
    const [event] = createFeed([line('2020-09-18T03:00:00Z', { extra: 1, detail: { z: 1, a: [2] } })])
    expect(event?.body).toBe(JSON.stringify(event?.envelope))
    expect(event?.envelope).not.toHaveProperty('extra')
    expect(event?.envelope?.detail).toEqual({ z: 1, a: [2] })
  })

  it.each([
    ['no JSON', '<html>'],
    ['JSON cut off', first.slice(0, 60)],
    ['no object', '[]'],
    ['detail null', line('2020-09-19T03:00:00Z', { detail: null })],
    ['a list for a detail', line('2020-09-19T03:00:00Z', { detail: [] })],
    ['no source', line('2020-09-19T03:00:00Z', { source: undefined })],
    ['no account', line('2020-09-19T03:00:00Z', { account: undefined })],
    ['no detail-type', line('2020-09-19T03:00:00Z', { 'detail-type': undefined })],
    ['no time', line(undefined)],
    ['a time on no day', line('2020-09-31T03:00:00Z')],
    ['a time as a number', line(1_600_000_000)],
  ])('has raw what EventBridge could never deliver, with the line before: %s', (_, text) => {
    const before = createFeed([first, second, text]).at(-1)
    expect(before).toEqual({ number: 3, at: Date.parse('2020-09-18T04:00:00Z'), body: text })
    const leading = createFeed([text, second])[0]
    expect(leading).toEqual({ number: 1, at: Date.parse('2020-09-18T04:00:00Z'), body: text })
  })
})

describe('a line nested deeper than anybody means it', () => {
  const nested = (levels: number) =>
    line('2020-09-18T04:00:00Z', { detail: { survey: 1, deep: 0 } }).replace(
      '"deep":0',
      `"deep":${'['.repeat(levels)}${']'.repeat(levels)}`,
    )

  it.each([5_000, 100_000])('is sent raw at its own time, and the others as ever: %i levels', (levels) => {
    const [before, deep] = createFeed([nested(levels), first])
    expect(before).toMatchObject({ number: 2, envelope: { id: 'one' } })
    expect(deep).toEqual({ number: 1, at: Date.parse('2020-09-18T04:00:00Z'), body: nested(levels) })
  })

  it('is an event like any other while it has a hundred levels', () => {
    expect(createFeed([nested(100)])).toMatchObject([{ envelope: { id: 'one' } }])
  })
})

describe('reading a feed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'feed-'))
  const file = (name: string, text: string): string => {
    const path = join(directory, name)
    writeFileSync(path, text)
    return path
  }
  const read = (source: string, ...input: string[]) => readFeed(source, Readable.from(input))

  it('takes a file, with any line ends and with a byte order mark', async () => {
    const feed = await read(file('windows', `\uFEFF${first}\r\n\r\n${second}`))
    expect(feed).toHaveLength(2)
    expect(feed).toMatchObject([{ envelope: { id: 'one' } }, { envelope: { id: 'two' } }])
  })

  it('takes standard input, in whatever pieces it comes', async () => {
    expect(
      await read('-', first.slice(0, 30), `${first.slice(30)}\n${second.slice(0, 9)}`, second.slice(9)),
    ).toMatchObject([{ envelope: { id: 'one' } }, { envelope: { id: 'two' } }])
  })

  it.each([
    ['a file that is not there', join(directory, 'absent'), /absent does not exist: --events takes a file/],
    ['a directory', directory, /is a directory: --events takes a file/],
    ['an empty file', file('empty', '\n\n'), /empty has no event: --events takes one JSON object a line/],
    ['an empty standard input', '-', /^standard input has no event/],
  ])('says what is wrong with %s', async (_, source, words) => {
    expect(await read(source)).toEqual({ mistake: expect.stringMatching(words) })
  })
})

describe('the accounts of a feed', () => {
  it('are known once each, under the name they were linked with first', () => {
    const link = (time: string, partner: string, accountNumber: string, holderName: string) =>
      line(time, { 'detail-type': 'PayoutAccountLinked', detail: { partner, accountNumber, holderName } })
    const feed = createFeed([
      link('2020-09-19T03:00:00Z', 'ovo', '+62 812-0000-001', 'Second'),
      link('2020-09-18T03:00:00Z', 'ovo', '08120000001', 'First'),
      link('2020-09-18T03:00:00Z', 'gopay', '08120000001', 'Elsewhere'),
      link('2020-09-18T03:00:00Z', 'bni', '0081200001', 'Digits'),
      link('2020-09-18T03:00:00Z', 'bni', '', ''),
      'no event',
    ])
    expect(holdersIn(feed)).toEqual([
      { partner: 'ovo', number: '+628120000001', name: 'First' },
      { partner: 'gopay', number: '+628120000001', name: 'Elsewhere' },
      { partner: 'bni', number: '0081200001', name: 'Digits' },
      { partner: 'bni', number: '', name: '' },
    ])
  })
})
