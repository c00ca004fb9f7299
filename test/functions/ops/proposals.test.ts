import { describe, expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import { paid } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice } from './office.ts'

const fund = { instruction: 'fund', partner: 'ovo', amount: 5_000_000, document: 'SP2D/2020-7' }

async function propose(office: Office, body: object = fund, who = 'ani'): Promise<string> {
  const answer = answerOf(routes.instruct, await office.as(who, 'operator')('instruct', { body }))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return answer.proposal.id
}
const available = async (office: Office) => (await office.ledger.lanes.read('ovo')).available
const approve = (office: Office, id: string, who = 'budi', key?: string) =>
  office.as(who, 'approver')('approve', { parameters: { id }, ...(key && { key }) })

describe('what takes two people', () => {
  test('waits until somebody else approves exactly that', async () => {
    const office = await openOffice()
    const id = await propose(office)
    expect(await available(office)).toBe(0)
    const seen = await office.as('cici', 'viewer')('proposals')
    expect(seen.body).toMatchObject({
      proposals: [
        {
          id,
          instruction: fund,
          proposedBy: 'ani',
          state: 'proposed',
          expiresAt: '2020-09-19T10:00:01+07:00',
        },
      ],
    })
    expect(await approve(office, id)).toMatchObject({
      status: 200,
      body: { result: 'done', effects: [{ subject: 'ovo', outcome: 'Rp5,000,000 more float' }] },
    })
    expect(await available(office)).toBe(5_000_000)
    expect((await office.as('cici', 'viewer')('proposals')).body).toMatchObject({
      proposals: [{ state: 'approved', approvedBy: 'budi' }],
    })
  })

  test('cannot be approved by whoever proposed it, in whatever role and spelling', async () => {
    const office = await openOffice()
    const id = await propose(office)
    for (const name of ['ani', 'Ani', 'ANI']) {
      expect(await approve(office, id, name)).toMatchObject({ status: 403 })
    }
    expect(await available(office)).toBe(0)
    const { records } = answerOf(
      routes.audit,
      await office.as('cici', 'viewer')('audit', { query: { from: '2020-09-18', to: '2020-09-18' } }),
    )
    expect(records).toMatchObject([
      { action: 'instruct/fund', by: 'ani', detail: { phase: 'intent' } },
      { action: 'instruct/fund', by: 'ani', detail: { phase: 'outcome', proposal: id } },
      ...Array.from({ length: 3 }, () => ({
        action: 'approve/fund',
        by: 'ani',
        role: 'approver',
        detail: { refused: 'proposed by the same person' },
      })),
    ])
  })

  test('is listed newest first, page by page', async () => {
    const office = await openOffice()
    const ids = []
    for (let nth = 0; nth < 3; nth++) {
      ids.push(await propose(office))
      office.pass(1)
    }
    const look = async (query: Readonly<Record<string, string>>) =>
      answerOf(routes.proposals, await office.as('cici', 'viewer')('proposals', { query }))
    const first = await look({ limit: '2' })
    expect(first.proposals.map(({ id }) => id)).toEqual([ids[2], ids[1]])
    const second = await look({ limit: '2', cursor: first.next ?? '' })
    expect(second).toMatchObject({ proposals: [{ id: ids[0] }] })
    expect(second).not.toHaveProperty('next')
    const nobody = { cursor: '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c' }
    const reply = await office.as('cici', 'viewer')('proposals', { query: nobody })
    expect(reply).toMatchObject({ status: 400 })
  })

  test('is done once, of two who approve at the same time', async () => {
    const office = await openOffice()
    const id = await propose(office)
    const replies = await Promise.all([approve(office, id, 'budi'), approve(office, id, 'cici')])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await available(office)).toBe(5_000_000)
  })

  test.for<[string, (office: Office, id: string) => unknown]>([
    ['approved', (office, id) => approve(office, id)],
    ['withdrawn', (office, id) => office.as('ani', 'operator')('withdraw', { parameters: { id } })],
    ['expired', (office) => office.pass(24 * 3_600)],
  ])('once %s can be decided on no more', async ([state, decide]) => {
    const office = await openOffice()
    const id = await propose(office)
    await decide(office, id)
    const before = await available(office)
    expect(await approve(office, id, 'cici')).toMatchObject({ status: 409 })
    expect(await approve(office, id, 'budi')).toMatchObject({ status: 409 })
    expect(await office.as('ani', 'operator')('withdraw', { parameters: { id } })).toMatchObject({
      status: 409,
    })
    expect(await available(office)).toBe(before)
    expect((await office.as('cici', 'viewer')('proposals')).body).toMatchObject({ proposals: [{ state }] })
  })

  test('is withdrawn by its own proposer only', async () => {
    const office = await openOffice()
    const id = await propose(office)
    const asked = { parameters: { id } }
    expect(await office.as('budi', 'operator')('withdraw', asked)).toMatchObject({ status: 403 })
    expect(await office.as('ani', 'operator')('withdraw', asked)).toMatchObject({
      status: 200,
      body: { state: 'withdrawn' },
    })
  })

  test('that nobody has proposed is not found', async () => {
    const office = await openOffice()
    expect(await approve(office, 'no-such-proposal')).toMatchObject({ status: 404 })
  })

  test.each([
    ['the same command', 'approval-1'],
    ['another command of the same approver', 'approval-2'],
  ])(
    'cut off after it was approved is carried out once, when %s comes, and by nobody else',
    async (_what, key) => {
      const office = await openOffice()
      const id = await propose(office)
      const { ledger } = office.deps
      office.deps.ledger = {
        ...ledger,
        lanes: { ...ledger.lanes, fund: () => Promise.reject(new Error('died')) },
      }
      await expect(approve(office, id, 'budi', 'approval-1')).rejects.toThrow('died')
      office.deps.ledger = ledger
      expect(await approve(office, id, 'cici')).toMatchObject({ status: 409 })
      expect(await available(office)).toBe(0)
      expect(await approve(office, id, 'budi', key)).toMatchObject({ status: 200 })
      expect(await available(office)).toBe(5_000_000)
      expect(await approve(office, id, 'budi', 'approval-1')).toMatchObject({ status: 200 })
      expect(await approve(office, id, 'budi', 'approval-3')).toMatchObject({ status: 409 })
      expect(await available(office)).toBe(5_000_000)
    },
  )

  test('proposed again under the same key is one proposal', async () => {
    const office = await openOffice()
    const { answer } = office.register
    office.deps.register = { ...office.register, answer: () => Promise.reject(new Error('died')) }
    const asked = { body: fund, key: 'proposal-1' }
    await expect(office.as('ani', 'operator')('instruct', asked)).rejects.toThrow('died')
    office.deps.register = { ...office.register, answer }
    expect(await office.as('ani', 'operator')('instruct', asked)).toMatchObject({
      body: { result: 'proposed' },
    })
    const { proposals } = answerOf(routes.proposals, await office.as('cici', 'viewer')('proposals'))
    expect(proposals).toHaveLength(1)
  })
})

describe('the approval of a large retry', () => {
  test('retries what is as it was, and leaves alone what has changed since', async () => {
    const office = await openOffice({ payouts: 1 })
    const [same, changed] = [await office.failed(), await office.failed()]
    const payouts = [same, changed].map((participantId) => ({ participantId, payout: 'incentive-1' }))
    const ani = office.as('ani', 'operator')
    const { set, needsApproval } = answerOf(routes.preview, await ani('preview', { body: { payouts } }))
    expect(needsApproval).toBe(true)
    const id = await propose(office, { instruction: 'retry', set, reason: 'mended' })

    await office.link(changed, 'ovo', '2020-09-18T10:00:00+07:00')
    await office.lane('ovo').pay(changed, paid)

    const reply = await approve(office, id)
    expect(reply.body).toMatchObject({ result: 'started', job: { id, startedBy: 'ani', approvedBy: 'budi' } })
    await office.runJobs()
    expect((await ani('job', { parameters: { id } })).body).toMatchObject({
      state: 'done',
      payments: 2,
      retried: 1,
      skipped: { changed: 1 },
    })
    expect(await office.entries(same)).toEqual(['claimed', 'rejected', 'retried'])
    expect(await office.entries(changed)).toEqual(['claimed', 'rejected', 'claimed', 'disbursed'])
    const last = (await office.ledger.journal.read(same, 'incentive-1')).at(-1)
    expect(last?.event).toMatchObject({ reason: 'mended (started by ani, approved by budi)' })
  })
})
