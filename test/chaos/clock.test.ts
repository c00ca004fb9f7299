import { describe, expect, it } from 'vitest'
import { epochMs } from '../../shared/domain/instant.ts'
import { drawClock } from './clock.ts'
import { createRandom } from './random.ts'

const start = Date.UTC(2020, 10, 10)

/** What clocks of many seeds say in ten looks at the same moment, and whether they know when that was. */
function look(rate: number) {
  return Array.from({ length: 50 }, (_, seed) => {
    let time = start
    const clock = drawClock(() => time, createRandom(seed, 0), rate)
    const said = Array.from({ length: 10 }, () => epochMs(clock.now()))
    time += 60_000
    clock.now()
    return { clock, said, skews: said.map((at) => at - start) }
  })
}
const stepsBack = (skews: readonly number[]) => skews.some((skew, index) => skew < (skews[index - 1] ?? skew))

describe("a worker's clock", () => {
  it('is right where none is wrong', () => {
    for (const { clock, skews } of look(0)) {
      expect(new Set(skews)).toEqual(new Set([0]))
      expect(clock.fault).toBe('')
    }
  })

  it('is at most five seconds off, always as much or back and forth', () => {
    const looks = look(1)
    const skews = looks.flatMap((each) => each.skews)
    expect(Math.max(...skews.map(Math.abs))).toBeLessThanOrEqual(5_000)
    const unsteady = looks.filter((each) => stepsBack(each.skews)).length
    expect(unsteady).toBeGreaterThan(5)
    expect(unsteady).toBeLessThan(30)
    for (const { clock } of looks) expect(clock.fault).toMatch(/^-?[\d.]+( to -?[\d.]+)? s off$/)
  })

  it('knows the true time of all that it has said', () => {
    for (const { clock, said } of look(1)) expect(said.map(clock.trueTime)).toEqual(said.map(() => start))
  })
})
