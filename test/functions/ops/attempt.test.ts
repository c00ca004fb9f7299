import { describe, expect, test } from 'vitest'
import { apply, project, readCase } from '../../../shared/ledger/payout.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { recoveryStates } from '../../../shared/operations/schemas.ts'
import { paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { answerOf, funded, type Office, openOffice, type Reply, shards } from './office.ts'

const document = 'STATEMENT-2020/09'
const reason = 'as their statement says'
const settleOf = (participantId: string, outcome: 'paid' | 'not-paid', attempt = 1) => ({
  instruction: 'settle',
  reference: `${participantId}-I1-A${attempt}`,
  outcome,
  document,
  reason,
})
/** Their settle window and a claim's term. */
const windows = 900 + 150

const instruct = (office: Office, body: object) => office.as('ani', 'operator')('instruct', { body })
async function approved(office: Office, body: object): Promise<Reply> {
  const answer = answerOf(routes.instruct, await instruct(office, body))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return office.as('budi', 'approver')('approve', { parameters: { id: answer.proposal.id } })
}

describe('settling by a document', () => {
  test('cannot say the contrary by the same document', async () => {
    const office = await openOffice()
    const id = await office.failed('ovo', unknown())
    office.pass(windows)
    await approved(office, settleOf(id, 'paid'))
    expect(await instruct(office, settleOf(id, 'paid'))).toMatchObject({ status: 200 })
    expect(await instruct(office, settleOf(id, 'not-paid'))).toMatchObject({ status: 422 })
  })

  test('that another run of the same approval writes down first is written down, not refused', async () => {
    const office = await openOffice()
    const id = await office.failed('ovo', unknown())
    office.pass(windows)
    const { ledger } = office.deps
    const { append } = ledger.journal
    const overtaking: typeof append = async (chain, draft) => {
      await append(chain, draft)
      return append(chain, draft)
    }
    office.deps.ledger = { ...ledger, journal: { ...ledger.journal, append: overtaking } }
    expect(await approved(office, settleOf(id, 'not-paid'))).toMatchObject({
      status: 200,
      body: { effects: [{ outcome: 'written down before: failed', done: true }] },
    })
  })

  test.for([
    ['paid', 'paid', 'disbursed', funded - 600_000],
    ['not-paid', 'failed', 'rejected', funded],
  ] as const)(
    'says %s of an attempt that the partner says nothing of',
    async ([outcome, state, entry, float]) => {
      const office = await openOffice()
      const id = await office.failed('ovo', unknown())
      office.pass(windows)
      const reply = await approved(office, settleOf(id, outcome))
      expect(reply).toMatchObject({
        status: 200,
        body: { effects: [{ subject: `${id}-I1-A1`, outcome: state }] },
      })
      expect(await office.entries(id)).toEqual(['claimed', 'unknown', entry])
      expect(await office.row(id)).toMatchObject({ state })
      expect(await office.lane('ovo').float()).toBe(float)
      const last = (await office.ledger.journal.read(id, 'incentive-1')).at(-1)
      expect(last?.by).toMatch(/^ops\/ani\/.{8,}/)
      expect(last?.event).toMatchObject({ evidence: { document } })
    },
  )

  test.for<[string, (office: Office) => Promise<object>, number, RegExp]>([
    [
      'before its windows are past',
      async (office) => settleOf(await office.failed('ovo', unknown()), 'not-paid'),
      422,
      /may be settled by a document from 2020-09-18T10:17:31\+07:00 on/,
    ],
    [
      'within a partner’s idempotency window',
      async (office) => {
        const id = await office.failed('gopay', unknown())
        office.pass(windows)
        return settleOf(id, 'not-paid')
      },
      422,
      /may be settled by a document from 2020-11-12T10:00:01\+07:00 on/,
    ],
    [
      'within such a window, though the document says that it was paid',
      async (office) => {
        const id = await office.failed('gopay', unknown())
        office.pass(windows)
        return settleOf(id, 'paid')
      },
      422,
      /from 2020-11-12T10:00:01\+07:00 on\. .*a debit on the partner's statement settles it as paid before/,
    ],
    [
      'while the partner calls it pending',
      async (office) => {
        const id = await office.failed('ovo', pending)
        office.pass(windows)
        return settleOf(id, 'paid')
      },
      422,
      /the partner calls it pending: .* inquire has it asked again/,
    ],
    [
      'once it is paid',
      async (office) => settleOf(await office.failed('ovo', paid), 'not-paid'),
      422,
      /proof that it was paid/,
    ],
    [
      'once it is proven not paid',
      async (office) => settleOf(await office.failed('ovo', rejected()), 'paid'),
      422,
      /closed/,
    ],
    [
      'that was never made',
      async (office) => settleOf(await office.failed('ovo', unknown()), 'paid', 2),
      404,
      /reference/,
    ],
    ['of nobody', async () => settleOf('P-NOBODY', 'paid'), 404, /reference/],
    [
      'that is none of ours',
      async () => ({ ...settleOf('P-1', 'paid'), reference: 'SOMETHING' }),
      404,
      /reference/,
    ],
  ])('an attempt %s is refused before anybody else is asked', async ([, make, status, words]) => {
    const office = await openOffice()
    const reply = await instruct(office, await make(office))
    expect(reply).toMatchObject({ status, body: { detail: expect.stringMatching(words) } })
    expect((await office.as('cici', 'viewer')('proposals')).body).toEqual({ proposals: [] })
  })

  test('is refused where the partner has said something in the meantime', async () => {
    const office = await openOffice()
    const id = await office.failed('ovo', unknown())
    office.pass(windows)
    const answer = answerOf(routes.instruct, await instruct(office, settleOf(id, 'not-paid')))
    office.lane('ovo').partner.tells(paid)
    await office.lane('ovo').inquire()
    if (answer.result !== 'proposed') throw new Error('it did not take two people')
    const reply = await office.as('budi', 'approver')('approve', { parameters: { id: answer.proposal.id } })
    expect(reply).toMatchObject({ status: 422 })
    expect(await office.row(id)).toMatchObject({ state: 'paid' })
  })

  test('that died before its row was written brings it up to date when it is said again', async () => {
    const office = await openOffice()
    const id = await office.failed('ovo', unknown())
    office.pass(windows)
    const answer = answerOf(routes.instruct, await instruct(office, settleOf(id, 'paid')))
    if (answer.result !== 'proposed') throw new Error('it did not take two people')
    const asked = { parameters: { id: answer.proposal.id }, key: 'approval-1' }
    const { ledger } = office.deps
    const project = () => Promise.reject(new Error('died'))
    office.deps.ledger = { ...ledger, participants: { ...ledger.participants, project } }
    await expect(office.as('budi', 'approver')('approve', asked)).rejects.toThrow('died')
    expect(await office.row(id)).toMatchObject({ state: 'unknown' })
    office.deps.ledger = ledger
    expect(await office.as('budi', 'approver')('approve', asked)).toMatchObject({
      status: 200,
      body: { effects: [{ outcome: 'written down before: paid', done: true }] },
    })
    expect(await office.row(id)).toMatchObject({ state: 'paid' })
    expect(await office.lane('ovo').float()).toBe(funded - 600_000)
  })
})

/** A participant whom gopay has paid although it said no, and ovo after it. */
async function paidTwice(office: Office): Promise<string> {
  const id = await office.failed('gopay', rejected('merchant-refused'))
  await office.link(id, 'ovo', '2020-09-18T10:00:00+07:00')
  await office.lane('ovo').pay(id, paid)
  const found = await readCase(office.ledger, { participantId: id, payout: 'incentive-1' })
  if (!found) throw new Error('nobody is entitled')
  const late = { command: 'settle', attempt: 1, seq: found.standing.seq, outcome: paid } as const
  const { now } = await apply(office.ledger, found, late, { at: office.now(), by: 'statement' })
  await project(office.ledger, now, shards)
  return id
}

/** The cases that `recovery` lists in each state. */
async function casesIn(office: Office): Promise<Record<string, unknown>> {
  const listed = recoveryStates.map(async (state) => {
    const reply = await office.as('cici', 'viewer')('recovery', { query: { state } })
    return [state, answerOf(routes.recovery, reply).cases] as const
  })
  return Object.fromEntries(await Promise.all(listed))
}

describe('what a partner has paid twice', () => {
  test('is a case until it is closed', async () => {
    const office = await openOffice()
    const id = await paidTwice(office)
    const [paidBy, overpaidBy] = [`${id}-I1-A2`, `${id}-I1-A1`]
    const open = {
      participantId: id,
      payout: 'incentive-1',
      state: 'open',
      partner: 'gopay',
      amount: 600_000,
      paidBy,
      overpaidBy,
      since: '2020-09-18T10:00:01+07:00',
    }
    expect(await casesIn(office)).toEqual({ open: [open], recovered: [], 'written-off': [] })
    office.pass(60)
    expect(
      await approved(office, { instruction: 'recovered', reference: overpaidBy, document }),
    ).toMatchObject({
      status: 200,
      body: { result: 'done', effects: [{ subject: overpaidBy, outcome: 'paid' }] },
    })
    const closed = { state: 'recovered', closedAt: '2020-09-18T10:01:01+07:00', document }
    expect(await casesIn(office)).toEqual({
      open: [],
      recovered: [{ ...open, ...closed }],
      'written-off': [],
    })
    expect(await office.entries(id)).toEqual([
      'claimed',
      'rejected',
      'claimed',
      'disbursed',
      'overpaid',
      'recovered',
    ])
  })

  test('is listed page by page, and no case is left out', async () => {
    const office = await openOffice()
    const ids = [await paidTwice(office), await paidTwice(office), await paidTwice(office)]
    const cici = office.as('cici', 'viewer')
    const found: string[] = []
    let cursor: string | undefined
    for (let pages = 0; pages < 9 && (pages === 0 || cursor !== undefined); pages++) {
      const query = { limit: '1', ...(cursor !== undefined && { cursor }) }
      const { cases, next } = answerOf(routes.recovery, await cici('recovery', { query }))
      found.push(...cases.map(({ participantId }) => participantId))
      cursor = next
    }
    expect(found.sort()).toEqual(ids.sort())
    const cursorOfAnother = { state: 'recovered', cursor: 'e30' }
    expect(await cici('recovery', { query: cursorOfAnother })).toMatchObject({ status: 400 })
  })

  test('is given up by two people only', async () => {
    const office = await openOffice()
    const id = await paidTwice(office)
    const reference = `${id}-I1-A1`
    const reply = await approved(office, { instruction: 'write-off', reference, document, reason })
    expect(reply.status).toBe(200)
    expect((await office.entries(id)).at(-1)).toBe('written-off')
    const closed = { state: 'written-off', document, paidBy: `${id}-I1-A2`, overpaidBy: reference }
    expect(await casesIn(office)).toMatchObject({ open: [], recovered: [], 'written-off': [closed] })
  })

  test('and given up leaves the participant nothing that a retry may send', async () => {
    const office = await openOffice()
    const id = await paidTwice(office)
    await approved(office, { instruction: 'write-off', reference: `${id}-I1-A1`, document, reason })
    office.goTo('2020-10-20T10:00:00+07:00')
    await office.lane('ovo').pay(id, rejected('merchant-refused'), 'incentive-2')
    const body = { payouts: [{ participantId: id, payout: 'incentive-2' }] }
    expect((await office.as('ani', 'operator')('preview', { body })).body).toMatchObject({
      payments: 0,
      skipped: { 'over-ceiling': 1 },
    })
  })

  test.for(['recovered', 'write-off'])('%s says nothing of what was paid once', async (instruction) => {
    const office = await openOffice()
    const id = await office.failed('ovo', paid)
    const body = {
      instruction,
      reference: `${id}-I1-A1`,
      document,
      ...(instruction === 'write-off' && { reason }),
    }
    expect(await instruct(office, body)).toMatchObject({ status: 422 })
  })
})
