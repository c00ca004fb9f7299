import { afterAll, describe, expect, test } from 'vitest'
import { type Instant, plusSeconds } from '../../shared/domain/instant.ts'
import { payouts } from '../../shared/domain/payout.ts'
import type { Job, Proposal, RetryMember } from '../../shared/operations/register.ts'
import { setOf, sortedMembers } from '../../shared/operations/retry.ts'
import { startTestEngine } from '../support/engine.ts'
import { now } from './examples.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const register = engine.openRegister()
/** A register of which each use loses the answer to its first write. */
const unlucky = () => engine.openRegister(engine.connectUnlucky())

let names = 0
/** A name no other test of the file has. */
const newName = (): string => `name-${String(++names).padStart(4, '0')}`

describe('a request under the caller’s own key', () => {
  const requestOf = (change = {}) => ({
    person: newName(),
    key: 'key-0001',
    bodyHash: 'a',
    at: now,
    ...change,
  })

  test('is new once, and then the same one again, with its answer as soon as there is one', async () => {
    const request = requestOf()
    const { person, key } = request
    expect(await register.accept(request)).toBe('new')
    expect(await register.accept({ ...request, at: plusSeconds(now, 60) })).toEqual({ again: true, at: now })
    await register.answer(person, key, '{"result":"done"}')
    expect(await register.accept(request)).toEqual({ again: true, at: now, answer: '{"result":"done"}' })
  })

  test('with another body finds its key taken, answered or not', async () => {
    const request = requestOf()
    await register.accept(request)
    expect(await register.accept({ ...request, bodyHash: 'b' })).toBe('other-body')
    await register.answer(request.person, request.key, '{}')
    expect(await register.accept({ ...request, bodyHash: 'b' })).toBe('other-body')
  })

  test('is another person’s under the same key', async () => {
    const request = requestOf()
    await register.accept(request)
    expect(await register.accept({ ...request, person: newName(), bodyHash: 'b' })).toBe('new')
  })

  test('keeps its first answer, and none without a request', async () => {
    const request = requestOf()
    const { person, key } = request
    await register.answer(person, key, 'too early')
    expect(await register.accept(request)).toBe('new')
    await register.answer(person, key, 'first')
    await register.answer(person, key, 'second')
    expect(await register.accept(request)).toEqual({ again: true, at: now, answer: 'first' })
  })

  test('may have an answer that names ten thousand payouts', async () => {
    const request = requestOf()
    const skipped = Array.from({ length: 10_000 }, (_, nth) => ({
      participantId: `P-${nth * 7919}`,
      payout: payouts[nth % 7],
      why: 'unknown-outcome',
    }))
    const answer = JSON.stringify({ skipped })
    await register.accept(request)
    await register.answer(request.person, request.key, answer)
    expect(await register.accept(request)).toEqual({ again: true, at: now, answer })
  })

  test('many times at once is new once', async () => {
    const request = requestOf()
    const answers = await Promise.all(Array.from({ length: 8 }, () => register.accept(request)))
    expect(answers.filter((answer) => answer === 'new')).toHaveLength(1)
  })

  test('whose answer was lost and which the client repeats is new', async () => {
    expect(await unlucky().accept(requestOf())).toBe('new')
  })
})

const memberOf = (nth: number): RetryMember => ({
  participantId: `P-${String(nth).padStart(5, '0')}`,
  payout: payouts[nth % payouts.length] ?? 'incentive-1',
  closedAttempt: nth % 3,
  accountVersion: `${now}-0123abcd`,
  partner: 'gopay',
  amount: 600_000,
})

describe('a set of payments to retry', () => {
  test.for([1, 99, 100, 101, 250])('of %i is read a hundred at a time, in its order', async (count) => {
    const members = Array.from({ length: count }, (_, nth) => memberOf(count * 1_000 + nth))
    const set = setOf(members, now)
    await register.keepSet(set, members.toReversed())
    expect(await register.set(set.hash)).toEqual(set)
    const parts = []
    for (let cursor = 0; cursor <= count; cursor += 100) parts.push(await register.members(set.hash, cursor))
    expect(parts.flat()).toEqual(sortedMembers(members))
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(100)
  })

  test('that is known stays as it is', async () => {
    const members = [memberOf(1)]
    const set = setOf(members, now)
    await register.keepSet(set, members)
    await register.keepSet({ ...set, at: plusSeconds(now, 60) }, members)
    expect(await register.set(set.hash)).toEqual(set)
  })

  test('that nobody has kept is not there', async () => {
    expect(await register.set('0'.repeat(64))).toBeUndefined()
    expect(await register.members('0'.repeat(64), 0)).toEqual([])
  })

  test('is not kept under the hash of another', async () => {
    const set = setOf([memberOf(2)], now)
    await expect(register.keepSet(set, [memberOf(3)])).rejects.toThrow('the hash of another set')
    expect(await register.set(set.hash)).toBeUndefined()
  })

  test('has at most 10,000 members, and is read from the beginning of a hundred', async () => {
    const members = Array.from({ length: 10_001 }, (_, nth) => memberOf(nth))
    await expect(register.keepSet(setOf(members, now), members)).rejects.toThrow('too large')
    await expect(register.members('0'.repeat(64), 50)).rejects.toThrow('not the beginning')
  })
})

const proposalOf = (at: Instant = now): Proposal => ({
  id: newName(),
  instruction: {
    instruction: 'cancel',
    subjects: { payouts: [{ participantId: 'P-1', payout: 'survey-1' }] },
    reason: 'a duplicate person',
  },
  proposedBy: 'ani',
  at,
  expiresAt: plusSeconds(at, 86_400),
  state: 'proposed',
  version: 1,
})

let sets = 0
const jobOf = (change: Partial<Job> = {}): Job => ({
  id: newName(),
  set: `set-${++sets}`,
  reason: 'the partner has repaired it',
  state: 'running',
  payments: 250,
  cursor: 0,
  retried: 0,
  skipped: {},
  startedBy: 'ani',
  at: now,
  version: 1,
  ...change,
})

describe('a proposal', () => {
  test('is read as it was written, once', async () => {
    const proposal = proposalOf()
    expect(await register.proposal(proposal.id)).toBeUndefined()
    expect(await register.propose(proposal)).toBe('proposed')
    expect(await register.propose({ ...proposal, proposedBy: 'budi' })).toBe('exists')
    expect(await register.proposal(proposal.id)).toEqual(proposal)
  })

  test('is decided on by one of two who have read the same', async () => {
    const proposal = proposalOf()
    await register.propose(proposal)
    const approved = { ...proposal, state: 'approved', approvedBy: 'budi', version: 2 } as const
    const withdrawn = { ...proposal, state: 'withdrawn', version: 2 } as const
    const outcomes = await Promise.all([approved, withdrawn].map(register.changeProposal))
    expect(outcomes.toSorted()).toEqual(['overtaken', 'written'])
    const [winner] = [approved, withdrawn].filter((_, nth) => outcomes[nth] === 'written')
    expect(await register.proposal(proposal.id)).toEqual(winner)
  })

  test.for([1, 3])('that was read at version 1 is never followed by version %i', async (version) => {
    const proposal = proposalOf()
    await register.propose(proposal)
    expect(await register.changeProposal({ ...proposal, version })).toBe('overtaken')
  })

  test('is listed newest first, as it stands now', async () => {
    // Nothing else that is listed here is as new.
    const seconds = [30, 10, 20, 10]
    const all = seconds.map((later) => proposalOf(plusSeconds(now, 1_000_000 + later)))
    for (const proposal of all) await register.propose(proposal)
    const [first, second] = all
    if (!first || !second) throw new Error('no proposals')
    await register.changeProposal({ ...second, state: 'withdrawn', version: 2 })
    const listed = await register.proposals(3)
    expect(listed.map(({ at }) => at)).toEqual(
      [30, 20, 10].map((later) => plusSeconds(now, 1_000_000 + later)),
    )
    expect(await register.proposals(1)).toEqual([first])
    expect((await register.proposals(100)).find(({ id }) => id === second.id)?.state).toBe('withdrawn')
  })

  test('whose answer was lost and which the client repeats is proposed', async () => {
    const proposal = proposalOf()
    expect(await unlucky().propose(proposal)).toBe('proposed')
    expect(await unlucky().changeProposal({ ...proposal, version: 2 })).toBe('written')
    expect(await register.proposal(proposal.id)).toMatchObject({ version: 2 })
  })
})

describe('a job', () => {
  test('is the only one over its set, however many start it at once', async () => {
    const set = newName()
    const jobs = Array.from({ length: 5 }, () => jobOf({ set }))
    const outcomes = await Promise.all(jobs.map((job) => register.startJob(job)))
    expect(outcomes.toSorted()).toEqual([...Array(4).fill('exists'), 'started'])
    const kept = await Promise.all(jobs.map(({ id }) => register.job(id)))
    expect(kept.filter((job) => job !== undefined)).toEqual(
      jobs.filter((_, nth) => outcomes[nth] === 'started'),
    )
  })

  test.for([
    ['running', 0, 'exists'],
    ['done', 250, 'exists'],
    ['done', 249, 'started'],
    ['stopped', 0, 'started'],
  ] as const)('over a set whose job is %s, with %i retried: %s', async ([state, retried, expected]) => {
    const first = jobOf()
    await register.startJob(first)
    await register.changeJob({ ...first, state, retried, version: 2 })
    const second = jobOf({ set: first.set })
    expect(await register.startJob(second)).toBe(expected)
    expect(await register.job(first.id)).toMatchObject({ state })
    expect(await register.startJob(jobOf({ set: first.set }))).toBe('exists')
  })

  test('is started once under its id', async () => {
    const job = jobOf()
    expect(await register.startJob(job)).toBe('started')
    expect(await register.startJob({ ...job, set: newName() })).toBe('exists')
    expect(await register.job(job.id)).toEqual(job)
  })

  test('starts with what its starter has applied alone, over what was read of that, or not at all', async () => {
    const person = newName()
    expect(await register.appliedAlone(person)).toEqual({ person, sets: [], version: 0 })
    const alone = (version: number, { id }: Job) => ({
      person,
      version,
      sets: [{ job: id, at: now, payments: 60, rupiah: 36_000_000 }],
    })
    const [first, second] = [jobOf(), jobOf()]
    const outcomes = await Promise.all([first, second].map((job) => register.startJob(job, alone(1, job))))
    expect(outcomes.toSorted()).toEqual(['overtaken', 'started'])
    const [started, other] = outcomes[0] === 'started' ? [first, second] : [second, first]
    expect(await register.appliedAlone(person)).toEqual(alone(1, started))
    expect(await register.job(other.id)).toBeUndefined()
    expect(await register.startJob(other, alone(2, other))).toBe('started')
    expect(await register.startJob(other, alone(3, other))).toBe('exists')
    expect(await register.appliedAlone(person)).toEqual(alone(2, other))
  })

  test('moves its cursor once for a page that is worked through twice', async () => {
    const job = jobOf()
    await register.startJob(job)
    const skipped = { changed: 2, 'already-paid': 1 }
    const next = { ...job, cursor: 100, retried: 97, skipped, version: 2 }
    expect(await Promise.all([next, next].map(register.changeJob))).toContain('overtaken')
    expect(await register.job(job.id)).toEqual(next)
  })

  test('is listed newest first, as it stands now', async () => {
    const all = [5, 6].map((later) => jobOf({ at: plusSeconds(now, 1_000_000 + later) }))
    for (const job of all) await register.startJob(job)
    const done = { state: 'done', endedAt: plusSeconds(now, 2_000_000), version: 2 } as const
    for (const job of all) await register.changeJob({ ...job, ...done })
    expect(await register.jobs(2)).toEqual(all.toReversed().map((job) => ({ ...job, ...done })))
  })

  test('whose answer was lost and which the client repeats is started', async () => {
    expect(await unlucky().startJob(jobOf())).toBe('started')
  })
})
