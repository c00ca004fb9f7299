import { afterAll, beforeAll, expect, test } from 'vitest'
import { civilDate } from '../../shared/domain/instant.ts'
import { newControl } from '../../shared/domain/permit.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { startTestEngine } from '../support/engine.ts'
import {
  certifiedOf,
  entitle,
  entitlementOf,
  newCertificate,
  newParticipant,
  now,
  rowsOf,
} from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { participants, lanes } = engine.open()

const entitlements = Array.from({ length: 5 }, () => entitlementOf(newParticipant()))
const pagesMax = 1_000

beforeAll(async () => {
  for (const entitlement of entitlements) {
    await entitle(participants, entitlement)
    const further = newCertificate()
    await participants.recordCertificate(entitlement, further, certifiedOf(entitlement, further))
    await participants.recordSurvey(entitlement.participantId, 1, now)
  }
  await lanes.write('bni', { ...newControl(now), version: 1 })
  await lanes.moveCursor('bni', { startedAt: now, places: {} })
})

const placesOf = (rows: readonly PayoutRow[]) =>
  rows.map(({ participantId, payout }) => `${participantId} ${payout}`).sort()

test.for([1, 4, 7, 1_000])('by pages of %i meets every row once and nothing else', async (limit) => {
  const rows: PayoutRow[] = []
  let from: string | undefined
  for (let page = 0; page < pagesMax; page++) {
    const found = await participants.sweep(limit, from)
    expect(found.rows.length).toBeLessThanOrEqual(limit)
    rows.push(...found.rows)
    from = found.next
    if (from === undefined) break
  }
  expect(from).toBeUndefined()
  expect(placesOf(rows)).toEqual(placesOf(entitlements.flatMap(rowsOf)))
})

test('how far it has come is remembered for each scheme', async () => {
  const day = civilDate('2021-03-06')
  expect(await participants.closing('one')).toBeUndefined()
  await participants.recordClosing('one', { day, next: '["P-1","incentive-1"]' })
  expect(await participants.closing('one')).toEqual({ day, next: '["P-1","incentive-1"]' })
  expect(await participants.closing('another')).toBeUndefined()
  await participants.recordClosing('one', { day })
  expect(await participants.closing('one')).toEqual({ day })
})
