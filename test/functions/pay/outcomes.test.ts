import { afterAll, expect, test } from 'vitest'
import type { EntryType } from '../../../shared/domain/entry.ts'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import {
  deferralReasons,
  type RejectionReason,
  rejectionRemedy,
  type TransferOutcome,
  unknownCauses,
} from '../../../shared/domain/outcome.ts'
import { shardOf } from '../../../shared/domain/payout.ts'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import { at, deferred, paid, pending, rejected, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { verified } from '../../support/scripted-partner.ts'
import { createLane, funded, incentive, shards } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

type Expected = {
  readonly entry: EntryType
  readonly row: Partial<PayoutRow>
  /** Whether the attempt keeps its part of the float. */
  readonly keeps: boolean
  readonly paused?: boolean
}

const isReason = (text: string): text is RejectionReason => text in rejectionRemedy
const reasons = Object.keys(rejectionRemedy).filter(isReason)
const pausing = ['float-empty', 'credentials-refused']
const tomorrow = at('2020-09-19T00:00:00+07:00')

const outcomes: readonly (readonly [string, TransferOutcome, Expected])[] = [
  ['paid', paid, { entry: 'disbursed', row: { state: 'paid' }, keeps: true }],
  ['pending', pending, { entry: 'pending', row: { state: 'pending', list: 'inquire' }, keeps: true }],
  ...unknownCauses.map((cause) => {
    const row = { state: 'unknown', list: 'inquire' } as const
    return [`unknown: ${cause}`, unknown(cause), { entry: 'unknown', row, keeps: true }] as const
  }),
  ...reasons.map((reason) => {
    const row = { state: 'failed', list: 'failed', reason, remedy: rejectionRemedy[reason] } as const
    return [`rejected: ${reason}`, rejected(reason), { entry: 'rejected', row, keeps: false }] as const
  }),
  ...deferralReasons.map((reason) => {
    const row = { state: 'scheduled', list: 'open', at: tomorrow } as const
    const paused = pausing.includes(reason)
    const expected = { entry: 'deferred', row, keeps: false, paused } as const
    return [`deferred: ${reason}`, deferred(reason, tomorrow), expected] as const
  }),
]

test.for(outcomes)('%s', async ([, outcome, { entry, row, keeps, paused = false }]) => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.partner.pays(outcome)
  const { results, pause } = await lane.pay([[participantId]])

  expect(results).toMatchObject([{ done: 'settled', sent: 1 }])
  expect(await lane.entries(participantId)).toEqual(['claimed', entry])
  const place = `${lane.partnerName}#${shardOf(participantId, 'incentive-1', shards)}`
  const list = row.list === undefined ? {} : { list: `${row.list}#${place}` }
  const stored = await lane.row(participantId)
  expect(stored).toMatchObject({
    seq: 2,
    partner: lane.partnerName,
    lastFour: participantId.slice(-4),
    ...row,
    ...list,
  })
  expect(stored?.list === undefined).toBe(row.list === undefined)

  const control = await lane.control()
  // What may have to pause the lane is told at once; the rest of it waits for the worker's next permit.
  const permits = keeps && row.state !== 'unknown' ? 1 : 0
  const left = { available: keeps ? funded - incentive : funded, permits }
  expect(await lane.float()).toEqual(left)
  expect(Object.keys(control.paused)).toEqual(paused ? ['incentive', 'survey'] : [])
  expect(pause !== undefined).toBe(paused)
  expect(await lane.misstatedFloat()).toBe(0)
})

test('a claim fixes everything the request is made from, before it is sent', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  lane.partner.verifies(verified({ fee: 2_500, session: 'S-1' }))
  const written: unknown[] = []
  lane.partner.pays(async () => {
    written.push(...(await lane.chain(participantId, 'incentive-1')))
    return paid
  })
  await lane.pay([[participantId]])
  const sent = lane.partner.asked.find(({ call }) => call === 'send')
  const reference = `${participantId}-I1-A1`
  expect(sent).toMatchObject({ reference })
  const now = lane.now()
  const event = {
    type: 'claimed',
    attempt: 1,
    reference,
    partner: lane.partnerName,
    lastFour: participantId.slice(-4),
    amount: incentive,
    transactionDate: now,
    fee: 2_500,
    session: 'S-1',
    bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    until: plusSeconds(now, 150),
  }
  expect(written).toMatchObject([{ seq: 1, by: expect.stringMatching(/^pay\//), event }])
})

test('a claim that took its whole term to be written down is not sent: others take it for sent', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  const append: typeof ledger.journal.append = async (...entry) => {
    const appended = await ledger.journal.append(...entry)
    lane.pass(150)
    return appended
  }
  await lane.pay([[participantId]], { ledger: { ...ledger, journal: { ...ledger.journal, append } } })
  expect(lane.partner.asked.map(({ call }) => call)).toEqual(['verify'])
  expect(await lane.entries(participantId)).toEqual(['claimed', 'deferred'])
  expect(await lane.row(participantId)).toMatchObject({ state: 'scheduled' })
  expect(await lane.float()).toMatchObject({ available: funded })
  expect(await lane.misstatedFloat()).toBe(0)
})

test('the third deferral in a row for one reason is a failure', async () => {
  const lane = await createLane(ledger)
  const participantId = await lane.participant()
  for (let attempt = 1; attempt <= 3; attempt++) {
    lane.partner.pays(deferred('daily-limit', lane.now()))
    await lane.pay([[participantId]])
  }
  expect(await lane.row(participantId)).toMatchObject({ state: 'failed', remedy: 'participant' })
})
