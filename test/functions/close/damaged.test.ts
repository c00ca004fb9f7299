import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, expect, test } from 'vitest'
import { close } from '../../../functions/close/close.ts'
import { payouts } from '../../../shared/domain/payout.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { at, rejected } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createLane } from '../lane.ts'

const engine = await startTestEngine()
afterAll(() => engine.stop())

test('a payout whose journal is damaged is left alone, and told; all others are closed', async () => {
  const lane = await createLane(engine.open())
  const [damaged, incomplete, other] = [
    await lane.participant(),
    await lane.participant(),
    await lane.participant(),
  ]
  const client = engine.connect()
  const first = (participantId: string) => ({ pk: { S: participantId }, sk: { S: 'incentive-1#0001' } })
  const TableName = engine.tables.journal
  await client.send(new PutItemCommand({ TableName, Item: { ...first(damaged), seq: { N: '1' } } }))
  lane.partner.pays(rejected())
  await lane.pay([[incomplete]])
  await client.send(new DeleteItemCommand({ TableName, Key: first(incomplete) }))
  lane.goTo('2021-03-06T00:00:00+07:00')
  const { ledger } = lane
  const skipped: string[] = []
  const closed = await close(
    {
      ...{ ledger, scheme: scheme2020, shards: 2, by: 'close/test', timeLeft: () => true },
      skipped: ({ participantId, payout }, { message }) =>
        void skipped.push(`${participantId} ${payout}: ${message}`),
    },
    lane.now(),
  )
  expect(closed).toEqual({ cancelled: 3 * payouts.length - 2, next: at('2021-03-07T00:00:00+07:00') })
  expect(skipped.toSorted()).toEqual([
    `${damaged} incentive-1: incentive-1#0001 of ${damaged} is not an entry`,
    `${incomplete} incentive-1: the chain of incentive-1 of ${incomplete} is broken`,
  ])
  expect(await lane.row(other)).toMatchObject({ state: 'cancelled' })
  expect(await lane.row(damaged, 'incentive-2')).toMatchObject({ state: 'cancelled' })
})
