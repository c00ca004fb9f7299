import type { Table } from '../../infra/local/resources.ts'

const keys = (partition: string, sort: string): Table['KeySchema'] => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
]

const keyed = (name: string, ...others: readonly string[]): Table => ({
  TableName: name,
  AttributeDefinitions: ['pk', 'sk', ...others].map((key) => ({ AttributeName: key, AttributeType: 'S' })),
  KeySchema: keys('pk', 'sk'),
})

/** Tables of these names, with the keys and the index of the deployed ones. */
export const tablesNamed = ({
  payouts,
  ...others
}: { readonly payouts: string } & Readonly<Record<string, string>>): readonly Table[] => [
  {
    ...keyed(payouts, 'list', 'at'),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'worklist',
        KeySchema: keys('list', 'at'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state', 'since', 'partner'] },
      },
    ],
  },
  ...Object.values(others).map((name) => keyed(name)),
]
