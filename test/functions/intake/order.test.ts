import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { brokenLink } from '../../../shared/ledger/chain.ts'
import { openHistory } from '../../../shared/ledger/dynamodb/history.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import type { Envelope } from '../events.ts'
import { createRecords, type FactName, factsOf, idOf, newPerson } from './records.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const records = createRecords(engine)
const { ledger, take } = records

const names: readonly FactName[] = ['certificate', 'earlier', 'account', 'relink', 'survey']
const all: readonly FactName[] = [...names, 'secondSurvey']

/** Takes in waves of facts, those of one wave all at once, and tells what is stored in the end. */
async function storedAfter(...waves: readonly (readonly FactName[])[]): Promise<readonly string[]> {
  const person = newPerson()
  const facts = factsOf(person)
  for (const wave of waves) await Promise.all(wave.map((name) => redelivered(facts[name])))
  return records.of(person)
}

/** As a queue does it: what fails is delivered again. */
async function redelivered(event: Envelope) {
  for (let delivery = 0; delivery < 20; delivery++) {
    const taken = await take(event).catch(() => undefined)
    if (taken) return taken
  }
  throw new Error('an event never goes in')
}

describe('the order of arrival never changes what is stored in the end', () => {
  test('one after another: two certificates, two accounts and a survey', async () => {
    const inOrder = (order: readonly FactName[]) => storedAfter(...order.map((name) => [name]))
    const expected = await inOrder(names)
    // Seven rows, entitlement, later certificate and survey; certificates by id; accrual and note; accounts.
    expect(expected).toHaveLength(10 + 2 + 2 + 2)
    const order = fc.shuffledSubarray([...names], { minLength: names.length })
    await fc.assert(
      fc.asyncProperty(order, async (some) => {
        expect(await inOrder(some)).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  test('some at once, and some again', async () => {
    const expected = await storedAfter(...all.map((name) => [name]))
    const wave = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(wave, { maxLength: 3 }),
        fc.shuffledSubarray([...all], { minLength: 6 }),
        async (waves, rest) => {
          expect(await storedAfter(...waves, rest)).toEqual(expected)
        },
      ),
      { numRuns: 8 },
    )
  })

  test('all at once, twice', async () => {
    const expected = await storedAfter(...all.map((name) => [name]))
    for (let run = 0; run < 2; run++) expect(await storedAfter([...all, ...all])).toEqual(expected)
  })

  test.for<readonly [string, readonly FactName[], boolean]>([
    ['takes over', ['certificate', 'earlier'], true],
    ['changes nothing', ['earlier', 'certificate'], false],
  ])('the journal notes one more certificate once, and whether it %s', async ([, order, governs]) => {
    const person = newPerson()
    for (const name of [...order, ...order]) await take(factsOf(person)[name])
    const chain = await openHistory(engine.connect(), engine.tables.journal).entries(idOf(person))
    expect(chain.map(({ event }) => event)).toMatchObject([
      { type: 'accrued' },
      { type: 'certified', governs },
    ])
    expect(brokenLink(chain)).toBeUndefined()
  })

  test('the rows are those of the earlier certificate, the later account and the survey', async () => {
    const person = newPerson()
    const facts = factsOf(person)
    for (const name of names) await take(facts[name])
    const { rows } = await ledger.participants.read(idOf(person))
    const placed = rows.map(({ payout, list, at }) => [payout, list, at])
    expect(placed).toEqual([
      ['incentive-1', 'open#bni#0', '2020-08-30T17:00:00.000Z'],
      ['incentive-2', 'open#bni#0', '2020-09-29T17:00:00.000Z'],
      ['incentive-3', 'open#bni#0', '2020-10-30T17:00:00.000Z'],
      ['incentive-4', 'open#bni#0', '2020-11-29T17:00:00.000Z'],
      ['survey-1', 'open#bni#0', '2020-09-17T17:00:00.000Z'],
      ['survey-2', undefined, undefined],
      ['survey-3', undefined, undefined],
    ])
  })
})

describe('the same fact', () => {
  test.for(names)('again is a duplicate and changes nothing: %s', async (name) => {
    const person = newPerson()
    const facts = factsOf(person)
    for (const each of names) expect(await take(facts[each])).toMatchObject({ outcome: 'accepted' })
    const before = await records.of(person)
    expect(await take(facts[name])).toEqual({ outcome: 'duplicate', eventType: facts[name]['detail-type'] })
    expect(await records.of(person)).toEqual(before)
  })

  test.for(names)('many times at once is accepted once: %s', async (name) => {
    const facts = factsOf(newPerson())
    const taken = await Promise.all(Array.from({ length: 6 }, () => take(facts[name])))
    expect(taken.map(({ outcome }) => outcome).sort()).toEqual(['accepted', ...Array(5).fill('duplicate')])
  })

  test('written otherwise is the same: other fields, another offset, another form of the number', async () => {
    const person = newPerson()
    const { account, survey } = factsOf(person)
    await take(account)
    await take(survey)
    const detail = { ...account.detail, accountNumber: `+62 812-${person}-1111`, note: 'x' }
    expect(await take({ ...account, detail })).toMatchObject({ outcome: 'duplicate' })
    const completedAt = '2020-09-18T02:00:00Z'
    const again = { ...survey, detail: { ...survey.detail, completedAt } }
    expect(await take(again)).toMatchObject({ outcome: 'duplicate' })
  })

  test('heals what a crash has left out: the fact was recorded and the rows were not placed', async () => {
    const person = newPerson()
    const { certificate, survey, account } = factsOf(person)
    await take(certificate)
    await take(account)
    await ledger.participants.recordSurvey(idOf(person), 1, at('2020-09-18T09:00:00+07:00'))
    expect(await take(survey)).toMatchObject({ outcome: 'duplicate' })
    const { rows } = await ledger.participants.read(idOf(person))
    expect(rows.find(({ payout }) => payout === 'survey-1')).toMatchObject({ state: 'scheduled' })
  })
})

test('a certificate whose rows were never written gets them when it comes again', async () => {
  const person = newPerson()
  const { certificate } = factsOf(person)
  const dying = {
    ...ledger,
    participants: { ...ledger.participants, project: () => Promise.reject(new Error('the worker died')) },
  }
  await expect(take(certificate, { ledger: dying })).rejects.toThrow('the worker died')
  expect((await ledger.participants.read(idOf(person))).rows).toEqual([])
  expect(await take(certificate)).toMatchObject({ outcome: 'duplicate' })
  expect((await ledger.participants.read(idOf(person))).rows).toHaveLength(7)
})

describe('a fact that contradicts what is known is quarantined and changes nothing', () => {
  async function known() {
    const person = newPerson()
    const facts = factsOf(person)
    for (const name of names) await take(facts[name])
    return { person, facts, before: await records.of(person) }
  }
  const changed = (event: Envelope, change: object): Envelope => ({
    ...event,
    detail: { ...event.detail, ...change },
  })

  test('the same certificate for another participant', async () => {
    const { person, facts, before } = await known()
    const other = newPerson()
    const stolen = changed(facts.certificate, { participantId: idOf(other) })
    expect(await take(stolen)).toEqual({ outcome: 'quarantined', reason: 'certificate_conflict' })
    expect(await records.of(person)).toEqual(before)
    expect(await records.of(other)).toEqual([])
  })

  test.for<[FactName, object, string]>([
    ['certificate', { trainingProvider: 'other' }, 'certificate_conflict'],
    ['certificate', { issuedAt: '2020-08-01T10:00:00+07:00' }, 'certificate_conflict'],
    ['earlier', { trainingId: 'T-9' }, 'certificate_conflict'],
    ['certificate', { wave: 6 }, 'certificate_conflict'],
    ['certificate', { certificateId: 'C-NEW', wave: 6 }, 'wave_conflict'],
    ['survey', { completedAt: '2020-09-18T09:00:00.001+07:00' }, 'survey_conflict'],
  ])('%s with %o', async ([name, change, reason]) => {
    const { person, facts, before } = await known()
    expect(await take(changed(facts[name], change))).toEqual({ outcome: 'quarantined', reason })
    expect(await records.of(person)).toEqual(before)
  })

  test('of two waves at once one is taken in', async () => {
    const { certificate } = factsOf(newPerson())
    const other = changed(certificate, { wave: 6, certificateId: `${certificate.detail.certificateId}-6` })
    const taken = await Promise.all([take(certificate), take(other)])
    expect(taken.map((result) => ('reason' in result ? result.reason : result.outcome)).sort()).toEqual([
      'accepted',
      'wave_conflict',
    ])
  })

  test('of two participants with one certificate at once one is taken in', async () => {
    const { certificate } = factsOf(newPerson())
    const other = changed(certificate, { participantId: idOf(newPerson()) })
    const taken = await Promise.all([take(certificate), take(other)])
    expect(taken.map((result) => ('reason' in result ? result.reason : result.outcome)).sort()).toEqual([
      'accepted',
      'certificate_conflict',
    ])
  })
})
