import { describe, expect, test, vi } from 'vitest'
import { eligibleForSettle, renewEligible } from '../../../functions/reconcile/eligible.ts'
import { type Instant, plusSeconds } from '../../../shared/domain/instant.ts'
import { readCase } from '../../../shared/ledger/payout.ts'
import { configurationOf } from '../../../shared/partners/registry.ts'
import { notFound, paid, rejected, unknown } from '../../domain/examples.ts'
import { day, later, lineOf, noon, referenceOf, startWith } from './payments.ts'
import { partner } from './world.ts'

describe('a statement', () => {
  test('of what was paid leaves nothing open, and the same file again changes nothing', async () => {
    const { world, people } = await startWith(paid, paid, rejected())
    const lines = people.slice(0, 2).map((id) => lineOf(id))
    const [first] = await world.statement(day, lines)
    expect(first).toMatchObject({ outcome: 'recorded', fresh: 0, run: { run: 1, complete: true } })
    expect(first).toMatchObject({
      run: { summary: { matched: { debit: { count: 2 } }, breaks: {}, previous: null } },
    })
    world.goTo(later(2), 6)
    expect(await world.statement(day, lines)).toMatchObject([{ outcome: 'repeated', run: { run: 1 } }])
  })

  test('settles what nobody knew as paid, and moves the float and the row', async () => {
    const { world, people } = await startWith(unknown())
    const [id = ''] = people
    const before = await world.ledger.lanes.read(partner)
    const [run] = await world.statement(day, [lineOf(id)])
    expect(run).toMatchObject({ run: { summary: { settled: 1, breaks: {} } } })
    expect(await world.entries(id)).toEqual(['claimed', 'unknown', 'disbursed'])
    const found = await readCase(world.ledger, { participantId: id, payout: 'incentive-1' })
    expect(found?.row).toMatchObject({ state: 'paid' })
    expect(found?.chain.at(-1)?.event).toMatchObject({
      evidence: { document: 'statement/gopay/2020-09-18/1' },
    })
    expect(await world.ledger.lanes.read(partner)).toMatchObject({
      available: before.available,
      permits: {},
    })
    world.goTo(later(2), 6)
    expect(await world.statement(day, [lineOf(id)])).toMatchObject([{ outcome: 'repeated' }])
    expect(await world.statement(later(1), [])).toMatchObject([
      {
        run: {
          summary: {
            matched: { debit: { count: 1 } },
            open: { theirs: { debit: { count: 0 } } },
            breaks: {},
          },
        },
      },
    ])
  })

  test.for([
    ['failed', true, {}],
    ['processed', false, { 'unparsable-line': 'new' }],
  ] as const)(
    'with a payout of status %s settles nothing, and the day is whole: %s',
    async ([status, complete, breaks]) => {
      const { world, people } = await startWith(unknown())
      const [id = ''] = people
      const [run] = await world.statement(day, [{ ...lineOf(id), status }])
      expect(run).toMatchObject({ run: { complete, summary: { settled: 0 } } })
      expect(await world.entries(id)).toEqual(['claimed', 'unknown'])
      expect(await world.breaks()).toEqual(breaks)
    },
  )

  test('brings to light that a closed attempt paid after all', async () => {
    const { world, people } = await startWith(rejected())
    const [id = ''] = people
    await world.statement(day, [lineOf(id)])
    expect(await world.entries(id)).toEqual(['claimed', 'rejected', 'surfaced'])
  })

  test('with a credit of what we hold as paid books the return, and says so until our own movement is there', async () => {
    const { world, people } = await startWith(paid)
    const [id = ''] = people
    await world.statement(day, [lineOf(id), { ...lineOf(id), type: 'refund' }])
    expect(await world.entries(id)).toEqual(['claimed', 'disbursed', 'returned'])
    expect(await world.breaks()).toEqual({ 'refund-or-reversal': 'new' })
    world.goTo(later(2), 6)
    await world.statement(later(1), [])
    expect(await world.breaks()).toEqual({ 'refund-or-reversal': 'resolved' })
  })

  test.for([
    ['a payment', unknown(), 'payout', 'paid'],
    ['a return', paid, 'refund', 'returned'],
  ] as const)(
    'that has died behind its entry of %s puts the row right when it is read again',
    async ([, outcome, type, state]) => {
      const { world, people } = await startWith(outcome)
      const [id = ''] = people
      const lines = [...(type === 'refund' ? [lineOf(id)] : []), { ...lineOf(id), type }]
      const project = vi.spyOn(world.ledger.participants, 'project').mockRejectedValueOnce(new Error('died'))
      await expect(world.statement(day, lines)).rejects.toThrow('died')
      project.mockRestore()
      const before = await world.entries(id)
      await world.statement(day, lines)
      expect(await world.entries(id)).toEqual(before)
      const found = await readCase(world.ledger, { participantId: id, payout: 'incentive-1' })
      expect(found?.row).toMatchObject({ state, seq: found?.standing.seq })
    },
  )

  test('that has died behind the second of its entries of a payout leaves to release what that one freed', async () => {
    const { world, people } = await startWith(rejected())
    const [id = ''] = people
    const lines = [lineOf(id), { ...lineOf(id), type: 'refund' as const }]
    // Announced, written, settled; announced, written: and then no more.
    const { write } = world.ledger.lanes
    let writes = 0
    vi.spyOn(world.ledger.lanes, 'write').mockImplementation(async (...change) => {
      if (++writes === 4) throw new Error('died')
      return write(...change)
    })
    await expect(world.statement(day, lines)).rejects.toThrow('died')
    expect(await world.entries(id)).toEqual(['claimed', 'rejected', 'surfaced', 'returned'])
    expect(await world.floatBreaks()).toEqual([])
  })

  test.for([0, 1])('with a fee that people book %i days later by its document matches it', async (days) => {
    const { world, people } = await startWith(paid)
    const fee = { type: 'fee', amount: 2_500, at: noon(), reference: 'INV-1' } as const
    const { available } = await world.ledger.lanes.read(partner)
    const statement = () => world.statement(day, [lineOf(people[0]), fee])
    const isMatched = { matched: { debit: { count: 1 }, fee: { count: 1 } }, breaks: {} }
    if (days === 0) {
      world.goTo(day, 15)
      expect(await world.charge(2_500, 'INV-1')).toBe('charged')
      world.goTo(later(1), 6)
      expect(await statement()).toMatchObject([{ run: { summary: isMatched } }])
    } else {
      expect(await statement()).toMatchObject([
        { run: { summary: { open: { theirs: { fee: { count: 1 } } } } } },
      ])
      expect(await world.charge(2_500, 'INV-1')).toBe('charged')
      world.goTo(later(2), 6)
      expect(await world.statement(later(1), [])).toMatchObject([
        { run: { summary: { matched: { fee: { count: 1 } }, open: { theirs: { fee: { count: 0 } } } } } },
      ])
    }
    expect(await world.breaks()).toEqual({})
    expect((await world.ledger.lanes.read(partner)).available).toBe(available - 2_500)
  })

  test.for<readonly [string, string, (id: string) => readonly (Parameters<typeof textLine>[0] | string)[]]>([
    ['on-statement-unknown-here', 'a reference that nobody has', () => [{ reference: 'P-99999-I1-A1' }]],
    ['amount-differs', 'another amount', (id) => [{ reference: referenceOf(id), amount: 60_000 }]],
    [
      'paid-twice-by-partner',
      'a line twice',
      (id) => [{ reference: referenceOf(id) }, { reference: referenceOf(id) }],
    ],
    [
      'unparsable-line',
      'a line that cannot be read',
      (id) => [{ reference: referenceOf(id) }, 'yesterday,payout,much,,,completed'],
    ],
  ])('has the break %s for %s, which persists and goes with a corrected file', async ([kind, , linesFor]) => {
    const { world, people } = await startWith(paid)
    const [id = ''] = people
    const right = kind === 'on-statement-unknown-here' ? [{ reference: referenceOf(id) }] : []
    const poisoned = [...right, ...linesFor(id)].map(textLine)
    const corrected = [textLine({ reference: referenceOf(id) })]
    expect(await world.statement(day, poisoned)).toMatchObject([{ outcome: 'recorded', fresh: 1 }])
    expect(await world.breaks()).toEqual({ [kind]: 'new' })
    world.goTo(later(2), 6)
    expect(await world.statement(later(1), [])).toMatchObject([{ outcome: 'recorded', fresh: 0 }])
    expect(await world.breaks()).toEqual({ [kind]: 'persisting' })
    const again = await world.statement(day, corrected)
    expect(again).toMatchObject([
      { outcome: 'recorded', run: { day, run: 2 } },
      { outcome: 'recorded', run: { day: later(1), run: 2 } },
    ])
    expect(await world.breaks()).toEqual({ [kind]: 'resolved' })
    const [record] = await world.reconciliations.breaks(partner)
    expect(record?.history.map(({ state }) => state)).toEqual(['new', 'persisting', 'resolved'])
    expect(await world.reconciliations.runsOf(partner, day)).toHaveLength(2)
  })

  test.for([
    ['2020-09-18.txt', 'neither partner nor day'],
    ['2020-09-19.csv', 'not over'],
    ['2020-09-18.xml', ''],
  ] as const)('named %s is refused', async ([name, why]) => {
    const { world } = await startWith(paid)
    const [refused] = await world.statement(day, [], name)
    expect(refused).toMatchObject({ outcome: 'refused', why: expect.stringContaining(why) })
    expect(await world.reconciliations.runs(partner, day, later(9))).toEqual([])
  })
})

/** When nothing that was sent until now may be sent again: before, nothing is eligible. */
const beyondSending = (now: Instant): Instant =>
  plusSeconds(now, configurationOf(partner).idempotencyWindowSeconds)

const textLine = (line: { readonly reference: string; readonly amount?: number } | string) =>
  typeof line === 'string' ? line : { at: noon(), ...line }

test('what no statement has by the end of the tolerance is a break, and only later eligible where it is unknown', async () => {
  const { world, people } = await startWith(paid, unknown())
  const [, missing = ''] = people
  const eligible = () => eligibleForSettle(world.deps, partner, beyondSending(world.now()))
  world.goTo(day, 10.25)
  world.partner.tells(notFound)
  await world.inquire()
  for (let days = 0; days <= 3; days++) {
    world.goTo(later(days + 1), 6)
    await world.statement(later(days), [])
    if (days === 2) {
      expect(await eligible()).toEqual([])
      world.partner.tells(notFound)
      await world.inquire()
    }
    expect(await eligible()).toEqual(days < 2 ? [] : [referenceOf(missing)])
    expect(await eligibleForSettle(world.deps, partner, world.now())).toEqual([])
  }
  expect(await world.breaks()).toEqual({ 'paid-here-not-on-statement': 'new' })
  expect(await world.entries(missing)).not.toContain('rejected')
})

test('a stranger’s debit of the same amount keeps it from being eligible until two people have written that off', async () => {
  const { world, people } = await startWith(unknown())
  const eligible = () => eligibleForSettle(world.deps, partner, beyondSending(world.now()))
  await world.statement(day, [{ at: noon(), reference: 'P-STRANGE-I1-A1' }])
  for (let days = 1; days <= 3; days++) {
    world.goTo(later(days + 1), 6)
    await world.statement(later(days), [])
  }
  world.partner.tells(notFound)
  await world.inquire()
  expect(await eligible()).toEqual([])
  const [found] = await world.reconciliations.breaks(partner)
  const said = { partner, id: found?.id ?? '', by: 'ani', note: 'gopay says that it is a shop of its own' }
  await world.remarks.remark({ ...said, at: world.now() })
  expect(await eligible()).toEqual([])
  await world.remarks.remark({ ...said, at: plusSeconds(world.now(), 1), writtenOffBy: 'budi' })
  expect(await eligible()).toEqual(people.map(referenceOf))
})

test('references that are eligible are kept for people, and made anew by each run, even by one that repeats a day', async () => {
  const { world, people } = await startWith(unknown(), unknown())
  const kept = async () => (await world.reconciliations.eligible(partner))?.references
  // However many a page of the list holds, all are looked at.
  const { worklist } = world.ledger
  world.deps.ledger = {
    ...world.ledger,
    worklist: { ...worklist, nominate: (list, range) => worklist.nominate(list, { ...range, limit: 1 }) },
  }
  world.goTo(later(3), 6)
  for (let days = 0; days <= 2; days++) {
    for (const _ of people) world.partner.tells(notFound)
    await world.inquire()
    const reconciled = await world.statement(later(days), [])
    if (days < 2) await renewEligible(world.deps, reconciled, beyondSending(world.now()))
  }
  expect(await kept()).toEqual([])
  const repeated = await world.statement(later(2), [])
  expect(repeated).toMatchObject([{ outcome: 'repeated' }])
  const eligible = people.map(referenceOf)
  expect([...(await renewEligible(world.deps, repeated, beyondSending(world.now())))].sort()).toEqual(
    eligible,
  )
  expect((await kept())?.sort()).toEqual(eligible)
  const [id = ''] = people
  expect(
    await renewEligible(
      world.deps,
      await world.statement(later(2), [], 'nobody.csv'),
      beyondSending(world.now()),
    ),
  ).toEqual([])
  expect((await kept())?.sort()).toEqual(eligible)
  await renewEligible(world.deps, await world.statement(later(2), [lineOf(id)]), beyondSending(world.now()))
  expect(await kept()).toEqual(eligible.slice(1))
})
