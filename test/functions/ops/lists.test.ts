import { describe, expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import type { ListedPayout } from '../../../shared/operations/schemas.ts'
import { paid, pending, refunded, rejected, unknown } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice } from './office.ts'

type Query = Readonly<Record<string, string>>
const page = async (office: Office, query: Query) =>
  answerOf(routes.list, await office.as('cici', 'viewer')('list', { query }))

/** All pages of a list, and how many there were. */
async function everything(office: Office, query: Query) {
  const payouts: ListedPayout[] = []
  let cursor: string | undefined
  for (let pages = 1; pages < 50; pages++) {
    const answer = await page(office, { ...query, ...(cursor !== undefined && { cursor }) })
    payouts.push(...answer.payouts)
    cursor = answer.next
    if (cursor === undefined) return { payouts, pages }
  }
  throw new Error('the list does not end')
}
const ids = (payouts: readonly ListedPayout[]) => payouts.map(({ participantId }) => participantId)

describe('a list', () => {
  test('tells of every payout what people need, and never a whole account number', async () => {
    const office = await openOffice()
    const id = await office.failed('gopay', rejected('account-blocked'))
    const answer = await page(office, { list: 'failed' })
    expect(answer).toEqual({
      payouts: [
        {
          participantId: id,
          payout: 'incentive-1',
          kind: 'incentive',
          amount: 600_000,
          wave: 5,
          state: 'failed',
          since: '2020-09-18T10:00:01+07:00',
          at: '2020-09-18T10:00:01+07:00',
          partner: 'gopay',
          lastFour: id.slice(-4),
          reason: 'account-blocked',
          remedy: 'participant',
        },
      ],
      page: { count: 1, rupiah: 600_000 },
      total: { count: 1, rupiah: 600_000, atLeast: false, oldest: '2020-09-18T10:00:01+07:00' },
    })
  })

  test('of what is due holds what could be sent now, and nothing that is due later', async () => {
    const office = await openOffice()
    const due = await office.participant()
    const found = (await page(office, { list: 'due' })).payouts
    expect(found.map(({ participantId, payout, state }) => [participantId, payout, state])).toEqual([
      [due, 'incentive-1', 'scheduled'],
    ])
    expect((await page(office, { list: 'due', partner: 'ovo' })).payouts).toEqual([])
    office.pass(40 * 86_400)
    expect((await page(office, { list: 'due' })).payouts.map(({ payout }) => payout)).toEqual([
      'incentive-1',
      'incentive-2',
    ])
  })

  test('is one of its state', async () => {
    const office = await openOffice()
    const waiting = await office.participant('gopay', { linked: false })
    const [asked, open] = [await office.failed('gopay', pending), await office.failed('ovo', unknown())]
    const held = await office.participant()
    const subjects = { payouts: [{ participantId: held, payout: 'incentive-1' }] }
    await office.as('ani', 'operator')('instruct', {
      body: { instruction: 'hold', subjects, reason: 'doubt' },
    })
    await office.failed('gopay', paid)
    expect(ids((await page(office, { list: 'unknown' })).payouts).sort()).toEqual([asked, open].sort())
    expect(ids((await page(office, { list: 'held' })).payouts)).toEqual([held])
    expect(new Set(ids((await page(office, { list: 'waiting' })).payouts))).toEqual(new Set([waiting]))
    expect((await page(office, { list: 'failed' })).payouts).toEqual([])
  })

  test.for([1, 2, 3, 7, 50])(
    'in pages of %i has each payout once, oldest first over all lanes and shards',
    async (limit) => {
      const office = await openOffice()
      const failed: string[] = []
      for (let index = 0; index < 9; index++) {
        failed.push(await office.failed(index % 2 === 0 ? 'gopay' : 'ovo'))
        // Some at the same moment.
        if (index % 3 === 0) office.pass(60)
      }
      const { payouts, pages } = await everything(office, { list: 'failed', limit: `${limit}` })
      expect(ids(payouts).sort()).toEqual(failed.sort())
      expect(payouts.map(({ since }) => since)).toEqual(payouts.map(({ since }) => since).sort())
      expect(pages).toBe(Math.ceil(9 / limit))
    },
  )

  test('goes on where it was although the last payout has left it', async () => {
    const office = await openOffice()
    const failed = [await office.failed(), await office.failed(), await office.failed()]
    const first = await page(office, { list: 'failed', limit: '2' })
    const subjects = {
      payouts: first.payouts.map(({ participantId, payout }) => ({ participantId, payout })),
    }
    await office.as('ani', 'operator')('instruct', {
      body: { instruction: 'hold', subjects, reason: 'doubt' },
    })
    const second = await page(office, { list: 'failed', cursor: first.next ?? '' })
    expect([...ids(first.payouts), ...ids(second.payouts)].sort()).toEqual(failed.sort())
  })

  test('gives its cursor to no other list', async () => {
    const office = await openOffice()
    await office.failed('gopay')
    await office.failed('gopay')
    const { next } = await page(office, { list: 'failed', limit: '1' })
    const cursor = next ?? ''
    const cici = office.as('cici', 'viewer')
    expect(await cici('list', { query: { list: 'held', cursor } })).toMatchObject({ status: 400 })
    expect(await cici('list', { query: { list: 'failed', partner: 'ovo', cursor } })).toMatchObject({
      status: 400,
    })
  })
})

describe('a filter', () => {
  test.for<[string, Query, readonly number[]]>([
    ['partner', { partner: 'ovo' }, [2]],
    ['reason', { reason: 'merchant-refused' }, [1]],
    ['remedy', { remedy: 'participant' }, [2]],
    ['wave', { wave: '4' }, []],
    ['kind', { kind: 'survey' }, []],
    ['since', { since: '2020-09-20' }, [1, 2]],
    ['olderThan', { olderThan: '3' }, [0]],
    ['olderThan, longer than anything', { olderThan: '9007199254740991' }, []],
    ['since, before anything', { since: '0000-01-01' }, [0, 1, 2]],
    ['both', { since: '2020-09-19', olderThan: '1' }, [1]],
    ['nothing', {}, [0, 1, 2]],
  ])('by %s chooses what it says', async ([, query, chosen]) => {
    const office = await openOffice()
    const failed = [await office.failed('gopay')]
    office.goTo('2020-09-21T10:00:00+07:00')
    failed.push(await office.failed('gopay', rejected('merchant-refused')))
    office.goTo('2020-09-22T12:00:00+07:00')
    failed.push(await office.failed('ovo', rejected('account-blocked')))
    const { payouts } = await page(office, { list: 'failed', ...query })
    expect(ids(payouts)).toEqual(chosen.map((index) => failed[index]))
  })

  test('by partner chooses among what is held, too', async () => {
    const office = await openOffice()
    const [atGopay, atOvo] = [await office.participant('gopay'), await office.participant('ovo')]
    const payouts = [atGopay, atOvo].map((participantId) => ({ participantId, payout: 'incentive-1' }))
    const body = { instruction: 'hold', subjects: { payouts }, reason: 'doubt' }
    await office.as('ani', 'operator')('instruct', { body })
    const held = await page(office, { list: 'held', partner: 'ovo' })
    expect(ids(held.payouts)).toEqual([atOvo])
    expect(held.total).toMatchObject({ count: 1, rupiah: 600_000 })
  })

  test('by the operator’s move chooses what has come back, too, and what is held', async () => {
    const office = await openOffice()
    const failed = await office.failed('gopay', rejected('merchant-refused'))
    await office.failed('gopay', rejected('account-blocked'))
    const returned = await office.failed('gopay', unknown())
    office.pass(3_600)
    office.lane('gopay').partner.tells(refunded)
    await office.lane('gopay').inquire()
    const held = await office.participant()
    const body = {
      instruction: 'hold',
      subjects: { payouts: [{ participantId: held, payout: 'incentive-1' }] },
      reason: 'doubt',
    }
    await office.as('ani', 'operator')('instruct', { body })
    const mine = await page(office, { list: 'failed', remedy: 'operator' })
    expect(mine.payouts.map(({ participantId, state }) => [participantId, state])).toEqual([
      [failed, 'failed'],
      [returned, 'returned'],
    ])
    expect(ids((await page(office, { list: 'held', remedy: 'operator' })).payouts)).toEqual([held])
  })

  test.for<[list: string, filter: Query, why: string]>([
    ['waiting', { partner: 'ovo' }, 'partner: what waits for an account has no partner yet'],
    ['waiting', { reason: 'account' }, 'reason: what waits for an account has none'],
    ['waiting', { remedy: 'participant' }, 'remedy: what waits for an account is always the participant’s'],
    ['due', { reason: 'daily-limit' }, 'reason: what is due has none'],
    ['due', { remedy: 'operator' }, 'remedy: what is due is sent by the system'],
    ['unknown', { reason: 'timeout' }, 'reason: what nobody knows the outcome of has none'],
    ['unknown', { remedy: 'partner' }, 'remedy: what nobody knows the outcome of is always the partner’s'],
  ])('that could choose nothing of the list %s is refused: %o', async ([list, filter, why]) => {
    const office = await openOffice()
    expect(await office.as('cici', 'viewer')('list', { query: { list, ...filter } })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(why.replaceAll('’', "'")) },
    })
  })

  test('in the list of what is asked about goes by the state’s time, not by the next question’s', async () => {
    const office = await openOffice()
    const early = await office.failed('gopay', pending)
    office.goTo('2020-09-20T10:00:00+07:00')
    await office.failed('gopay', pending)
    const { payouts } = await page(office, { list: 'unknown', olderThan: '1' })
    expect(ids(payouts)).toEqual([early])
  })
})
