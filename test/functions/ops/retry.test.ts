import { describe, expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, rejected, unknown } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice } from './office.ts'

const reason = 'the partner has mended it'

/** Previews the retry of these participants' incentive-1. */
async function previewOf(office: Office, ids: readonly string[], who = 'ani') {
  const payouts = ids.map((participantId) => ({ participantId, payout: 'incentive-1' }))
  return answerOf(routes.preview, await office.as(who, 'operator')('preview', { body: { payouts } }))
}
const retry = (office: Office, set: string, who = 'ani') =>
  office.as(who, 'operator')('instruct', { body: { instruction: 'retry', set, reason } })

describe('a preview', () => {
  test('sorts what can be sent from what cannot, and says why not', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    const cases = {
      'not-found': 'P-NOBODY',
      'unknown-outcome': await office.failed('gopay', unknown()),
      'already-paid': await office.failed('gopay', paid),
      'not-failed': await office.participant(),
      'needs-participant': await office.failed('gopay', rejected('account-blocked')),
    }
    const answer = await previewOf(office, [failed, ...Object.values(cases)])
    expect(answer).toMatchObject({ payments: 1, rupiah: 600_000, truncated: false, needsApproval: false })
    const expected = Object.entries(cases).map(([why, participantId]) => ({
      participantId,
      payout: 'incentive-1',
      why,
    }))
    expect(answer.skippedPayouts).toEqual(expect.arrayContaining(expected))
    expect(answer.skippedPayouts).toHaveLength(expected.length)
  })

  test('leaves out whoever has a damaged journal, and judges the others', async () => {
    const office = await openOffice()
    const [damaged, whole] = [await office.failed(), await office.failed()]
    await office.damage(damaged)
    const why = { participantId: damaged, payout: 'incentive-1', why: 'unreadable' }
    const found = { payments: 1, skipped: { unreadable: 1 }, skippedPayouts: [why] }
    expect(await previewOf(office, [damaged, whole])).toMatchObject(found)
    const reply = await office.as('ani', 'operator')('preview', { body: { filter: {} } })
    expect(reply).toMatchObject({ status: 200, body: found })
  })

  test('notices a payment that the row does not know of yet', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    const chain = await office.ledger.journal.read(failed, 'incentive-1')
    const held = { type: 'held', reason: 'doubt' } as const
    const entry = { owner: failed, subject: 'incentive-1', at: office.now(), by: 'ops/budi' } as const
    await office.ledger.journal.append(chain, { ...entry, event: held, postings: [] })
    expect(await office.row(failed)).toMatchObject({ state: 'failed' })
    expect(await previewOf(office, [failed])).toMatchObject({ payments: 0, skipped: { held: 1 } })
  })

  test('reads no more than rows and chains of what has failed', async () => {
    const office = await openOffice()
    const ids = [await office.failed(), await office.failed(), await office.failed('ovo')]
    const { ledger } = office
    const away = () => Promise.reject(new Error('not to be asked'))
    office.deps.ledger = {
      ...ledger,
      accounts: { ...ledger.accounts, read: away },
      participants: { ...ledger.participants, read: away },
      journal: { ...ledger.journal, read: away, readAll: away },
    }
    expect(await previewOf(office, ids)).toMatchObject({ payments: 3 })
  })

  test('of the same payments is the same set, whoever asks and in whatever order', async () => {
    const office = await openOffice()
    const ids = [await office.failed(), await office.failed()]
    const first = await previewOf(office, ids)
    const second = await previewOf(office, [...ids.toReversed(), ...ids], 'budi')
    expect(second).toEqual(first)
  })

  test('chooses by a filter', async () => {
    const office = await openOffice()
    await office.failed('ovo')
    await office.failed('gopay', rejected('merchant-refused'))
    const body = { filter: { partner: 'gopay', reason: 'merchant-refused' } }
    const reply = await office.as('ani', 'operator')('preview', { body })
    expect(reply).toMatchObject({ status: 200, body: { payments: 1, truncated: false } })
  })

  test('that runs out of time says that there are more', async () => {
    const office = await openOffice()
    const id = await office.failed()
    office.hurry()
    const ani = office.as('ani', 'operator')
    expect(await ani('preview', { body: { filter: {} } })).toMatchObject({
      body: { payments: 0, truncated: true },
    })
    const named = { payouts: [{ participantId: id, payout: 'incentive-1' }] }
    expect(await ani('preview', { body: named })).toMatchObject({ status: 422 })
  })

  test.for([
    ['payments', { payouts: 1 }],
    ['rupiah', { rupiah: 600_000 }],
  ] as const)('of more %s than one person may decide on says so', async ([, approval]) => {
    const office = await openOffice(approval)
    const [one, other] = [await office.failed(), await office.failed()]
    expect(await previewOf(office, [one])).toMatchObject({ needsApproval: false })
    expect(await previewOf(office, [one, other])).toMatchObject({ needsApproval: true })
  })

  test('of nothing makes no set', async () => {
    const office = await openOffice()
    const { set } = await previewOf(office, ['P-NOBODY'])
    expect(await retry(office, set)).toMatchObject({ status: 404 })
  })
})

describe('a retry', () => {
  test('sends again what has failed, through release and pay', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    const { set } = await previewOf(office, [failed])
    expect(await retry(office, set)).toMatchObject({
      status: 200,
      body: { result: 'started', job: { state: 'running', payments: 1, startedBy: 'ani' } },
    })
    expect(await office.runJobs()).toBe(1)
    expect(await office.row(failed)).toMatchObject({ state: 'scheduled' })
    office.pass(1_050)
    office.lane('gopay').partner.tells({ outcome: 'failed', evidence: {} })
    await office.lane('gopay').pay(failed, paid)
    expect(await office.entries(failed)).toEqual(['claimed', 'rejected', 'retried', 'claimed', 'disbursed'])
  })

  test('of what may have been paid is refused', async () => {
    const office = await openOffice()
    const open = await office.failed('gopay', unknown())
    const { set } = await previewOf(office, [open])
    expect(await retry(office, set)).toMatchObject({ status: 404 })
    expect(await office.entries(open)).toEqual(['claimed', 'unknown'])
  })

  test('of the same set by two operators is one job', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    const { set } = await previewOf(office, [failed])
    const replies = await Promise.all([retry(office, set, 'ani'), retry(office, set, 'budi')])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    await office.runJobs()
    expect(await office.entries(failed)).toEqual(['claimed', 'rejected', 'retried'])
    const { jobs } = answerOf(routes.jobs, await office.as('cici', 'viewer')('jobs'))
    expect(jobs).toMatchObject([{ state: 'done', retried: 1, skipped: {} }])
  })

  test('names in the journal the job, and in the reason the people', async () => {
    const office = await openOffice()
    const failed = await office.failed()
    const { set } = await previewOf(office, [failed])
    const started = answerOf(routes.instruct, await retry(office, set))
    await office.runJobs()
    const entry = (await office.ledger.journal.read(failed, 'incentive-1')).at(-1)
    if (started.result !== 'started') throw new Error('no job was started')
    expect(entry?.by).toBe(`job/${started.job.id}`)
    expect(entry?.event).toEqual({ type: 'retried', reason: `${reason} (started by ani)` })
  })

  test('that left a payment alone can be made again once the payment is what it was', async () => {
    const office = await openOffice({ payouts: 10 })
    const failed = await office.failed()
    const { set } = await previewOf(office, [failed])
    const subjects = { payouts: [{ participantId: failed, payout: 'incentive-1' }] }
    const hold = (instruction: string) =>
      office.as('budi', 'operator')('instruct', { body: { instruction, subjects, reason } })
    await hold('hold')
    await retry(office, set)
    await office.runJobs()
    await hold('unhold')
    expect((await previewOf(office, [failed])).set).toBe(set)
    expect(await retry(office, set)).toMatchObject({ status: 200, body: { result: 'started' } })
    await office.runJobs()
    expect((await office.entries(failed)).at(-1)).toBe('retried')
    expect(await retry(office, set)).toMatchObject({ status: 409 })
  })

  test('cut off before its job was woken up goes on when it is sent again', async () => {
    const office = await openOffice()
    const { set } = await previewOf(office, [await office.failed()])
    const asked = { body: { instruction: 'retry', set, reason }, key: 'cut-off-1' }
    const { sendJob } = office.queues
    office.deps.queues = { ...office.queues, sendJob: () => Promise.reject(new Error('SQS is away')) }
    await expect(office.as('ani', 'operator')('instruct', asked)).rejects.toThrow('SQS is away')
    office.deps.queues = { ...office.queues, sendJob }
    expect(await office.as('ani', 'operator')('instruct', asked)).toMatchObject({
      body: { result: 'started' },
    })
    expect(await office.runJobs()).toBe(1)
  })
})
