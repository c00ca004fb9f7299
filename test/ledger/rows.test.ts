import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import { afterAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { PayoutRow } from '../../shared/domain/row.ts'
import { startTestEngine } from '../support/engine.ts'
import { newParticipant, now, openRow } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const { participants } = engine.open()

const stored = async (row: PayoutRow) =>
  (await participants.read(row.participantId)).rows.find(({ payout }) => payout === row.payout)
const later = (seconds: number) => plusSeconds(now, seconds)

type Seen = readonly [seq: number, facts: number]
const counts = [1, 2]
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

  test.for(orders(sights))(
    'in whatever order %j %j %j %j are written, what saw all of it stays',
    async (order) => {
      const participantId = newParticipant()
      for (const seen of order) await participants.project(rowThatSaw(participantId, seen))
      expect(await stored(openRow(participantId))).toEqual(rowThatSaw(participantId, [2, 2]))
    },
  )

  test('not even when all are written at once', async () => {
    const participantId = newParticipant()
    await Promise.all(sights.map((seen) => participants.project(rowThatSaw(participantId, seen))))
    expect(await stored(openRow(participantId))).toEqual(rowThatSaw(participantId, [2, 2]))
  })

  test('and is replaced whole: what the new one does not say is gone', async () => {
    const participantId = newParticipant()
    await participants.project({ ...openRow(participantId), remedy: 'participant', inquiries: 3 })
    const { list: _, at: __, ...paid } = { ...openRow(participantId), seq: 2, state: 'paid' } as const
    await participants.project(paid)
    expect(await stored(paid)).toEqual(paid)
  })

  test('a projection whose answer was lost and which the client repeats is one', async () => {
    const { participants: unlucky } = engine.open(engine.connectUnlucky())
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
  await expect(participants.read(participantId)).rejects.toThrow()
})
