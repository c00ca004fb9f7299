import type { Instant } from '../../domain/instant.ts'
import type { Kind } from '../../domain/payout.ts'
import type { Worklist, WorklistCounts } from '../ports.ts'
import { describedSchema, indexKeySchema } from '../schemas.ts'
import { fromItem, toItem } from './attributes.ts'
import { keys } from './keys.ts'
import type { Table } from './table.ts'

const beginning = '0000'
const end = '9999'

type Range = { readonly from?: Instant; readonly to?: Instant }

/** The index `worklist` of the table Payouts. `list` and `at` are reserved words, hence the aliases. */
export function createWorklist(payouts: Table): Worklist {
  async function itemsOf(list: string, { after, limit, ...range }: Parameters<Worklist['nominate']>[1]) {
    const { from = beginning, to = end } = range
    // DynamoDB refuses a query whose start lies outside its range.
    if (after && after.at > to) return []
    const start = after && after.at >= from ? after : undefined
    const items = await payouts.pages({
      IndexName: 'worklist',
      KeyConditionExpression: '#list = :list AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#list': 'list', '#at': 'at' },
      ExpressionAttributeValues: toItem({ ':list': list, ':from': from, ':to': to }),
      Limit: limit,
      ...(start && {
        ExclusiveStartKey: toItem({
          ...keys.payout(start.participantId, start.payout),
          list,
          at: start.at,
        }),
      }),
    })
    return items.slice(0, limit).map((item) => fromItem(item))
  }

  return {
    nominate: async (list, range) => (await itemsOf(list, range)).map((item) => indexKeySchema.parse(item)),
    describe: async (list, range) => (await itemsOf(list, range)).map((item) => describedSchema.parse(item)),
  }
}

/** Counts in the same index. */
export function createWorklistCounts(payouts: Table): WorklistCounts {
  const countOf = (list: string, { from, to }: Range, kind: Kind): Promise<number> =>
    payouts.count({
      IndexName: 'worklist',
      KeyConditionExpression: '#list = :list AND #at BETWEEN :from AND :to',
      FilterExpression: 'begins_with(sk, :kind)',
      ExpressionAttributeNames: { '#list': 'list', '#at': 'at' },
      ExpressionAttributeValues: toItem({
        ':list': list,
        ':from': from ?? beginning,
        ':to': to ?? end,
        ':kind': `${kind}-`,
      }),
    })

  return {
    async count(list, range) {
      const [incentive, survey] = await Promise.all([
        countOf(list, range, 'incentive'),
        countOf(list, range, 'survey'),
      ])
      return { incentive, survey }
    },
  }
}
