import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { embeddedEngine } from '../../infra/local/engine-choice.ts'
import { createFeed, type Feed } from '../../infra/local/feed.ts'
import {
  forgetKept,
  type Kept,
  linesBetween,
  publishedOf,
  readKept,
  sinceWhen,
  writeKept,
} from '../../infra/local/kept.ts'
import { at } from '../domain/examples.ts'

const directory = mkdtempSync(join(tmpdir(), 'kept-'))
afterAll(() => rmSync(directory, { recursive: true }))

const days = (...numbers: number[]): Feed =>
  createFeed(
    numbers.map((day) =>
      JSON.stringify({
        'detail-type': 'SurveyCompleted',
        source: 'prakerja.core',
        account: '100000000000',
        time: `2020-05-0${day}T01:00:00Z`,
        detail: { day },
      }),
    ),
  )
const day = (number: number) => at(`2020-05-0${number}T23:59:59+07:00`)

const kept = (feed: Feed, time: Kept['time'], since?: Kept['time']): Kept => ({
  stage: 'local',
  engine: embeddedEngine,
  time,
  seconds: 12.5,
  published: publishedOf(feed, since, time),
  charges: [['P-1', 'incentive-1', 9]],
  partners: {},
})

describe('what is kept in a directory', () => {
  test('is read as it was written, with no other file beside it', () => {
    const run = { ...kept(days(4, 5), day(4)), seed: 7 }
    writeKept(directory, run)
    expect(readKept(directory, embeddedEngine)).toEqual(run)
    expect(readdirSync(directory).sort()).toEqual(['partners.json', 'run.json'])
  })

  test('is gone once it is forgotten', () => {
    forgetKept(directory)
    expect(existsSync(join(directory, 'run.json'))).toBe(false)
    expect(readKept(directory, embeddedEngine)).toEqual({
      mistake: `${directory} holds no finished run to go on from; npm start makes one`,
    })
  })

  test.each([
    ['no JSON', 'run.json', '{'],
    ['of another form', 'run.json', '{"stage":"local","time":"2020-05-04T16:59:59.000Z"}'],
    ['of partners nobody understands', 'partners.json', '{"ovo":{}}'],
  ])('and is %s, is a mistake in one sentence', (_what, file, text) => {
    writeKept(directory, kept(days(4), day(4)))
    writeFileSync(join(directory, file), text)
    expect(readKept(directory, embeddedEngine)).toEqual({
      mistake: `${directory} holds a run that this version cannot read; npm start makes a new one`,
    })
  })
})

describe('what is kept was made on one engine', () => {
  const elsewhere = 'http://127.0.0.1:8000'
  test.each([
    ['of its own', elsewhere, embeddedEngine, /tables in the embedded engine: unset AWS_ENDPOINT_URL_DYN/],
    [
      'elsewhere',
      embeddedEngine,
      elsewhere,
      /tables at http:\/\/127.0.0.1:8000: set AWS_ENDPOINT_URL_DYNAMODB to that/,
    ],
  ])('and is not gone on with on another: %s', (_where, asked, engine, words) => {
    writeKept(directory, { ...kept(days(4), day(4)), engine })
    expect(readKept(directory, asked)).toEqual({ mistake: expect.stringMatching(words) })
    expect(readKept(directory, engine)).toMatchObject({ engine })
  })
})

describe('of a feed', () => {
  const dates = (feed: Feed) => feed.map(({ envelope }) => envelope?.time.slice(8, 10))

  test('only what is dated after the stop is left to publish', () => {
    expect(dates(linesBetween(days(4, 5, 6, 7), day(4), day(6)))).toEqual(['05', '06'])
    expect(dates(linesBetween(days(4, 5), undefined, day(4)))).toEqual(['04'])
  })

  test.each([
    ['the same feed', days(4, 5, 6), undefined],
    ['the same feed with more to come', days(4, 5, 6, 7, 8), undefined],
    ['a feed without the earlier events', days(6, 7), day(5)],
    ['a feed with others before', days(4, 4, 6), day(5)],
  ])('%s: the report knows how far back it goes', (_what, feed, since) => {
    expect(sinceWhen(feed, kept(days(4, 5, 6), day(5)))).toBe(since)
  })

  test('a second feed is the one that a third run is held against', () => {
    const second = days(4, 6, 7, 8)
    const run = kept(second, day(7), day(5))
    expect(run.published.lines).toBe(2)
    expect(sinceWhen(second, run)).toBe(day(5))
    expect(sinceWhen(days(4, 5, 6), run)).toBe(day(7))
  })
})
