import { expect, it } from 'vitest'
import { createIntakeHandler } from '../../functions/intake/handling.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import { at } from '../domain/examples.ts'
import { certificateIssued, publishers } from '../functions/events.ts'
import { contextOf, eventOf } from '../support/lambda.ts'
import { tables } from './environments.ts'
import { hearFailures } from './failures.ts'
import { createMemoryDatabase } from './memory/database.ts'

it('hears by what a message has failed that the handler answers with its id', async () => {
  const broken = createMemoryDatabase(tables).connect(() => Promise.reject(new Error('a storm')))
  const key = () => Promise.resolve('key')
  const handler = createIntakeHandler({
    ledger: openLedgerWithAccounts(broken, tables, () => {}, key),
    publishers,
    partners: {},
    shards: 1,
    scheme: scheme2020,
    now: () => at('2020-09-18T10:00:00+07:00'),
  })
  const heard: unknown[] = []
  const hearNoMore = hearFailures((error) => heard.push(error))
  const body = JSON.stringify(certificateIssued('P-1'))
  const event = eventOf(['1', '2'].map((messageId) => ({ messageId, body })))
  const answer = await handler(
    event,
    contextOf('17', () => 60_000),
  ).finally(hearNoMore)
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }] })
  expect(heard).toEqual([new Error('a storm'), new Error('a storm')])
})
