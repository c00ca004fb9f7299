import { afterAll, describe, expect, test } from 'vitest'
import type { Certificate, Entitlement } from '../../shared/domain/facts.ts'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { Payout, SurveyNumber } from '../../shared/domain/payout.ts'
import { brokenLink } from '../../shared/ledger/chain.ts'
import { openHistory } from '../../shared/ledger/dynamodb/history.ts'
import { startTestEngine } from '../support/engine.ts'
import {
  certifiedOf,
  entitle as entitleIn,
  entitlementOf,
  newCertificate,
  newParticipant,
  now,
  rowsOf,
} from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()
const { participants } = ledger

const rowsIn = async (participantId: string) => (await participants.read(participantId)).rows
async function factsOf(participantId: string) {
  const { rows: _, ...facts } = await participants.read(participantId)
  return facts
}

const racersMax = 10
const entitle = (entitlement: Entitlement, { participants } = ledger) => entitleIn(participants, entitlement)

/** A participant whose entitlement is written. */
async function entitled(governing = newCertificate()): Promise<Entitlement> {
  const entitlement = entitlementOf(newParticipant(), governing)
  expect(await entitle(entitlement)).toBe('recorded')
  return entitlement
}
const later = (entitlement: Entitlement, certificate: Certificate) =>
  participants.recordCertificate(entitlement, certificate, certifiedOf(entitlement, certificate))
const replace = (displaced: Entitlement, certificate: Certificate) =>
  participants.replaceCertificate(displaced, certificate, certifiedOf(displaced, certificate))
const earlier = (seconds: number) => newCertificate(plusSeconds(now, -seconds))

test('a participant without events has no facts and no rows', async () => {
  const participantId = newParticipant()
  expect(await factsOf(participantId)).toEqual({ surveys: {} })
  expect(await rowsIn(participantId)).toEqual([])
})

test('rows of several people are read in one go, those that there are', async () => {
  const [first, second] = [await entitled(), await entitled()]
  const wanted = [first, second].map(({ participantId }) => ({ participantId, payout: 'survey-1' }) as const)
  const rows = await participants.readRows([
    ...wanted,
    { participantId: newParticipant(), payout: 'survey-1' },
  ])
  const expected = [first, second].flatMap(rowsOf).filter((row) => row.payout === 'survey-1')
  expect(rows).toHaveLength(2)
  expect(rows).toEqual(expect.arrayContaining(expected))
  expect(await participants.readRows([])).toEqual([])
})

test('payouts of several people are read in one go, each with what concerns it alone', async () => {
  const [first, second] = [await entitled(), await entitled()]
  const stranger = newParticipant()
  await participants.recordSurvey(first.participantId, 1, now)
  await participants.recordSurvey(first.participantId, 2, now)
  const rowOf = (entitlement: Entitlement, payout: Payout) =>
    rowsOf(entitlement).filter((row) => row.payout === payout)
  const wanted = [
    [first, 'survey-1', { 1: now }],
    [second, 'survey-1', {}],
    [first, 'incentive-2', {}],
    [first, 'survey-1', { 1: now }],
  ] as const
  const read = await participants.readEach([
    ...wanted.map(([{ participantId }, payout]) => ({ participantId, payout })),
    { participantId: stranger, payout: 'incentive-1' },
  ])
  expect(read).toEqual([
    ...wanted.map(([entitlement, payout, surveys]) => ({
      entitlement,
      surveys,
      rows: rowOf(entitlement, payout),
    })),
    { surveys: {}, rows: [] },
  ])
  expect(await participants.readEach([])).toEqual([])
})

describe('the first certificate', () => {
  test('writes entitlement and accrual at once, and its seven rows', async () => {
    const entitlement = await entitled()
    const { participantId } = entitlement
    expect(await factsOf(participantId)).toEqual({ entitlement, surveys: {} })
    expect(await rowsIn(participantId)).toEqual(rowsOf(entitlement))
    expect(await participants.knowsCertificate(entitlement.governing.certificateId)).toBe(true)
  })

  test('that arrives many times at once is recorded once and otherwise a duplicate', async () => {
    const entitlement = entitlementOf(newParticipant())
    const outcomes = await Promise.all(Array.from({ length: racersMax }, () => entitle(entitlement)))
    expect(outcomes.sort()).toEqual([...Array(racersMax - 1).fill('duplicate'), 'recorded'])
    expect(await rowsIn(entitlement.participantId)).toEqual(rowsOf(entitlement))
  })

  test('of several certificates at once is one; the others read again', async () => {
    const participantId = newParticipant()
    const racers = Array.from({ length: racersMax }, () => entitlementOf(participantId))
    const outcomes = await Promise.all(racers.map((racer) => entitle(racer)))
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'overtaken')).toHaveLength(racersMax - 1)
    const winner = racers[outcomes.indexOf('recorded')]
    expect((await factsOf(participantId)).entitlement).toEqual(winner)
    const known = racers.map(({ governing }) => participants.knowsCertificate(governing.certificateId))
    expect(await Promise.all(known)).toEqual(outcomes.map((outcome) => outcome === 'recorded'))
  })

  test('whose answer was lost and which the client repeats is recorded, not a duplicate', async () => {
    const entitlement = entitlementOf(newParticipant())
    expect(await entitle(entitlement, engine.open(engine.connectUnlucky()))).toBe('recorded')
    expect(await rowsIn(entitlement.participantId)).toHaveLength(7)
  })
})

describe('an id that was issued before', () => {
  test.for<readonly [string, 'duplicate' | 'conflict', (certificate: Certificate) => Certificate]>([
    ['the same content', 'duplicate', (certificate) => ({ ...certificate })],
    ['another date', 'conflict', (certificate) => ({ ...certificate, issuedAt: plusSeconds(now, -1) })],
    ['another platform', 'conflict', (certificate) => ({ ...certificate, platform: 'bukalapak' })],
    ['another provider', 'conflict', (certificate) => ({ ...certificate, trainingProvider: 'another' })],
    ['another training', 'conflict', (certificate) => ({ ...certificate, trainingId: 'T-2' })],
  ])('with %s is a %s, however it arrives', async ([, outcome, again]) => {
    const entitlement = await entitled()
    const certificate = again(entitlement.governing)
    expect(await entitle({ ...entitlement, governing: certificate })).toBe(outcome)
    expect(await later(entitlement, certificate)).toBe(outcome)
    expect(await replace(entitlement, certificate)).toBe(outcome)
    expect(await factsOf(entitlement.participantId)).toEqual({ entitlement, surveys: {} })
  })

  test('to another participant, or in another wave, is a conflict', async () => {
    const entitlement = await entitled()
    const { governing } = entitlement
    const thief = entitlementOf(newParticipant(), governing)
    expect(await entitle(thief)).toBe('conflict')
    expect(await rowsIn(thief.participantId)).toEqual([])
    expect(await later({ ...entitlement, wave: 5 }, governing)).toBe('conflict')
  })
})

describe('a later certificate', () => {
  test('is recorded once and changes nothing', async () => {
    const entitlement = await entitled()
    const second = newCertificate(plusSeconds(now, 60))
    expect(await later(entitlement, second)).toBe('recorded')
    expect(await later(entitlement, second)).toBe('duplicate')
    expect(await factsOf(entitlement.participantId)).toEqual({ entitlement, surveys: {} })
    expect(await participants.knowsCertificate(second.certificateId)).toBe(true)
  })
})

describe('the chain of an entitlement', () => {
  const chainOf = (participantId: string) =>
    openHistory(engine.connect(), engine.tables.journal).entries(participantId)

  test('has a note for each further certificate, in one chain', async () => {
    const entitlement = await entitled()
    expect(await later(entitlement, newCertificate())).toBe('recorded')
    expect(await replace(entitlement, earlier(60))).toBe('recorded')
    const chain = await chainOf(entitlement.participantId)
    expect(chain.map(({ seq, event }) => [seq, event.type])).toEqual([
      [1, 'accrued'],
      [2, 'certified'],
      [3, 'certified'],
    ])
    expect(brokenLink(chain)).toBeUndefined()
  })

  test('gives one of several certificates at once the next place; the others read again and follow', async () => {
    const entitlement = await entitled()
    let waiting = Array.from({ length: racersMax }, () => newCertificate())
    for (let round = 0; round < racersMax && waiting.length > 0; round++) {
      const outcomes = await Promise.all(waiting.map((certificate) => later(entitlement, certificate)))
      expect(outcomes).toContain('recorded')
      waiting = waiting.filter((_, index) => outcomes[index] === 'overtaken')
    }
    const chain = await chainOf(entitlement.participantId)
    expect(chain.map(({ seq }) => seq)).toEqual(
      Array.from({ length: racersMax + 1 }, (_, index) => index + 1),
    )
    expect(brokenLink(chain)).toBeUndefined()
  })
})

describe('an earlier certificate', () => {
  test('takes over, and the one it displaces stays known', async () => {
    const entitlement = await entitled()
    const governing = earlier(60)
    expect(await replace(entitlement, governing)).toBe('recorded')
    const next = { ...entitlement, governing, replacements: 1 }
    expect((await factsOf(entitlement.participantId)).entitlement).toEqual(next)
    expect(await entitle(entitlement)).toBe('duplicate')
  })

  test('that comes at the same time as others: one takes over, the others read again', async () => {
    const entitlement = await entitled()
    const certificates = Array.from({ length: racersMax }, (_, nth) => earlier(nth + 1))
    const racers = certificates.map((certificate) => replace(entitlement, certificate))
    const outcomes = await Promise.all(racers)
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'overtaken')).toHaveLength(racersMax - 1)
    const governing = certificates[outcomes.indexOf('recorded')]
    const stored = (await factsOf(entitlement.participantId)).entitlement
    expect(stored).toEqual({ ...entitlement, governing, replacements: 1 })
  })

  test('that comes many times at once takes over once', async () => {
    const entitlement = await entitled()
    const certificate = earlier(60)
    const racers = Array.from({ length: racersMax }, () => replace(entitlement, certificate))
    const outcomes = await Promise.all(racers)
    expect(outcomes.sort()).toEqual([...Array(racersMax - 1).fill('duplicate'), 'recorded'])
    expect((await factsOf(entitlement.participantId)).entitlement?.replacements).toBe(1)
  })

  test('on an entitlement that was read too long ago reads again', async () => {
    const first = await entitled()
    await replace(first, earlier(60))
    expect(await replace(first, earlier(120))).toBe('overtaken')
    const { entitlement: second } = await factsOf(first.participantId)
    if (!second) throw new Error('no entitlement')
    expect(await replace(second, earlier(120))).toBe('recorded')
    const { entitlement } = await factsOf(first.participantId)
    expect(entitlement?.replacements).toBe(2)
  })
})

describe('a survey', () => {
  test('is recorded before, after and without a certificate', async () => {
    const { participantId } = await entitled()
    await participants.recordSurvey(participantId, 3, plusSeconds(now, 3))
    await participants.recordSurvey(participantId, 1, plusSeconds(now, 1))
    const { surveys } = await factsOf(participantId)
    expect(surveys).toEqual({ 1: plusSeconds(now, 1), 3: plusSeconds(now, 3) })

    const stranger = newParticipant()
    await participants.recordSurvey(stranger, 2, now)
    expect(await factsOf(stranger)).toEqual({ surveys: { 2: now } })
  })

  test.for<readonly [string, number, 'duplicate' | 'conflict']>([
    ['at the same time', 0, 'duplicate'],
    ['at another time', 1, 'conflict'],
  ])(
    'that was completed %s before: %i s apart is a %s, and the first stays',
    async ([, seconds, outcome]) => {
      const participantId = newParticipant()
      expect(await participants.recordSurvey(participantId, 1, now)).toBe('recorded')
      expect(await participants.recordSurvey(participantId, 1, plusSeconds(now, seconds))).toBe(outcome)
      expect(await factsOf(participantId)).toEqual({ surveys: { 1: now } })
    },
  )

  test('that arrives many times at once is recorded once', async () => {
    const participantId = newParticipant()
    const survey: SurveyNumber = 2
    const racers = Array.from({ length: racersMax }, () =>
      participants.recordSurvey(participantId, survey, now),
    )
    const outcomes = await Promise.all(racers)
    expect(outcomes.sort()).toEqual([...Array(racersMax - 1).fill('duplicate'), 'recorded'])
  })

  test('whose answer was lost and which the client repeats is recorded, not a duplicate', async () => {
    const { participants: unlucky } = engine.open(engine.connectUnlucky())
    expect(await unlucky.recordSurvey(newParticipant(), 1, now)).toBe('recorded')
  })
})
