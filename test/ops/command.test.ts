import { describe, expect, it } from 'vitest'
import type { Reply } from '../../infra/command/transport.ts'
import { civilDate, instant } from '../../shared/domain/instant.ts'
import { auditHash } from '../../shared/operations/audit.ts'
import { digestOf } from '../../shared/operations/digest.ts'
import { id, now, ok, operate, set } from './operator.ts'

const key = '11111111-2222-3333-4444-555555555555'
const at = '2020-10-12T11:00:00+07:00'

const listed = (number: number) => ({
  participantId: `P-${number}`,
  payout: 'incentive-1',
  kind: 'incentive',
  amount: 600_000,
  wave: 4,
  state: 'failed',
  since: at,
})
const page = (numbers: readonly number[], next?: string) => ({
  payouts: numbers.map(listed),
  page: { count: numbers.length, rupiah: numbers.length * 600_000 },
  ...(next !== undefined && { next }),
})
const job = (state: string, retried: number) => ({
  id,
  set,
  reason: 'OVO/4711',
  state,
  payments: 200,
  retried,
  skipped: {},
  startedBy: 'ani',
  at,
})
const done = { result: 'done', effects: [{ subject: 'P-1/incentive-1', outcome: 'held', done: true }] }
const effect = (wasDone: boolean) => ({ ...done.effects[0], done: wasDone })
const cameTo = (...effects: readonly object[]) => ok({ result: 'done', effects })
const proposed = {
  result: 'proposed',
  proposal: {
    id,
    instruction: { instruction: 'cancel', subjects: { participantId: 'P-1' }, reason: 'revoked' },
    proposedBy: 'ani',
    at,
    expiresAt: '2020-10-13T11:00:00+07:00',
    state: 'proposed',
  },
}
const problem = (status: number, detail: string): Reply => ({
  status,
  body: { type: 'about:blank', title: 'Title', status, detail },
  at: now,
})
const apply = ['retry', '--apply', set, '--reason', 'repaired']
const hold = ['hold', 'P-1', '--reason', 'doubtful']
const cancel = ['cancel', 'P-1', '--reason', 'revoked']

describe('the exit code', () => {
  it.each([
    ['is 0 for what was done', hold, ok(done), 0],
    ['is 0 for what was done in part', hold, cameTo(effect(false), effect(true)), 0],
    ['is 0 for what there was nothing of', ['dlq', 'tidy'], cameTo(), 0],
    ['is 1 for what was not done', hold, cameTo(effect(false)), 1],
    ['is 1 for what was approved and could not be done', ['approve', id], cameTo(effect(false)), 1],
    ['is 3 for what waits for a second person', cancel, ok(proposed), 3],
    ['is 1 for what the rules refuse', hold, problem(422, 'It is paid.'), 1],
    ['is 1 for what is not permitted', hold, { status: 403, body: { message: 'Forbidden' }, at: now }, 1],
    ['is 1 for an answer that is not what was promised', hold, ok({ result: 'fine' }), 1],
    ['is 1 without an answer', hold, { lost: 'No answer' }, 1],
    ['is 1 for a job that was stopped', ['job', id], ok(job('stopped', 7)), 1],
    ['is 1 for an event that is not there', ['quarantine', 'show', '12'], ok({ events: [] }), 1],
    ['is 0 for help', ['retry', '--help'], ok({}), 0],
  ])('%s', async (_, args, reply, code) => {
    expect(await operate(args, [reply])).toMatchObject({ code })
  })
})

describe('the answer', () => {
  it('is with --json exactly what the API said, whatever that is', async () => {
    const body = { ...done, later: ['addition'] }
    const { out, err } = await operate([...hold, '--json'], [ok(body)])
    expect(JSON.parse(out)).toEqual(body)
    expect(err).toBe('')
  })

  it('is with --json the problem, which is said in words as well', async () => {
    const { out, err, code } = await operate([...hold, '--json'], [problem(422, 'It is paid.')])
    expect(JSON.parse(out)).toMatchObject({ status: 422, detail: 'It is paid.' })
    expect({ err, code }).toEqual({ err: 'It is paid.\n', code: 1 })
  })

  it('is alone on standard output: what to do next is on the other', async () => {
    const { out, err } = await operate(cancel, [ok(proposed)])
    expect(out).not.toContain('npm run ops')
    expect(err).toBe(`It waits for a second person: npm run ops -- approve ${id}\n`)
  })

  it('leads on to the same data', async () => {
    const { err } = await operate([...cancel, '--data', 'kept'], [ok(proposed)])
    expect(err).toContain(`approve ${id} --data kept`)
  })

  it('never obeys what somebody has typed as a reason', async () => {
    const evil = {
      result: 'done',
      effects: [{ subject: 'P-1\u001b[2J\u202e', outcome: 'held\nP-2  paid', done: true }],
    }
    const { out } = await operate(hold, [ok(evil)], { terminal: true })
    expect(out.split('\n')).toHaveLength(3)
    expect(out).toContain('P-1\ufffd[2J\ufffd')
  })
})

describe('a refusal', () => {
  it.each([
    [403, 'it takes the role operator; --profile chooses the session, and on this machine --role'],
    [404, 'see whether this is the address of the API'],
    [429, 'there were too many requests: try again in a moment'],
  ])('that nobody has worded (%i) says what to do', async (status, advice) => {
    const { err } = await operate(hold, [{ status, body: { message: 'x' }, at: now }])
    expect(err).toBe(`The API answered ${status} without a reason: ${advice}\n`)
  })

  it.each<[string, Reply]>([
    ['no answer', { lost: 'No answer' }],
    ['a failure of theirs', problem(500, 'This is a failure of ours.')],
  ])('names the key after %s, and the key given is the one sent', async (_, reply) => {
    const { err, sent } = await operate([...hold, '--key', key], [reply])
    expect(err).toContain(`give the same command with --key ${key}`)
    expect(sent).toMatchObject([{ key }])
  })

  it('of a question names no key', async () => {
    expect((await operate(['status'], [{ lost: 'No answer' }])).err).toBe('No answer\n')
  })
})

describe('--all', () => {
  it('is every page as one', async () => {
    const replies = [ok(page([1, 2], 'second')), ok(page([3], 'third')), ok(page([4]))]
    const { out, sent } = await operate(['failed', '--all', '--partner', 'bni', '--json'], replies)
    expect(JSON.parse(out)).toEqual(page([1, 2, 3, 4]))
    expect(sent.map(({ query }) => [query?.cursor, query?.partner])).toEqual([
      [undefined, 'bni'],
      ['second', 'bni'],
      ['third', 'bni'],
    ])
  })

  it('has an end: what is left can be asked for', async () => {
    const many = Array.from({ length: 500 }, (_, number) => number)
    const { out, err, sent } = await operate(['failed', '--all'], [ok(page(many, 'more'))])
    expect(sent).toHaveLength(40)
    expect(out).toContain('20,000 payouts, Rp12,000,000,000, and there are more')
    expect(err).toContain('--cursor more')
  })

  it('ends with the first page that is refused', async () => {
    const { out, err, code } = await operate(
      ['failed', '--all'],
      [ok(page([1], 'second')), problem(500, 'Ours.')],
    )
    expect({ out, err, code }).toEqual({ out: '', err: 'Ours.\n', code: 1 })
  })
})

describe('a job', () => {
  const replies = [
    ok({ result: 'started', job: job('running', 0) }),
    ok(job('running', 100)),
    ok(job('done', 200)),
  ]

  it.each([
    ['is waited for with --wait', [...apply, '--wait'], false],
    ['is waited for where it only goes on meanwhile', apply, true],
  ])('%s', async (_, args, whileOpen) => {
    const { out, code, passed } = await operate([...args, '--json'], replies, { whileOpen })
    expect(JSON.parse(out)).toEqual({ result: 'started', job: job('done', 200) })
    expect({ code, passed }).toEqual({ code: 0, passed: 2 })
  })

  it('is left to itself otherwise', async () => {
    const { out, err, sent } = await operate(apply, replies)
    expect(out).toContain('running  retried 0 of 200 payments, skipped 0')
    expect(err).toBe(`Follow it: npm run ops -- job ${id} --wait\n`)
    expect(sent).toHaveLength(1)
  })

  it('that never ends is not waited for for ever', async () => {
    const { passed, out } = await operate(['job', id, '--wait'], [ok(job('running', 0))])
    expect(passed).toBe(1_800)
    expect(out).toContain('running')
  })

  it('is not forgotten when the API falls silent', async () => {
    const { code, err } = await operate([...apply, '--wait'], [...replies.slice(0, 1), { lost: 'No answer' }])
    expect({ code, err }).toEqual({
      code: 1,
      err: `No answer\nThe job ${id} was started, whatever has become of it since\n`,
    })
  })

  it('that was stopped before it was done has failed', async () => {
    const { code } = await operate([...apply, '--wait'], [...replies.slice(0, 1), ok(job('stopped', 100))])
    expect(code).toBe(1)
  })

  it.each([
    [0, 200, 1],
    [1, 199, 0],
  ])('that has retried %i and skipped %i ends with %i', async (retried, changed, code) => {
    const ended = { ...job('done', retried), skipped: { changed } }
    expect(await operate([...apply, '--wait'], [...replies.slice(0, 1), ok(ended)])).toMatchObject({ code })
  })
})

describe('a terminal', () => {
  const retrying = [ok({ result: 'started', job: job('running', 0) }), ok(job('done', 200))]

  it('shows progress while there is some, and then none of it', async () => {
    const { err } = await operate([...apply, '--wait'], retrying, { terminal: true })
    expect(err).toContain('retried 0 of 200 payments, skipped 0\r\u001b[K')
    expect(err.endsWith('\r\u001b[K')).toBe(true)
  })

  it.each([
    [{}, true, true],
    [{ NO_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
    [{}, false, false],
  ])('with %j, terminal: %s, has colours: %s', async (environment, terminal, colours) => {
    const { out } = await operate(['job', id], [ok(job('done', 200))], { environment, terminal })
    expect(out.includes('\u001b[')).toBe(colours)
  })
})

describe('audit --verify', () => {
  const record = (seq: number, previousHash: string) => {
    const rest = {
      at: instant(Date.parse('2020-10-12T04:00:00Z')),
      by: 'ani',
      role: 'operator',
      action: 'inquire',
      detail: { payouts: ['P-1/incentive-1'] },
      day: civilDate('2020-10-12'),
      seq,
      previousHash,
    }
    return { ...rest, hash: auditHash({ ...rest, hash: '' }) }
  }
  const first = record(1, '')
  const second = record(2, first.hash)
  const args = ['audit', '--from', '2020-10-12', '--verify']

  it('says that a chain is whole', async () => {
    const { out, code } = await operate(args, [ok({ records: [first, second], digests: [] })])
    expect({ out, code }).toEqual({ out: '2 records, each following from the one before it\n', code: 0 })
  })

  it.each([
    ['changed', [first, { ...second, by: 'budi' }]],
    ['taken out', [record(1, 'x'), second]],
    ['unreadable', [first, { ...second, at: 'yesterday' }]],
  ])('finds a record that was %s, whatever the API says', async (_, records) => {
    const { out, code } = await operate(args, [ok({ records, digests: [] })])
    expect(out).toContain('the chain is broken at 2020-10-12 2')
    expect(code).toBe(1)
  })

  const day = civilDate('2020-10-12')
  const { hash } = digestOf(day, [first, second])
  it.each([
    ['vouches for', { hash, matches: true }, '1 day as digested', 0],
    ['does not vouch for', { hash, matches: false }, '2020-10-12 is not what its digest says', 1],
    [
      'does not vouch for, whatever the API says,',
      { hash: first.hash, matches: true },
      '2020-10-12 is not what its digest says',
      1,
    ],
    ['has gone missing for', { matches: 'missing' }, '2020-10-12 has no digest', 1],
  ])('says that a digest %s a day', async (_, digest, line, expected) => {
    const { out, code } = await operate(args, [
      ok({ records: [first, second], digests: [{ day, ...digest }] }),
    ])
    expect(out).toContain(`2 records, each following from the one before it\n${line}`)
    expect(code).toBe(expected)
  })
})
