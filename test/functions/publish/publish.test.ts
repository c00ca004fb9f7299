import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payoutStatusChanged } from '../../../functions/publish/event.ts'
import { publish } from '../../../functions/publish/publish.ts'
import { replay, stateOf } from '../../../shared/domain/fold.ts'
import { jakartaDate } from '../../../shared/domain/instant.ts'
import { payouts } from '../../../shared/domain/payout.ts'
import { changesShown, shownOf } from '../../../shared/domain/public-status.ts'
import { at, linked, paid, pending, rejected, unlinked } from '../../domain/examples.ts'
import { newWorld, step, take } from '../../domain/model.ts'
import { createStory, relink, type Story } from '../../domain/story.ts'
import { certificateOf } from '../../finance/people.ts'
import { accrual, corrupted, inserted, tampered } from './records.ts'
import { busWith, deliver, entriesOf, heardOf, type Luck, ledgerOf, type Told } from './world.ts'

const begun = at('2020-09-18T10:00:01+07:00')

function toldOf(...steps: ((story: Story) => unknown)[]): Told {
  const story = createStory()
  for (const act of steps) act(story)
  return { participantId: 'P-1', story }
}
const claim = (story: Story) => story.claim()
const settle = (outcome: Parameters<Story['settle']>[0]) => (story: Story) => story.settle(outcome)

/** Publishes everything of one story in one batch. */
async function publishAll(told: Told) {
  const { ledger, reads } = ledgerOf([told])
  const { events, put } = busWith()
  await deliver({ ledger, put }, entriesOf(told).map(inserted))
  return { events, reads }
}

describe('a payout', () => {
  test('is announced when its claim is written, and when it is paid; never in between', async () => {
    const told = toldOf(claim, settle(pending), (story) => story.answer(paid))
    const { ledger } = ledgerOf([told])
    const { events, put } = busWith()
    for (const entry of entriesOf(told)) await deliver({ ledger, put }, [inserted(entry)])
    const shared = { participantId: 'P-1', payout: 'incentive-1', partner: 'gopay', lastFour: '0001' }
    expect(events).toEqual([
      { ...shared, eventId: 'P-1:incentive-1:1', status: 'in-process', since: begun, sequence: 1 },
      { ...shared, eventId: 'P-1:incentive-1:3', status: 'paid', since: begun, sequence: 3 },
    ])
  })

  test('that is claimed and paid in one batch is announced once', async () => {
    const { events } = await publishAll(toldOf(claim, settle(paid)))
    expect(events.map(({ eventId }) => eventId)).toEqual(['P-1:incentive-1:2'])
  })

  test('whose account is refused is for the participant to repair, until another account is linked', async () => {
    const refused = toldOf((story) => story.refuse())
    expect((await publishAll(refused)).events).toMatchObject([
      { status: 'action-needed', reason: 'account-unknown', remedy: 'participant', sequence: 1 },
    ])
    relink(refused.story, '2')
    expect((await publishAll(refused)).events).toMatchObject([
      { status: 'in-process', partner: 'bni', lastFour: '0002', sequence: 1 },
    ])
  })

  test('that has moved on since is told as it was after each entry, one after another', async () => {
    const told = toldOf(claim, settle(rejected()), (story) => story.retry(), claim, settle(paid))
    const { ledger } = ledgerOf([told])
    const { events, put } = busWith()
    for (const entry of entriesOf(told)) await deliver({ ledger, put }, [inserted(entry)])
    expect(events.map(({ status, sequence }) => [status, sequence])).toEqual([
      ['in-process', 1],
      ['action-needed', 2],
      ['in-process', 3],
      ['in-process', 4],
      ['paid', 5],
    ])
  })
})

describe('a new entitlement announces all seven payouts', () => {
  test.each([
    ['with an account', linked, { status: 'in-process', partner: 'gopay', lastFour: '0001' }],
    ['without one', unlinked, { status: 'waiting', reason: 'account' }],
  ])('%s', async (_what, facts, incentive) => {
    const { ledger } = ledgerOf([{ participantId: 'P-1', story: createStory('incentive-1', facts) }])
    const { events, put } = busWith()
    await deliver({ ledger, put }, [inserted(accrual('P-1', begun))])
    expect(events.map(({ payout }) => payout)).toEqual(payouts)
    for (const event of events) {
      const survey = { status: 'waiting', reason: 'survey' }
      expect(event).toMatchObject(event.payout.startsWith('survey') ? survey : incentive)
      expect(event).toMatchObject({ sequence: 0, since: begun, eventId: `P-1:${event.payout}:0` })
    }
  })
})

test('one more certificate announces nothing', async () => {
  const { ledger, reads } = ledgerOf([{ participantId: 'P-1', story: createStory() }])
  const { events, put } = busWith()
  await deliver({ ledger, put }, [inserted(certificateOf('P-1', 1))])
  expect({ events, reads }).toEqual({ events: [], reads: { chains: 0, participants: 0 } })
})

describe('what is read', () => {
  test('is nothing where a batch holds the whole chain and the journal decides alone', async () => {
    const { reads } = await publishAll(toldOf(claim, settle(paid)))
    expect(reads).toEqual({ chains: 0, participants: 0 })
  })

  test('is the participant, once, where facts have a say', async () => {
    const { reads } = await publishAll(toldOf(claim, settle(rejected()), (story) => story.retry()))
    expect(reads).toEqual({ chains: 0, participants: 1 })
  })

  test('is a chain, once, whose beginning is not in the batch', async () => {
    const told = toldOf(claim, settle(rejected()), (story) => story.retry(), claim, settle(paid))
    const { ledger, reads } = ledgerOf([told])
    await deliver({ ledger, put: busWith().put }, entriesOf(told).slice(1).map(inserted))
    expect(reads.chains).toBe(1)
  })
})

describe('what cannot be published', () => {
  const [first, second] = ['P-1', 'P-2'].map((participantId) => {
    const story = createStory()
    story.claim()
    return { participantId, story }
  })
  const records = [first, second].flatMap((told) => (told ? entriesOf(told).map(inserted) : []))

  test('stops all that follows it, and what came before is published', async () => {
    const { ledger } = ledgerOf([])
    const { events, put } = busWith()
    const { failed, ...rest } = await publish({ ledger, put }, [records[0], corrupted(), records[1]])
    expect(failed).toMatchObject({ index: 1 })
    expect(rest).toEqual({ events: 1, tampered: [] })
    expect(events.map(({ participantId }) => participantId)).toEqual(['P-1'])
  })

  test('is every record of a request that the bus has not taken', async () => {
    const { ledger } = ledgerOf([])
    const { put } = busWith(['refused'])
    const published = await publish({ ledger, put }, records)
    expect(published).toEqual({ events: 0, tampered: [], failed: { index: 0, error: new Error('refused') } })
  })

  test('is an entry that the journal does not have', async () => {
    const told = toldOf(claim, settle(paid))
    const [, last] = entriesOf(told).map(inserted)
    const { failed } = await publish({ ledger: ledgerOf([]).ledger, put: busWith().put }, [last])
    expect(failed?.error).toEqual(new Error('the journal lacks entry 2 of incentive-1 of P-1'))
  })
})

test.each(['MODIFY', 'REMOVE'] as const)(
  '%s of an entry is told by its key, published to nobody, and holds nothing up',
  async (done) => {
    const told = toldOf(claim, settle(paid))
    const [claimed, disbursed] = entriesOf(told)
    if (!claimed || !disbursed) throw new Error('two entries were written')
    const { events, put } = busWith()
    const { ledger } = ledgerOf([told])
    const published = await publish({ ledger, put }, [tampered(done, claimed), inserted(disbursed)])
    expect(published).toEqual({ events: 1, tampered: [{ done, pk: 'P-1', sk: 'incentive-1#0001' }] })
    expect(events.map(({ status }) => status)).toEqual(['paid'])
  },
)

/** Stories, and their records in any order, some more than once, in batches of any size, on a bus with any luck. */
const worlds = fc.record({
  stories: fc.array(
    fc.record({ payout: fc.constantFrom(...payouts), steps: fc.array(step, { maxLength: 25 }) }),
    { minLength: 1, maxLength: 3 },
  ),
  order: fc.array(fc.nat(), { minLength: 100, maxLength: 100 }),
  repeats: fc.array(fc.nat(), { maxLength: 20 }),
  sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 10 }),
  luck: fc.array(fc.constantFrom<Luck>('taken', 'refused', 'taken but not answered'), { maxLength: 30 }),
})

test('whatever is mixed up, repeated, refused or not answered, a subscriber ends with the right status', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async ({ stories, order, repeats, sizes, luck }) => {
      const people = stories.map(({ payout, steps }, index): Told => {
        const story = createStory(payout)
        const world = newWorld(story)
        for (const each of steps) take(world, each)
        return { participantId: `P-${index}`, story }
      })
      const once = people.flatMap((told) => [
        inserted(accrual(told.participantId, begun)),
        ...entriesOf(told).map(inserted),
      ])
      const again = repeats.flatMap((which) => once[which % once.length] ?? [])
      const mixed = [...once, ...again]
        .map((record, index) => ({ record, place: order[index % order.length] ?? 0 }))
        .sort((a, b) => a.place - b.place)
        .map(({ record }) => record)
      const bus = busWith(luck)
      const { ledger } = ledgerOf(people)
      for (let taken = 0, batch = 0; taken < mixed.length; batch++) {
        const size = sizes[batch % sizes.length] ?? 1
        await deliver({ ledger, put: bus.put }, mixed.slice(taken, taken + size))
        taken += size
      }
      const heard = heardOf(bus.events)
      expect(heard.size).toBe(people.length * payouts.length)
      for (const told of people) expect(heard.get(keyOf(told))).toEqual(expectedOf(told))
      for (const event of bus.events) payoutStatusChanged.parse(event)
    }),
  )
})

const keyOf = ({ participantId, story }: Told) => `${participantId} ${story.payout}`

/** What the whole chain says, under the last entry that could change it. */
function expectedOf(told: Told) {
  const { participantId, story } = told
  const entries = entriesOf(told)
  const last = entries.findLast(({ event }) => changesShown[event.type])
  const [since, sequence] = [last?.at ?? begun, last?.seq ?? 0]
  const standing = replay(entries)
  const facts = story.facts()
  const state = stateOf(standing, facts, story.payout)
  return {
    eventId: `${participantId}:${story.payout}:${sequence}`,
    participantId,
    payout: story.payout,
    ...shownOf({ state, standing, facts }, jakartaDate(since)),
    since,
    sequence,
  }
}
