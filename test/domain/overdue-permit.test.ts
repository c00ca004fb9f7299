import { describe, expect, test } from 'vitest'
import { plusSeconds } from '../../shared/domain/instant.ts'
import type { Payout } from '../../shared/domain/payout.ts'
import {
  abandonedPermits,
  announce,
  type Control,
  endPermit,
  newControl,
  settlePermit,
  takePermit,
} from '../../shared/domain/permit.ts'
import { amountOf, scheme2020 } from '../../shared/domain/scheme.ts'
import { at } from './examples.ts'

const now = at('2020-09-18T10:00:00+07:00')
const ask = (payout: Payout) => ({
  participantId: 'P-1',
  payout,
  amount: amountOf(scheme2020, payout),
  requests: 1,
})
const incentive = ask('incentive-1')
const survey = ask('survey-1')
const funded: Control = { ...newControl(now), available: 1_000_000 }

describe('the permit of a worker that is overdue', () => {
  const taken =
    takePermit(funded, [incentive], { now, ratePerSecond: 5, permitId: 'permit-1' }).control ?? funded
  const later = (seconds: number) => plusSeconds(now, seconds)
  const nothing = { back: 0, unsettled: [] }

  test('gives back at once what the journal leaves of it, and stays for an hour', () => {
    const settled = settlePermit(taken, 'permit-1', 600_000, later(200))
    expect(settled).toMatchObject({ available: 1_000_000, version: taken.version + 1 })
    expect(settled.permits).toMatchObject({ 'permit-1': { givenBack: 600_000 } })
    expect(abandonedPermits(settled, later(3_600))).toEqual([])
    expect(abandonedPermits(settled, later(3_601))).toHaveLength(1)
    expect(settlePermit(settled, 'permit-1', 600_000, later(3_601))).toMatchObject({
      available: 1_000_000,
      permits: {},
    })
  })

  test.for([
    { name: 'has paid after all', back: 0, available: 400_000 },
    { name: 'has used none of it', back: 600_000, available: 1_000_000 },
    { name: 'has proven another attempt unpaid besides', back: 1_200_000, available: 1_600_000 },
  ])('that $name: the float is as if nobody had come before', ({ back, available }) => {
    const settled = settlePermit(taken, 'permit-1', 600_000, later(200))
    expect(endPermit(settled, 'permit-1', { back, unsettled: [] })).toMatchObject({ available, permits: {} })
    const written = settlePermit(settled, 'permit-1', back, later(3_601))
    expect(written).toMatchObject({ available, permits: {} })
  })

  test('that has used it up, and says so with its next: what was given back is taken again', () => {
    const settled = settlePermit(taken, 'permit-1', 600_000, later(200))
    const lane = { now: later(300), ratePerSecond: 100, permitId: 'permit-2', usedUp: new Set(['permit-1']) }
    expect(takePermit(settled, [survey], lane).control).toMatchObject({ available: 350_000 })
  })

  test('that does not know what came of one payment: all of that is hidden again', () => {
    const settled = settlePermit(taken, 'permit-1', 600_000, later(200))
    const { requests: _, ...unsettled } = incentive
    const ended = endPermit(settled, 'permit-1', { back: 0, unsettled: [unsettled] })
    expect(ended).toMatchObject({ available: 400_000 })
    expect(ended.permits).toEqual({ 'permit-1': { at: now, payouts: [unsettled] } })
  })

  test('that announces another payout keeps what it was given', () => {
    const settled = settlePermit(taken, 'permit-1', 600_000, later(200))
    const announced = announce(settled, 'permit-1', { participantId: 'P-2', payout: 'survey-1' }, later(300))
    expect(announced.permits['permit-1']).toMatchObject({ givenBack: 600_000 })
  })

  test('of an invocation that is repeated under its name: names a payout once', () => {
    const named = { participantId: 'P-2', payout: 'survey-1' } as const
    const once = announce(taken, 'permit-1', named, later(300))
    expect(announce(once, 'permit-1', named, later(400)).permits['permit-1']).toEqual({
      at: later(400),
      payouts: once.permits['permit-1']?.payouts,
    })
  })

  test('that has ended it meanwhile: nothing more is given', () => {
    const ended = endPermit(taken, 'permit-1', nothing)
    expect(settlePermit(ended, 'permit-1', 600_000, later(200))).toMatchObject({
      available: 400_000,
      permits: {},
    })
  })
})
