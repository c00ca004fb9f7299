import { expect, test } from 'vitest'
import { pausedWith } from '../../../shared/domain/pause.ts'
import { changeControl } from '../../../shared/ledger/control.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { answerOf, type Office, openOffice } from './office.ts'

/** Somebody wants it closed while somebody else's wish to open it is still to be carried out: it stays closed. */

const resume = { instruction: 'resume', partner: 'gopay', reason: 'their maintenance is over' }
const programme = { instruction: 'resume', reason: 'their maintenance is over' }
const instruct = (office: Office, who: string, body: object, key?: string) =>
  office.as(who, 'operator')('instruct', { body, ...(key !== undefined && { key }) })
const pause = (office: Office, who: string, partner?: string) =>
  instruct(office, who, { instruction: 'pause', reason: 'journal changed', ...(partner && { partner }) })

async function pausesItself(office: Office, partner: string): Promise<void> {
  const itself = { reason: 'unknown-outcomes', since: office.now(), by: 'pay/1' } as const
  await changeControl(office.ledger.lanes, partner, (control) => ({
    control: { ...control, version: control.version + 1, paused: pausedWith(control.paused, itself) },
  }))
}
async function proposed(office: Office, body: object): Promise<string> {
  const answer = answerOf(routes.instruct, await instruct(office, 'ani', body))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return answer.proposal.id
}
const approve = (office: Office, id: string) =>
  office.as('budi', 'approver')('approve', { parameters: { id } })
const pausedOf = async (office: Office, partner = 'gopay') => (await office.ledger.lanes.read(partner)).paused
const isPausedIn = async (office: Office, partner: string) =>
  Object.keys(await pausedOf(office, partner)).length === 2
const stays = { outcome: 'not resumed: it was paused again since this was asked for', done: false }

test('a lane that has paused itself, and that people pause again before it is resumed, stays paused', async () => {
  const office = await openOffice()
  await pausesItself(office, 'gopay')
  office.pass(3_600)
  const id = await proposed(office, resume)
  office.pass(1_800)
  expect((await pause(office, 'citra')).body).toMatchObject({
    effects: expect.arrayContaining([
      { subject: 'gopay', outcome: 'paused already; counts from now', done: true },
    ]),
  })
  office.pass(1_800)
  expect((await approve(office, id)).body).toMatchObject({ effects: [stays] })
  expect(await pausedOf(office)).toMatchObject({ incentive: { reason: 'unknown-outcomes' }, survey: {} })
  const again = await proposed(office, resume)
  expect((await approve(office, again)).body).toMatchObject({ effects: [{ done: true }] })
  expect(await pausedOf(office)).toEqual({})
})

test.for<[string, (office: Office) => Promise<unknown>]>([
  ['somebody pauses', (office) => pause(office, 'citra', 'ovo')],
  ['itself pauses', (office) => pausesItself(office, 'ovo')],
])(
  'a lane that people have paused, and that %s again, stays so when all others are resumed',
  async ([_, again]) => {
    const office = await openOffice()
    await pause(office, 'dewi', 'ovo')
    await pausesItself(office, 'gopay')
    office.pass(3_600)
    const id = await proposed(office, programme)
    office.pass(1_800)
    await again(office)
    office.pass(1_800)
    expect((await approve(office, id)).body).toMatchObject({
      effects: expect.arrayContaining([{ subject: 'ovo', ...stays }]),
    })
    expect(await isPausedIn(office, 'ovo')).toBe(true)
    expect(await isPausedIn(office, 'gopay')).toBe(false)
  },
)

test('a lane that is paused again stays so when a resumption comes again that was cut off before', async () => {
  const office = await openOffice()
  await pause(office, 'dewi', 'gopay')
  office.pass(3_600)
  const { ledger } = office.deps
  const write = () => Promise.reject(new Error('cut off'))
  office.deps.ledger = { ...ledger, lanes: { ...ledger.lanes, write } }
  const key = 'cut-off-resume'
  await expect(instruct(office, 'ani', resume, key)).rejects.toThrow('cut off')
  office.deps.ledger = ledger
  office.pass(60)
  await pause(office, 'citra', 'gopay')
  office.pass(60)
  expect((await instruct(office, 'ani', resume, key)).body).toMatchObject({ effects: [stays] })
  expect(await isPausedIn(office, 'gopay')).toBe(true)
})
