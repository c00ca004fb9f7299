import { expect, test } from 'vitest'
import { nominateFrom } from '../../../functions/ops/pages.ts'
import { takePermit } from '../../../shared/domain/permit.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { changeControl } from '../../../shared/ledger/control.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid, pending, unknown } from '../../domain/examples.ts'
import { answerOf, funded, type Office, openOffice } from './office.ts'

const statusOf = async (office: Office) =>
  answerOf(routes.status, await office.as('cici', 'viewer')('status'))

test('a system in which nothing has happened', async () => {
  const office = await openOffice()
  const none = { count: 0, rupiah: 0, atLeast: false }
  const lane = {
    due: none,
    later: none,
    inFlight: none,
    pending: none,
    unknown: none,
    failed: none,
    held: none,
    available: 0,
    paused: {},
  }
  expect(await statusOf(office)).toEqual({
    at: '2020-09-18T10:00:01+07:00',
    waiting: none,
    held: none,
    partners: { bni: lane, gopay: lane, linkaja: lane, ovo: lane },
    deadLetters: {},
  })
})

test('every payout is counted where it is', async () => {
  const office = await openOffice()
  await office.participant('gopay', { linked: false })
  await office.participant()
  await office.failed()
  await office.failed('gopay', unknown())
  await office.failed('gopay', pending)
  await office.failed('gopay', paid)
  const held = await office.participant('ovo')
  const subjects = { payouts: [{ participantId: held, payout: 'incentive-1' }] }
  const ani = office.as('ani', 'operator')
  await ani('instruct', { body: { instruction: 'hold', subjects, reason: 'doubt' } })
  await ani('instruct', { body: { instruction: 'pause', partner: 'ovo', kind: 'survey', reason: 'doubt' } })
  office.queues.die('test-intake-dlq', '{}')

  const { waiting, held: holds, partners, deadLetters } = await statusOf(office)
  expect(waiting).toMatchObject({ count: 4, rupiah: 2_400_000 })
  expect(holds).toEqual({ count: 1, rupiah: 600_000, atLeast: false, oldest: '2020-09-18T10:00:01+07:00' })
  expect(deadLetters).toEqual({ 'test-intake-dlq': 1 })
  // Of five with an account at gopay, incentives 2 to 4 come later.
  expect(partners.gopay).toMatchObject({
    due: { count: 1, rupiah: 600_000, oldest: '2020-09-18T00:00:00+07:00' },
    later: { count: 15, oldest: '2020-10-18T00:00:00+07:00' },
    inFlight: { count: 0 },
    pending: { count: 1, rupiah: 600_000, oldest: '2020-09-18T10:00:01+07:00' },
    unknown: { count: 1, rupiah: 600_000, oldest: '2020-09-18T10:00:01+07:00' },
    failed: { count: 1, oldest: '2020-09-18T10:00:01+07:00' },
    held: { count: 0 },
    available: funded - 3 * 600_000,
    paused: {},
  })
  expect(partners.ovo).toMatchObject({
    due: { count: 0 },
    later: { count: 3 },
    held: { count: 1, rupiah: 600_000, oldest: '2020-09-18T10:00:01+07:00' },
    paused: {
      survey: { reason: 'operator', since: '2020-09-18T10:00:01+07:00', by: 'ops/ani', note: 'doubt' },
    },
  })
})

test('why people have paused a lane, and when it was last wanted so, is known after their shift', async () => {
  const office = await openOffice()
  const pause = async (who: string, reason: string) =>
    (
      await office.as(who, 'operator')('instruct', {
        body: { instruction: 'pause', partner: 'gopay', reason },
      })
    ).body
  await pause('ani', 'GoPay maintenance until Monday')
  const paused = { reason: 'operator', since: '2020-09-18T10:00:01+07:00', by: 'ops/ani' }
  const monday = { ...paused, note: 'GoPay maintenance until Monday' }
  expect((await statusOf(office)).partners.gopay?.paused).toEqual({ incentive: monday, survey: monday })
  office.pass(3_600)
  expect(await pause('budi', 'it takes until Friday')).toMatchObject({
    effects: [{ outcome: 'paused already; counts from now', done: true }],
  })
  const friday = { ...paused, note: 'it takes until Friday', confirmed: '2020-09-18T11:00:01+07:00' }
  expect((await statusOf(office)).partners.gopay?.paused).toEqual({ incentive: friday, survey: friday })
})

test('unknown outcomes are as old as they are, however often they were asked about', async () => {
  const office = await openOffice()
  await office.failed('gopay', unknown())
  const since = '2020-09-18T10:00:01+07:00'
  for (let question = 0; question < 3; question++) {
    office.pass(7_200)
    office.lane('gopay').partner.tells(unknown())
    await office.lane('gopay').inquire()
  }
  expect((await statusOf(office)).partners.gopay?.unknown).toMatchObject({ count: 1, oldest: since })
})

test('what a worker is sending is in flight and no longer due', async () => {
  const office = await openOffice()
  const participantId = await office.participant()
  const amount = rupiah(600_000)
  const permit = { now: office.now(), ratePerSecond: 10, permitId: 'pay/1' }
  const asks = [{ participantId, payout: 'incentive-1', amount, requests: 1 }] as const
  await changeControl(office.ledger.lanes, 'gopay', (control) => {
    const granted = takePermit({ ...control, available: amount }, asks, permit)
    return granted.control ? { control: granted.control } : {}
  })
  expect((await statusOf(office)).partners.gopay).toMatchObject({
    due: { count: 0 },
    inFlight: { count: 1, rupiah: 600_000, oldest: '2020-09-18T10:00:01+07:00' },
  })
})

test('a lane says when it was last given anything to send', async () => {
  const office = await openOffice()
  await office.ledger.lanes.moveCursor('gopay', { startedAt: office.now(), places: {} })
  expect((await statusOf(office)).partners.gopay).not.toHaveProperty('lastRelease')
  const releasedAt = office.now()
  await office.ledger.lanes.moveCursor('gopay', { startedAt: office.now(), releasedAt, places: {} })
  expect((await statusOf(office)).partners.gopay).toMatchObject({ lastRelease: '2020-09-18T10:00:01+07:00' })
})

test('a re-opened lane shows how many payments its canary still lets pass', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  await ani('instruct', { body: { instruction: 'pause', partner: 'gopay', reason: 'doubt' } })
  await ani('instruct', { body: { instruction: 'resume', partner: 'gopay', reason: 'no doubt' } })
  expect((await statusOf(office)).partners.gopay).toMatchObject({
    canary: { incentive: 5, survey: 5 },
  })
})

test('of more than can be counted it says that there are at least so many', async () => {
  const office = await openOffice()
  const at = office.now()
  const place = { participantId: 'P-1', payout: 'incentive-1', at, since: at, state: 'held' } as const
  const describe = async (_: string, { limit }: { readonly limit: number }) => Array(limit).fill(place)
  office.deps.ledger = { ...office.ledger, worklist: { ...office.ledger.worklist, describe } }
  const { held } = await statusOf(office)
  expect(held).toMatchObject({ count: 2_000, atLeast: true })
})

test('lists that are as long as they may be are merged by date', async () => {
  const office = await openOffice()
  const nominate = async (list: string, { limit }: { readonly limit: number }) =>
    Array.from({ length: limit }, (_, index) => ({
      participantId: `${list}-${index}`,
      payout: 'incentive-1' as const,
      at: office.now(),
    }))
  const found = await nominateFrom({ worklist: { nominate } }, { lists: ['a', 'b'], range: {}, limit: 3 })
  expect(found.map(({ place }) => place.participantId)).toEqual(['a-0', 'a-1', 'a-2'])
})
