import { describe, expect, it } from 'vitest'
import { id, ok, operate, printed, set } from './operator.ts'

/** What people see of what they do. It is noon of 12 October 2020 in Jakarta. */

const job = {
  id,
  set,
  reason: 'OVO/4711',
  state: 'done',
  payments: 1_204,
  retried: 1_200,
  skipped: { changed: 3, held: 1 },
  startedBy: 'ani',
  approvedBy: 'budi',
  at: '2020-10-12T11:00:00+07:00',
  endedAt: '2020-10-12T11:02:00+07:00',
}
const proposal = {
  id,
  instruction: { instruction: 'fund', partner: 'bni', amount: 1_000_000_000, document: 'SP2D-1' },
  proposedBy: 'ani',
  at: '2020-10-12T11:00:00+07:00',
  expiresAt: '2020-10-13T11:00:00+07:00',
  state: 'proposed',
}

describe('retry', () => {
  const preview = {
    set,
    payments: 1_204,
    rupiah: 722_400_000,
    skipped: { 'needs-participant': 40, 'unknown-outcome': 1 },
    skippedPayouts: [{ participantId: 'P-1', payout: 'survey-1', why: 'unknown-outcome' }],
    needsApproval: true,
    approvalReasons: [
      'more payments than one person may retry alone in a day: 1,204, above 100',
      'money said returned by a statement: 2 payments',
    ],
    truncated: true,
    lookedTo: '2020-10-03T09:30:00+07:00',
    next: 'c2',
  }

  it('previews what would be sent, and what not and why', async () => {
    expect(await printed(['retry', '--all'], preview)).toMatchInlineSnapshot(`
      "would retry 1,204 payments, Rp722,400,000; a second person has to approve it
      it takes two people: more payments than one person may retry alone in a day: 1,204, above 100
      it takes two people: money said returned by a statement: 2 payments
      looked at what has failed up to 2020-10-03 09:30, oldest first: there is more

      SKIPPED  WHY
            1  unknown-outcome    nobody knows whether it was paid: inquire, or settle by a document
           40  needs-participant  the participant has to link another account first

      PAYOUT        WHY
      P-1/survey-1  unknown-outcome

      set 3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c
      ! Carry it out: npm run ops -- retry --apply 3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c --reason "…"
      ! The rest: npm run ops -- retry --all --cursor c2
      = 0"
    `)
  })

  it('names only the first of many that would be skipped', async () => {
    const skippedPayouts = Array.from({ length: 21 }, (_, index) => ({
      participantId: `P-${index + 1}`,
      payout: 'survey-1',
      why: 'held',
    }))
    const text = await printed(['retry', '--all'], { ...preview, skippedPayouts })
    expect(text).toContain('P-20/survey-1  held\nand 1 more\n')
  })

  it('has nothing to carry out when nothing would be sent', async () => {
    const { lookedTo: _, next: __, ...whole } = preview
    const nothing = {
      ...whole,
      payments: 0,
      rupiah: 0,
      skipped: {},
      skippedPayouts: [],
      needsApproval: false,
      approvalReasons: [],
    }
    expect(await printed(['retry', '--all'], { ...nothing, truncated: false })).toMatchInlineSnapshot(`
      "would retry 0 payments, Rp0
      = 0"
    `)
  })

  it('shows what its job came to', async () => {
    expect(await printed(['approve', id], { result: 'started', job })).toMatchInlineSnapshot(`
      "done  retried 1,200 of 1,204 payments, skipped 4
        3 changed
        1 held
      job 0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c, started by ani, approved by budi on 2020-10-12 11:00, ended 2020-10-12 11:02
      why: OVO/4711
      = 0"
    `)
  })
})

it.each([
  [{ instruction: 'retry', set, reason: 'repaired' }, 'retry the payments of set 3f1c3f1c3f1c…: repaired'],
  [
    { instruction: 'cancel', subjects: { participantId: 'P-1' }, reason: 'revoked' },
    'cancel participant P-1: revoked',
  ],
  [
    {
      instruction: 'hold',
      subjects: { payouts: ['1', '2', '3'].map((n) => ({ participantId: 'P-1', payout: `survey-${n}` })) },
      reason: 'doubtful',
    },
    'hold P-1/survey-1 and 2 others: doubtful',
  ],
  [
    {
      instruction: 'settle',
      reference: 'P-1-I1-A1',
      outcome: 'not-paid',
      document: 'BNI/1',
      reason: 'never arrived',
    },
    'settle P-1-I1-A1 as not paid by BNI/1: never arrived',
  ],
  [proposal.instruction, 'add Rp1,000,000,000 to the float at bni by SP2D-1'],
  [{ ...proposal.instruction, instruction: 'sweep' }, 'take Rp1,000,000,000 from the float at bni by SP2D-1'],
  [{ ...proposal.instruction, instruction: 'fee' }, 'book a fee of Rp1,000,000,000 at bni by SP2D-1'],
  [{ instruction: 'recovered', reference: 'P-1-I1-A1', document: 'CR-1' }, 'P-1-I1-A1 has come back by CR-1'],
  [
    { instruction: 'write-off', reference: 'P-1-I1-A1', document: 'BA-7', reason: 'lost' },
    'write off P-1-I1-A1 by BA-7: lost',
  ],
  [{ instruction: 'pause', reason: 'audit' }, 'pause the whole programme: audit'],
  [
    { instruction: 'resume', partner: 'ovo', kind: 'survey', reason: 'back' },
    'resume ovo, survey payouts: back',
  ],
])('the instruction %j reads well', async (instruction, sentence) => {
  const { out } = await operate(['proposals'], [ok({ proposals: [{ ...proposal, instruction }] })])
  expect(out.trimEnd().endsWith(`in 23 hours  ${sentence}`)).toBe(true)
})

it('tells both people what statements say of an attempt that is to be settled as not paid', async () => {
  const statements = 'the statement of 2020-10-03 is missing'
  const instruction = {
    ...{ instruction: 'settle', reference: 'P-1-I1-A1', outcome: 'not-paid' },
    ...{ document: 'BNI/1', reason: 'never arrived' },
  }
  const said = `settle P-1-I1-A1 as not paid by BNI/1: never arrived; statements: ${statements}`
  const own = { ...proposal, instruction, statements }
  expect(await printed(['proposals'], { proposals: [own] })).toContain(said)
  const args = ['settle', 'P-1-I1-A1', '--not-paid', '--document', 'BNI/1', '--reason', 'never arrived']
  expect(await printed(args, { result: 'proposed', proposal: own })).toContain(said)
})

describe('the other answers', () => {
  it.each([
    [['proposals'], { proposals: [] }, 'nothing was proposed'],
    [['jobs'], { jobs: [] }, 'no job was ever started'],
    [['quarantine'], { events: [] }, 'no event is in quarantine'],
    [['dlq'], { messages: [] }, 'the dead-letter queues are empty'],
    [['dlq', 'tidy'], { result: 'done', effects: [] }, 'done: there was nothing to change'],
    [
      ['audit', '--from', '2020-10-12'],
      { records: [], digests: [] },
      '0 records, each following from the one before it',
    ],
  ])('%j with nothing to show is a sentence', async (args, body, sentence) => {
    expect(await printed(args, body)).toBe(`${sentence}\n= 0`)
  })

  it('of proposals and jobs are tables', async () => {
    const tables = [
      await printed(['proposals'], {
        proposals: [proposal, { ...proposal, state: 'approved', approvedBy: 'budi' }],
      }),
      await printed(['jobs'], { jobs: [job] }),
    ]
    expect(tables.join('\n\n')).toMatchInlineSnapshot(`
      "PROPOSAL                              STATE     PROPOSED (WIB)    BY   EXPIRES      APPROVED BY  WHAT
      0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c  proposed  2020-10-12 11:00  ani  in 23 hours               add Rp1,000,000,000 to the float at bni by SP2D-1
      0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c  approved  2020-10-12 11:00  ani               budi         add Rp1,000,000,000 to the float at bni by SP2D-1
      = 0

      JOB                                   STATE  PAYMENTS  RETRIED  SKIPPED  STARTED (WIB)     BY   APPROVED BY  REASON
      0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c  done      1,204    1,200        4  2020-10-12 11:00  ani  budi         OVO/4711
      = 0"
    `)
  })

  it('of quarantine, dead letters and audit are tables', async () => {
    const event = {
      hash: set,
      reason: 'malformed',
      detail: 'wave: not a number',
      at: '2020-10-10T11:00:00+07:00',
    }
    const message = { queue: 'local-pay-bni', messageId: id, about: 'P-1/incentive-1', standing: 'settled' }
    const record = {
      day: '2020-10-12',
      seq: 1,
      at: '2020-10-12T04:00:00.000Z',
      by: 'ani',
      role: 'operator',
      action: 'instruct/hold',
      detail: {
        effects: { held: 3, 'not held: it is paid': 1 },
        key: 'k1',
        instruction: { instruction: 'hold', subjects: { participantId: 'P-1' }, reason: 'two words' },
      },
      previousHash: '',
      hash: set,
    }
    const tables = [
      await printed(['quarantine'], { events: [event] }),
      await printed(['dlq'], { messages: [message] }),
      await printed(['audit', '--from', '2020-10-12'], {
        records: [record],
        digests: [],
        broken: '2020-10-12 1',
      }),
    ]
    expect(tables.join('\n\n')).toMatchInlineSnapshot(`
      "HASH                                                              REASON     REFUSED (WIB)        AGE  DETAIL
      3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c  malformed  2020-10-10 11:00  2 days  wave: not a number
      = 0

      QUEUE          ABOUT            STANDING  MESSAGE
      local-pay-bni  P-1/incentive-1  settled   0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c
      ! Clear them: npm run ops -- dlq tidy
      = 0

      RECORD        WHEN (WIB)        BY   ROLE      ACTION         DETAIL
      2020-10-12 1  2020-10-12 11:00  ani  operator  instruct/hold  hold participant P-1: two words; 3 held, 1 not held: it is paid; key=k1
      the chain is broken at 2020-10-12 1: that record, or the one before it, was changed or taken out
      = 1"
    `)
  })

  it('of an event in quarantine is what may be seen of it', async () => {
    const listed = {
      hash: set,
      reason: 'malformed',
      detail: 'wave: not a number',
      at: '2020-10-10T11:00:00+07:00',
    }
    const event = { detail: { participantId: 'P-1\u202e', accountNumber: '…5544' } }
    const shown = await operate(
      ['quarantine', 'show', '3f1c'],
      [ok({ events: [listed] }), ok({ ...listed, event, hidden: 2 })],
    )
    expect(shown.sent).toMatchObject([
      { path: '/quarantine', query: { cursor: '3f1c' } },
      { path: '/quarantine/{hash}', parameters: { hash: set } },
    ])
    expect(shown.out).toMatchInlineSnapshot(`
      "3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c3f1c
      malformed, refused 2020-10-10 11:00 (2 days)
      wave: not a number
      {
        "detail": {
          "participantId": "P-1�",
          "accountNumber": "…5544"
        }
      }
      not shown, since nobody knows what is in there: 2 fields
      "
    `)
    const other = await operate(['quarantine', 'show', '3f1d'], [ok({ events: [listed] })])
    expect(other).toMatchObject({ code: 1, out: 'no event 3f1d is in quarantine\n' })
    const mistaken = await operate(['quarantine', 'show', 'xyz'])
    expect(mistaken).toMatchObject({ code: 2, sent: [] })
  })

  it('of several pages are one', async () => {
    const event = { hash: set, reason: 'malformed', detail: '', at: '2020-10-10T11:00:00+07:00' }
    const older = { ...event, hash: 'ff', at: '2020-10-09T11:00:00+07:00' }
    const first = ok({ events: [event], next: set })
    const { out, sent } = await operate(['quarantine', '--json'], [first, ok({ events: [older] })])
    expect(JSON.parse(out)).toEqual({ events: [event, older] })
    expect(sent.map(({ query }) => query)).toEqual([{ limit: '50' }, { cursor: set }])
    const people = await operate(['quarantine'], [first, ok({ events: [older] })])
    expect(people.out.indexOf('ff ')).toBeLessThan(people.out.indexOf(set))
    const endless = await operate(['quarantine'], [first])
    expect(endless.sent).toHaveLength(40)
    expect(endless.out).toContain('there are more')
  })
})
