import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { AuditRecord } from '../../shared/operations/register.ts'
import type { TestEngine } from './engine.ts'

/** Writes another record in the place of one in the audit trail, as whoever has the table could. */
export async function forge(engine: TestEngine, record: AuditRecord): Promise<void> {
  await engine.connect().send(
    new UpdateItemCommand({
      TableName: engine.tables.operations,
      Key: { pk: { S: `audit#${record.day}` }, sk: { S: String(record.seq).padStart(6, '0') } },
      UpdateExpression: 'SET #record = :forged',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':forged': { S: JSON.stringify(record) } },
    }),
  )
}
