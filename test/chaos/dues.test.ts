import { describe, expect, it } from 'vitest'
import { judgePayouts } from '../../infra/local/audit/payouts.ts'
import { secondsBetween } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import { linked, participantId, rejected } from '../domain/examples.ts'
import { createStory, type Story } from '../domain/story.ts'
import { soundProgramme } from '../local/audited.ts'
import { dateBreaks, factBreaks, governingBreaks, noteBreaks } from './dues.ts'
import { first, gopay, holdingsOf, issued, jakarta, type Known, known, named, stranger } from './examples.ts'

describe('an entitlement', () => {
  const { entitlement: _, ...unentitled } = known
  const wrong = [`governing ${participantId}`]
  it.each<[string, readonly (typeof first)[], Known, readonly string[]]>([
    ['is dated by the only certificate', [first], known, []],
    ['is not dated by a later one', [first, issued('C-0002', '2020-09-18T09:59:59')], known, wrong],
    ['is dated by the earlier one', [issued('C-0000', '2020-09-18T10:00:01'), first], known, []],
    [
      'is not dated by the second of two at once',
      [first, issued('C-0000', '2020-09-18T10:00:00')],
      known,
      wrong,
    ],
    ['is dated by the first of two at once', [issued('C-0002', '2020-09-18T10:00:00'), first], known, []],
    ["is not dated by another's", [issued('C-0001', '2020-09-18T10:00:00', stranger)], known, wrong],
    ["is dated whatever another's is", [first, issued('C-0000', '2020-09-01T10:00:00', stranger)], known, []],
    ['is not there without a certificate', [], known, wrong],
    ['is there for a certificate', [first], unentitled, wrong],
    ['is not there for nothing', [], unentitled, []],
  ])('%s', (_, certificates, record, problems) => {
    expect(named(governingBreaks(holdingsOf([], record, [...certificates])))).toEqual(problems)
  })
})

describe('of certificates the journal has', () => {
  const wrong = [`notes ${participantId}`]
  const second = issued('C-0002', '2020-09-19T10:00:00')
  const { programme } = soundProgramme()
  const [accrual] = [...programme.holdings.otherChains.values()].flat()
  it.each<[string, number, readonly (typeof first)[], readonly string[]]>([
    ['one entry for one', 1, [first], []],
    ['two entries for two', 2, [first, second], []],
    ['one entry for two', 1, [first, second], wrong],
    ['two entries for one', 2, [first], wrong],
    ['none for one', 0, [first], wrong],
    ['one entry for none', 1, [], wrong],
    ['none for none', 0, [], []],
    [
      "one entry for one, whatever another's are",
      1,
      [first, issued('C-0003', '2020-09-19T10:00:00', stranger)],
      [],
    ],
    ["one entry for another's", 1, [issued('C-0003', '2020-09-19T10:00:00', stranger)], wrong],
  ])('%s', (_, entries, certificates, problems) => {
    const chain = accrual ? Array.from({ length: entries }, () => accrual) : []
    const otherChains = new Map(entries === 0 ? [] : [[participantId, chain] as const])
    expect(named(noteBreaks({ ...holdingsOf([], known, [...certificates]), otherChains }))).toEqual(problems)
  })
})

describe('a claim', () => {
  /** The first half of the shards pays early from 7 December on, the other from the 11th. */
  const shards = 2
  const surveyedAt = jakarta('2020-10-05T10:00:00')
  const surveyed: Known = { ...known, surveys: { 1: surveyedAt } }
  const facts = { ...linked, surveys: { 1: surveyedAt } }
  const claims = (payout: Payout, ...times: readonly string[]): Story => {
    const story = createStory(payout, facts)
    for (const [index, time] of times.entries()) {
      if (index > 0) {
        story.settle(rejected())
        story.retry()
      }
      story.wait(secondsBetween(story.now(), jakarta(time)))
      story.claim()
    }
    return story
  }
  const broken = (story: Story, record = surveyed, certificates = [first]) =>
    dateBreaks(
      holdingsOf([story], record, certificates),
      judgePayouts(holdingsOf([story], surveyed), shards),
      shards,
    )

  it.each<[string, Payout, string, boolean]>([
    ['before its date', 'incentive-2', '2020-10-17T23:59:49', false],
    ['on its date, by a clock that has been set back', 'incentive-2', '2020-10-17T23:59:50', true],
    ['before its survey was filled', 'survey-1', '2020-10-04T23:59:49', false],
    ['on the day of its survey', 'survey-1', '2020-10-04T23:59:50', true],
    ['before the blackout, by a machine that stood still', 'incentive-2', '2020-12-15T00:59:59', true],
    ['in the blackout', 'incentive-2', '2020-12-15T01:00:00', false],
    ['at the end of the blackout', 'incentive-2', '2021-01-04T23:59:49', false],
    ['behind the blackout, by a clock that has been set back', 'incentive-2', '2021-01-04T23:59:50', true],
    ['on the last day, by a machine that stood still', 'incentive-2', '2021-03-06T00:59:59', true],
    ['after the last day', 'incentive-2', '2021-03-06T01:00:00', false],
    ['before it leaves early', 'incentive-4', '2020-12-10T23:59:49', false],
    ['when it leaves early', 'incentive-4', '2020-12-10T23:59:50', true],
  ])('%s', (_, payout, time, sound) => {
    expect(named(broken(claims(payout, time)))).toEqual(sound ? [] : [`date ${participantId} ${payout}`])
  })

  it.each<[string, readonly (typeof first)[], boolean]>([
    ['that governs', [first], true],
    ['that has governed before an earlier one came', [issued('C-0002', '2020-09-14T10:00:00'), first], true],
    ['that nobody has', [issued('C-0002', '2020-10-14T10:00:00')], false],
    ['of another', [{ ...first, participantId: stranger }], false],
  ])('is dated by a certificate %s', (_, certificates, sound) => {
    const story = claims('incentive-4', '2020-12-12T10:00:00')
    expect(broken(story, known, [...certificates]).length).toBe(sound ? 0 : 1)
  })

  it('has no date without the survey or the entitlement that it is for', () => {
    const story = claims('survey-1', '2020-12-01T10:00:00')
    const { entitlement: _, ...unentitled } = surveyed
    expect(named(broken(story))).toEqual([])
    expect(named(broken(story, known))).toEqual([`date ${participantId} survey-1`])
    expect(named(broken(story, unentitled))).toEqual([`date ${participantId} survey-1`])
  })

  it('is looked at whichever attempt it begins', () => {
    const problems = broken(claims('incentive-2', '2020-12-14T10:00:00', '2020-12-16T10:00:00'))
    expect(problems).toMatchObject([{ check: 'date', detail: expect.stringContaining('P-00017-I2-A2') }])
    expect(broken(claims('incentive-2', '2020-12-13T10:00:00', '2020-12-14T10:00:00'))).toEqual([])
  })
})

describe('facts are kept', () => {
  const surveyedAt = jakarta('2020-10-05T10:00:00')
  const surveys = { 1: surveyedAt }
  const twice = { ...known, surveys, accounts: [gopay, { ...gopay, version: '2' }] }
  it.each<[string, Known, readonly (typeof first)[], readonly string[]]>([
    ['as often as they were published', { ...known, surveys }, [first], []],
    ['less often: a survey', known, [first], ['facts ']],
    ['less often: an account', { ...known, surveys, accounts: [] }, [first], ['facts ']],
    ['less often: a certificate', { ...known, surveys }, [], ['facts ']],
    ['more often: a survey', { ...known, surveys: { ...surveys, 2: surveyedAt } }, [first], ['facts ']],
    ['more often: an account', twice, [first], ['facts ']],
    [
      'more often: a certificate',
      { ...known, surveys },
      [first, issued('C-0002', '2020-09-19T10:00:00')],
      ['facts '],
    ],
  ])('%s', (_, record, certificates, problems) => {
    expect(named(factBreaks(holdingsOf([], record, [...certificates]), 3))).toEqual(problems)
  })
})
