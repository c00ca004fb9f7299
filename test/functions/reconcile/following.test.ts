import { expect, test } from 'vitest'
import { civilDate, type Instant, plusDays, plusSeconds, startOfDay } from '../../../shared/domain/instant.ts'
import { paid } from '../../domain/examples.ts'
import { partner, startReconciliation } from './world.ts'

/** A day that is reconciled again, and the days that go on from it. */
const day = civilDate('2020-09-18')
const later = (days: number) => plusDays(day, days)

/** So many days have their statement, the first of which lacks the one payment there was. */
async function startWith(days: number) {
  const world = await startReconciliation()
  world.partner.pays(paid)
  const reference = `${await world.person()}-I1-A1`
  world.goTo(later(days), 6)
  for (let each = 0; each < days; each++) await world.statement(later(each), [])
  const correct = () => world.statement(day, [{ at: plusSeconds(startOfDay(day), 12 * 3_600), reference }])
  const runs = () => world.reconciliations.runs(partner, day, later(days))
  const isWhole = async () =>
    (await runs()).every(
      ({ summary }, index, all) => index === 0 || summary.previous === all[index - 1]?.hash,
    )
  return { world, correct, runs, isWhole }
}

test('a correction older than a month is followed to the last day', async () => {
  const { world, correct, runs, isWhole } = await startWith(33)
  expect(await world.breaks()).toEqual({ 'paid-here-not-on-statement': 'persisting' })
  const outcomes = await correct()
  expect(outcomes).toHaveLength(33)
  expect(await isWhole()).toBe(true)
  expect((await runs()).at(-1)).toMatchObject({ run: 2, summary: { breaks: {} } })
  expect(await world.breaks()).toEqual({ 'paid-here-not-on-statement': 'resolved' })
})

test.for([32, 300])(
  'after %i days of silence what was open goes on, and nothing is called resolved',
  async (days) => {
    const world = await startReconciliation()
    const line = (at: Instant, reference: string) => ({ at, reference })
    world.partner.pays(paid)
    const reference = `${await world.person()}-I1-A1`
    const at = plusSeconds(startOfDay(day), 12 * 3_600)
    world.goTo(later(1), 6)
    await world.statement(day, [line(at, reference), line(at, reference)])
    world.goTo(later(days / 2))
    world.partner.pays(paid)
    const silent = `${await world.person()}-I1-A1`
    world.goTo(later(days + 1), 6)
    const [first] = await world.statement(later(days), [line(startOfDay(later(days)), silent)])
    expect(first).toMatchObject({
      outcome: 'recorded',
      run: { summary: { matched: { debit: { count: 1 } } } },
    })
    expect(await world.breaks()).toEqual({ 'paid-twice-by-partner': 'persisting', 'wrong-day': 'new' })
  },
)

test('what there is no time for is said, and made up for after the next statement', async () => {
  const { world, correct, isWhole } = await startWith(6)
  world.hurry(2)
  expect((await correct()).map(({ outcome }) => outcome)).toEqual([
    'recorded',
    'recorded',
    'recorded',
    'postponed',
  ])
  expect(await isWhole()).toBe(false)
  world.hurry(10)
  world.goTo(later(7), 6)
  await world.statement(later(6), [])
  expect(await isWhole()).toBe(true)
  expect(await world.breaks()).toEqual({ 'paid-here-not-on-statement': 'resolved' })
})

test('the same correction again goes on where a run that died has stopped', async () => {
  const { world, correct, isWhole } = await startWith(5)
  world.hurry(0)
  await correct()
  world.hurry(10)
  const [first, ...rest] = await correct()
  expect(first).toMatchObject({ outcome: 'repeated' })
  expect(rest).toHaveLength(4)
  expect(await isWhole()).toBe(true)
})

test.for(['before it was recorded', 'before its day knew of it'])(
  'a break is news although the run that found it died %s, and only once',
  async (died) => {
    const { world } = await startWith(0)
    world.goTo(later(1), 6)
    const statement = () =>
      world.statement(day, [{ at: plusSeconds(startOfDay(day), 60), reference: 'P-9-I1-A1' }])
    const { reconciliations } = world
    world.deps.reconciliations = {
      ...reconciliations,
      async record(run) {
        // Of a run that was recorded the day does not know where its second write never happened.
        if (died === 'before its day knew of it') await world.recordWithoutDay(run)
        throw new Error('died')
      },
    }
    await expect(statement()).rejects.toThrow('died')
    expect(await reconciliations.breaks(partner)).toHaveLength(1)
    world.deps.reconciliations = reconciliations
    expect(await statement()).toMatchObject([{ outcome: 'recorded', fresh: 1 }])
    world.goTo(later(2), 6)
    expect(await world.statement(later(1), [])).toMatchObject([{ outcome: 'recorded', fresh: 0 }])
    const corrected = await world.statement(day, [
      { at: plusSeconds(startOfDay(day), 60), reference: 'P-9-I1-A1' },
      { at: plusSeconds(startOfDay(day), 90), reference: 'P-8-I1-A1' },
    ])
    expect(corrected).toMatchObject([{ fresh: 1 }, { fresh: 0 }])
  },
)
