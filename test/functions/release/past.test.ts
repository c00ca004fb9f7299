import { expect, test } from 'vitest'
import { plusSeconds } from '../../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../../shared/ledger/dynamodb/open.ts'
import { createMemoryDatabase } from '../../chaos/memory/database.ts'
import { at } from '../../domain/examples.ts'
import { createLane, type Lane } from '../lane.ts'
import { place, placeMany } from './places.ts'

/* In memory: more payouts than one run looks past are many. */

const names = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' }
const ledger = openLedgerWithAccounts(
  createMemoryDatabase(names).connect(),
  names,
  () => {},
  () => Promise.resolve('key of the tests'),
)
const moreThanOneRun = 21_000
const idsOf = ({ messages }: Awaited<ReturnType<Lane['release']>>) =>
  messages.map(({ participantId }) => participantId)

test('what one run does not come to for all that may not leave, the next does, and what comes then is found, too', async () => {
  const lane = await createLane(ledger)
  await placeMany(lane, moreThanOneRun)
  const survey = await place(lane, plusSeconds(lane.now(), -1), 'survey-1')
  await lane.changeControl({
    paused: { incentive: { reason: 'operator', since: lane.now(), by: 'ops/ANI' } },
  })
  const soon = plusSeconds(lane.now(), 60)
  expect(await lane.release({ ratePerSecond: 0.05 })).toMatchObject({ sent: 0, messages: [], next: soon })
  expect(idsOf(await lane.release({ ratePerSecond: 0.05 }))).toEqual([survey.participantId])

  // Retried since, and older than what the pass has come to.
  const retried = await place(lane, plusSeconds(lane.now(), -30_000), 'survey-2')
  lane.pass(1_900)
  expect(idsOf(await lane.release({ ratePerSecond: 0.05 }))).toContain(retried.participantId)
})

test('nor does one that stays at the head, and is sent again and again, hide what is behind', async () => {
  const lane = await createLane(ledger)
  const stuck = await place(lane, plusSeconds(lane.now(), -90_000), 'survey-1')
  await placeMany(lane, moreThanOneRun)
  const survey = await place(lane, plusSeconds(lane.now(), -1), 'survey-1')
  await lane.changeControl({
    paused: { incentive: { reason: 'operator', since: lane.now(), by: 'ops/ANI' } },
  })
  expect(idsOf(await lane.release({ ratePerSecond: 0.05 }))).toEqual([stuck.participantId])
  expect(idsOf(await lane.release({ ratePerSecond: 0.05 }))).toContain(survey.participantId)
})

test('nor does what may leave early, before a blackout, hide what is due and behind it in the search', async () => {
  const lane = await createLane(ledger)
  lane.goTo('2020-12-14T10:00:00+07:00')
  await placeMany(lane, moreThanOneRun)
  // Of either kind in both shards.
  const due = await placeMany(lane, 8, 'survey-1')
  for (let day = 16; day < 24; day++) await place(lane, at(`2020-12-${day}T00:00:00+07:00`), 'survey-1')
  await lane.changeControl({
    paused: { incentive: { reason: 'operator', since: lane.now(), by: 'ops/ANI' } },
  })
  await lane.release({ ratePerSecond: 0.2 })
  const sent = idsOf(await lane.release({ ratePerSecond: 0.2 }))
  expect(sent).toEqual(expect.arrayContaining(due.map(({ participantId }) => participantId)))
})
