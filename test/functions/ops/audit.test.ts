import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { digestDays } from '../../../functions/digest/digest.ts'
import { civilDate } from '../../../shared/domain/instant.ts'
import { auditSchema } from '../../../shared/ledger/register-schemas.ts'
import { auditHash } from '../../../shared/operations/audit.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { startBucket } from '../../support/bucket.ts'
import { forge } from '../../support/forger.ts'
import { answerOf, type Office, openOffice } from './office.ts'

const bucket = await startBucket()
afterAll(() => bucket.stop())
afterEach(bucket.empty)

const auditOf = async (office: Office, from: string, to = from) =>
  answerOf(routes.audit, await office.as('cici', 'viewer')('audit', { query: { from, to } }))
const pause = { instruction: 'pause', partner: 'gopay', reason: 'doubt' }

test('every command is written down with who, what, what came of it and its key, over the days', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  await ani('instruct', { body: pause, key: 'first-key' })
  office.goTo('2020-09-20T23:59:59+07:00')
  await office.as('budi', 'operator')('instruct', { body: { ...pause, instruction: 'resume' } })
  await ani('tidyDeadLetters')
  const { records, broken } = await auditOf(office, '2020-09-18', '2020-09-21')
  expect(broken).toBeUndefined()
  const first = { day: '2020-09-18', by: 'ani', role: 'operator', action: 'instruct/pause' }
  const resumed = { day: '2020-09-20', by: 'budi', action: 'instruct/resume' }
  const tidied = { day: '2020-09-20', by: 'ani', action: 'tidyDeadLetters' }
  expect(records).toMatchObject([
    { ...first, seq: 1, detail: { phase: 'intent', instruction: pause, key: 'first-key' } },
    { ...first, seq: 2, detail: { phase: 'outcome', effects: { paused: 1 }, key: 'first-key' } },
    { ...resumed, seq: 1, detail: { phase: 'intent' } },
    { ...resumed, seq: 2, detail: { phase: 'outcome' } },
    { ...tidied, seq: 3, detail: { phase: 'intent' } },
    { ...tidied, seq: 4, detail: { phase: 'outcome' } },
  ])
  expect(records[1]?.previousHash).toBe(records[0]?.hash)
})

test('what was cut off is known to have been begun, and once it is done, to be done', async () => {
  const office = await openOffice()
  const { ledger } = office
  const write = () => Promise.reject(new Error('died'))
  office.deps.ledger = { ...ledger, lanes: { ...ledger.lanes, write } }
  const asked = { body: pause, key: 'cut-off-1' }
  await expect(office.as('ani', 'operator')('instruct', asked)).rejects.toThrow('died')
  const phases = async () => (await auditOf(office, '2020-09-18')).records.map(({ detail }) => detail.phase)
  expect(await phases()).toEqual(['intent'])
  office.deps.ledger = ledger
  for (let time = 0; time < 2; time++) {
    expect(await office.as('ani', 'operator')('instruct', asked)).toMatchObject({ status: 200 })
    expect(await phases()).toEqual(['intent', 'outcome'])
  }
})

test('what was done and not answered leaves no second trace when it comes again', async () => {
  const office = await openOffice()
  const { register } = office
  office.deps.register = { ...register, answer: () => Promise.reject(new Error('died')) }
  const asked = { body: pause, key: 'unanswered' }
  const send = () => office.as('ani', 'operator')('instruct', asked)
  await expect(send()).rejects.toThrow('died')
  office.deps.register = register
  expect(await send()).toMatchObject({ status: 200 })
  expect((await auditOf(office, '2020-09-18')).records).toHaveLength(2)
})

test('a preview leaves one record, with its set', async () => {
  const office = await openOffice()
  const failed = await office.failed()
  const body = { payouts: [{ participantId: failed, payout: 'incentive-1' }] }
  const reply = await office.as('ani', 'operator')('preview', { body })
  const { set } = answerOf(routes.preview, reply)
  expect((await auditOf(office, '2020-09-18')).records).toMatchObject([
    { by: 'ani', action: 'preview', detail: { named: 1, set, payments: 1, rupiah: 600_000, skipped: {} } },
  ])
})

test('looking, and being refused before anything was begun, leave no trace', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  await ani('status')
  await ani('instruct', { body: { instruction: 'retry', set: 'a'.repeat(64), reason: 'because' } })
  expect((await auditOf(office, '2020-09-18')).records).toEqual([])
})

test('a long trail comes in pages, each checked against the one before, and its days where they end', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  const payouts = Array.from({ length: 1_000 }, (_, nth) => ({
    participantId: `P-${String(nth).padStart(28, '0')}`,
    payout: 'incentive-1',
  }))
  for (const at of ['2020-09-18T10:00:00+07:00', '2020-09-20T10:00:00+07:00']) {
    office.goTo(at)
    for (let nth = 0; nth < 25; nth++) {
      const body = { instruction: 'hold', subjects: { payouts }, reason: `doubt ${nth}` }
      const by = { role: 'operator', name: 'ani' } as const
      const draft = { at: office.now(), by, action: 'instruct/hold', detail: { instruction: body } }
      await office.register.record(`${at} ${nth}`, draft)
    }
  }
  await ani('instruct', { body: pause })
  const pages: ReturnType<typeof answer>[] = []
  const answer = (body: unknown) => routes.audit.answer.parse(body)
  for (let cursor: string | undefined = ''; cursor !== undefined && pages.length < 9; ) {
    const query = { from: '2020-09-18', to: '2020-09-20', ...(cursor && { cursor }) }
    const { body } = await office.as('cici', 'viewer')('audit', { query })
    expect(JSON.stringify(body).length).toBeLessThan(5_000_000)
    pages.push(answer(body))
    cursor = pages.at(-1)?.next
  }
  expect(pages.length).toBeGreaterThan(1)
  const records = pages.flatMap((page) => page.records)
  expect(records.map(({ day, seq }) => `${day} ${seq}`)).toEqual([
    ...Array.from({ length: 25 }, (_, nth) => `2020-09-18 ${nth + 1}`),
    ...Array.from({ length: 27 }, (_, nth) => `2020-09-20 ${nth + 1}`),
  ])
  expect(pages.map(({ broken }) => broken)).toEqual(pages.map(() => undefined))
  // The 18th has ended and nobody has digested it.
  expect(pages.flatMap(({ digests }) => digests)).toEqual([{ day: '2020-09-18', matches: 'missing' }])
})

test.for(['x', '2020-09-17.1', '2020-09-31.1', '2020-09-18.1234567'])(
  'a cursor that no page has given is refused: %s',
  async (cursor) => {
    const office = await openOffice()
    const query = { from: '2020-09-18', to: '2020-10-02', cursor }
    expect(await office.as('cici', 'viewer')('audit', { query })).toMatchObject({ status: 400 })
  },
)

test('a changed record is named', async () => {
  const office = await openOffice()
  for (const partner of ['gopay', 'ovo', 'bni']) {
    await office.as('ani', 'operator')('instruct', { body: { ...pause, partner } })
  }
  const { records } = await auditOf(office, '2020-09-18')
  await forge(office.engine, { ...auditSchema.parse(records[1]), by: 'budi' })
  expect((await auditOf(office, '2020-09-18')).broken).toBe('2020-09-18 2')
})

describe('the digests of the days', () => {
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/)

  /** Ani pauses a lane on the 18th; the night after, that day is digested. */
  async function digested() {
    const office = await openOffice()
    office.deps.digests = bucket.digests
    await office.as('ani', 'operator')('instruct', { body: pause })
    office.goTo('2020-09-19T00:15:00+07:00')
    await digestDays({ register: office.register, digests: bucket.digests }, office.now())
    return office
  }

  test('vouch for what was done on them', async () => {
    const { digests, records } = await auditOf(await digested(), '2020-09-17', '2020-09-19')
    expect(records).toHaveLength(2)
    expect(digests).toEqual([
      { day: '2020-09-17', hash, matches: true },
      { day: '2020-09-18', hash, matches: true },
    ])
  })

  test('find out a trail whose own hashes are right', async () => {
    const office = await digested()
    const record = (await office.register.audit(civilDate('2020-09-18'))).at(-1)
    if (!record) throw new Error('nothing was written down')
    const forged = { ...record, by: 'budi' }
    await forge(office.engine, { ...forged, hash: auditHash(forged) })
    const { broken, digests } = await auditOf(office, '2020-09-18')
    expect(broken).toBeUndefined()
    expect(digests).toEqual([{ day: '2020-09-18', hash, matches: false }])
  })

  test.for([
    ['2020-09-18T23:59:59+07:00', []],
    ['2020-09-19T00:29:59+07:00', []],
    ['2020-09-19T00:30:00+07:00', [{ day: '2020-09-18', matches: 'missing' }]],
  ] as const)('at %s, without any: %j', async ([now, digests]) => {
    const office = await digested()
    bucket.empty()
    office.goTo(now)
    expect(await auditOf(office, '2020-09-17', '2020-09-19')).toMatchObject({ digests })
  })
})
