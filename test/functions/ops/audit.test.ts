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
  expect(records).toMatchObject([
    {
      day: '2020-09-18',
      seq: 1,
      by: 'ani',
      role: 'operator',
      action: 'instruct/pause',
      detail: { instruction: pause, effects: { paused: 1 }, key: 'first-key' },
    },
    { day: '2020-09-20', seq: 1, by: 'budi', action: 'instruct/resume' },
    { day: '2020-09-20', seq: 2, by: 'ani', action: 'tidyDeadLetters' },
  ])
  expect(records[1]?.previousHash).toBe(records[0]?.hash)
})

test('looking, previewing and being refused leave no trace', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  await ani('status')
  await ani('preview', { body: { filter: {} } })
  await ani('instruct', { body: { instruction: 'retry', set: 'a'.repeat(64), reason: 'because' } })
  expect((await auditOf(office, '2020-09-18')).records).toEqual([])
})

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
    expect(records).toHaveLength(1)
    expect(digests).toEqual([
      { day: '2020-09-17', hash, matches: true },
      { day: '2020-09-18', hash, matches: true },
    ])
  })

  test('find out a trail whose own hashes are right', async () => {
    const office = await digested()
    const [record] = await office.register.audit(civilDate('2020-09-18'))
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
