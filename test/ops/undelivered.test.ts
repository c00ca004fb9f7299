import { describe, expect, it } from 'vitest'
import { deadLetter } from '../../shared/operations/undelivered.ts'
import { ok, operate, printed, set } from './operator.ts'

/** Lists of what did not get through, when there is more of it than one answer shows. */

describe('of more dead letters than are looked at', () => {
  const message = { queue: 'local-intake-dlq', messageId: 'm-1', about: 'job j-1', standing: 'not-a-payout' }
  const more = { 'local-intake-dlq': 1_011, 'local-pay-bni-dlq': 1 }
  const lines = [
    'and about 1,011 more messages in local-intake-dlq, not looked at',
    'and about 1 more message in local-pay-bni-dlq, not looked at',
  ]

  it('the list says how many they are, queue by queue', async () => {
    expect((await printed(['dlq'], { messages: [message], more })).split('\n').slice(2)).toEqual([
      ...lines,
      '! Clear them: npm run ops -- dlq tidy',
      '= 0',
    ])
  })

  it('the list claims no empty queues when none can be seen', async () => {
    const shown = await printed(['dlq'], { messages: [], more })
    expect(shown.split('\n').slice(0, 3)).toEqual(['no message can be seen now', ...lines])
  })

  it('tidying says so, and how to go on', async () => {
    const effects = [{ subject: 'local-intake-dlq job j-1', outcome: 'sent to its queue again', done: true }]
    const shown = await printed(['dlq', 'tidy'], { result: 'done', effects, more })
    expect(shown.split('\n').slice(2)).toEqual([
      ...lines,
      '! Go on with those: npm run ops -- dlq tidy',
      '= 0',
    ])
  })

  it('a program has it as the API says it', async () => {
    const body = { messages: [message], more }
    expect(JSON.parse((await operate(['dlq', '--json'], [ok(body)])).out)).toEqual(body)
  })
})

describe('dead letters', () => {
  const letter = { queue: 'local-jobs-dlq', messageId: 'm-1', about: 'x' }
  const shown = (...standings: readonly string[]) =>
    printed(['dlq'], { messages: standings.map((standing) => ({ ...letter, standing })) })

  it.each(['settled', 'waiting', 'waits-for-people', 'unknown', 'not-a-payout'])(
    'of which one is %s are said to be cleared by tidying',
    async (standing) => {
      expect(await shown('statement', standing)).toContain('! Clear them: npm run ops -- dlq tidy')
    },
  )

  it('that are all for engineers are not', async () => {
    expect(await shown('part-of-stream', 'statement', 'change-of-status', 'unreadable')).not.toContain('tidy')
  })

  it.each(deadLetter.shape.standing.options)('of the standing %s are explained', async (standing) => {
    const { out } = await operate(['dlq', '--help'])
    expect(out.replaceAll('\n', ' ')).toContain(standing)
  })
})

describe('of more refused events than one answer lists', () => {
  const event = { hash: set, reason: 'malformed', detail: '', at: '2020-10-10T11:00:00+07:00' }

  it('the answer says how to go on', async () => {
    const { out, err } = await operate(['quarantine'], [ok({ events: [event], next: set })])
    expect(out).toContain('and there are more')
    expect(err).toContain(`The next page: npm run ops -- quarantine --cursor ${set}`)
  })

  it('the next answer goes on from there, page by page', async () => {
    const further = { ...event, hash: 'ff' }
    const pages = [ok({ events: [event], next: 'fe' }), ok({ events: [further] })]
    const { out, err, sent } = await operate(['quarantine', '--cursor', set], pages)
    expect(sent.map(({ query }) => query?.cursor)).toEqual([set, 'fe'])
    expect(out).toContain('ff ')
    expect(`${out}${err}`).not.toMatch(/there are more|next page/)
  })

  it('nothing behind the last one is not an empty quarantine', async () => {
    const shown = await printed(['quarantine', '--cursor', set], { events: [] })
    expect(shown).toBe('no event further on is in quarantine\n= 0')
  })
})
