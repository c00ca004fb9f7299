import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, expect, test } from 'vitest'
import { RequestChanged } from '../../../functions/inquire/inquire.ts'
import { plusSeconds, secondsBetween } from '../../../shared/domain/instant.ts'
import { BrokenChain } from '../../../shared/ledger/chain.ts'
import { toItem } from '../../../shared/ledger/dynamodb/attributes.ts'
import { entryKey } from '../../../shared/ledger/dynamodb/keys.ts'
import { openLedgerWithAccounts } from '../../../shared/ledger/dynamodb/open.ts'
import { createMemoryDatabase } from '../../chaos/memory/database.ts'
import { notFound, unknown } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane, type Lane, settledSeconds, unanswered } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())
const ledger = engine.open()

test('a question that fails every time comes later and later, and lets the others pass', async () => {
  const lane = await createLane(ledger)
  const participantId = await unanswered(lane)
  lane.pass(1)
  const other = await unanswered(lane)
  lane.pass(settledSeconds)
  const transfer: Lane['partner']['transfer'] = (order) => {
    const request = lane.partner.transfer(order)
    const changed = order.partnerReferenceNo.startsWith(participantId)
    return changed ? { ...request, bodyHash: `${request.bodyHash}, of another secret` } : request
  }
  const configuration = { settleWindowSeconds: 900, idempotencyWindowSeconds: 86_400 }
  const inquire = () =>
    lane.inquire({ partner: { ...lane.partner, transfer }, configuration, questionsMax: 1 })
  const pauses: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    lane.partner.tells(notFound)
    const { reported } = await inquire()
    expect(reported).toMatchObject([{ failed: expect.any(RequestChanged), lasting: true }])
    const { at = lane.now() } = (await lane.row(participantId)) ?? {}
    pauses.push(secondsBetween(lane.now(), at))
    if (turn === 0) {
      lane.partner.tells(notFound)
      lane.partner.pays(unknown())
      await inquire()
      expect(await lane.entries(other)).toEqual(['claimed', 'unknown', 'resent', 'unknown'])
      const row = await lane.row(other)
      if (row) await ledger.participants.postpone(row, plusSeconds(lane.now(), 86_400))
    }
    lane.goTo(at)
  }
  expect(pauses.every((pause, turn) => pause > (pauses[turn - 1] ?? 0))).toBe(true)
})

test('so does one about a payout whose journal is damaged', async () => {
  const names = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' }
  const client = createMemoryDatabase(names).connect()
  const lane = await createLane(
    openLedgerWithAccounts(
      client,
      names,
      () => {},
      () => Promise.resolve('key of the tests'),
    ),
  )
  const participantId = await unanswered(lane)
  lane.pass(settledSeconds)
  const nonsense = toItem({ ...entryKey(participantId, 'incentive-1', 2), event: 'nonsense' })
  await client.send(new PutItemCommand({ TableName: names.journal, Item: nonsense }))
  const { reported } = await lane.inquire()
  expect(reported).toMatchObject([{ failed: expect.any(BrokenChain), lasting: true }])
  const { at = '', inquiries } = (await lane.row(participantId)) ?? {}
  expect({ isLater: at > lane.now(), inquiries }).toEqual({ isLater: true, inquiries: 1 })
})
