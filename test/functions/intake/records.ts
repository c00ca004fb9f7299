import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { takeIn } from '../../../functions/intake/intake.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { canonicalJson } from '../../../shared/ledger/canonical.ts'
import { at } from '../../domain/examples.ts'
import type { TestEngine } from '../../support/engine.ts'
import { accountLinked, certificateIssued, type Envelope, publishers, surveyCompleted } from '../events.ts'

/** Participants who differ in nothing but their number, and all that is stored of one of them. */

let people = 100_000
export const newPerson = (): string => `${++people}`
export const idOf = (person: string): string => `P-${person}`

/** Everything that can be known of one participant, by name; of two accounts and certificates, the later ones as well. */
export function factsOf(person: string) {
  const id = idOf(person)
  const linkedAt = '2020-09-05T08:00:00+07:00'
  return {
    certificate: certificateIssued(id),
    earlier: certificateIssued(id, {
      certificateId: `C-${id}-E`,
      issuedAt: '2020-08-31T10:00:00+07:00',
      trainingId: 'T-0002',
    }),
    account: accountLinked(id, { accountNumber: `0812${person}1111` }),
    relink: accountLinked(id, { partner: 'bni', accountNumber: `${person}2222`, linkedAt }),
    survey: surveyCompleted(id),
    secondSurvey: surveyCompleted(id, { survey: 2, completedAt: '2020-08-15T09:00:00+07:00' }),
  } satisfies Record<string, Envelope>
}
export type FactName = keyof ReturnType<typeof factsOf>

export function createRecords(engine: TestEngine) {
  const client = engine.connect()
  const ledger = engine.open()
  const now = at('2020-09-18T10:00:01+07:00')
  // One shard, so that the same rows are in the same lists whoever they belong to.
  const deps = {
    ledger,
    publishers,
    partners: { gopay: 'wallet', bni: 'bank' } as const,
    shards: 1,
    scheme: scheme2020,
  }

  const itemsOf = async (table: string, pk: string) => {
    const answer = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: pk } },
        ConsistentRead: true,
      }),
    )
    return (answer.Items ?? []).map((item) => unmarshall(item))
  }

  return {
    ledger,
    take: (event: Envelope, change: Partial<typeof deps> = {}) =>
      takeIn({ ...deps, ...change }, JSON.stringify(event), now, 'intake/test'),

    /**
     * All records of a person in the three tables, as text, without what is theirs alone, without how often a row
     * or an entitlement was written, and without which of the certificates governed when it came.
     */
    async of(person: string): Promise<readonly string[]> {
      const id = idOf(person)
      const { payouts, journal, accounts } = engine.tables
      const items = await Promise.all([
        itemsOf(payouts, id),
        itemsOf(payouts, `certificate#C-${id}`),
        itemsOf(payouts, `certificate#C-${id}-E`),
        itemsOf(journal, id),
        itemsOf(accounts, id),
      ])
      return items.flat().map(({ putId: _, facts: __, replacements: ___, previousHash: ____, ...item }) => {
        return canonicalJson(item)
          .replaceAll(person, 'N')
          .replaceAll(/Z-[0-9a-f]{8}/g, 'Z')
          .replaceAll(/"governs":(?:true|false),/g, '')
      })
    },
  }
}
