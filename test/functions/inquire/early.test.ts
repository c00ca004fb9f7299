import { afterAll, expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import { failed, notFound } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, type Lane, settledSeconds, unanswered } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

test('however often it is asked too early, a partner is asked again as soon as its word is final', async () => {
  const lane = await createLane(ledger)
  const participantId = await unanswered(lane)
  const final = plusSeconds(lane.now(), settledSeconds)
  for (let question = 0; question < 6; question++) {
    lane.pass(60)
    const row = await lane.row(participantId)
    if (row) await ledger.participants.postpone(row, lane.now())
    lane.partner.tells(failed)
    await lane.inquire()
    const next = (await lane.row(participantId))?.at ?? ''
    expect(next <= final && next > lane.now()).toBe(true)
  }
  lane.goTo(final)
  lane.partner.tells(failed)
  await lane.inquire()
  expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'pending', 'rejected'])
})

test('where nothing is sent again, other bytes than were claimed do not keep "not found" from being noted', async () => {
  const lane = await createLane(ledger)
  const participantId = await unanswered(lane)
  lane.pass(settledSeconds)
  lane.partner.tells(notFound)
  const transfer: Lane['partner']['transfer'] = (order) => {
    const request = lane.partner.transfer(order)
    return { ...request, bodyHash: `${request.bodyHash}, of another secret` }
  }
  const { reported } = await lane.inquire({ partner: { ...lane.partner, transfer } })
  expect(reported).toMatchObject([{ entries: [{ event: { type: 'asked' } }] }])
  expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked'])
})
