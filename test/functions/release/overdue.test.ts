import { afterAll, describe, expect, test } from 'vitest'
import { secondsBetween } from '../../../shared/domain/instant.ts'
import type { Verification } from '../../../shared/domain/outcome.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, type Lane } from '../lane.ts'

/** What was put off leaves the head of its list; it is overdue all the same. */

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const unavailable: Verification = { outcome: 'unavailable', reason: 'timeout', evidence: {} }

/** A payout about which the partner was asked so often in vain, whenever it was time. */
async function putOff(lane: Lane, tries: number): Promise<string> {
  const id = await lane.participant()
  for (let count = 1; count <= tries; count++) {
    lane.partner.verifies(unavailable)
    await lane.pay([[id]])
    const { at: next = lane.now() } = (await lane.row(id)) ?? {}
    if (count < tries) lane.pass(secondsBetween(lane.now(), next))
  }
  return id
}

describe('a payout that is put off day after day', () => {
  test('is overdue between its tries, and is sent no earlier for it', async () => {
    const lane = await createLane(ledger)
    const id = await putOff(lane, 6)
    const { at: next } = (await lane.row(id)) ?? {}
    expect(await lane.release()).toMatchObject({ overdue: true, sent: 0, messages: [], next })
    lane.pass(3_600)
    expect(await lane.release()).toMatchObject({ overdue: true, sent: 0, messages: [], next })
  })

  test('is overdue when its next try has come, too', async () => {
    const lane = await createLane(ledger)
    const id = await putOff(lane, 6)
    const { at: next = lane.now() } = (await lane.row(id)) ?? {}
    lane.pass(secondsBetween(lane.now(), next))
    expect(await lane.release()).toMatchObject({ overdue: true, sent: 1 })
  })

  test('is not, while it has been due for less than half a day', async () => {
    const lane = await createLane(ledger)
    await putOff(lane, 1)
    expect(await lane.release()).not.toHaveProperty('overdue')
  })

  type Case = readonly [string, Parameters<Lane['changeControl']>[0]]
  const since = at('2020-09-18T10:00:00+07:00')
  const pause = { reason: 'operator', since, by: 'ops/ani' } as const
  const cases: readonly Case[] = [
    ['its lane is paused', { paused: { incentive: pause, survey: pause } }],
    ['its lane is opened by a canary', { canary: { incentive: { since, payouts: [] } } }],
    ['the float is short', { available: rupiah(0) }],
  ]
  test.for(cases)('is not, while %s', async ([, change]) => {
    const lane = await createLane(ledger)
    await putOff(lane, 6)
    await lane.changeControl(change)
    expect(await lane.release()).not.toHaveProperty('overdue')
  })

  test('is not, in a blackout', async () => {
    const lane = await createLane(ledger)
    await putOff(lane, 6)
    lane.goTo('2020-12-15T01:00:00+07:00')
    expect(await lane.release()).not.toHaveProperty('overdue')
  })
})
