import { marshall } from '@aws-sdk/util-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import type { AnyEntry } from '../../../shared/domain/entry.ts'
import type { Instant } from '../../../shared/domain/instant.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { entryItem } from '../../../shared/ledger/dynamodb/journal.ts'

/** Records of the journal's stream, as Lambda hands them over. */

let records = 0
function record(eventName: 'INSERT' | 'MODIFY' | 'REMOVE', item: Readonly<Record<string, unknown>>) {
  const image = marshall({ ...item, putId: 'put' }, { removeUndefinedValues: true })
  const number = `${++records}`
  const text = JSON.stringify({
    eventID: `event-${number}`,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'ap-southeast-3',
    dynamodb: {
      Keys: { pk: image.pk, sk: image.sk },
      ...(eventName !== 'REMOVE' && { NewImage: image }),
      ...(eventName !== 'INSERT' && { OldImage: image }),
      SequenceNumber: number,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  })
  const parsed: DynamoDBRecord = JSON.parse(text)
  return parsed
}

/** An entry was written. */
export const inserted = (entry: AnyEntry): DynamoDBRecord => record('INSERT', entryItem(entry))
/** Somebody has changed or removed one. */
export const tampered = (done: 'MODIFY' | 'REMOVE', entry: AnyEntry): DynamoDBRecord =>
  record(done, entryItem(entry))
/** Something was written that is no entry. */
export const corrupted = (): DynamoDBRecord => record('INSERT', { pk: 'P-1', sk: 'incentive-1#0001' })

/** The entry of a new entitlement. */
export const accrual = (owner: string, at: Instant): AnyEntry => ({
  owner,
  subject: 'entitlement',
  seq: 1,
  at,
  by: 'intake/test',
  event: {
    type: 'accrued',
    wave: 5,
    scheme: scheme2020.name,
    platform: 'tokopedia',
    trainingProvider: 'skill-academy',
  },
  postings: [],
  previousHash: '',
})
