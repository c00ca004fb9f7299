import { afterAll, describe, expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import type { InquiryOutcome, TransferOutcome } from '../../../shared/domain/outcome.ts'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import { at, cancelled, failed, notFound, paid, pending, refunded, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, funded, incentive, type Lane, settledSeconds } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

const starts = { pending, unknown: unknown() }

/** A payout whose only send came to `outcome` so many seconds ago; its first question is due. */
async function open(lane: Lane, outcome: TransferOutcome, seconds = 60): Promise<string> {
  const participantId = await lane.participant()
  lane.partner.pays(outcome)
  await lane.pay([[participantId]])
  lane.pass(seconds)
  return participantId
}

type Start = keyof typeof starts
type Expected = {
  readonly entries: readonly string[]
  readonly row: Partial<PayoutRow>
  readonly keeps?: boolean
}
type Case = readonly [Start, string, InquiryOutcome, Expected, seconds?: number]
const unmoved = (state: Start): Expected => ({ entries: [], row: { state, inquiries: 1 } })
const failedFor = (reason: string): Expected => ({
  entries: ['rejected'],
  row: { state: 'failed', reason, remedy: 'partner' },
  keeps: false,
})
const returned = { entries: ['disbursed', 'returned'], row: { state: 'returned' }, keeps: false } as const
const endings: readonly [string, InquiryOutcome, Expected][] = [
  ['failed', failed, failedFor('failed-at-partner')],
  ['cancelled', cancelled, failedFor('cancelled-at-partner')],
  ['refunded', refunded, returned],
]
/** The partner knows the reference, which is what it says by "pending". */
const heard = {
  pending: unmoved('pending'),
  unknown: { entries: ['pending'], row: { state: 'pending' } },
} as const satisfies Readonly<Record<Start, Expected>>
const cases: readonly Case[] = [
  ['pending', 'paid', paid, { entries: ['disbursed'], row: { state: 'paid' } }],
  ['unknown', 'paid', paid, { entries: ['disbursed'], row: { state: 'paid' } }],
  ['pending', 'pending', pending, unmoved('pending')],
  ['unknown', 'pending', pending, { entries: ['pending'], row: { state: 'pending' } }],
  ['pending', 'not found', notFound, { entries: ['unknown'], row: { state: 'unknown' } }],
  ['unknown', 'not found', notFound, { entries: ['asked'], row: { state: 'unknown' } }],
  ['pending', 'unknown', unknown(), unmoved('pending')],
  ['unknown', 'unknown', unknown(), unmoved('unknown')],
  ...(['pending', 'unknown'] as const).flatMap((start) =>
    endings.flatMap(([name, outcome, expected]): Case[] => [
      [start, `${name} while it is not final`, outcome, heard[start], settledSeconds - 1],
      [start, `${name} for good`, outcome, expected, settledSeconds],
    ]),
  ),
]

test.for(cases)('%s, then %s', async ([start, , outcome, { entries, row, keeps = true }, seconds]) => {
  const lane = await createLane(ledger)
  const participantId = await open(lane, starts[start], seconds)
  lane.partner.tells(outcome)
  const { asked, next, reported } = await lane.inquire()
  expect({ asked, next }).toEqual({ asked: 1, next: plusSeconds(lane.now(), 60) })
  expect(reported).toHaveLength(1)
  expect(await lane.entries(participantId)).toEqual(['claimed', start, ...entries])
  expect(await lane.row(participantId)).toMatchObject({ seq: 2 + entries.length, ...row })
  expect(lane.partner.asked.at(-1)).toEqual({ call: 'inquire', reference: `${participantId}-I1-A1` })
  expect(await lane.control()).toMatchObject({ available: keeps ? funded - incentive : funded })
  expect(await lane.misstatedFloat()).toBe(0)
})

test('questions come later and later, and daily at six in the end', async () => {
  const lane = await createLane(ledger)
  const participantId = await open(lane, unknown())
  const places: unknown[] = []
  for (let question = 1; question <= 7; question++) {
    const row = await lane.row(participantId)
    places.push(row?.at)
    lane.goTo(row?.at ?? '')
    lane.partner.tells(unknown())
    await lane.inquire()
    expect(await lane.row(participantId)).toMatchObject({ inquiries: question })
  }
  const pauses = [60, 360, 1_260, 4_860, 26_460].map((seconds) =>
    plusSeconds(at('2020-09-18T10:00:01+07:00'), seconds),
  )
  const mornings = ['2020-09-19T06:00:00+07:00', '2020-09-20T06:00:00+07:00'].map(at)
  expect(places).toEqual([...pauses, ...mornings])
  expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown'])
})

test('not found is noted twice, however often it is said', async () => {
  const lane = await createLane(ledger)
  const participantId = await open(lane, unknown())
  for (let question = 0; question < 5; question++) {
    lane.partner.tells(notFound)
    await lane.inquire()
    lane.pass(172_800)
  }
  expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'asked', 'asked'])
})

describe('an answer that was overtaken', () => {
  test.for<[string, InquiryOutcome, readonly string[]]>([
    ['proof of payment is accepted', paid, ['pending', 'disbursed']],
    ['proof of failure is not', failed, ['pending']],
    ['not found is not', notFound, ['pending']],
    ['a refund is not', refunded, ['pending']],
  ])('while something else was written: %s', async ([, outcome, entries]) => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown(), settledSeconds)
    lane.partner.tells(async () => {
      lane.partner.tells(pending)
      await lane.inquire()
      return outcome
    })
    await lane.inquire()
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', ...entries])
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('while the attempt was closed: proof of payment surfaces, and the float is taken again', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown(), settledSeconds)
    lane.partner.tells(async () => {
      lane.partner.tells(failed)
      await lane.inquire()
      return paid
    })
    await lane.inquire()
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'rejected', 'surfaced'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid', seq: 4 })
    expect(await lane.control()).toMatchObject({ available: funded - incentive })
  })
})

describe('a row that is behind the journal', () => {
  test('in a list of questions though the payout is paid: the row is written, nobody is asked', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown())
    const behind = await lane.row(participantId)
    if (!behind) throw new Error('there is no row')
    const { participants } = ledger
    const project = () => Promise.reject(new Error('the worker is gone'))
    lane.partner.tells(paid)
    const dying = await lane.inquire({ ledger: { ...ledger, participants: { ...participants, project } } })
    expect(dying.reported).toEqual([{ failed: new Error('the worker is gone'), lasting: false }])
    expect(await lane.row(participantId)).toEqual(behind)

    expect(await lane.inquire()).toMatchObject({ asked: 1, reported: [{ entries: [] }] })
    expect(await lane.row(participantId)).toMatchObject({ state: 'paid' })
    expect(lane.partner.asked.filter(({ call }) => call === 'inquire')).toHaveLength(1)
  })

  test('though nothing new is heard: the row is written all the same', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown())
    const project = () => Promise.reject(new Error('the worker is gone'))
    lane.partner.tells(pending, pending)
    await lane.inquire({ ledger: { ...ledger, participants: { ...ledger.participants, project } } })
    expect(await lane.row(participantId)).toMatchObject({ state: 'unknown', seq: 2 })
    expect(await lane.inquire()).toMatchObject({ reported: [{ entries: [] }] })
    expect(await lane.row(participantId)).toMatchObject({ state: 'pending', seq: 3 })
  })

  test('in it though a resend is under way: nobody is asked before its term has ended', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown())
    lane.pass(2_000)
    lane.partner.tells(notFound)
    lane.partner.pays(() => {
      throw new Error('the worker is gone')
    })
    const configuration = { settleWindowSeconds: 900, idempotencyWindowSeconds: 86_400 }
    await lane.inquire({ configuration })
    const sent = ['claimed', 'unknown', 'resent']
    expect(await lane.entries(participantId)).toEqual(sent)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual(sent)
    lane.pass(400)
    await lane.inquire({ configuration })
    expect(await lane.entries(participantId)).toEqual([...sent, 'unknown'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'unknown', seq: 4 })
    expect(lane.partner.asked.filter(({ call }) => call === 'inquire')).toHaveLength(1)
  })

  test('before the entry that must follow a refund: it is written without asking', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown(), settledSeconds)
    const { journal } = ledger
    let appends = 0
    const append: typeof journal.append = async (chain, draft) => {
      if (++appends > 1) throw new Error('the worker is gone')
      return journal.append(chain, draft)
    }
    lane.partner.tells(refunded)
    await lane.inquire({ ledger: { ...ledger, journal: { ...journal, append } } })
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'disbursed'])
    // Whoever is woken up without a permit leaves it: nobody would tell the lane of the float that it frees.
    const woken = await lane.pay([[participantId]])
    expect(woken.results).toMatchObject([{ done: 'nothing-to-do', entries: [] }])
    expect(await lane.float()).toMatchObject({ available: funded - incentive })
    expect(await lane.row(participantId)).toMatchObject({ list: expect.stringMatching(/^inquire#/) })
    await lane.inquire()
    expect(await lane.entries(participantId)).toEqual(['claimed', 'unknown', 'disbursed', 'returned'])
    expect(await lane.row(participantId)).toMatchObject({ state: 'returned' })
    expect(lane.partner.asked.filter(({ call }) => call === 'inquire')).toHaveLength(1)
  })
})

describe('a run', () => {
  test('asks the oldest first, over all shards, and no more than its share', async () => {
    const lane = await createLane(ledger)
    const ids: string[] = []
    for (let index = 0; index < 4; index++) ids.push(await open(lane, unknown()))
    lane.pass(60)
    lane.partner.tells(pending, pending, pending)
    const { asked } = await lane.inquire({ questionsMax: 3 })
    expect(asked).toBe(3)
    const questions = lane.partner.asked.filter(({ call }) => call === 'inquire')
    const references = questions.map((question) => ('reference' in question ? question.reference : ''))
    expect(references.sort()).toEqual(ids.slice(0, 3).map((id) => `${id}-I1-A1`))
  })

  test('asks nobody before the time, and says when that is', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown())
    lane.pass(-1)
    const row = await lane.row(participantId)
    expect(await lane.inquire()).toEqual({ asked: 0, next: row?.at, reported: [] })
    lane.pass(1)
    lane.partner.tells(paid)
    expect(await lane.inquire()).toMatchObject({ asked: 1 })
    expect(await lane.inquire()).toEqual({ asked: 0, next: null, reported: [] })
  })

  test('asks nobody without the time for it', async () => {
    const lane = await createLane(ledger)
    const participantId = await open(lane, unknown())
    const before = await lane.row(participantId)
    const { next } = await lane.inquire({ turn: async () => false })
    expect(next).toBe(plusSeconds(lane.now(), 60))
    expect(await lane.row(participantId)).toEqual(before)
    expect(lane.partner.asked.filter(({ call }) => call === 'inquire')).toEqual([])
  })

  test('goes on after a failure of ours, which leaves its payout where it is', async () => {
    const lane = await createLane(ledger)
    const [first, second] = [await open(lane, unknown()), await open(lane, unknown(), settledSeconds)]
    const before = await lane.row(first)
    const bug = new Error('a bug of ours')
    const answers = new Map<string, InquiryOutcome>([[`${second}-I1-A1`, failed]])
    const inquire: Lane['partner']['inquire'] = async ({ partnerReferenceNo }) => {
      const answer = answers.get(partnerReferenceNo)
      if (!answer) throw bug
      return answer
    }
    const { reported } = await lane.inquire({ partner: { ...lane.partner, inquire } })
    expect(reported).toContainEqual({ failed: bug, lasting: false })
    expect(await lane.row(first)).toEqual(before)
    expect(await lane.row(second)).toMatchObject({ state: 'failed' })
    expect(await lane.misstatedFloat()).toBe(0)
  })

  test('asks about an attempt at its own partner, whatever was linked since', async () => {
    const [lane, other] = [await createLane(ledger), await createLane(ledger)]
    const participantId = await open(lane, unknown(), settledSeconds)
    await lane.link(participantId, { partner: other.partnerName, linkedAt: '2020-09-18T10:00:30+07:00' })
    lane.partner.tells(failed)
    await lane.inquire()
    const row = { state: 'scheduled', partner: other.partnerName }
    expect(await lane.row(participantId)).toMatchObject(row)
    expect(other.partner.asked).toEqual([])
  })
})
