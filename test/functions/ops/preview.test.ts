import { describe, expect, test } from 'vitest'
import { preview } from '../../../functions/ops/preview.ts'
import { isRefused } from '../../../shared/api/problem.ts'
import type { Command } from '../../../shared/api/step.ts'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import type { Place } from '../../../shared/ledger/ports.ts'
import { routes } from '../../../shared/operations/routes.ts'
import type { Selection } from '../../../shared/operations/schemas.ts'
import { rejected } from '../../domain/examples.ts'
import { answerOf, type Office, openOffice } from './office.ts'

/** Previews of what a filter chooses, where more has failed than one preview can look at. */

/** An office where `older` payouts have failed at one moment at gopay, all in one shard, and one more an hour later. */
async function behind(older: number, change: Partial<PayoutRow> = {}) {
  const office = await openOffice()
  const id = await office.failed('gopay', rejected('merchant-refused'))
  const row = await office.row(id)
  if (!row?.list) throw new Error('there is no row')
  const crowdList = row.list
  office.pass(3_600)
  const last = await office.failed('gopay', rejected('merchant-refused'))
  const lastRow = await office.row(last)
  if (!lastRow) throw new Error('there is no row')
  const isOlder = ({ participantId }: Pick<Place, 'participantId'>) => participantId.startsWith('OLD-')
  const names = Array.from({ length: older }, (_, index) => `OLD-${index + 100_000}`)
  const at = row.since
  const crowd = names.map((participantId) => ({ participantId, payout: row.payout, at }))
  const { worklist, participants, journal } = office.ledger
  office.deps.ledger = {
    ...office.ledger,
    worklist: {
      ...worklist,
      async nominate(list, range) {
        const { from = at, after, limit } = range
        const real = (await worklist.nominate(list, range)).filter(
          ({ participantId }) => participantId !== id,
        )
        if (list !== crowdList || from > at || (after && after.at > at)) return real
        const unseen = crowd.slice(after ? names.indexOf(after.participantId) + 1 : 0)
        return [...unseen, ...real].slice(0, limit)
      },
    },
    participants: {
      ...participants,
      async readRows(payouts) {
        const real = await participants.readRows(payouts.filter((payout) => !isOlder(payout)))
        const made = payouts
          .filter(isOlder)
          .map(({ participantId }) => ({ ...row, ...change, participantId }))
        return [...made, ...real]
      },
    },
    journal: {
      ...journal,
      readEach: (rows) =>
        Promise.all(
          rows.map(async (each) => {
            const [chain = 'broken'] = isOlder(each) ? [] : await journal.readEach([each])
            return chain
          }),
        ),
    },
  }
  return { office, last }
}

const ani = { role: 'operator', name: 'ani' } as const
const ask = async (office: Office, selection: Selection) =>
  answerOf(routes.preview, await office.as('ani', 'operator')('preview', { body: selection }))

/** Follows a preview to its end, and gives every part of it. */
async function everyPart(office: Office, filter: Extract<Selection, { filter: object }>['filter']) {
  const parts: Awaited<ReturnType<typeof ask>>[] = []
  for (let cursor: string | undefined; parts.length < 10; ) {
    const part = await ask(office, { filter, ...(cursor !== undefined && { cursor }) })
    parts.push(part)
    if (part.next === undefined) break
    cursor = part.next
  }
  return parts
}

describe('a preview by a filter', () => {
  test('gets past more than it can look at, though all of it failed at one moment', async () => {
    const { office } = await behind(20_500, { remedy: 'participant' })
    const parts = await everyPart(office, { partner: 'gopay', remedy: 'operator' })
    expect(parts).toMatchObject([
      { payments: 0, truncated: true, lookedTo: '2020-09-18T10:00:01+07:00' },
      { payments: 1, truncated: false },
    ])
    expect(parts[1]).not.toHaveProperty('lookedTo')
  })

  test('gets past more than one set may hold of which nothing can be sent', async () => {
    const { office } = await behind(12_000)
    expect(await everyPart(office, { partner: 'gopay' })).toMatchObject([
      {
        payments: 0,
        skipped: { unreadable: 10_000 },
        truncated: true,
        lookedTo: '2020-09-18T10:00:01+07:00',
      },
      { payments: 1, skipped: { unreadable: 2_000 }, truncated: false },
    ])
  })

  test('goes on behind what there was time for', async () => {
    const { office } = await behind(2_000)
    const look = async (cursor: string | undefined, portions: number) => {
      let looks = 0
      const command: Command = {
        ...{ now: office.now(), asked: office.now(), timeLeft: () => looks++ < portions },
        ...{ person: ani, key: `part-${portions}`, invocation: '1', again: false },
      }
      const selection = { filter: { partner: 'gopay' }, ...(cursor !== undefined && { cursor }) }
      const part = await preview(office.deps, selection, command)
      if (isRefused(part)) throw new Error('it is refused')
      return part
    }
    const first = await look(undefined, 2)
    const { unreadable = 0 } = first.skipped
    expect(first).toMatchObject({ payments: 0, truncated: true, lookedTo: expect.any(String) })
    expect(unreadable).toBeGreaterThan(0)
    expect(unreadable).toBeLessThan(2_000)
    expect(await look(first.next, 100)).toMatchObject({
      ...{ payments: 1, truncated: false },
      skipped: { unreadable: 2_000 - unreadable },
    })
  })

  test('goes on where it was when there was time for nothing', async () => {
    const { office } = await behind(20_500, { remedy: 'participant' })
    const { next = '' } = await ask(office, { filter: { partner: 'gopay', remedy: 'operator' } })
    office.hurry()
    const again = await ask(office, { filter: { partner: 'gopay', remedy: 'operator' }, cursor: next })
    expect(again).toMatchObject({ payments: 0, truncated: true })
    const placeIn = (cursor = '') => JSON.parse(Buffer.from(cursor, 'base64url').toString()).place
    expect(placeIn(again.next)).toEqual(placeIn(next))
  })

  test('a journal whose entries contradict each other is unreadable', async () => {
    const office = await openOffice()
    await office.failed('gopay', rejected('merchant-refused'))
    const { journal } = office.ledger
    office.deps.ledger = {
      ...office.ledger,
      journal: {
        ...journal,
        readEach: async (rows) =>
          (await journal.readEach(rows)).map((chain) => (chain === 'broken' ? chain : chain.toReversed())),
      },
    }
    expect(await ask(office, { filter: { partner: 'gopay' } })).toMatchObject({
      ...{ payments: 0, skipped: { unreadable: 1 } },
    })
  })

  test('a failure of ours while it judges is told as one, and blames no journal', async () => {
    const office = await openOffice()
    await office.failed('gopay', rejected('merchant-refused'))
    const { lanes } = office.ledger
    office.deps.ledger = {
      ...office.ledger,
      lanes: {
        ...lanes,
        async read(partner) {
          return {
            ...(await lanes.read(partner)),
            get paused(): never {
              throw new Error('a failure of ours')
            },
          }
        },
      },
    }
    await expect(ask(office, { filter: { partner: 'gopay' } })).rejects.toThrow('a failure of ours')
  })

  test('takes no cursor of another list', async () => {
    const { office } = await behind(20_500, { remedy: 'participant' })
    const { next: cursor = '' } = await ask(office, { filter: { partner: 'gopay', remedy: 'operator' } })
    const body = { filter: { partner: 'ovo' }, cursor }
    expect(await office.as('ani', 'operator')('preview', { body })).toMatchObject({
      status: 400,
      body: { detail: 'The body cannot be read. cursor: not one that a preview of this filter has given' },
    })
  })
})
