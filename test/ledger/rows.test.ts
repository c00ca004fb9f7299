import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { civilDate, plusSeconds } from '../../shared/domain/instant.ts'
import { newControl } from '../../shared/domain/permit.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { startTestEngine } from '../support/engine.ts'
import { accrualOf, entitlementOf, newParticipant, now, openRow, rowsOf } from './examples.ts'
import { loseNextAnswer } from './faults.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { participants, lanes } = engine.open()

const stored = (row: PayoutRow) => participants.row(row.participantId, row.payout)
const later = (seconds: number) => plusSeconds(now, seconds)

type Seen = readonly [seq: number, facts: number]
const counts = [1, 2, 3]
const sights: readonly Seen[] = counts.flatMap((seq) => counts.map((facts): Seen => [seq, facts]))
const rowThatSaw = (participantId: string, [seq, facts]: Seen): PayoutRow => ({
  ...openRow(participantId),
  seq,
  facts,
  // Tells rows of different sight apart, as their content does.
  reason: `${seq} entries, ${facts} facts`,
})

function orders<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length < 2) return [things]
  return things.flatMap((first) =>
    orders(things.filter((thing) => thing !== first)).map((rest) => [first, ...rest]),
  )
}

describe('a row never goes back', () => {
  const pairs = sights.flatMap((before) => sights.map((after) => [before, after] as const))
  test.for(pairs)('stored from entries and facts %j, written from %j', async ([before, after]) => {
    const participantId = newParticipant()
    const [first, second] = [rowThatSaw(participantId, before), rowThatSaw(participantId, after)]
    await participants.project(first)
    const outcome = await participants.project(second)
    const [seq, facts] = [after[0] - before[0], after[1] - before[1]]
    const sawMore = seq >= 0 && facts >= 0 && seq + facts > 0
    expect(outcome).toEqual(sawMore ? 'projected' : first)
    expect(await stored(first)).toEqual(sawMore ? second : first)
  })

  test.for(orders([sights[0], sights[1], sights[3], sights[4]]))(
    'in whatever order %j %j %j %j are written, what saw all of it stays',
    async (order) => {
      const participantId = newParticipant()
      for (const seen of order) if (seen) await participants.project(rowThatSaw(participantId, seen))
      expect(await stored(openRow(participantId))).toEqual(rowThatSaw(participantId, [2, 2]))
    },
  )

  test('not even when all are written at once', async () => {
    const participantId = newParticipant()
    await Promise.all(sights.map((seen) => participants.project(rowThatSaw(participantId, seen))))
    expect(await stored(openRow(participantId))).toEqual(rowThatSaw(participantId, [3, 3]))
  })

  test('and is replaced whole: what the new one does not say is gone', async () => {
    const participantId = newParticipant()
    await participants.project({ ...openRow(participantId), remedy: 'participant', inquiries: 3 })
    const { list: _, at: __, ...paid } = { ...openRow(participantId), seq: 2, state: 'paid' } as const
    await participants.project(paid)
    expect(await stored(paid)).toEqual(paid)
  })

  test('a projection whose answer was lost and which the client repeats is one', async () => {
    const client = engine.connect()
    const { participants: unlucky } = engine.open(client)
    loseNextAnswer(client)
    expect(await unlucky.project(openRow(newParticipant()))).toBe('projected')
  })
})

describe('a row is put off', () => {
  const waiting = async () => {
    const row = openRow(newParticipant())
    await participants.project(row)
    return row
  }

  test('within its list, with the number of questions asked', async () => {
    const row = await waiting()
    expect(await participants.postpone(row, later(60))).toBe('postponed')
    expect(await stored(row)).toEqual({ ...row, at: later(60) })
    expect(await participants.postpone({ ...row, at: later(60) }, later(120), 1)).toBe('postponed')
    expect(await stored(row)).toEqual({ ...row, at: later(120), inquiries: 1 })
  })

  test.for<readonly [string, (row: PayoutRow) => PayoutRow]>([
    ['an entry more', (row) => ({ ...row, seq: row.seq + 1 })],
    ['a fact more', (row) => ({ ...row, facts: row.facts + 1 })],
    ['an entry more, in no list', ({ list: _, at: __, ...row }) => ({ ...row, seq: row.seq + 1 })],
  ])('not once it has seen %s', async ([, change]) => {
    const row = await waiting()
    const changed = change(row)
    await participants.project(changed)
    expect(await participants.postpone(row, later(60))).toBe('behind')
    expect(await stored(row)).toEqual(changed)
  })

  test('not where there is none', async () => {
    const row = openRow(newParticipant())
    expect(await participants.postpone(row, later(60))).toBe('behind')
    expect(await stored(row)).toBeUndefined()
  })

  test('by one of those who want to at the same time', async () => {
    const row = await waiting()
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => participants.postpone(row, later(60), 1)),
    )
    expect(outcomes.filter((outcome) => outcome === 'postponed')).toHaveLength(1)
    expect(await stored(row)).toEqual({ ...row, at: later(60), inquiries: 1 })
  })

  test('and a later projection of the same sight does not bring it forward again', async () => {
    const row = await waiting()
    await participants.postpone(row, later(60), 1)
    expect(await participants.project(row)).toEqual({ ...row, at: later(60), inquiries: 1 })
  })
})

test('a row that does not parse stops the reader', async () => {
  const participantId = newParticipant()
  const item = marshall({ pk: participantId, sk: 'incentive-1', ...openRow(participantId), state: 'lost' })
  await engine.connect().send(new PutItemCommand({ TableName: engine.tables.payouts, Item: item }))
  await expect(participants.row(participantId, 'incentive-1')).rejects.toThrow()
  await expect(participants.rows(participantId)).rejects.toThrow()
})

describe('the sweep', () => {
  const swept = Array.from({ length: 5 }, () => entitlementOf(`SWEPT-${newParticipant()}`))
  beforeAll(async () => {
    for (const entitlement of swept) {
      await participants.entitle(entitlement, rowsOf(entitlement), accrualOf(entitlement))
      await participants.recordSurvey(entitlement.participantId, 1, now)
    }
    await lanes.write('bni', { ...newControl(now), version: 1 })
  })

  test.for([1, 4, 7, 1_000])('by pages of %i meets every row once and nothing else', async (limit) => {
    const rows: PayoutRow[] = []
    let from: string | undefined
    for (let page = 0; page < 1_000; page++) {
      const found = await participants.sweep(limit, from)
      expect(found.rows.length).toBeLessThanOrEqual(limit)
      rows.push(...found.rows)
      from = found.next
      if (from === undefined) break
    }
    expect(from).toBeUndefined()
    const ours = rows.filter(({ participantId }) => participantId.startsWith('SWEPT'))
    const places = (of: readonly PayoutRow[]) =>
      of.map(({ participantId, payout }) => `${participantId} ${payout}`).sort()
    expect(places(ours)).toEqual(places(swept.flatMap(rowsOf)))
  })

  test('remembers for each scheme how far it has come', async () => {
    const day = civilDate('2021-03-06')
    expect(await participants.closing('one')).toBeUndefined()
    await participants.recordClosing('one', { day, next: '["P-1","incentive-1"]' })
    expect(await participants.closing('one')).toEqual({ day, next: '["P-1","incentive-1"]' })
    expect(await participants.closing('another')).toBeUndefined()
    await participants.recordClosing('one', { day })
    expect(await participants.closing('one')).toEqual({ day })
  })
})
