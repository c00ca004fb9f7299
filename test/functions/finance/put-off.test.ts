import { expect, test } from 'vitest'
import { ageing } from '../../../functions/finance/ageing.ts'
import { secondsBetween } from '../../../shared/domain/instant.ts'
import type { Verification } from '../../../shared/domain/outcome.ts'
import { paid } from '../../domain/examples.ts'
import { type Office, openOffice } from '../ops/office.ts'
import { dependencies } from './books.ts'

/** What is due and was put off is as old as it is, whatever its next try. */

const unavailable: Verification = { outcome: 'unavailable', reason: 'timeout', evidence: {} }
const day = 86_400

/** Asks about the account in vain, and lets the time pass until the next try. */
async function tryInVain(office: Office, id: string) {
  const { partner, pay } = office.lane('gopay')
  partner.verifies(unavailable)
  await pay(id)
}
async function untilNextTry(office: Office, id: string) {
  const { at = office.now() } = (await office.row(id)) ?? {}
  office.pass(secondsBetween(office.now(), at))
}

/** How many stand how at gopay, by band. */
async function standings(office: Office, timeLeft = true) {
  const { rows } = await ageing(dependencies(office), { now: office.now(), timeLeft: () => timeLeft })
  return rows.flatMap(({ standing, partner, bands }) =>
    partner === 'gopay'
      ? Object.entries(bands).flatMap(([band, { count }]) => (count === 0 ? [] : [[standing, band, count]]))
      : [],
  )
}

test('what is put off day after day is due since its own day', async () => {
  const office = await openOffice()
  const id = await office.participant('gopay')
  const bands = new Map([
    [1, '0-1'],
    [7, '2-7'],
    [14, '8-30'],
  ])
  for (let tries = 1; tries <= 14; tries++) {
    await tryInVain(office, id)
    const band = bands.get(tries)
    if (band !== undefined) expect(await standings(office)).toEqual([['due', band, 1]])
    await untilNextTry(office, id)
  }
})

test('what was put off and whose next try has come is in no younger band, and nothing else moves', async () => {
  const office = await openOffice()
  const id = await office.participant('gopay')
  for (let tries = 0; tries < 14; tries++) {
    await tryInVain(office, id)
    await untilNextTry(office, id)
  }
  await office.participant('gopay')
  expect(await standings(office)).toEqual([['due', '8-30', 2]])
  office.pass(22 * day)
  expect(await standings(office)).toEqual([
    ['due', '2-7', 2],
    ['due', 'over-30', 2],
  ])
})

test('what is being sent after it was put off is in transit, and not due as well', async () => {
  const office = await openOffice()
  const id = await office.participant('gopay')
  for (let tries = 0; tries < 14; tries++) {
    await tryInVain(office, id)
    await untilNextTry(office, id)
  }
  const { partner, pay } = office.lane('gopay')
  partner.pays(() => Promise.reject(new Error('the machine has died')))
  await pay(id)
  expect(await office.entries(id)).toEqual(['claimed'])
  expect(await standings(office)).toEqual([['in-transit', '0-1', 1]])
})

test('what there is no time to look for is said to be a part', async () => {
  const office = await openOffice()
  await office.lane('gopay').pay(await office.participant('gopay'), paid)
  const dueAt = async (timeLeft: boolean) => {
    const { rows } = await ageing(dependencies(office), { now: office.now(), timeLeft: () => timeLeft })
    return rows.find(({ standing, partner }) => standing === 'due' && partner === 'gopay')?.bands['0-1']
  }
  expect(await dueAt(true)).toMatchObject({ atLeast: false })
  expect(await dueAt(false)).toMatchObject({ atLeast: true })
})
