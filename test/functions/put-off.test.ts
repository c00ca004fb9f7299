import fc from 'fast-check'
import { expect, test } from 'vitest'
import { triesOf } from '../../functions/put-off.ts'
import { epochMs, instant, jakartaDate, plusSeconds, startOfDay } from '../../shared/domain/instant.ts'
import { nextQuestion } from '../../shared/domain/row.ts'
import { at } from '../domain/examples.ts'

const start = epochMs(at('2020-09-18T00:00:00+07:00'))
const day = 86_400_000
const moment = fc.integer({ min: start, max: start + 3 * day }).map(instant)

test('every next try is looked for, until it has come and for a month afterwards', () => {
  fc.assert(
    fc.property(moment, fc.nat(8), fc.nat(30 * day), (asked, inquiries, later) => {
      const next = nextQuestion(inquiries + 1, asked)
      fc.pre(next !== startOfDay(jakartaDate(next)))
      for (const now of [asked, next, instant(epochMs(next) + later)])
        expect(triesOf(now).filter(({ from, to }) => from <= next && next <= to)).toHaveLength(1)
    }),
  )
})

test('what becomes due is not among them, nor what was to be left out; they are in order', () => {
  fc.assert(
    fc.property(moment, fc.nat(40 * day), (now, before) => {
      const after = instant(epochMs(now) - before)
      const ranges = triesOf(now, after)
      expect(ranges.every(({ from, to }) => from > after && from <= to)).toBe(true)
      expect(ranges.slice(1).every(({ from }, index) => from > (ranges[index]?.to ?? from))).toBe(true)
      for (let days = -45; days < 5; days++) {
        const midnight = startOfDay(jakartaDate(plusSeconds(now, days * 86_400)))
        expect(ranges.filter(({ from, to }) => from <= midnight && midnight <= to)).toEqual([])
      }
    }),
  )
})
