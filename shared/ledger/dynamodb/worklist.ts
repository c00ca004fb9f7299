import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { Worklist } from '../ports.ts'
import { indexKeySchema } from '../schemas.ts'
import { keys } from './keys.ts'
import { type Table, toItem } from './table.ts'

const beginning = '0000'
const end = '9999'

/** The index `worklist` of the table Payouts. `list` and `at` are reserved words, hence the aliases. */
export function createWorklist(payouts: Table): Worklist {
  return {
    async nominate(list, { from, to, after, limit }) {
      const items = await payouts.pages({
        IndexName: 'worklist',
        KeyConditionExpression: '#list = :list AND #at BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#list': 'list', '#at': 'at' },
        ExpressionAttributeValues: toItem({ ':list': list, ':from': from ?? beginning, ':to': to ?? end }),
        Limit: limit,
        ...(after && {
          ExclusiveStartKey: toItem({
            ...keys.payout(after.participantId, after.payout),
            list,
            at: after.at,
          }),
        }),
      })
      return items.slice(0, limit).map((item) => indexKeySchema.parse(unmarshall(item)))
    },
  }
}
