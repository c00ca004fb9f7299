import { describe, expect, test } from 'vitest'
import { type Instant, instant, plusSeconds, secondsBetween } from '../../../shared/domain/instant.ts'
import type { Verification } from '../../../shared/domain/outcome.ts'
import type { Place, Worklist } from '../../../shared/ledger/ports.ts'
import { routes } from '../../../shared/operations/routes.ts'
import { paid } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice } from './office.ts'

/** What is due and was put off, because its partner cannot be asked whose account it is. */

const unavailable: Verification = { outcome: 'unavailable', reason: 'timeout', evidence: {} }
const day = 86_400

/** A participant at gopay about whom the partner is asked in vain, whenever it is time, until so many days have passed. */
async function putOff(office: Office, days: number): Promise<string> {
  const id = await office.participant('gopay')
  const { partner, pay } = office.lane('gopay')
  const end = plusSeconds(office.now(), days * day)
  for (;;) {
    partner.verifies(unavailable)
    await pay(id)
    const { at = end } = (await office.row(id)) ?? {}
    if (at >= end) break
    office.pass(secondsBetween(office.now(), at))
  }
  office.pass(secondsBetween(office.now(), end))
  return id
}

const viewer = (office: Office) => office.as('cici', 'viewer')
async function laneOf(office: Office) {
  const { partners } = answerOf(routes.status, await viewer(office)('status'))
  return partners.gopay
}
const due = async (office: Office, query: Readonly<Record<string, string>> = {}) =>
  answerOf(routes.list, await viewer(office)('list', { query: { list: 'due', ...query } }))
const idsOf = ({ payouts }: Awaited<ReturnType<typeof due>>) => payouts.map((each) => each.participantId)

/** Puts more into every list than anybody counts, all due at one moment; nobody reads their rows. */
function crowd(office: Office, at: Instant) {
  const { worklist } = office.ledger
  const among = <Found extends Place>(
    real: readonly Found[],
    { from = at, to = at, after, limit }: Parameters<Worklist['nominate']>[1],
    make: (place: Place) => Found,
  ): readonly Found[] => {
    const isAsked = from <= at && at <= to
    const ids = Array.from({ length: isAsked ? 3_000 : 0 }, (_, index) => `Z-${index + 10_000}`)
    const places = ids.map((participantId) => make({ participantId, payout: 'incentive-2', at }))
    const isBehind = ({ participantId, at: due }: Place) =>
      after === undefined || due > after.at || (due === after.at && participantId > after.participantId)
    const order = ({ at: due, participantId }: Place) => `${due} ${participantId}`
    return [...real, ...places.filter(isBehind)]
      .sort((one, other) => (order(one) < order(other) ? -1 : 1))
      .slice(0, limit)
  }
  office.deps.ledger = {
    ...office.ledger,
    worklist: {
      nominate: async (list, range) => among(await worklist.nominate(list, range), range, (place) => place),
      describe: async (list, range) =>
        among(await worklist.describe(list, range), range, (place) => ({
          ...place,
          ...{ state: 'scheduled', since: at, partner: 'gopay' },
        })),
    },
  }
}

describe('a payout that its partner cannot be asked about for weeks', () => {
  const since = '2020-09-18T00:00:00+07:00'
  const one = { count: 1, rupiah: 600_000, atLeast: false, oldest: since }

  test('is due all the time, and status says that it was put off', async () => {
    const office = await openOffice()
    const id = await putOff(office, 20)
    const row = await office.row(id)
    expect(row?.at && row.at > office.now()).toBe(true)
    expect(await laneOf(office)).toMatchObject({
      due: one,
      putOff: one,
      later: { count: 3, oldest: '2020-10-18T00:00:00+07:00' },
    })
  })

  test('is in the list of what is due, however old that has to be, with its next try', async () => {
    const office = await openOffice()
    const id = await putOff(office, 20)
    const at = '2020-10-09T06:00:00+07:00'
    expect(await due(office)).toMatchObject({
      payouts: [{ participantId: id, payout: 'incentive-1', since, at }],
      total: one,
    })
    for (const query of [{ olderThan: '14' }, { since: '2020-09-18' }, { partner: 'gopay' }])
      expect(idsOf(await due(office, query)), JSON.stringify(query)).toEqual([id])
    for (const query of [{ olderThan: '21' }, { since: '2020-09-19' }, { partner: 'ovo' }])
      expect(idsOf(await due(office, query)), JSON.stringify(query)).toEqual([])
  })

  test('is as old as it is, too, once its next try has come and its lane stands still', async () => {
    const office = await openOffice()
    const id = await putOff(office, 20)
    office.pass(3 * day)
    expect(idsOf(await due(office, { olderThan: '14' }))).toEqual([id])
    const lane = await laneOf(office)
    expect(lane?.due).toEqual(one)
    expect(lane).not.toHaveProperty('putOff')
  })

  test('is not hidden behind all that is due at midnight', async () => {
    const office = await openOffice()
    const id = await putOff(office, 20)
    crowd(office, instant(Date.parse('2020-10-09T00:00:00+07:00')))
    expect(await laneOf(office)).toMatchObject({ due: one, putOff: one, later: { atLeast: true } })
    const answer = await due(office)
    expect(idsOf(answer)).toEqual([id])
    expect(answer).not.toHaveProperty('next')
  })

  test('comes behind what was not put off, page by page, each once', async () => {
    const office = await openOffice()
    const id = await putOff(office, 1)
    const others = [await office.participant('gopay'), await office.participant('ovo')]
    const found: string[] = []
    let cursor: string | undefined
    for (let page = 0; page < 10 && (page === 0 || cursor !== undefined); page++) {
      const answer = await due(office, { limit: '1', ...(cursor !== undefined && { cursor }) })
      if (page === 0) expect(answer.total).toMatchObject({ count: 3, atLeast: false })
      found.push(...idsOf(answer))
      cursor = answer.next
    }
    expect(found.slice(0, 2).sort()).toEqual(others.sort())
    expect(found.slice(2)).toEqual([id])
  })

  test('says so, and when it is tried again', async () => {
    const office = await openOffice()
    const id = await putOff(office, 20)
    const shown = async () =>
      answerOf(routes.show, await viewer(office)('show', { parameters: { participantId: id } })).payouts[0]
    expect(await shown()).toMatchObject({
      next: 'Put off: gopay cannot say for sure about it now. Tried again from 2020-10-09T06:00:00+07:00 on.',
      move: 'partner',
    })
    office.pass(day)
    expect(await shown()).toMatchObject({ next: expect.stringMatching(/as soon as/), move: 'system' })
    await office.lane('gopay').pay(id, paid)
    expect(await shown()).toMatchObject({ state: 'paid' })
  })
})
