import { describe, expect, test } from 'vitest'
import { changeControl } from '../../../shared/ledger/control.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { deferred, paid } from '../../domain/examples.ts'
import { answerOf, funded, type Office, openOffice, type Reply } from './office.ts'

const reason = 'their maintenance'
const instruct = (office: Office, body: object, who = 'ani') =>
  office.as(who, 'operator')('instruct', { body })
async function proposed(office: Office, body: object): Promise<string> {
  const answer = answerOf(routes.instruct, await instruct(office, body))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return answer.proposal.id
}
const approve = (office: Office, id: string): Promise<Reply> =>
  office.as('budi', 'approver')('approve', { parameters: { id } })
const approved = async (office: Office, body: object): Promise<Reply> =>
  approve(office, await proposed(office, body))
const pausedOf = async (office: Office, partner = 'gopay') =>
  Object.keys((await office.ledger.lanes.read(partner)).paused)

describe('a pause', () => {
  test('stops what is in the queue already, and nothing is lost', async () => {
    const office = await openOffice()
    const id = await office.participant()
    const lane = office.lane('gopay')
    await instruct(office, { instruction: 'pause', partner: 'gopay', reason })
    expect(await lane.pay(id)).toMatchObject({ results: [{ denied: 'paused' }] })
    expect(lane.partner.asked).toEqual([])
    expect(await office.row(id)).toMatchObject({ state: 'scheduled' })
    await instruct(office, { instruction: 'resume', partner: 'gopay', reason })
    await lane.pay(id, paid)
    expect(await office.row(id)).toMatchObject({ state: 'paid' })
  })

  test.for([
    [{ partner: 'gopay' }, ['incentive', 'survey'], []],
    [{ partner: 'gopay', kind: 'survey' }, ['survey'], []],
    [{ kind: 'incentive' }, ['incentive'], ['incentive']],
    [{}, ['incentive', 'survey'], ['incentive', 'survey']],
  ] as const)('of %j is of that and no more', async ([which, gopay, ovo]) => {
    const office = await openOffice()
    await instruct(office, { instruction: 'pause', ...which, reason })
    expect(await pausedOf(office)).toEqual(gopay)
    expect(await pausedOf(office, 'ovo')).toEqual(ovo)
    await instruct(office, { instruction: 'resume', ...which, reason })
    expect(await pausedOf(office)).toEqual([])
  })

  test('said twice changes nothing, and so does opening what is open', async () => {
    const office = await openOffice()
    const pause = { instruction: 'pause', partner: 'gopay', reason }
    const outcome = (words: string) => ({
      body: { effects: [{ subject: 'gopay', outcome: words, done: true }] },
    })
    expect(await instruct(office, pause)).toMatchObject(outcome('paused'))
    expect(await instruct(office, pause, 'budi')).toMatchObject(outcome('paused already'))
    const resume = { ...pause, instruction: 'resume' }
    expect(await instruct(office, resume)).toMatchObject(outcome('resumed, a few payments first'))
    expect(await instruct(office, resume)).toMatchObject(outcome('not paused'))
  })

  test('by itself takes two people to undo', async () => {
    const office = await openOffice()
    const id = await office.participant()
    await office.lane('gopay').pay(id, deferred('credentials-refused'))
    expect(await pausedOf(office)).toEqual(['incentive', 'survey'])
    const resume = { instruction: 'resume', partner: 'gopay', reason: 'new credentials are in' }
    expect(await instruct(office, resume)).toMatchObject({ body: { result: 'proposed' } })
    expect(await instruct(office, { ...resume, partner: undefined })).toMatchObject({
      body: { result: 'proposed' },
    })
    expect(await pausedOf(office)).toEqual(['incentive', 'survey'])
    expect(await approved(office, resume)).toMatchObject({ status: 200 })
    expect(await pausedOf(office)).toEqual([])
  })

  test('by itself takes two people to undo though somebody has paused it, too', async () => {
    const office = await openOffice()
    await office.lane('gopay').pay(await office.participant(), deferred('float-empty'))
    await instruct(office, { instruction: 'pause', partner: 'gopay', reason })
    expect(await instruct(office, { instruction: 'resume', partner: 'gopay', reason })).toMatchObject({
      body: { result: 'proposed' },
    })
    expect(await pausedOf(office)).toEqual(['incentive', 'survey'])
  })

  test('that somebody has made since is not undone by a command that was cut off before', async () => {
    const office = await openOffice()
    await instruct(office, { instruction: 'pause', partner: 'gopay', reason })
    const { answer } = office.register
    office.deps.register = { ...office.register, answer: () => Promise.reject(new Error('cut off')) }
    const body = { instruction: 'resume', partner: 'gopay', reason }
    const resume = () => office.as('ani', 'operator')('instruct', { body, key: 'cut-off-resume' })
    await expect(resume()).rejects.toThrow('cut off')
    expect(await pausedOf(office)).toEqual([])
    office.deps.register = { ...office.register, answer }
    office.pass(60)
    await instruct(office, { instruction: 'pause', partner: 'gopay', reason }, 'budi')
    expect(await resume()).toMatchObject({
      body: {
        effects: [{ outcome: 'not resumed: it was paused again since this was asked for', done: false }],
      },
    })
    expect(await pausedOf(office)).toEqual(['incentive', 'survey'])
  })

  test('that the lane makes while one person re-opens it stays', async () => {
    const office = await openOffice()
    await instruct(office, { instruction: 'pause', partner: 'gopay', reason })
    const { ledger } = office.deps
    let reads = 0
    const read = async (partner: string) => {
      const itself = { reason: 'unknown-outcomes', since: office.now(), by: 'pay/1' } as const
      if (partner === 'gopay' && ++reads === 2) {
        await changeControl(ledger.lanes, partner, (control) => ({
          control: {
            ...control,
            version: control.version + 1,
            paused: { incentive: itself, survey: itself },
          },
        }))
      }
      return ledger.lanes.read(partner)
    }
    office.deps.ledger = { ...ledger, lanes: { ...ledger.lanes, read } }
    const reply = await instruct(office, { instruction: 'resume', partner: 'gopay', reason })
    expect(reply.body).toMatchObject({
      effects: [{ outcome: expect.stringContaining('takes two people'), done: false }],
    })
    expect(await pausedOf(office)).toEqual(['incentive', 'survey'])
  })
})

test('an approval does not lift a pause that was made after what it approves was proposed', async () => {
  const office = await openOffice()
  const itself = { reason: 'unknown-outcomes', since: office.now(), by: 'pay/1' } as const
  await changeControl(office.ledger.lanes, 'gopay', (control) => ({
    control: { ...control, version: control.version + 1, paused: { incentive: itself, survey: itself } },
  }))
  const resumed = { instruction: 'resume', partner: 'gopay', reason }
  const proposed = answerOf(routes.instruct, await instruct(office, resumed))
  if (proposed.result !== 'proposed') throw new Error('it did not take two people')
  office.pass(60)
  const again = { reason: 'canary-failed', since: office.now(), by: 'release/gopay' } as const
  await changeControl(office.ledger.lanes, 'gopay', (control) => ({
    control: { ...control, version: control.version + 1, paused: { incentive: again, survey: again } },
  }))
  office.pass(60)
  const parameters = { id: proposed.proposal.id }
  expect(await office.as('budi', 'approver')('approve', { parameters })).toMatchObject({
    body: { effects: [{ outcome: expect.stringContaining('paused again since') }] },
  })
  expect(await pausedOf(office)).toEqual(['incentive', 'survey'])
})

describe('the float', () => {
  const fund = { instruction: 'fund', partner: 'ovo', amount: 1_000_000, document: 'SP2D-1' }

  test('is booked once, however often its document comes', async () => {
    const office = await openOffice()
    const twice = await Promise.all([proposed(office, fund), proposed(office, fund)])
    await approve(office, twice[0])
    expect(await approve(office, twice[1])).toMatchObject({
      body: { effects: [{ outcome: 'document SP2D-1 was booked before: nothing changed', done: true }] },
    })
    expect(await instruct(office, fund)).toMatchObject({ status: 409 })
    expect((await office.ledger.lanes.read('ovo')).available).toBe(1_000_000)
  })

  test('is not booked at two partners by one document', async () => {
    const office = await openOffice()
    const both = await Promise.all([proposed(office, fund), proposed(office, { ...fund, partner: 'bni' })])
    await approve(office, both[0])
    expect(await approve(office, both[1])).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('document of its own') },
    })
    expect((await office.ledger.lanes.read('bni')).available).toBe(0)
  })

  test('of more than can be reckoned with is over the budget, too', async () => {
    const office = await openOffice()
    await office.lane('ovo').float()
    const fund = {
      instruction: 'fund',
      partner: 'ovo',
      amount: Number.MAX_SAFE_INTEGER,
      document: 'SP2D-MAX',
    }
    expect(await instruct(office, fund)).toMatchObject({ status: 422 })
  })

  test('never exceeds the budget of the scheme', async () => {
    const office = await openOffice()
    const reply = await instruct(office, { ...fund, amount: 20_000_000_000_001 })
    expect(reply).toMatchObject({ status: 422, body: { detail: expect.stringContaining('budget') } })
    expect((await office.ledger.lanes.read('ovo')).available).toBe(0)
  })

  test.each([
    ['the whole budget once', 20_000_000_000_000, 1],
    ['half of it each', 10_000_000_000_000, 2],
    ['one rupiah more than half of it each', 10_000_000_000_001, 1],
    ['one rupiah more than all of it', 20_000_000_000_001, 0],
  ])('approved twice at once, for %s, goes as far as the budget', async (_, amount, booked) => {
    const office = await openOffice()
    const reply = (partner: string) =>
      instruct(office, { ...fund, partner, amount, document: `SP2D-${partner}` })
    const answers = await Promise.all(['ovo', 'bni'].map(reply))
    const ids = answers
      .filter(({ status }) => status === 200)
      .map((each) => answerOf(routes.instruct, each))
      .flatMap((answer) => (answer.result === 'proposed' ? [answer.proposal.id] : []))
    const approvals = ids.map((id) => approve(office, id))
    const replies = await Promise.all(approvals)
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(booked)
    const floats = await Promise.all(['ovo', 'bni'].map((partner) => office.ledger.lanes.read(partner)))
    expect(floats.reduce((sum, { available }) => sum + available, 0)).toBe(booked * amount)
  })

  test('goes back to the treasury as far as nobody needs it', async () => {
    const office = await openOffice()
    await office.lane('ovo').pay(await office.participant('ovo'), paid)
    const left = funded - 600_000
    const sweep = { instruction: 'sweep', partner: 'ovo', document: 'RETURN-1' }
    expect(await instruct(office, { ...sweep, amount: left + 1 })).toMatchObject({ status: 422 })
    expect(await approved(office, { ...sweep, amount: left })).toMatchObject({ status: 200 })
    expect(await office.lane('ovo').float()).toBe(0)
  })

  test('that was spent while its sweep waited is not swept', async () => {
    const office = await openOffice()
    const left = await office.lane('ovo').float()
    const sweep = { instruction: 'sweep', partner: 'ovo', document: 'RETURN-1', amount: left }
    const answer = answerOf(routes.instruct, await instruct(office, sweep))
    if (answer.result !== 'proposed') throw new Error('it did not take two people')
    await office.lane('ovo').pay(await office.participant('ovo'), paid)
    const reply = await office.as('budi', 'approver')('approve', { parameters: { id: answer.proposal.id } })
    expect(reply).toMatchObject({ status: 422 })
    expect(await office.lane('ovo').float()).toBe(funded - 600_000)
  })

  test('is charged with a fee, once by its document, as far as nobody needs it', async () => {
    const office = await openOffice()
    const before = await office.lane('ovo').float()
    const fee = { instruction: 'fee', partner: 'ovo', amount: 2_500, document: 'INV-1' }
    expect(await instruct(office, { ...fee, amount: before + 1 })).toMatchObject({ status: 422 })
    const again = await proposed(office, fee)
    const others = [
      { ...fee, amount: 2_501 },
      { ...fee, instruction: 'sweep' },
    ]
    const proposals = await Promise.all(others.map((body) => proposed(office, body)))
    expect(await approved(office, fee)).toMatchObject({
      body: { effects: [{ subject: 'ovo', outcome: 'Rp2,500 of fees' }] },
    })
    expect(await approve(office, again)).toMatchObject({
      body: { effects: [{ outcome: 'document INV-1 was booked before: nothing changed' }] },
    })
    for (const id of proposals) expect(await approve(office, id)).toMatchObject({ status: 409 })
    for (const body of [fee, ...others]) expect(await instruct(office, body)).toMatchObject({ status: 409 })
    expect(await office.lane('ovo').float()).toBe(before - 2_500)
  })
})
