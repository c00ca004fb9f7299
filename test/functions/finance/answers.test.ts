import { describe, expect, test } from 'vitest'
import { ageing } from '../../../functions/finance/ageing.ts'
import { createSteps } from '../../../functions/finance/steps.ts'
import { serve } from '../../../shared/api/serve.ts'
import { secondsBetween } from '../../../shared/domain/instant.ts'
import { type FinanceRouteName, financeRoutes } from '../../../shared/finance/routes.ts'
import { onTheWaySeconds } from '../../../shared/finance/totals.ts'
import { paid as asPaid, at, pending } from '../../domain/examples.ts'
import { type Office, openOffice } from '../ops/office.ts'
import { dependencies } from './books.ts'

/** The finance API on a real engine, with totals and movement files as of this moment. */

const finance = { role: 'finance', name: 'rina' } as const

/** What is asked as somebody of finance, its answer checked by the contract. */
function asking(office: Office) {
  const deps = { routes: financeRoutes, steps: createSteps(dependencies(office)) }
  return async <Name extends FinanceRouteName>(
    name: Name,
    query: Readonly<Record<string, string>> = {},
    {
      caller = finance,
      id = '',
      timeLeft = true,
    }: { caller?: Parameters<typeof serve>[1]; id?: string; timeLeft?: boolean } = {},
  ) => {
    const event = {
      version: '2.0' as const,
      rawPath: financeRoutes[name].path.replace('{participantId}', id),
      queryStringParameters: { ...query },
      headers: {},
      isBase64Encoded: false,
      requestContext: { accountId: '000000000000', http: { method: 'GET' } },
    }
    const look = { now: office.now(), timeLeft: () => timeLeft, invocation: '1' }
    const { status, body } = await serve(deps, caller, event, look)
    const text: unknown = JSON.parse(JSON.stringify(body))
    if (status === 200) expect(text).toEqual(financeRoutes[name].answer.parse(text))
    return { status, body: text }
  }
}

const owed = { count: 7, rupiah: 2_550_000 }
const one = { count: 1, rupiah: 600_000 }
const none = { count: 0, rupiah: 0 }

describe('who may ask', () => {
  test.for(Object.keys(financeRoutes))('%s is for finance alone', async (name) => {
    const office = await openOffice()
    const ask = asking(office)
    const isRoute = (text: string): text is FinanceRouteName => text in financeRoutes
    if (!isRoute(name)) return
    for (const role of ['viewer', 'operator', 'approver'] as const)
      expect(await ask(name, {}, { caller: { role, name: 'ani' } })).toMatchObject({ status: 403 })
    expect(await ask(name, {}, { caller: { role: 'viewer' } })).toMatchObject({ status: 403 })
  })
})

test('every answer about one paid, one pending and one failed payout agrees with the others', async () => {
  const office = await openOffice()
  const ask = asking(office)
  const [paid, sent] = [await office.participant('gopay'), await office.participant('gopay')]
  await office.lane('gopay').pay(paid, asPaid)
  await office.lane('gopay').pay(sent, pending)
  await office.failed('bni')

  expect(await ask('summary', { by: 'kind' })).toMatchObject({
    body: {
      rows: [
        { group: { kind: 'incentive' }, paid: one, inTransit: one },
        { group: { kind: 'survey' }, accrued: { count: 9 }, paid: none },
      ],
      total: { accrued: { count: 3 * owed.count, rupiah: 3 * owed.rupiah }, paid: one, inTransit: one },
    },
  })
  expect(await ask('funnel')).toMatchObject({
    body: {
      total: { certificates: 3, entitled: 3, 'first-incentive': 1, 'all-incentives': 0, 'paid-in-full': 0 },
    },
  })
  const { body: balance } = await ask('trialBalance')
  const { body: proof } = await ask('proof', { share: '0', of: '1' })
  expect(balance).toMatchObject({ sum: 0 })
  expect(proof).toMatchObject({ accounts: Object(balance).accounts })
  expect(await ask('states')).toMatchObject({ body: { states: { paid: one, pending: one, failed: one } } })
  const { body: ageing } = await ask('ageing')
  expect(Object(ageing).rows).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...{ standing: 'in-transit', partner: 'gopay' },
        bands: expect.objectContaining({ '0-1': { ...one, atLeast: false } }),
      }),
      expect.objectContaining({
        ...{ standing: 'failed', partner: 'bni' },
        bands: expect.objectContaining({ '0-1': { ...one, atLeast: false } }),
      }),
    ]),
  )
  expect(await ask('statement', {}, { id: paid })).toMatchObject({
    body: { paid: 600_000, owed: 2_550_000, payouts: expect.arrayContaining([]) },
  })
})

describe('a time that nothing can be worked out from is refused with what was expected', () => {
  test.for<readonly [FinanceRouteName, Readonly<Record<string, string>>]>([
    ...['9999-12-31', '9999-12-31T17:00:00Z', '0000-01-01', '0000-01-01T00:00:00Z'].map(
      (at) => ['trialBalance', { at }] as const,
    ),
    ['proof', { share: '0', of: '1', at: '9999-12-31' }],
    ['proof', { share: '0', of: '1', countedTo: '0000-01-01T00:00:00Z' }],
    ['verification', { share: '0', of: '1', countedTo: '0000-01-01T00:00:00Z' }],
    ['counted', { from: '0000-01-01' }],
    ['runs', { from: '0000-01-01', to: '0000-01-01' }],
    ['summary', { to: '9999-12-31' }],
    ['funnel', { from: '0000-01-01' }],
    ['export', { what: 'entries', day: '0000-01-01' }],
  ])('%s %j', async ([name, query]) => {
    const ask = asking(await openOffice())
    expect(await ask(name, query)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('must be within the years 0001 to 9998') },
    })
  })
})

describe('ageing', () => {
  test('counts whole days since a payout failed', async () => {
    const office = await openOffice()
    const ask = asking(office)
    await office.failed('gopay')
    const bandsAfter = async (days: number) => {
      office.pass(days * 86_400)
      const { body } = await ask('ageing')
      const rows: { standing: string; partner: string; bands: Record<string, { count: number }> }[] =
        Object(body).rows
      const row = rows.find(({ standing, partner }) => standing === 'failed' && partner === 'gopay')
      return Object.entries(row?.bands ?? {}).flatMap(([band, { count }]) => (count > 0 ? [band] : []))
    }
    expect(await bandsAfter(1)).toEqual(['0-1'])
    expect(await bandsAfter(1)).toEqual(['2-7'])
    expect(await bandsAfter(6)).toEqual(['8-30'])
    expect(await bandsAfter(22)).toEqual(['8-30'])
    expect(await bandsAfter(1)).toEqual(['over-30'])
  })
})

describe('a float', () => {
  test('lasts until the first day whose scheduled payouts it does not cover', async () => {
    const office = await openOffice()
    const ask = asking(office)
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => office.participant('gopay')))
    expect(await office.lane('gopay').float()).toBe(10_000_000)
    // Nine incentives are due now, and nine more in a month: 5.4 and 10.8 million in all.
    const partners = async (days: string) => Object((await ask('float', { days })).body).partners
    expect((await partners('7'))[1]).toMatchObject({
      ...{ partner: 'gopay', funded: 10_000_000, available: 10_000_000, topUp: 0 },
      needed: { count: 9, rupiah: 5_400_000 },
    })
    expect((await partners('7'))[1]).not.toHaveProperty('dryOn')
    expect((await ask('float', {})).body).toMatchObject({
      at: expect.stringMatching(/\+07:00$/),
      countedTo: expect.stringMatching(/\.\d{3}\+07:00$/),
    })
    const [, month] = await partners('40')
    expect(month).toMatchObject({
      needed: { count: 18 },
      topUp: 800_000,
      dryOn: expect.stringMatching(/^2020-10-/),
    })
    expect((await partners('7'))[0]).toMatchObject({ partner: 'bni', needed: { count: 0 }, topUp: 0 })
  })
})

describe('a float before a blackout', () => {
  test('needs what leaves early, and nothing on the days on which nothing is paid', async () => {
    const office = await openOffice()
    const ask = asking(office)
    // Incentives fall due on the 18th of each month; that of December leaves early, each shard on a day of its own.
    for (const _ of [1, 2, 3]) await office.participant('gopay')
    await office.lane('gopay').float()
    const needed = async (today: string, days: number) => {
      office.goTo(`${today}T10:00:00+07:00`)
      const { body } = await ask('float', { days: `${days}` })
      return Object(body).partners[1].needed.count
    }
    expect(await needed('2020-11-20', 17)).toBe(9)
    expect(await needed('2020-11-20', 25)).toBe(12)
    expect(await needed('2020-11-20', 30)).toBe(12)
    expect(await needed('2020-12-16', 20)).toBe(0)
    expect(await needed('2020-12-16', 21)).toBe(12)
  })
})

describe('ageing of what is in transit', () => {
  test('that there is no time to read is said to be a part', async () => {
    const office = await openOffice()
    const sent = await office.participant('gopay')
    await office.lane('gopay').pay(sent, { outcome: 'unknown', cause: 'timeout', evidence: {} })
    const answer = async (timeLeft: boolean) => {
      const look = { now: office.now(), timeLeft: () => timeLeft }
      const { rows } = await ageing(dependencies(office), look)
      return rows.find(({ standing, partner }) => standing === 'in-transit' && partner === 'gopay')?.bands
    }
    expect((await answer(true))?.['0-1']).toEqual({ ...one, atLeast: false })
    expect((await answer(false))?.['over-30'].atLeast).toBe(true)
  })
})

describe('a trial balance at an instant', () => {
  test('has the movements of that instant, and none after it', async () => {
    const office = await openOffice()
    const ask = asking(office)
    const participantId = await office.participant('gopay')
    const before = office.now()
    office.pass(60)
    await office.lane('gopay').pay(participantId, asPaid)
    office.pass(60)
    const { body: early } = await ask('trialBalance', { at: before })
    const { body: late } = await ask('trialBalance')
    const paidIn = (body: unknown) =>
      Object(body).accounts.filter(({ account }: { account: string }) => account.startsWith('paid/')).length
    expect([paidIn(early), paidIn(late), Object(early).sum]).toEqual([0, 1, 0])
    const { body: proof } = await ask('proof', { share: '0', of: '1', at: before })
    expect(proof).toMatchObject({ accounts: Object(early).accounts })
  })
})

test('entries that the sums need not have yet are added up by themselves', async () => {
  const office = await openOffice()
  const ask = asking(office)
  await office.lane('gopay').pay(await office.participant('gopay'), asPaid)
  const provenNow = async () => {
    const { body: balance } = await ask('trialBalance')
    const { countedTo, accounts } = Object(balance)
    const { body } = await ask('proof', { share: '0', of: '1', countedTo })
    const { later, entries, accounts: proven } = financeRoutes.proof.answer.parse(body)
    const balances = proven.map(({ account, rupiah, received, given }) => ({
      ...{ account, rupiah: rupiah + received - given },
    }))
    expect(balances.filter(({ rupiah }) => rupiah !== 0)).toEqual(accounts)
    return { later, entries, provenTo: countedTo, paid: proven.find(({ account }) => /^paid/.test(account)) }
  }
  const young = await provenNow()
  expect(young).toMatchObject({ later: young.entries, paid: { rupiah: 0, received: 600_000, given: 0 } })
  expect(secondsBetween(at(young.provenTo), office.now())).toBe(onTheWaySeconds)
  office.pass(onTheWaySeconds + 1)
  expect(await provenNow()).toMatchObject({ later: 0, paid: { rupiah: 600_000, received: 0, given: 0 } })
})

describe('an export', () => {
  test.for(['entries', 'payouts'])(
    'of %s is the same rows in the same order, whatever its pages',
    async (what) => {
      const office = await openOffice()
      const ask = asking(office)
      for (const _ of [1, 2, 3]) {
        const participantId = await office.participant('gopay')
        await office.lane('gopay').pay(participantId, asPaid)
      }
      const day = '2020-09-18'
      const { body: whole } = await ask('export', { what, day })
      const rows: unknown[] = []
      let after: string | undefined
      for (let page = 0; page < 50; page++) {
        const { body } = await ask('export', { what, day, limit: '2', ...(after !== undefined && { after }) })
        rows.push(...Object(body).rows)
        after = Object(body).next
        if (after === undefined) break
      }
      expect(rows).toEqual(Object(whole).rows)
      expect(rows.length).toBeGreaterThan(2)
      for (const row of rows) expect(row).toHaveLength(Object(whole).columns.length)
      expect(JSON.stringify(whole)).not.toMatch(/0812000|Budi|Siti/)
    },
  )
})

test('a day that cannot be read within one answer is a sentence, not a part of the day', async () => {
  const office = await openOffice()
  const ask = asking(office)
  await office.lane('gopay').pay(await office.participant('gopay'), asPaid)
  const before = office.now()
  office.pass(60)
  const late = { timeLeft: false }
  const refused = {
    status: 422,
    body: { detail: expect.stringContaining('2020-09-18 has more movements than one answer can read') },
  }
  expect(await ask('export', { what: 'entries', day: '2020-09-18' }, late)).toMatchObject(refused)
  expect(await ask('trialBalance', { at: before }, late)).toMatchObject(refused)
  expect(await ask('trialBalance', { at: '2020-09-18' }, late)).toMatchObject({ status: 200 })
})

test('nobody is owed anything under an unknown id', async () => {
  const office = await openOffice()
  expect(await asking(office)('statement', {}, { id: 'P-0' })).toMatchObject({ status: 404 })
})
