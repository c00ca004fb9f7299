import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createOperator, type Operator } from '../support/operator.ts'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'

/** People who act at the worst moment, each by the command line as a process, on the whole local stack. */
let pipeline: Pipeline
let siti: Operator
let budi: Operator
let dewi: Operator
let sitiApproving: Operator
beforeAll(async () => {
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00' })
  const { api = '' } = pipeline.stack
  siti = createOperator(api, 'operator', 'siti')
  budi = createOperator(api, 'operator', 'budi')
  dewi = createOperator(api, 'approver', 'dewi')
  sitiApproving = createOperator(api, 'approver', 'siti')
})
afterEach(() => pipeline.promisesKept())
afterAll(() => pipeline.stop())

const first = ({ id }: Person) => `${id}/incentive-1`
const setIn = (preview: string): string => /set ([0-9a-f]{64})/.exec(preview)?.[1] ?? ''
const idIn = (answer: string): string => /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(answer)?.[0] ?? ''
const apply = (operator: Operator, set: string) => operator('retry', '--apply', set, '--reason', 'BNI/4711')

/** People whose first payout the partner has cancelled after an hour, and would again. */
async function failed(count: number): Promise<readonly Person[]> {
  const people = Array.from({ length: count }, () => pipeline.enrol('bni', '21'))
  await pipeline.pass({ hours: 2 })
  for (const person of people) expect(await pipeline.row(person)).toMatchObject({ state: 'failed' })
  return people
}

describe('retry', () => {
  test('leaves a payout alone whose first attempt has an outcome that nobody knows', async () => {
    const person = pipeline.enrol('gopay', '33')
    await pipeline.pass({ minutes: 5 })
    const preview = await siti('retry', first(person), '--json')
    expect(JSON.parse(preview.out)).toMatchObject({ payments: 0, skipped: { 'unknown-outcome': 1 } })
    expect(await apply(siti, JSON.parse(preview.out).set)).toMatchObject({ code: 1 })
    expect(await pipeline.attempts(person)).toHaveLength(1)
  })

  test('of one set by two operators at once is one retry', async () => {
    const [person] = await failed(1)
    if (!person) return
    const [one, other] = await Promise.all([siti('retry', first(person)), budi('retry', first(person))])
    expect(setIn(one.out)).toMatch(/./)
    expect(setIn(one.out)).toBe(setIn(other.out))
    const both = await Promise.all([apply(siti, setIn(one.out)), apply(budi, setIn(one.out))])
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1])
    await pipeline.pass({ minutes: 10 })
    expect((await pipeline.story(person)).filter((type) => type === 'retried')).toHaveLength(1)
    expect(await pipeline.attempts(person)).toHaveLength(2)
  })

  test('of a set that changed before it was approved leaves out what changed, and adds nothing', async () => {
    const people = await failed(21)
    const preview = await siti('retry', ...people.map(first))
    const set = setIn(preview.out)
    const proposed = await apply(siti, set)
    expect(proposed).toMatchObject({ code: 3 })
    const proposal = idIn(proposed.out)
    expect(await sitiApproving('approve', proposal)).toMatchObject({ code: 1 })
    const [mover] = people
    if (!mover) return
    pipeline.publish(mover.link(pipeline.account('ovo')))
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.row(mover)).toMatchObject({ state: 'paid' })
    const approved = await dewi('approve', proposal)
    expect(approved.code).toBe(0)
    await pipeline.pass({ minutes: 10 })
    const { jobs } = JSON.parse((await siti('jobs', '--json')).out)
    expect(jobs[0]).toMatchObject({ set, state: 'done', retried: 20, startedBy: 'siti', approvedBy: 'dewi' })
    expect(await dewi('approve', proposal)).toMatchObject({ code: 1 })
    expect(pipeline.credits(mover)).toEqual(['ovo incentive-1 600000'])
  })
})

describe('pause', () => {
  test('in the middle of a release stops what is in the lane; resuming begins with a few', async () => {
    const ovo = pipeline.partner('ovo')
    let paused: ReturnType<Operator> | undefined
    ovo.onTransfer(async () => {
      paused ??= siti('pause', '--partner', 'ovo', '--reason', 'OVO has called')
      await paused
    })
    const people = Array.from({ length: 25 }, () => pipeline.enrol('ovo'))
    await pipeline.pass({ minutes: 10 })
    ovo.onTransfer(undefined)
    expect(await paused).toMatchObject({ code: 0 })
    const paidOf = async () => {
      const rows = await Promise.all(people.map((person) => pipeline.row(person)))
      return rows.filter(({ state }) => state === 'paid').length
    }
    expect(await paidOf()).toBeLessThanOrEqual(10)
    expect(await siti('resume', '--partner', 'ovo', '--reason', 'OVO is back')).toMatchObject({ code: 0 })
    await pipeline.pass({ minutes: 40 })
    expect(await paidOf()).toBe(25)
  })
})

describe('while a payment is being sent', () => {
  /** Has `action` happen once, between the claim and the partner's booking. */
  async function whileSending(person: Person, action: () => Promise<void>): Promise<void> {
    const simulator = pipeline.partner(person.account.partner)
    let done: Promise<void> | undefined
    simulator.onTransfer(async ({ moment }) => {
      if (moment !== 'before-booking') return
      done ??= action()
      await done
    })
    await pipeline.pass({ minutes: 5 })
    simulator.onTransfer(undefined)
    expect(done).toBeDefined()
  }

  test('a hold is refused in plain words, and another account changes nothing', async () => {
    const person = pipeline.enrol('linkaja')
    await whileSending(person, async () => {
      pipeline.publish(person.link(pipeline.account('bni')))
      const held = await siti('hold', first(person), '--reason', 'asked by the participant')
      expect(held.out).toContain('not stoppable')
    })
    await pipeline.pass({ minutes: 10 })
    expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000'])
  })

  test('a cancellation that was approved too late cancels nothing', async () => {
    const person = pipeline.newcomer('bni')
    pipeline.publish(person.certificate(), person.link())
    const proposed = siti('cancel', first(person), '--reason', 'left the programme')
    const proposal = idIn((await proposed).out)
    await whileSending(person, async () => {
      await dewi('approve', proposal)
    })
    expect(await pipeline.row(person)).toMatchObject({ state: 'paid' })
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })

  test('one that was approved in time is never paid', async () => {
    const person = pipeline.enrol('bni')
    await pipeline.pass({ minutes: 5 })
    const { out, code } = await siti('cancel', `${person.id}/incentive-2`, '--reason', 'left the programme')
    expect(code).toBe(3)
    expect(await dewi('approve', idIn(out))).toMatchObject({ code: 0 })
    await pipeline.until('2020-10-20T10:00:00+07:00')
    expect(await pipeline.row(person, 'incentive-2')).toMatchObject({ state: 'cancelled' })
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })
})

test('what people did is in the trail, link by link, and every night vouches for its day', async () => {
  await pipeline.pass({ hours: 24 })
  const trail = await siti('audit', '--from', '2020-09-18', '--to', '2020-10-18', '--verify', '--json')
  expect(trail).toMatchObject({ code: 0, err: '' })
  const { records, broken, digests } = JSON.parse(trail.out)
  expect(broken).toBeUndefined()
  const actions = new Set(records.map(({ action }: { action: string }) => action))
  expect([...actions]).toEqual(expect.arrayContaining([expect.stringContaining('retry')]))
  const days = new Set(records.map(({ day }: { day: string }) => day))
  const vouched = digests.flatMap(({ day, matches }: { day: string; matches: unknown }) =>
    matches === true ? [day] : [],
  )
  expect(vouched).toEqual(expect.arrayContaining([...days]))
})
