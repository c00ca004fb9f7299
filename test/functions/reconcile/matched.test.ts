import { expect, test } from 'vitest'
import { civilDate, plusDays, plusSeconds, startOfDay } from '../../../shared/domain/instant.ts'
import { matchedPartOf } from '../../../shared/reconciliation/matched.ts'
import { paid } from '../../domain/examples.ts'
import { partner, startReconciliation } from './world.ts'

/** What a run keeps of the lines it has matched. */
const day = civilDate('2020-09-18')
const next = plusDays(day, 1)
const days = { from: day, to: plusDays(day, 5) }
const noon = (of = day) => plusSeconds(startOfDay(of), 12 * 3_600)
const referenceOf = (id: string) => `${id}-I1-A1`

async function startWithPaid(count: number) {
  const world = await startReconciliation()
  world.partner.pays(...Array.from({ length: count }, () => paid))
  const people: string[] = []
  for (let index = 0; index < count; index++) people.push(await world.person())
  world.goTo(next, 6)
  return { world, references: people.map(referenceOf) }
}

test('one reference’s lines are found on the day that matched them, and nobody else’s', async () => {
  const { world, references } = await startWithPaid(3)
  const [one = '', , other = ''] = references
  await world.statement(
    day,
    references.map((reference) => ({ at: noon(), reference })),
  )
  expect(await world.matched.matchedLinesOf(partner, one, days)).toEqual([
    {
      partner,
      statementDay: day,
      file: `statements/${partner}/${day}.csv`,
      line: 1,
      direction: 'debit',
      amount: 600_000,
      valueDay: day,
      movement: expect.stringMatching(/^P-00001\//),
    },
  ])
  expect(await world.matched.matchedLinesOf(partner, other, days)).toMatchObject([{ line: 3 }])
  expect(await world.matched.matchedLinesOf(partner, 'P-99999-I1-A1', days)).toEqual([])
  expect(await world.matched.matchedLinesOf(partner, one, { from: next, to: days.to })).toEqual([])
})

test('parts without a line are not kept, and the same file gives the same parts to the byte', async () => {
  const { world, references } = await startWithPaid(2)
  const lines = references.map((reference) => ({ at: noon(), reference }))
  await world.statement(day, lines)
  const parts = () => world.keys().filter((key) => key.includes('/matched/'))
  const expected = [...new Set(references.map(matchedPartOf))].sort()
  expect(parts()).toEqual(expected.map((part) => `reconciliation/${partner}/${day}/0001/${part}.ndjson.gz`))
  const before = await world.bytesOf(parts()[0] ?? '')
  await world.statement(day, [...lines, 'a line that cannot be read'])
  const [again = ''] = parts().filter((key) => key.includes('/0002/'))
  expect(await world.bytesOf(again)).toEqual(before)
})

test('a corrected file replaces what its day says, and the runs before stay', async () => {
  const { world, references } = await startWithPaid(2)
  const [one = '', two = ''] = references
  await world.statement(day, [{ at: noon(), reference: one }])
  expect(await world.matched.matchedLinesOf(partner, two, days)).toEqual([])
  await world.statement(day, [{ at: noon(), reference: two }])
  expect(await world.matched.matchedLinesOf(partner, one, days)).toEqual([])
  expect(await world.matched.matchedLinesOf(partner, two, days)).toMatchObject([{ line: 1 }])
  const runs = await world.reconciliations.runsOf(partner, day)
  expect(runs.map(({ matched }) => matched)).toEqual([[matchedPartOf(one)], [matchedPartOf(two)]])
})

test('a line that a later day’s run has matched is named by the file that has it', async () => {
  const { world, references } = await startWithPaid(1)
  const [one = ''] = references
  world.writeLate('P-00001', plusSeconds(startOfDay(next), 7 * 3_600))
  await world.statement(day, [{ at: noon(), reference: one }])
  expect(await world.matched.matchedLinesOf(partner, one, days)).toEqual([])
  world.goTo(plusDays(day, 2), 6)
  await world.statement(next, [])
  expect(await world.matched.matchedLinesOf(partner, one, { from: next, to: next })).toMatchObject([
    { statementDay: day, file: `statements/${partner}/${day}.csv`, line: 1 },
  ])
})

test('more days than an attempt may be asked about are no question', async () => {
  const { world } = await startWithPaid(0)
  const question = world.matched.matchedLinesOf(partner, 'P-00001-I1-A1', {
    from: day,
    to: plusDays(day, 400),
  })
  await expect(question).rejects.toThrow('too many days')
})
