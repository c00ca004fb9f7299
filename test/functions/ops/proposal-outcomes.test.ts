import { describe, expect, test } from 'vitest'
import { pausedWith } from '../../../shared/domain/pause.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { changeControl } from '../../../shared/ledger/control.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, unknown } from '../../domain/examples.ts'
import { answerOf, funded, type Office, openOffice } from './office.ts'

/** What was approved keeps what came of it: approved is not the same as done. */

const reason = 'their ticket 4711'
const fund = { instruction: 'fund', partner: 'ovo', amount: 5_000_000, document: 'SP2D/2020-7' }

const instruct = (office: Office, body: object, who = 'ani') =>
  office.as(who, 'operator')('instruct', { body })
async function propose(office: Office, body: object): Promise<string> {
  const answer = answerOf(routes.instruct, await instruct(office, body))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return answer.proposal.id
}
const approve = (office: Office, id: string, who = 'budi') =>
  office.as(who, 'approver')('approve', { parameters: { id } })
async function kept(office: Office) {
  const { proposals } = answerOf(routes.proposals, await office.as('cici', 'viewer')('proposals'))
  return proposals[0]
}

async function pausesItself(office: Office): Promise<void> {
  const itself = { reason: 'unknown-outcomes', since: office.now(), by: 'pay/1' } as const
  await changeControl(office.ledger.lanes, 'gopay', (control) => ({
    control: { ...control, version: control.version + 1, paused: pausedWith(control.paused, itself) },
  }))
  office.pass(60)
}

type Case = {
  readonly what: string
  readonly body: (office: Office) => object | Promise<object>
  /** What happens before it is approved. */
  readonly meanwhile?: (office: Office, body: object) => unknown
  readonly outcome: object
  /** What whoever approves it again is told. */
  readonly told: string
}

const cases: readonly Case[] = [
  {
    what: 'done',
    body: () => fund,
    outcome: { result: 'done', effects: { 'Rp5,000,000 more float': 1 } },
    told: 'It was approved by budi before; it was done: Rp5,000,000 more float.',
  },
  {
    what: 'done in part',
    body: async (office) => ({
      instruction: 'cancel',
      subjects: { participantId: await office.failed('gopay', paid) },
      reason,
    }),
    outcome: { result: 'done', effects: { 'not stoppable: it is paid': 1, cancelled: 6 } },
    told: 'It was approved by budi before; it was done: 6 cancelled, 1 not stoppable: it is paid.',
  },
  {
    what: 'refused, where the budget does not suffice any more',
    body: () => fund,
    meanwhile: (office) => {
      office.deps.scheme = { ...office.deps.scheme, budget: rupiah(4_999_999) }
    },
    outcome: { result: 'refused', why: expect.stringMatching(/^With Rp5,000,000 more.*budget/) },
    told: 'It was approved by budi before; it was refused: With Rp5,000,000 more, the floats would exceed the budget of prakerja-2020. Rp4,999,999 of Rp4,999,999 are left. Book no more than that, or have another partner give back what it does not need, and sweep it, first; more takes a larger budget in the scheme. Propose it again.',
  },
  {
    what: 'refused, where the document was booked at another partner meanwhile',
    body: () => fund,
    meanwhile: async (office) => {
      const { partner: _, ...same } = fund
      const { name: scheme, budget } = office.deps.scheme
      const funding = { ...same, partner: 'bni', scheme, budget, at: office.now(), by: 'ops/dewi' }
      expect(await office.ledger.lanes.fund({ ...funding, amount: rupiah(1) })).toBe('funded')
    },
    outcome: { result: 'refused', why: expect.stringContaining('document of its own') },
    told: 'It was approved by budi before; it was refused: Document SP2D/2020-7 was booked before for another movement of money. Each has a document of its own. Propose it again.',
  },
  {
    what: 'left alone, where the lane was paused again since',
    body: async (office) => {
      await pausesItself(office)
      return { instruction: 'resume', partner: 'gopay', reason }
    },
    meanwhile: (office) => {
      office.pass(60)
      return pausesItself(office)
    },
    outcome: {
      result: 'left-alone',
      effects: { 'not resumed: it was paused again since this was asked for': 1 },
    },
    told: 'It was approved by budi before; it was left alone: not resumed: it was paused again since this was asked for. Propose it again.',
  },
]

describe('an approval keeps what came of it:', () => {
  test.for(cases)('$what', async ({ body, meanwhile, outcome, told }) => {
    const office = await openOffice()
    const instruction = await body(office)
    const id = await propose(office, instruction)
    expect(await kept(office)).not.toHaveProperty('outcome')
    await meanwhile?.(office, instruction)
    await approve(office, id)
    expect(await kept(office)).toMatchObject({ id, state: 'approved', approvedBy: 'budi' })
    expect((await kept(office))?.outcome).toEqual(outcome)
    for (const who of ['budi', 'cici']) {
      expect(await approve(office, id, who)).toMatchObject({ status: 409, body: { detail: told } })
    }
  })

  test('the job that it has started', async () => {
    const office = await openOffice({ payouts: 0 })
    const payouts = [{ participantId: await office.failed(), payout: 'incentive-1' }]
    const { set } = answerOf(
      routes.preview,
      await office.as('ani', 'operator')('preview', { body: { payouts } }),
    )
    const id = await propose(office, { instruction: 'retry', set, reason })
    await approve(office, id)
    expect((await kept(office))?.outcome).toEqual({ result: 'started', job: id })
    expect(await approve(office, id)).toMatchObject({
      status: 409,
      body: { detail: `It was approved by budi before; it was started as job ${id}.` },
    })
  })

  test('nothing yet, while it is cut off: others are told who can have it gone on with', async () => {
    const office = await openOffice()
    const id = await propose(office, fund)
    const { ledger } = office.deps
    const lanes = { ...ledger.lanes, fund: () => Promise.reject(new Error('died')) }
    office.deps.ledger = { ...ledger, lanes }
    await expect(approve(office, id)).rejects.toThrow('died')
    office.deps.ledger = ledger
    expect(await kept(office)).not.toHaveProperty('outcome')
    expect(await approve(office, id, 'cici')).toMatchObject({
      status: 409,
      body: {
        detail:
          'It was approved by budi before, and nothing is known of its end yet. Should it have been cut off, budi approves it again.',
      },
    })
  })

  test('what it came to at first, also where the same command comes again after the answer was lost', async () => {
    const office = await openOffice()
    const id = await propose(office, fund)
    const { answer } = office.register
    office.deps.register = { ...office.register, answer: () => Promise.reject(new Error('cut off')) }
    const again = () =>
      office.as('budi', 'approver')('approve', { parameters: { id }, key: 'approval-cut-off' })
    await expect(again()).rejects.toThrow('cut off')
    office.deps.register = { ...office.register, answer }
    expect(await again()).toMatchObject({
      body: { effects: [{ outcome: 'document SP2D/2020-7 was booked before: nothing changed' }] },
    })
    expect((await kept(office))?.outcome).toEqual({
      result: 'done',
      effects: { 'Rp5,000,000 more float': 1 },
    })
  })
})

test('a proposal is told again to whoever has not heard of it, though it was carried out meanwhile', async () => {
  const office = await openOffice()
  const { answer } = office.register
  office.deps.register = { ...office.register, answer: () => Promise.reject(new Error('cut off')) }
  const again = () => office.as('ani', 'operator')('instruct', { body: fund, key: 'proposal-cut-off' })
  await expect(again()).rejects.toThrow('cut off')
  office.deps.register = { ...office.register, answer }
  await approve(office, (await kept(office))?.id ?? '')
  expect(await again()).toMatchObject({
    status: 200,
    body: { result: 'proposed', proposal: { state: 'approved', outcome: { result: 'done' } } },
  })
})

describe('nobody is asked for a second person where it is certain to be refused:', () => {
  const overBudget = { ...fund, amount: 20_000_000_000_001 }
  test.for<[string, (office: Office) => object | Promise<object>, number, string]>([
    ['a funding beyond the budget', () => overBudget, 422, 'exceed the budget'],
    [
      'a document that was booked for the same before',
      async (office) => {
        await approve(office, await propose(office, fund))
        return fund
      },
      409,
      'Document SP2D/2020-7 was booked before for the same movement of money',
    ],
    [
      'a document that was booked for another movement before',
      async (office) => {
        await approve(office, await propose(office, fund))
        return { ...fund, partner: 'bni' }
      },
      409,
      'document of its own',
    ],
    [
      'a sweep of more than there is',
      async (office) => {
        await office.lane('ovo').float()
        return { instruction: 'sweep', partner: 'ovo', amount: funded + 1, document: 'RETURN-1' }
      },
      422,
      'cannot spare',
    ],
    [
      'a settlement while the partner may still accept a send',
      async (office) => ({
        instruction: 'settle',
        reference: `${await office.failed('ovo', unknown())}-I1-A1`,
        outcome: 'not-paid',
        document: 'OVO-1',
        reason,
      }),
      422,
      'cannot be changed so',
    ],
    [
      'a cancellation of what nobody is entitled to',
      () => ({ instruction: 'cancel', subjects: { participantId: 'P-NOBODY' }, reason }),
      404,
      'Nobody is entitled',
    ],
  ])('%s', async ([_, body, status, detail]) => {
    const office = await openOffice()
    const instruction = await body(office)
    const before = answerOf(routes.proposals, await office.as('cici', 'viewer')('proposals')).proposals.length
    expect(await instruct(office, instruction)).toMatchObject({
      status,
      body: { detail: expect.stringContaining(detail) },
    })
    const { proposals } = answerOf(routes.proposals, await office.as('cici', 'viewer')('proposals'))
    expect(proposals).toHaveLength(before)
  })
})

describe('a retry that waits for a second person says', () => {
  test('how many payments, how much money and why two, in its answer, the list and the trail', async () => {
    const office = await openOffice({ payouts: 1 })
    const payouts: object[] = []
    for (let nth = 0; nth < 2; nth++)
      payouts.push({ participantId: await office.failed(), payout: 'incentive-1' })
    const { set, approvalReasons } = answerOf(
      routes.preview,
      await office.as('ani', 'operator')('preview', { body: { payouts } }),
    )
    const retry = { payments: 2, rupiah: 1_200_000, approvalReasons }
    const answer = await instruct(office, { instruction: 'retry', set, reason })
    expect(answer.body).toMatchObject({ result: 'proposed', proposal: { retry } })
    expect(await kept(office)).toMatchObject({ retry })
    const query = { from: '2020-09-18', to: '2020-09-18' }
    const { records } = answerOf(routes.audit, await office.as('cici', 'viewer')('audit', { query }))
    expect(records.at(-1)).toMatchObject({ action: 'instruct/retry', detail: { phase: 'outcome', retry } })
  })
})
