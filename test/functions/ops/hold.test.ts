import { describe, expect, test } from 'vitest'
import type { TransferOutcome } from '../../../shared/domain/outcome.ts'
import { apply, readCase } from '../../../shared/ledger/payout.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { accountLinked } from '../events.ts'
import { answerOf, type Office, openOffice, type Reply } from './office.ts'

const reason = 'asked for by the ministry'
type Name = 'hold' | 'unhold' | 'cancel'

const subjectsOf = (participantId: string) => ({ payouts: [{ participantId, payout: 'incentive-1' }] })

/** Instructs, and approves where it takes two. */
async function instruct(office: Office, instruction: Name, subjects: object): Promise<Reply> {
  const body = { instruction, subjects, reason }
  const reply = await office.as('ani', 'operator')('instruct', { body })
  if (reply.status !== 200) return reply
  const answer = answerOf(routes.instruct, reply)
  if (answer.result !== 'proposed') return reply
  return office.as('budi', 'approver')('approve', { parameters: { id: answer.proposal.id } })
}
async function effectOf(office: Office, instruction: Name, participantId: string) {
  const answer = answerOf(routes.instruct, await instruct(office, instruction, subjectsOf(participantId)))
  return answer.result === 'done' ? answer.effects[0] : undefined
}
const outcomeOf = async (...asked: Parameters<typeof effectOf>) => (await effectOf(...asked))?.outcome

const after = (outcome: TransferOutcome) => (office: Office) => office.failed('gopay', outcome)
const having = (name: Name) => async (office: Office) => {
  const id = await office.participant()
  await instruct(office, name, subjectsOf(id))
  return id
}
const open = 'not stoppable: an attempt is open'

/** What is not as it was wanted; all else is, be it by an earlier command. */
const leftAlone: readonly (string | undefined)[] = [
  open,
  'not stoppable: it is paid',
  'not stoppable: it is cancelled',
  'not held: it is cancelled',
]

const states: readonly [string, (office: Office) => Promise<string>, Readonly<Record<Name, string>>][] = [
  [
    'waiting',
    (office) => office.participant('gopay', { linked: false }),
    { hold: 'held', unhold: 'not held', cancel: 'cancelled' },
  ],
  ['scheduled', (office) => office.participant(), { hold: 'held', unhold: 'not held', cancel: 'cancelled' }],
  ['failed', after(rejected()), { hold: 'held', unhold: 'not held', cancel: 'cancelled' }],
  ['pending', after(pending), { hold: open, unhold: 'not held', cancel: open }],
  ['unknown', after(unknown()), { hold: open, unhold: 'not held', cancel: open }],
  [
    'paid',
    after(paid),
    { hold: 'not stoppable: it is paid', unhold: 'not held', cancel: 'not stoppable: it is paid' },
  ],
  ['held', having('hold'), { hold: 'held already', unhold: 'hold lifted: scheduled', cancel: 'cancelled' }],
  [
    'cancelled',
    having('cancel'),
    {
      hold: 'not stoppable: it is cancelled',
      unhold: 'not held: it is cancelled',
      cancel: 'cancelled already',
    },
  ],
]

test('a hold that somebody has put on since is not lifted by a command that was cut off before', async () => {
  const office = await openOffice()
  const id = await having('hold')(office)
  const { answer } = office.register
  office.deps.register = { ...office.register, answer: () => Promise.reject(new Error('cut off')) }
  const body = { instruction: 'unhold', subjects: subjectsOf(id), reason }
  const unhold = () => office.as('ani', 'operator')('instruct', { body, key: 'cut-off-unhold' })
  await expect(unhold()).rejects.toThrow('cut off')
  expect((await office.row(id))?.state).toBe('scheduled')
  office.deps.register = { ...office.register, answer }
  office.pass(60)
  await office.as('budi', 'operator')('instruct', { body: { ...body, instruction: 'hold' } })
  expect(await unhold()).toMatchObject({
    body: { effects: [{ outcome: 'left alone: it was held again since this was asked for', done: false }] },
  })
  expect((await office.row(id))?.state).toBe('held')
})

describe.for(states)('a payout that is %s', ([state, make, outcomes]) => {
  test.for(['hold', 'unhold', 'cancel'] as const)('on %s', async (name) => {
    const office = await openOffice()
    const id = await make(office)
    expect((await office.row(id))?.state).toBe(state)
    const before = await office.entries(id)
    const { outcome, done } = (await effectOf(office, name, id)) ?? {}
    expect({ outcome, done }).toEqual({ outcome: outcomes[name], done: !leftAlone.includes(outcome) })
    const written = (await office.entries(id)).length - before.length
    expect(written).toBe(/^(held|cancelled|hold lifted.*)$/.test(outcome ?? '') ? 1 : 0)
  })
})

test('a participant is all seven payouts, each with its own outcome', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', paid)
  const reply = await instruct(office, 'hold', { participantId: id })
  const answer = answerOf(routes.instruct, reply)
  if (answer.result !== 'done') throw new Error('it was not done')
  expect(answer.effects.map(({ outcome }) => outcome)).toEqual([
    'not stoppable: it is paid',
    ...Array(6).fill('held'),
  ])
  expect(answer.effects[0]?.subject).toBe(`${id}/incentive-1`)
})

test('who is entitled to nothing is not found, and does not keep the others from being held', async () => {
  const office = await openOffice()
  expect(await instruct(office, 'hold', { participantId: 'P-NOBODY' })).toMatchObject({ status: 404 })
  const id = await office.participant()
  const payouts = [...subjectsOf('P-NOBODY').payouts, ...subjectsOf(id).payouts]
  expect((await instruct(office, 'hold', { payouts })).body).toMatchObject({
    effects: [
      { outcome: 'not found: nobody is entitled to it', done: false },
      { outcome: 'held', done: true },
    ],
  })
})

test('a cancellation that races with a claim wins or loses, but never does both', async () => {
  const office = await openOffice()
  const ids = await Promise.all(Array.from({ length: 6 }, () => office.participant()))
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const [outcome] = await Promise.all([
        outcomeOf(office, 'cancel', id),
        office.lane('gopay').pay(id, paid),
      ])
      return [id, outcome] as const
    }),
  )
  for (const [id, outcome] of outcomes) {
    const cancelled = outcome === 'cancelled'
    expect(await office.entries(id)).toEqual(cancelled ? ['cancelled'] : ['claimed', 'disbursed'])
  }
})

test('a cancellation finds the claim that came first', async () => {
  const office = await openOffice()
  const id = await office.participant()
  const lane = office.lane('gopay')
  let outcome: string | undefined
  lane.partner.pays(async () => {
    outcome = await outcomeOf(office, 'cancel', id)
    return paid
  })
  await lane.pay(id)
  expect(outcome).toBe(open)
  expect(await office.entries(id)).toEqual(['claimed', 'disbursed'])
})

test('a command that died between entry and row brings the row up to date when it comes again', async () => {
  const office = await openOffice()
  const id = await office.participant()
  const { ledger } = office.deps
  const project = () => Promise.reject(new Error('died'))
  office.deps.ledger = { ...ledger, participants: { ...ledger.participants, project } }
  const asked = { body: { instruction: 'hold', subjects: subjectsOf(id), reason }, key: 'died-between' }
  await expect(office.as('ani', 'operator')('instruct', asked)).rejects.toThrow('died')
  expect(await office.row(id)).toMatchObject({ state: 'scheduled' })
  office.deps.ledger = ledger
  expect(await office.as('ani', 'operator')('instruct', asked)).toMatchObject({ status: 200 })
  expect(await office.row(id)).toMatchObject({ state: 'held' })
  expect(await office.entries(id)).toEqual(['held'])
})

/** A payout held because somebody else has linked the same account. */
async function heldAsShared(office: Office): Promise<string> {
  const [id, other] = [await office.participant(), await office.participant('gopay', { linked: false })]
  await office.tell(accountLinked(other, { accountNumber: `0812000${id.slice(2)}` }))
  await office.lane('gopay').pay(id)
  expect(await office.row(id)).toMatchObject({ state: 'held', reason: 'account-shared' })
  return id
}

describe('a hold on a shared account', () => {
  const unhold = (office: Office, subjects: object) =>
    office.as('ani', 'operator')('instruct', { body: { instruction: 'unhold', subjects, reason } })

  test.for<[string, (id: string, other: string) => object]>([
    ['alone', subjectsOf],
    ['with the rest of its participant', (participantId) => ({ participantId })],
    ['among others', (id, other) => ({ payouts: [...subjectsOf(other).payouts, ...subjectsOf(id).payouts] })],
  ])('is lifted by two people, %s', async ([_, subjects]) => {
    const office = await openOffice()
    const [other, id] = [await having('hold')(office), await heldAsShared(office)]
    expect((await unhold(office, subjects(id, other))).body).toMatchObject({ result: 'proposed' })
    expect(await office.row(id)).toMatchObject({ state: 'held' })
  })

  test('that was put on since one person was found to be enough is left alone', async () => {
    const office = await openOffice()
    const id = await having('hold')(office)
    const { ledger, register } = office
    // The intent is recorded after it was judged, and before anything is written.
    const record: typeof register.record = async (name, draft) => {
      const found = await readCase(ledger, { participantId: id, payout: 'incentive-1' })
      if (!found) throw new Error('nobody is entitled')
      const writer = { at: office.now(), by: 'pay/1' }
      const { now } = await apply(ledger, found, { command: 'release-hold', reason }, writer)
      const shared = { command: 'hold', reason: 'account-shared', accountVersion: '1' } as const
      await apply(ledger, now, shared, writer)
      office.deps.register = register
      return register.record(name, draft)
    }
    office.deps.register = { ...register, record }
    expect((await unhold(office, subjectsOf(id))).body).toMatchObject({
      effects: [{ outcome: 'not lifted: its account is shared, which takes two people', done: false }],
    })
    expect((await office.entries(id)).at(-1)).toBe('held')
  })

  test('once lifted clears the account, so that the next payment is not held again', async () => {
    const office = await openOffice()
    const id = await heldAsShared(office)
    expect(await outcomeOf(office, 'unhold', id)).toBe('hold lifted: scheduled')
    await office.lane('gopay').pay(id, paid)
    expect(await office.row(id)).toMatchObject({ state: 'paid' })
  })
})

test('a hold that was put on while another was being lifted stays', async () => {
  const office = await openOffice()
  const id = await having('hold')(office)
  const { ledger } = office.deps
  const { append } = ledger.journal
  let lost = false
  const overtaking: typeof append = async (chain, draft) => {
    if (lost) return append(chain, draft)
    lost = true
    const found = await readCase(ledger, { participantId: id, payout: 'incentive-1' })
    if (!found) throw new Error('nobody is entitled')
    office.pass(1)
    const writer = { at: office.now(), by: 'pay/1' }
    const { now } = await apply(ledger, found, { command: 'release-hold', reason }, writer)
    await apply(ledger, now, { command: 'hold', reason: 'attempt-at-work' }, writer)
    return append(chain, draft)
  }
  office.deps.ledger = { ...ledger, journal: { ...ledger.journal, append: overtaking } }
  expect(await outcomeOf(office, 'unhold', id)).toBe('left alone: it has changed in between, try again')
  expect((await office.entries(id)).slice(-2)).toEqual(['hold-released', 'held'])
})

test('a hold that somebody has put on is lifted by one person', async () => {
  const office = await openOffice()
  const body = { instruction: 'unhold', subjects: subjectsOf(await having('hold')(office)), reason }
  expect((await office.as('ani', 'operator')('instruct', { body })).body).toMatchObject({
    effects: [{ outcome: 'hold lifted: scheduled' }],
  })
})

test('a hold on a payout whose partner is at work on what it had rejected is lifted by two people', async () => {
  const office = await openOffice()
  const id = await office.failed('gopay', rejected('merchant-refused'))
  const found = await readCase(office.ledger, { participantId: id, payout: 'incentive-1' })
  if (!found) throw new Error('nobody is entitled')
  const hold = { command: 'hold', reason: 'attempt-at-work' } as const
  await apply(office.ledger, found, hold, { at: office.now(), by: 'pay/1' })
  const body = { instruction: 'unhold', subjects: subjectsOf(id), reason }
  expect((await office.as('ani', 'operator')('instruct', { body })).body).toMatchObject({
    result: 'proposed',
  })
})
