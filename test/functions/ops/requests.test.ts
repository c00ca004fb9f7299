import { describe, expect, test } from 'vitest'
import { createSteps } from '../../../functions/ops/steps.ts'
import { serve } from '../../../shared/api/serve.ts'
import { lists } from '../../../shared/domain/row.ts'
import { type RouteName, routes } from '../../../shared/operations/routes.ts'
import { type Asked, eventOf, type Office, openOffice } from './office.ts'

const hash = 'a'.repeat(64)
const pause = { instruction: 'pause', partner: 'gopay', reason: 'their maintenance' }

/** As a page of the list `failed` gives it, behind a payout that failed then. */
const cursorOf = (at: string): string => {
  const place = { participantId: 'P-1', payout: 'incentive-1', at }
  return Buffer.from(JSON.stringify({ list: lists.failed('ovo', 0), place })).toString('base64url')
}

const isRoute = (name: string): name is RouteName => name in routes
const posts = Object.keys(routes)
  .filter(isRoute)
  .filter((name) => routes[name].method === 'POST')

describe('who may do what', () => {
  test('whoever has no name may look and nothing else', async () => {
    const office = await openOffice()
    const arn = 'arn:aws:iam::000000000000:user/ani'
    expect(await office.request(arn, 'status')).toMatchObject({ status: 200 })
    expect(await office.request(undefined, 'proposals')).toMatchObject({ status: 200 })
    for (const name of posts) {
      const asked = { parameters: { id: 'some-id-1', hash }, body: {} }
      expect(await office.request(arn, name, asked), name).toMatchObject({ status: 403 })
    }
  })

  test.for(posts)('%s is for its role, and for neither of the others', async (name) => {
    const office = await openOffice()
    const { role } = routes[name]
    for (const other of ['viewer', 'operator', 'approver'] as const) {
      const { status } = await office.as('ani', other)(name, {
        parameters: { id: 'some-id-1', hash },
        body: 7,
      })
      expect(status === 403, other).toBe(other !== role)
    }
  })
})

describe('what cannot be read', () => {
  test.for<[string, RouteName, Asked, RegExp]>([
    ['a stray query', 'status', { query: { all: '1' } }, /query.*all/],
    ['no list', 'list', {}, /query.*list/],
    ['a list that is none', 'list', { query: { list: 'paid' } }, /list: .*failed/],
    ['a limit that is too high', 'list', { query: { list: 'failed', limit: '501' } }, /limit: /],
    ['an age of nothing', 'list', { query: { list: 'failed', olderThan: '' } }, /olderThan: /],
    ['an age of nothing in a set', 'preview', { body: { filter: { olderThan: '' } } }, /body/],
    ['a cursor that is none', 'list', { query: { list: 'failed', cursor: 'x' } }, /cursor: /],
    ...[
      '2020-99-99T99:99:99.999Z',
      '2020-02-30T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
      '0000-01-01T00:00:00.000Z',
    ].map((time): [string, RouteName, Asked, RegExp] => [
      `a cursor of ${time}`,
      'list',
      { query: { list: 'failed', cursor: cursorOf(time) } },
      /^The query cannot be read. cursor: not one that a page of this list has given$/,
    ]),
    ['a day that does not exist', 'list', { query: { list: 'failed', since: '2020-02-30' } }, /since: /],
    [
      'a partner that a list does not know',
      'list',
      { query: { list: 'waiting', partner: 'gopay' } },
      /partner: /,
    ],
    [
      'a participant that cannot be one',
      'show',
      { parameters: { participantId: 'p 1' } },
      /path.*participantId/,
    ],
    ['too many days', 'audit', { query: { from: '2020-01-01', to: '2020-12-31' } }, /to: /],
    ['days in the wrong order', 'audit', { query: { from: '2020-02-02', to: '2020-02-01' } }, /to: /],
    [
      'the end of time',
      'audit',
      { query: { from: '9999-12-31', to: '9999-12-31' } },
      /from: must be within the years 0001 to 9998; to: /,
    ],
    [
      'a repair of the end of time',
      'startRepair',
      { body: { from: '9999-12-31', to: '9999-12-31', reason: 'because' } },
      /from: must be within the years 0001 to 9998; to: /,
    ],
    [
      'a repair of the beginning of time',
      'startRepair',
      { body: { from: '0000-01-01', to: '0000-01-02', reason: 'because' } },
      /from: must be within the years 0001 to 9998; to: /,
    ],
    ['no body', 'instruct', { body: null }, /body/],
    ['no such instruction', 'instruct', { body: { instruction: 'pay' } }, /instruction: /],
    [
      'a fraction of a rupiah',
      'instruct',
      { body: { instruction: 'fund', partner: 'ovo', amount: 0.5, document: 'D-1' } },
      /amount: /,
    ],
    ['another partner', 'instruct', { body: { ...pause, partner: 'dana' } }, /partner: must be one of bni/],
    ['a reason of nothing', 'instruct', { body: { ...pause, reason: '   ' } }, /reason: /],
    ['a field too many', 'instruct', { body: { ...pause, force: true } }, /force/],
    [
      'a payout that is none',
      'preview',
      { body: { payouts: [{ participantId: 'P-1', payout: 'incentive-9' }] } },
      /payouts\.0\.payout: /,
    ],
  ])('%s is refused with the field and what was expected of it', async ([, name, asked, words]) => {
    const office = await openOffice()
    const reply = await office.as('ani', routes[name].role)(name, asked)
    expect(reply.status).toBe(400)
    expect(reply.body).toMatchObject({ title: 'Bad Request', detail: expect.stringMatching(words) })
  })

  test('the value is never told, nor logged with it', async () => {
    const office = await openOffice()
    const body = { ...pause, partner: '0812-SECRET', reason: { account: '0812-SECRET' } }
    const reply = await office.as('ani', 'operator')('instruct', { body })
    expect(reply.status).toBe(400)
    expect(JSON.stringify(reply.body)).not.toContain('0812-SECRET')
  })

  test('text that is not JSON', async () => {
    const office = await openOffice()
    const event = { ...eventOf('instruct', {}), body: '{' }
    const caller = { role: 'operator', name: 'ani' } as const
    const invocation = { now: office.now(), timeLeft: () => true, invocation: '1' }
    const served = await serve(
      { routes, steps: createSteps(office.deps), register: office.register },
      caller,
      event,
      invocation,
    )
    expect(served).toMatchObject({ status: 400 })
  })

  test('a path that is no route', async () => {
    const office = await openOffice()
    const event = { ...eventOf('status', {}), rawPath: '/secret-0812' }
    const invocation = { now: office.now(), timeLeft: () => true, invocation: '1' }
    const served = await serve(
      { routes, steps: createSteps(office.deps), register: office.register },
      { role: 'viewer' },
      event,
      invocation,
    )
    expect(served).toMatchObject({ status: 404 })
    expect(JSON.stringify(served)).not.toContain('0812')
  })
})

describe('a key', () => {
  test.for(['', 'short', 'with space', 'x'.repeat(65), 'ümlaut-key'])('%s is none', async (key) => {
    const office = await openOffice()
    const reply = await office.as('ani', 'operator')('instruct', { body: pause, key })
    expect(reply).toMatchObject({ status: 400, body: { detail: expect.stringContaining('Idempotency-Key') } })
  })

  test('gives the same request the same answer, whatever has happened since', async () => {
    const office = await openOffice()
    const ani = office.as('ani', 'operator')
    const asked = { body: pause, key: 'first-pause' }
    const first = await ani('instruct', asked)
    expect(first).toMatchObject({ status: 200, body: { effects: [{ subject: 'gopay', outcome: 'paused' }] } })
    await ani('instruct', { body: { ...pause, instruction: 'resume' } })
    expect(await ani('instruct', asked)).toEqual(first)
    expect((await office.ledger.lanes.read('gopay')).paused).toEqual({})
  })

  test('is one’s own', async () => {
    const office = await openOffice()
    const key = 'the-same-key'
    await office.as('ani', 'operator')('instruct', { body: pause, key })
    const other = await office.as('budi', 'operator')('instruct', { body: { ...pause, partner: 'ovo' }, key })
    expect(other).toMatchObject({ status: 200, body: { effects: [{ subject: 'ovo', outcome: 'paused' }] } })
  })

  test.for<[string, (office: Office) => Promise<unknown>]>([
    [
      'another body',
      (office) =>
        office.as('ani', 'operator')('instruct', { body: { ...pause, partner: 'ovo' }, key: 'one-and-only' }),
    ],
    [
      'another route',
      (office) => office.as('ani', 'operator')('tidyDeadLetters', { body: {}, key: 'one-and-only' }),
    ],
  ])('that stands for one request cannot stand for %s', async ([, other]) => {
    const office = await openOffice()
    await office.as('ani', 'operator')('instruct', { body: pause, key: 'one-and-only' })
    expect(await other(office)).toMatchObject({ status: 409 })
    expect((await office.ledger.lanes.read('ovo')).paused).toEqual({})
  })

  test('of a refusal gives the refusal again', async () => {
    const office = await openOffice()
    const asked = { body: { instruction: 'retry', set: hash, reason: 'because' }, key: 'refused-1' }
    const first = await office.as('ani', 'operator')('instruct', asked)
    expect(first.status).toBe(404)
    expect(await office.as('ani', 'operator')('instruct', asked)).toEqual(first)
  })
})
