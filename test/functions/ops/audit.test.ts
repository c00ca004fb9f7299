import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { routes } from '../../../shared/operations/routes.ts'
import { answerOf, type Office, openOffice } from './office.ts'

const auditOf = async (office: Office, from: string, to = from) =>
  answerOf(routes.audit, await office.as('cici', 'viewer')('audit', { query: { from, to } }))
const pause = { instruction: 'pause', partner: 'gopay', reason: 'doubt' }

test('every command is written down with who, what, what came of it and its key, over the days', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  await ani('instruct', { body: pause, key: 'first-key' })
  office.goTo('2020-09-20T23:59:59+07:00')
  await office.as('budi', 'operator')('instruct', { body: { ...pause, instruction: 'resume' } })
  await ani('tidyDeadLetters')
  const { records, broken } = await auditOf(office, '2020-09-18', '2020-09-21')
  expect(broken).toBeUndefined()
  expect(records).toMatchObject([
    {
      day: '2020-09-18',
      seq: 1,
      by: 'ani',
      role: 'operator',
      action: 'instruct/pause',
      detail: { instruction: pause, effects: { paused: 1 }, key: 'first-key' },
    },
    { day: '2020-09-20', seq: 1, by: 'budi', action: 'instruct/resume' },
    { day: '2020-09-20', seq: 2, by: 'ani', action: 'tidyDeadLetters' },
  ])
  expect(records[1]?.previousHash).toBe(records[0]?.hash)
})

test('looking, previewing and being refused leave no trace', async () => {
  const office = await openOffice()
  const ani = office.as('ani', 'operator')
  await ani('status')
  await ani('preview', { body: { filter: {} } })
  await ani('instruct', { body: { instruction: 'retry', set: 'a'.repeat(64), reason: 'because' } })
  expect((await auditOf(office, '2020-09-18')).records).toEqual([])
})

test('a changed record is named', async () => {
  const office = await openOffice()
  for (const partner of ['gopay', 'ovo', 'bni']) {
    await office.as('ani', 'operator')('instruct', { body: { ...pause, partner } })
  }
  const { records } = await auditOf(office, '2020-09-18')
  const forged = JSON.stringify({ ...records[1], by: 'budi' })
  await office.engine.connect().send(
    new UpdateItemCommand({
      TableName: office.engine.tables.operations,
      Key: { pk: { S: 'audit#2020-09-18' }, sk: { S: '000002' } },
      UpdateExpression: 'SET #record = :forged',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':forged': { S: forged } },
    }),
  )
  expect((await auditOf(office, '2020-09-18')).broken).toBe('2020-09-18 2')
})
