import { describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import {
  lastPaused,
  type Pause,
  type Paused,
  type PauseReason,
  pausedItself,
  pausedWith,
  pauseLane,
  pauseReasons,
  resume,
  tooManyUnknown,
  withRecent,
} from '../../shared/domain/pause.ts'
import type { Kind } from '../../shared/domain/payout.ts'
import { type Control, newControl } from '../../shared/domain/permit.ts'
import { at } from './examples.ts'

const now = at('2020-09-18T10:00:00+07:00')
const pausedFor = (reason: PauseReason): Pause => ({ reason, since: now, by: 'test' })
const byPerson: Pause = { reason: 'operator', since: now, by: 'ops/ani' }
const controlWith = (paused: Paused): Control => ({ ...newControl(now), paused })
const reasonsOf = ({ paused }: Pick<Control, 'paused'>) =>
  `${paused.incentive?.reason ?? '-'} ${paused.survey?.reason ?? '-'}`
const paused = (incentive?: PauseReason, survey?: PauseReason): Paused => ({
  ...(incentive && { incentive: pausedFor(incentive) }),
  ...(survey && { survey: pausedFor(survey) }),
})

type Case = readonly [Paused, Kind | undefined, string]

describe('a person pauses', () => {
  test.for<Case>([
    [paused(), undefined, 'operator operator'],
    [paused(), 'survey', '- operator'],
    [paused('float-empty'), undefined, 'operator operator'],
    [paused('credentials-refused'), undefined, 'credentials-refused operator'],
    [paused('canary-failed', 'canary-failed'), undefined, 'unchanged'],
    [paused('operator'), 'incentive', 'unchanged'],
    [paused('operator'), 'survey', 'operator operator'],
  ])('a lane that is paused %o, kind %s: %s', ([before, kind, expected]) => {
    const control = controlWith(before)
    const { control: after } = pauseLane(control, byPerson, kind)
    expect(after ? reasonsOf(after) : 'unchanged').toBe(expected)
    if (after) expect(after).toMatchObject({ version: 1 })
  })
})

describe('a lane that has paused itself', () => {
  test.for<[string, Pause, Pause]>([
    ['before somebody paused it', pausedFor('float-empty'), byPerson],
    ['after somebody paused it', byPerson, pausedFor('unknown-outcomes')],
    ['for want of float after somebody paused it', byPerson, pausedFor('float-empty')],
  ])('%s still has', ([, first, second]) => {
    const both = pausedWith(pausedWith({}, first), second)
    expect(both.incentive).toMatchObject({ reason: 'operator', by: 'ops/ani' })
    expect(pausedItself({ paused: both })).toBe(true)
    expect(pausedItself({ paused: pausedWith(both, byPerson) })).toBe(true)
  })
})

describe('a pause that comes again', () => {
  const later = plusSeconds(now, 60)
  const again: Pause = { ...byPerson, since: later, by: 'ops/budi' }
  const withAgain = ({ incentive, survey }: Paused) => [incentive?.confirmed, survey?.confirmed]

  test.for<[Paused, Kind | undefined, ReturnType<typeof withAgain>]>([
    [paused('operator', 'canary-failed'), undefined, [later, later]],
    [paused('operator', 'canary-failed'), 'survey', [undefined, later]],
    [paused('float-empty', 'operator'), undefined, [undefined, later]],
    [paused('operator'), undefined, [later, undefined]],
  ])('in a lane paused %o, kind %s, is what it was, and knows when', ([before, kind, expected]) => {
    const { control } = pauseLane(controlWith(before), again, kind)
    expect(control).toMatchObject({ version: 1 })
    expect(control && withAgain(control.paused)).toEqual(expected)
    expect(control && pauseLane(control, again, kind)).not.toHaveProperty('control')
    expect(control && pauseLane(control, { ...again, since: now }, kind)).not.toHaveProperty('control')
  })

  test.for<[string, first: Pause, second: Pause, note: string | undefined]>([
    ['the lane’s own', { ...byPerson, note: 'until Monday' }, pausedFor('unknown-outcomes'), 'until Monday'],
    [
      'of the lane before',
      pausedFor('unknown-outcomes'),
      { ...again, note: 'journal changed' },
      'journal changed',
    ],
    ['for want of float', pausedFor('float-empty'), { ...again, note: 'until Monday' }, 'until Monday'],
    [
      'of another person',
      { ...byPerson, note: 'until Monday' },
      { ...again, note: 'until Friday' },
      'until Friday',
    ],
    [
      'that came before',
      { ...again, note: 'until Friday' },
      { ...byPerson, note: 'until Monday' },
      'until Friday',
    ],
    ['of nobody who said why', byPerson, pausedFor('canary-failed'), undefined],
  ])('keeps the last words that people said of it: %s', ([, first, second, note]) => {
    const both = pausedWith(pausedWith({}, first), second)
    expect(both.incentive?.note).toBe(note)
    expect(pausedWith(both, second).incentive).toBe(both.incentive)
  })

  test('may be the lane’s own doing', () => {
    const itself = { ...pausedFor('unknown-outcomes'), since: later }
    const both = pausedWith({ incentive: byPerson }, itself, ['incentive'])
    const incentive: Pause = { ...byPerson, itself: true, confirmed: later }
    expect(both).toEqual({ incentive })
    expect([byPerson, incentive].map(lastPaused)).toEqual([now, later])
    expect(pausedWith(both, itself, ['incentive']).incentive).toBe(both.incentive)
  })
})

describe('a lane that is paused and resumed', () => {
  const payouts = [{ participantId: 'P-1', payout: 'incentive-1', at: now }] as const
  const later = plusSeconds(now, 60)

  test('has a new canary for what was paused, and the one it had for what was not', () => {
    const canary = { incentive: { since: now, payouts }, survey: { since: now, payouts: [] } }
    const again = resume({ ...controlWith(paused('operator')), canary }, later)
    const expected = { incentive: { since: later, payouts: [] }, survey: canary.survey }
    expect(again.control).toMatchObject({ paused: {}, canary: expected })
  })

  test('for one kind and then for the other has a canary for each', () => {
    const first = resume(controlWith(paused('operator', 'operator')), now, 'survey').control
    const survey = { since: now, payouts: [] }
    expect(first?.canary).toEqual({ survey })
    const second = first && resume(first, later, 'incentive').control
    expect(second).toMatchObject({ paused: {}, canary: { survey, incentive: { since: later, payouts: [] } } })
  })
})

describe('people resume', () => {
  test.for<readonly [...Case, Kind[]]>([
    [paused(), undefined, 'unchanged', []],
    [paused('operator', 'operator'), undefined, '- -', ['incentive', 'survey']],
    [paused('operator', 'operator'), 'survey', 'operator -', ['survey']],
    [paused('operator'), 'survey', 'unchanged', []],
    [paused('operator'), undefined, '- -', ['incentive']],
    [paused('canary-failed', 'unknown-outcomes'), undefined, '- -', ['incentive', 'survey']],
  ])('a lane that is paused %o, kind %s: %s, a canary for %o', ([before, kind, expected, canary]) => {
    const control = { ...controlWith(before), recent: '??????' }
    const { control: after } = resume(control, now, kind)
    expect(after ? reasonsOf(after) : 'unchanged').toBe(expected)
    if (!after) return
    expect(after.version).toBe(1)
    expect(after.canary).toEqual(
      Object.fromEntries(canary.map((each) => [each, { since: now, payouts: [] }])),
    )
    expect(after.recent).toBeUndefined()
  })
})

test.for(pauseReasons)(
  're-opening a lane paused for %s takes two people unless a person has paused it',
  (reason) => {
    const expected = reason !== 'operator'
    expect(pausedItself(controlWith(paused(reason)))).toBe(expected)
    expect(pausedItself(controlWith(paused(undefined, reason)), 'survey')).toBe(expected)
    expect(pausedItself(controlWith(paused(reason)), 'survey')).toBe(false)
  },
)

describe('of the last sends', () => {
  test.for<readonly [known: number, unknown: number, tooMany: boolean]>([
    [0, 0, false],
    [0, 19, false],
    [16, 3, false],
    [16, 4, true],
    [17, 4, false],
    [0, 20, true],
    [40, 9, false],
    [40, 10, true],
    // Only fifty are looked back on.
    [400, 9, false],
    [400, 10, true],
  ])('%i are known and %i unknown: too many is %s', ([known, unknown, tooMany]) => {
    expect(tooManyUnknown(withRecent('', { known, unknown }))).toBe(tooMany)
  })

  test('the oldest are forgotten', () => {
    const bad = withRecent('', { known: 0, unknown: 20 })
    expect(bad).toHaveLength(20)
    const better = withRecent(bad, { known: 30, unknown: 0 })
    expect(tooManyUnknown(better)).toBe(true)
    const good = withRecent(better, { known: 11, unknown: 0 })
    expect(good).toHaveLength(50)
    expect(tooManyUnknown(good)).toBe(false)
  })
})
