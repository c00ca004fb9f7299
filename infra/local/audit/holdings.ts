import { type DynamoDBClient, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { AnyEntry, Entry } from '../../../shared/domain/entry.ts'
import type { Entitlement } from '../../../shared/domain/facts.ts'
import { isPayout, type Payout } from '../../../shared/domain/payout.ts'
import type { PayoutRow } from '../../../shared/domain/row.ts'
import { fromItem } from '../../../shared/ledger/dynamodb/attributes.ts'
import { payoutOfEntryKey } from '../../../shared/ledger/dynamodb/keys.ts'
import type { Refused } from '../../../shared/ledger/ports.ts'
import {
  accountSchema,
  certificateSchema,
  entitlementEntrySchema,
  entitlementSchema,
  entrySchema,
  floatEntrySchema,
  refusedSchema,
  rowSchema,
  surveySchema,
} from '../../../shared/ledger/schemas.ts'
import type { Programme } from '../programme.ts'

/**
 * All that the three tables hold, read by scans of our own: neither the functions' queries nor their counts have a
 * say in an audit.
 */

const otherEntry = z.union([entitlementEntrySchema, floatEntrySchema])
const certificateRecord = z.object({
  ...certificateSchema.shape,
  participantId: z.string(),
  wave: z.number(),
})
export type CertificateRecord = z.infer<typeof certificateRecord>
export type AccountRecord = z.infer<typeof accountSchema>

export type ParticipantRecord = {
  entitlement?: Entitlement
  readonly surveys: Partial<Record<1 | 2 | 3, z.infer<typeof surveySchema>['completedAt']>>
  readonly accounts: AccountRecord[]
  readonly rows: Map<Payout, PayoutRow>
  readonly chains: Map<Payout, Entry[]>
}

/** `detail` names fields and expectations, never values. */
export type Refusal = Pick<Refused, 'reason' | 'detail'>

export type Holdings = {
  readonly participants: ReadonlyMap<string, ParticipantRecord>
  /** By certificate id. */
  readonly certificates: ReadonlyMap<string, CertificateRecord>
  /** Why, by the hash of what was refused. */
  readonly quarantine: ReadonlyMap<string, Refusal>
  /** Chains of entitlements and of partners' floats, by owner. */
  readonly otherChains: ReadonlyMap<string, readonly AnyEntry[]>
}

/** Every chain of the journal. */
export function* chainsOf({ participants, otherChains }: Holdings): Generator<readonly AnyEntry[]> {
  for (const { chains } of participants.values()) yield* chains.values()
  yield* otherChains.values()
}

const itemKey = z.object({ pk: z.string(), sk: z.string() })
type Item = z.infer<typeof itemKey> & { readonly value: unknown }

/** Pages of a megabyte leave tens of megabytes of garbage behind. */
const itemsPerPage = 500
/** Far more than one machine holds. */
const pagesMax = 1_000_000

async function* scan(database: DynamoDBClient, table: string): AsyncGenerator<Item> {
  let start: ScanCommandOutput['LastEvaluatedKey']
  for (let page = 0; page < pagesMax; page++) {
    const command = new ScanCommand({
      TableName: table,
      ConsistentRead: true,
      Limit: itemsPerPage,
      ...(start && { ExclusiveStartKey: start }),
    })
    const answer = await database.send(command)
    for (const item of answer.Items ?? []) {
      const value = fromItem(item)
      yield { ...itemKey.parse(value), value }
    }
    start = answer.LastEvaluatedKey
    if (!start) return
  }
  throw new Error(`${table} does not end within ${pagesMax} pages`)
}

function createHoldings() {
  const participants = new Map<string, ParticipantRecord>()
  const certificates = new Map<string, CertificateRecord>()
  const quarantine = new Map<string, Refusal>()
  const otherChains = new Map<string, AnyEntry[]>()

  function participant(id: string): ParticipantRecord {
    const known = participants.get(id)
    if (known) return known
    const created: ParticipantRecord = { surveys: {}, accounts: [], rows: new Map(), chains: new Map() }
    participants.set(id, created)
    return created
  }

  return {
    all: { participants, certificates, quarantine, otherChains },

    keepPayoutItem({ pk, sk, value }: Item): void {
      if (sk === 'ENTITLEMENT') participant(pk).entitlement = entitlementSchema.parse(value)
      else if (sk.startsWith('SURVEY#')) {
        const { survey, completedAt } = surveySchema.parse(value)
        participant(pk).surveys[survey] = completedAt
      } else if (isPayout(sk)) participant(pk).rows.set(sk, rowSchema.parse(value))
      else if (pk.startsWith('certificate#')) {
        const record = certificateRecord.parse(value)
        certificates.set(record.certificateId, record)
      }
    },

    keepAccountItem({ pk, value }: Item): void {
      if (pk.startsWith('quarantine#')) {
        const { hash, reason, detail } = refusedSchema.parse(value)
        quarantine.set(hash, { reason, detail })
      } else if (!pk.startsWith('account#')) participant(pk).accounts.push(accountSchema.parse(value))
    },

    keepEntry({ pk, sk, value }: Item): void {
      const payout = payoutOfEntryKey(sk)
      if (payout) insert(participant(pk).chains, payout, entrySchema.parse(value))
      else insert(otherChains, pk, otherEntry.parse(value))
    },
  }
}

/** A scan promises no order, so that an entry is put where its number belongs. */
function insert<Key, One extends AnyEntry>(chains: Map<Key, One[]>, key: Key, entry: One): void {
  const chain = chains.get(key)
  if (!chain) return void chains.set(key, [entry])
  const next = chain.findIndex(({ seq }) => seq > entry.seq)
  chain.splice(next < 0 ? chain.length : next, 0, entry)
}

/** Reads everything. Throws at an item that does not parse: that is corruption. */
export async function readHoldings({
  database,
  tables,
}: Pick<Programme, 'database' | 'tables'>): Promise<Holdings> {
  const { all, keepPayoutItem, keepAccountItem, keepEntry } = createHoldings()
  const keep = async (table: string, one: (item: Item) => void) => {
    for await (const item of scan(database, table)) one(item)
  }
  await Promise.all([
    keep(tables.payouts, keepPayoutItem),
    keep(tables.accounts, keepAccountItem),
    keep(tables.journal, keepEntry),
  ])
  return all
}
