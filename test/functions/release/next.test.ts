import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { horizon, isOpen } from '../../../shared/domain/calendar.ts'
import { type Instant, plusDays, plusSeconds, startOfDay } from '../../../shared/domain/instant.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, shards } from '../lane.ts'
import { place } from './places.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const day = (offset: number) => plusDays(scheme2020.firstCertificate, offset)
/** Days from the first certificate to beyond the last payment, dense around the blackout. */
const someDay = fc.oneof(fc.integer({ min: 0, max: 380 }), fc.integer({ min: 275, max: 325 }))
const moment = fc
  .tuple(someDay, fc.constantFrom(0, 1, 36_000, 86_399))
  .map(([offset, seconds]) => plusSeconds(startOfDay(day(offset)), seconds))

type Placed = { readonly at: Instant; readonly shard: number }
const opens = (places: readonly Placed[], now: Instant): boolean =>
  places.some(({ at, shard }) => isOpen(horizon(scheme2020, now, shard, shards), at))

/** The first moment after `now` at which one of these may leave; what is open changes at midnights and on dates only. */
function firstOpening(places: readonly Placed[], now: Instant): Instant | undefined {
  const midnights = Array.from({ length: 400 }, (_, offset) => startOfDay(day(offset)))
  const moments = [...midnights, ...places.map(({ at }) => at)].filter((moment) => moment > now)
  return moments.sort().find((moment) => opens(places, moment))
}

test('a lane says when it has work again, and never later than it has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { maxLength: 4 }), moment, async (dates, now) => {
      const lane = await createLane(ledger)
      lane.goTo(now)
      const places = await Promise.all(dates.map((date) => place(lane, date)))
      const { sent, next } = await lane.release()
      if (opens(places, now)) {
        expect(sent).toBeGreaterThan(0)
        expect(next).toBe(plusSeconds(now, 60))
        return
      }
      expect(sent).toBe(0)
      const first = firstOpening(places, now)
      if (first === undefined) return
      expect(next).not.toBeNull()
      expect(next && next > now && next <= first, `${next} but ${first}`).toBe(true)
    }),
    { numRuns: 40 },
  )
})
