import { describe, expect, test } from 'vitest'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import type { PayoutKey } from '../../../shared/ledger/ports.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { rejected } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice, shards } from './office.ts'
import { reconciledFor } from './reconciled.ts'

type Query = Readonly<Record<string, string>>
const page = async (office: Office, query: Query) =>
  answerOf(routes.list, await office.as('cici', 'viewer')('list', { query }))

/** Three that have failed, a day apart, at two partners and for two reasons. */
async function openFailures() {
  const office = await openOffice()
  await office.failed('gopay')
  office.goTo('2020-09-21T10:00:00+07:00')
  await office.failed('gopay', rejected('merchant-refused'))
  office.goTo('2020-09-22T12:00:00+07:00')
  await office.failed('ovo', rejected('merchant-refused'))
  return office
}

describe('the first page of a list', () => {
  test('says what all of it comes to, and the pages behind it do not', async () => {
    const office = await openFailures()
    const first = await page(office, { list: 'failed', limit: '1' })
    expect(first.page).toEqual({ count: 1, rupiah: 600_000 })
    expect(first.total).toEqual({
      count: 3,
      rupiah: 1_800_000,
      atLeast: false,
      oldest: '2020-09-18T10:00:01+07:00',
    })
    const second = await page(office, { list: 'failed', limit: '1', cursor: first.next ?? '' })
    expect(second.page).toEqual({ count: 1, rupiah: 600_000 })
    expect(second).not.toHaveProperty('total')
  })

  test.for<[Query, number]>([
    [{ partner: 'gopay' }, 2],
    [{ kind: 'survey' }, 0],
    [{ kind: 'incentive' }, 3],
    [{ since: '2020-09-20' }, 2],
    [{ olderThan: '3' }, 1],
    [{ reason: 'merchant-refused' }, 2],
    [{ remedy: 'operator' }, 3],
    [{ wave: '5' }, 3],
    [{ wave: '4' }, 0],
    [{ partner: 'gopay', reason: 'merchant-refused' }, 1],
  ])('counts what the filter %o chooses', async ([query, count]) => {
    const { total } = await page(await openFailures(), { list: 'failed', limit: '1', ...query })
    expect(total).toMatchObject({ count, rupiah: count * 600_000, atLeast: false })
  })

  test('counts what is due, and nothing that is due later', async () => {
    const office = await openOffice()
    for (let index = 0; index < 3; index++) await office.participant()
    expect((await page(office, { list: 'due', limit: '1' })).total).toMatchObject({
      count: 3,
      atLeast: false,
    })
  })

  test('counts of what is unknown only what no statement has, where that is asked for', async () => {
    const office = await openOffice()
    const unknown = { outcome: 'unknown', cause: 'timeout', evidence: {} } as const
    const ids = [
      await office.failed('gopay', unknown),
      await office.failed('gopay', unknown),
      await office.failed('gopay', unknown),
    ]
    const eligible = ids.slice(0, 2).map((id) => `${id}-I1-A1`)
    await reconciledFor(office).keepEligible('gopay', eligible)
    const query = { list: 'unknown', limit: '1' }
    expect((await page(office, query)).total).toMatchObject({ count: 3 })
    expect((await page(office, { ...query, eligible: 'true' })).total).toMatchObject({ count: 2 })
  })
})

/** An office where so many have failed in each shard of every partner, and what was asked of the ledger for a page. */
async function crowded(perShard: number, state: PayoutRow['state'] = 'failed') {
  const office = await openOffice()
  const id = await office.failed('gopay', rejected('merchant-refused'))
  const row = await office.row(id)
  if (!row) throw new Error('there is no row')
  const asked = { described: 0, rows: 0, requests: 0 }
  const at = row.since
  const placesOf = (list: string, limit: number) =>
    Array.from({ length: Math.min(limit, perShard) }, (_, index) => ({
      ...{
        participantId: `${list.toUpperCase().replaceAll('#', '-')}-${index}`,
        payout: row.payout,
        at,
        since: at,
        state,
      },
      partner: list.split('#')[1] ?? '',
    }))
  const { worklist, participants } = office.ledger
  office.deps.ledger = {
    ...office.ledger,
    worklist: {
      ...worklist,
      nominate: async (list, { limit }) => placesOf(list, limit),
      async describe(list, { limit }) {
        asked.described += 1
        return placesOf(list, limit)
      },
    },
    participants: {
      ...participants,
      async readRows(payouts: readonly PayoutKey[]) {
        asked.requests += 1
        asked.rows += payouts.length
        return payouts.map(({ participantId, payout }) => {
          const [name = '', partner = '', shard = ''] = participantId.toLowerCase().split('-')
          return { ...row, participantId, payout, list: `${name}#${partner}#${shard}`, partner }
        })
      },
    },
  }
  return { office, asked }
}

describe('a list longer than can be counted', () => {
  test('comes to at least what was counted, by the index alone', async () => {
    const { office, asked } = await crowded(5_000)
    const { total } = await page(office, { list: 'failed', partner: 'gopay' })
    expect(total).toMatchObject({ count: 2_000, rupiah: 2_000 * 600_000, atLeast: true })
    // One question a shard, and the rows that the page itself shows.
    expect(asked).toEqual({ described: shards, rows: 100, requests: 1 })
  })

  test('comes, by what only rows tell, to at least what the first 2,000 rows do', async () => {
    const { office, asked } = await crowded(5_000)
    const { total } = await page(office, { list: 'failed', reason: 'merchant-refused' })
    expect(total).toMatchObject({ count: 2_000, atLeast: true })
    expect(asked).toEqual({ described: 4 * shards, rows: 2_100, requests: 21 })
  })

  test('in another order than by age does not say which is the oldest', async () => {
    const { office } = await crowded(5_000, 'unknown')
    const { total } = await page(office, { list: 'unknown', partner: 'gopay' })
    expect(total).toEqual({ count: 2_000, rupiah: 2_000 * 600_000, atLeast: true })
  })

  test('is one of which few pass the filter, too', async () => {
    const { office } = await crowded(5_000)
    const { payouts, total, next } = await page(office, { list: 'failed', reason: 'suspected-fraud' })
    expect(payouts).toEqual([])
    expect(total).toMatchObject({ count: 0, rupiah: 0, atLeast: true })
    expect(next).toBeDefined()
  })
})

test('a list of one page costs nothing beyond the page', async () => {
  const { office, asked } = await crowded(5)
  const { page: shown, total } = await page(office, { list: 'failed' })
  expect(shown).toEqual({ count: 40, rupiah: 40 * 600_000 })
  expect(total).toMatchObject({ ...shown, atLeast: false })
  expect(asked).toEqual({ described: 0, rows: 40, requests: 1 })
})
