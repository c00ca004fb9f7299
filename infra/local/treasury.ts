import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { Instant } from '../../shared/domain/instant.ts'
import type { Rupiah } from '../../shared/domain/rupiah.ts'
import { schemeNamed } from '../../shared/domain/scheme.ts'
import { fromItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { partnerOwner } from '../../shared/ledger/dynamodb/keys.ts'
import { openLedger, type TableNames } from '../../shared/ledger/dynamodb/open.ts'
import { floatEntrySchema } from '../../shared/ledger/schemas.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { partnerNames, stages } from '../stages.ts'
import type { SimulatedPartner } from './partners/simulator.ts'

/** The money that goes between the treasury and the partners: in our books, and at the simulated partners. */

const stage = stages.local
const scheme = schemeNamed(stage.scheme)

/** Whole rupiah: what our books say is at the partner, and what it has. */
export type Float = { readonly booked: Rupiah; readonly held: Rupiah }
export type Floats = Readonly<Partial<Record<PartnerName, Float>>>

/** The number of the document by which that float came. */
export const firstDocument = (partner: PartnerName): string => `SP2D-${stage.name}-${partner}-1`

/** The float at the start. */
export function floatAt(partner: PartnerName, floats: Floats = {}): Float {
  const { funding } = stage.partners[partner]
  return floats[partner] ?? { booked: funding, held: funding }
}

/** Books the float at every partner. */
export async function fund(
  database: DynamoDBClient,
  tables: TableNames,
  at: Instant,
  floats?: Floats,
): Promise<void> {
  const { lanes } = openLedger(database, tables, () => {})
  for (const partner of partnerNames) {
    const outcome = await lanes.fund({
      partner,
      scheme: scheme.name,
      budget: scheme.budget,
      amount: floatAt(partner, floats).booked,
      document: firstDocument(partner),
      at,
      by: 'start',
    })
    if (outcome !== 'funded') throw new Error(`the float at ${partner} could not be funded: ${outcome}`)
  }
}

/** Everything that our books say of a partner's float, oldest first. */
async function booked(database: DynamoDBClient, { journal }: TableNames, partner: string) {
  const { Items = [] } = await database.send(
    new QueryCommand({
      TableName: journal,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :owner AND begins_with(sk, :float)',
      ExpressionAttributeValues: { ':owner': { S: partnerOwner(partner) }, ':float': { S: 'float#' } },
    }),
  )
  return Items.map((item) => floatEntrySchema.parse(fromItem(item)))
}

/** What people have booked to or from the treasury since the partners' state was kept has arrived there meanwhile. */
export async function deliver(
  database: DynamoDBClient,
  tables: TableNames,
  simulators: ReadonlyMap<string, Pick<SimulatedPartner, 'book' | 'topUp'>>,
): Promise<void> {
  for (const [partner, { book, topUp }] of simulators) {
    const arrived = new Set(book.floatMovements().map(({ document }) => document))
    for (const { event } of await booked(database, tables, partner)) {
      if (event.type === 'fee' || arrived.has(event.document)) continue
      topUp(event.type === 'funded' ? event.amount : -event.amount, event.document)
    }
  }
}
