import { describe, expect, it } from 'vitest'
import { payouts } from '../../shared/domain/payout.ts'
import { createSigningKey } from './partners/partner.ts'
import { describeFailure, describeStory } from './report.ts'
import { type RunResult, run } from './run.ts'
import { storyOf } from './story.ts'
import { timelineOf } from './timeline.ts'

const lines = [
  '01 intake/1 begins',
  '02 intake/1 write account P-1 v1',
  '03 intake/1 write account P-11 v1',
  '04 intake/1 write row P-1 survey-2',
  '05 pay/2 begins gopay, its clock 3.1 s off',
  '06 pay/3 begins gopay',
  '07 time: all stand still for 20 s',
  '08 pay/2 append claimed P-1 incentive-1#0001',
  '09 time: all stand still for 130 s',
  '10 gopay: transfer P-1-I1-A1 sent',
  '11 gopay: transfer P-1-I2-A1 sent',
  '12 pay/2 append claimed P-9 incentive-1#0001 (throttled)',
  '13 pay/2 read payouts  (throttled)',
  '14 pay/3 append claimed P-9 incentive-1#0001 (crash-after)',
  '15 pay/2 append claimed P-9 incentive-2#0001 (crash-before)',
  '16 time: all stand still for 400 s',
  '17 people: hold P-1 incentive-1',
  '18 people: hold P-1 incentive-2',
]
const numbers = (subject: string) => timelineOf(lines, subject).map((line) => Number(line.slice(0, 2)))

describe('a timeline', () => {
  it('of a payout has what names it or its participant, its workers and what befell them meanwhile', () => {
    expect(numbers('P-1 incentive-1')).toEqual([1, 2, 5, 7, 8, 9, 10, 13, 15, 17])
  })

  it('of a participant has all payouts', () => {
    expect(numbers('P-1')).toEqual([1, 2, 4, 5, 7, 8, 9, 10, 11, 13, 15, 17, 18])
  })

  it('of nobody in particular is the end of the run', () => {
    expect(numbers('')).toHaveLength(lines.length)
    expect(
      timelineOf(
        Array.from({ length: 100 }, (_, n) => `${n}`),
        '',
      ).at(0),
    ).toBe('60')
  })

  it('is bounded', () => {
    expect(
      timelineOf(
        Array.from({ length: 1_000 }, () => '01 pay/1 set x P-1'),
        'P-1',
      ),
    ).toHaveLength(200)
  })
})

describe('the story of a payout', async () => {
  const result = await run({ seed: 2, participants: 3, signingKey: createSigningKey(), faultsUntil: 0 })
  const subject = firstPaidAtOnce(result)
  const [participantId = '', payout = ''] = subject.split(' ')
  const story = storyOf(result, subject)

  it('tells the state after each entry, in the timeline and in the journal', () => {
    expect(story.journal.map(({ event, state }) => [event, state])).toEqual([
      ['claimed', 'sending'],
      ['disbursed', 'paid'],
    ])
    expect(
      story.lines.filter((line) => line.endsWith(`append claimed ${subject}#0001 -> sending`)),
    ).toHaveLength(1)
  })

  it('says which of two workers wrote an entry', () => {
    const line = `2020-10-01T00:00:00.000Z pay/0 append claimed ${subject}#0001`
    const told = storyOf({ ...result, lines: [line] }, subject)
    expect(told.lines).toEqual([`${line} -> not written`])
  })

  it('has our books and the partners, of this payout alone', () => {
    const amount = payout.startsWith('incentive') ? 600_000 : 50_000
    expect(story.movements).toEqual([
      {
        at: story.journal[1]?.at,
        partner: expect.any(String),
        direction: 'debit',
        reference: expect.stringMatching(new RegExp(`^${participantId}-[IS]\\d-A1$`)),
        rupiah: amount,
      },
    ])
    const taken = story.balances.filter(({ account }) => /^(paid|spent)/.test(account))
    expect(taken.map(({ rupiah }) => rupiah)).toEqual([amount, amount])
    expect(story.balances.reduce((sum, { rupiah }) => sum + rupiah, 0)).toBe(0)
  })

  it('is printed in sections', () => {
    expect(describeStory(story).filter((line) => /^\S/.test(line))).toEqual([
      `What happened to ${subject}`,
      'Journal, with the state after each entry',
      'Our books for it, in rupiah',
      "The partners' books for it, in rupiah",
    ])
  })

  it('comes after how to repeat it and how few faults it takes', () => {
    const problems = [{ check: 'proof', subject: 'P-1 incentive-1', detail: 'is broken' }]
    const outcome = { seed: 2, problems, steps: 900, digest: result.digest, met: result.met, story }
    const told = describeFailure(
      { outcome, shrunk: { prefix: 618, outcome } },
      { participants: 2, engine: false },
    ).split('\n')
    expect(told.slice(0, 4)).toEqual([
      'Seed 2 failed; npm run chaos -- --seed 2 --participants 2 repeats it',
      '  proof: P-1 incentive-1 is broken',
      'It takes no fault after step 617 of 900; then these are the problems',
      '  proof: P-1 incentive-1 is broken',
    ])
  })
})

/** A payout that took no more than a claim and its success. */
function firstPaidAtOnce({ chain }: RunResult): string {
  const subjects = ['P-1', 'P-2', 'P-3'].flatMap((id) => payouts.map((payout) => `${id} ${payout}`))
  const events = (subject: string) => chain(subject).map(({ event }) => event.type)
  const found = subjects.find((subject) => events(subject).join() === 'claimed,disbursed')
  if (found === undefined) throw new Error('nobody is paid in this world')
  return found
}
