import { expect, test } from 'vitest'
import { plusSeconds, startOfDay } from '../../../shared/domain/instant.ts'
import { paid } from '../../domain/examples.ts'
import { day, later, lineOf, startWith } from './payments.ts'
import { partner } from './world.ts'

test('a movement whose file is late makes nothing look paid twice, and is matched when it is there', async () => {
  const { world, people } = await startWith(paid)
  const [id = ''] = people
  world.writeLate(id, plusSeconds(startOfDay(later(1)), 12 * 3_600))
  const waiting = await world.statement(day, [lineOf(id)])
  expect(waiting).toMatchObject([
    { run: { summary: { breaks: {}, open: { theirs: { debit: { count: 1 } } } } } },
  ])
  world.goTo(later(2), 6)
  const found = await world.statement(later(1), [])
  expect(found).toMatchObject([{ run: { summary: { breaks: {}, matched: { debit: { count: 1 } } } } }])
  expect(found).toMatchObject([{ run: { summary: { open: { theirs: { debit: { count: 0 } } } } } }])
  for (let days = 2; days <= 5; days++) {
    world.goTo(later(days + 1), 6)
    await world.statement(later(days), [])
  }
  expect(await world.breaks()).toEqual({})
})

test('of two lines of one payment the second is one too many, even where its movement is late', async () => {
  const { world, people } = await startWith(paid)
  const [id = ''] = people
  world.writeLate(id, plusSeconds(startOfDay(later(1)), 12 * 3_600))
  await world.statement(day, [lineOf(id), lineOf(id)])
  expect(await world.breaks()).toEqual({})
  world.goTo(later(2), 6)
  await world.statement(later(1), [])
  expect(await world.breaks()).toEqual({ 'paid-twice-by-partner': 'new' })
})

test('whoever has given a statement can read what became of it', async () => {
  const { world, people } = await startWith(paid)
  const [id = ''] = people
  const last = async () => (await world.reconciliations.arrivals(partner, day, later(1))).at(-1)
  const arrivals = [
    await world.statement(day, [lineOf(id)]).then(last),
    await world.statement(day, [lineOf(id)]).then(last),
    await world.statement(day, ['"broken']).then(last),
    await world.statement(later(1), []).then(last),
  ]
  expect(arrivals).toMatchObject([
    { day, outcome: 'recorded' },
    { day, outcome: 'repeated' },
    { day, outcome: 'refused', why: expect.stringContaining('') },
    { day: later(1), outcome: 'refused', why: '2020-09-19 is not over yet' },
  ])
  expect(new Set(arrivals.map((arrival) => arrival?.invocation)).size).toBe(4)
})
