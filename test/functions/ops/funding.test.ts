import { describe, expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import { deferred } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice, type Reply } from './office.ts'

/** What whoever books float is told, besides that it was booked. */

const fund = { instruction: 'fund', partner: 'ovo', amount: 1_000_000, document: 'SP2D-1' }
const instruct = (office: Office, body: object) => office.as('ani', 'operator')('instruct', { body })
async function approved(office: Office, body: object): Promise<Reply> {
  const answer = answerOf(routes.instruct, await instruct(office, body))
  if (answer.result !== 'proposed') throw new Error('it did not take two people')
  return office.as('budi', 'approver')('approve', { parameters: { id: answer.proposal.id } })
}
const pause = (office: Office, change: object = {}) =>
  instruct(office, { instruction: 'pause', partner: 'ovo', reason: 'doubt', ...change })

describe('float that was booked', () => {
  const booked = 'Rp1,000,000 more float'

  test.for<readonly [string, (office: Office) => Promise<unknown>, string]>([
    ['opens a lane whose float was empty', (office) => office.failed('ovo', deferred('float-empty')), booked],
    [
      'does not open one that a person has paused since, and says who',
      async (office) => {
        await office.failed('ovo', deferred('float-empty'))
        await pause(office)
      },
      `${booked}; the lane is still paused (incentive by ani, survey by ani): resume opens it`,
    ],
    [
      'does not open the kind that a person has paused',
      (office) => pause(office, { kind: 'survey' }),
      `${booked}; the lane is still paused (survey by ani): resume opens it`,
    ],
    [
      'does not open one that has paused itself for something else',
      (office) => office.failed('ovo', deferred('credentials-refused')),
      `${booked}; the lane is still paused (incentive by itself: credentials-refused, survey by itself: credentials-refused): resume opens it`,
    ],
  ])('%s', async ([, prepare, outcome]) => {
    const office = await openOffice()
    await prepare(office)
    expect(await approved(office, fund)).toMatchObject({ body: { effects: [{ subject: 'ovo', outcome }] } })
  })

  test('before says so, and what keeps the lane shut', async () => {
    const office = await openOffice()
    await approved(office, fund)
    await pause(office)
    expect(await instruct(office, fund)).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringMatching(/booked before.*still paused \(incentive by ani, survey by ani\)/),
      },
    })
  })
})

test('float beyond the budget is refused with what is left of it, and what to do', async () => {
  const office = await openOffice()
  await approved(office, fund)
  expect(await instruct(office, { ...fund, amount: 20_000_000_000_000, document: 'SP2D-2' })).toMatchObject({
    status: 422,
    body: {
      detail: expect.stringMatching(/Rp19,999,999,000,000 of Rp20,000,000,000,000 are left\. .*sweep/),
    },
  })
})
