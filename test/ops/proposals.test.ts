import { describe, expect, it } from 'vitest'
import { id, ok, operate, printed, set } from './operator.ts'

/** What both people see of a proposal, and of what came of it. It is noon of 12 October 2020 in Jakarta. */

const at = '2020-10-12T11:00:00+07:00'
const proposal = {
  id,
  instruction: { instruction: 'fund', partner: 'bni', amount: 1_000_000_000, document: 'SP2D-1' },
  proposedBy: 'ani',
  at,
  expiresAt: '2020-10-13T11:00:00+07:00',
  state: 'proposed',
}
const approved = (outcome?: object) => ({
  ...proposal,
  state: 'approved',
  approvedBy: 'budi',
  ...(outcome && { outcome }),
})

describe('a proposal that was approved', () => {
  const refused = { result: 'refused', why: 'With Rp1,000,000,000 more, the floats would exceed the budget.' }
  const leftAlone = { result: 'left-alone', effects: { 'not resumed: it was paused again': 1 } }
  it.each([
    [undefined, 'budi         add Rp1,000,000,000'],
    [{ result: 'done', effects: { 'Rp1,000,000,000 more float': 1 } }, 'done: Rp1,000,000,000 more float'],
    [
      { result: 'done', effects: { 'not stoppable: it is paid': 1, cancelled: 1_206 } },
      'done: 1,206 cancelled, 1 not stoppable: it is paid',
    ],
    [{ result: 'done', effects: {} }, 'done: there was nothing to change'],
    [leftAlone, 'left alone: not resumed: it was paused again'],
    [{ result: 'started', job: id }, `started as job ${id}`],
    [refused, 'refused: With Rp1,000,000,000 more, the floats would exceed the budget.'],
  ])('and came to %j is listed with that', async (outcome, said) => {
    expect(await printed(['proposals'], { proposals: [approved(outcome)] })).toContain(said)
  })

  it.each([
    [undefined, 'green'],
    [{ result: 'done', effects: { 'Rp1,000,000,000 more float': 1 } }, 'green'],
    [leftAlone, 'red'],
    [refused, 'red'],
  ])('and came to %j looks like that on a terminal', async (outcome, colour) => {
    const { out } = await operate(['proposals'], [ok({ proposals: [approved(outcome)] })], { terminal: true })
    expect(out).toContain(colour === 'green' ? '\u001b[32mapproved' : '\u001b[31mapproved')
  })

  it('shows its outcome where the command that made it comes again', async () => {
    const args = ['fund', '--partner', 'bni', '--amount', '1000000000', '--document', 'SP2D-1']
    const answer = { result: 'proposed', proposal: approved(refused) }
    expect(await printed(args, answer)).toContain(
      'approved by budi, refused: With Rp1,000,000,000 more, the floats would exceed the budget.',
    )
  })
})

describe('a retry that waits for a second person', () => {
  const retry = {
    payments: 1_204,
    rupiah: 722_400_000,
    approvalReasons: [
      'more payments than one person may retry alone in a day: 1,204, above 100',
      'money said returned by a statement: 2 payments',
    ],
  }
  const own = { ...proposal, instruction: { instruction: 'retry', set, reason: 'OVO/4711' }, retry }
  it.each([
    [['proposals'], { proposals: [own] }],
    [['retry', '--apply', set, '--reason', 'OVO/4711'], { result: 'proposed', proposal: own }],
  ])('says in the answer to %j what it would send and why it takes two', async (args, body) => {
    expect(await printed(args, body)).toContain(
      'retry the payments of set 3f1c3f1c3f1c…: OVO/4711; 1,204 payments, Rp722,400,000; it takes two people: more payments than one person may retry alone in a day: 1,204, above 100; money said returned by a statement: 2 payments',
    )
  })
})

it('a job says why it was started', async () => {
  const job = {
    ...{ id, set, reason: 'OVO/4711', state: 'running', payments: 2, retried: 1, skipped: {} },
    ...{ startedBy: 'ani', at },
  }
  expect(await printed(['job', id], job)).toContain('\nwhy: OVO/4711\n')
  expect(await printed(['jobs'], { jobs: [job] })).toMatch(/BY +REASON\n.* ani +OVO\/4711\n/)
})
