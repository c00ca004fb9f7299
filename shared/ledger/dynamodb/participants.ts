import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Draft } from '../../domain/entry.ts'
import type { Certificate, Entitlement } from '../../domain/facts.ts'
import type { Instant } from '../../domain/instant.ts'
import { isPayout, type SurveyNumber, surveyOf } from '../../domain/payout.ts'
import type { PayoutRow } from '../../domain/row.ts'
import { canonicalJson } from '../canonical.ts'
import type { CertificateRecord, ParticipantRecord, Participants, PayoutKey } from '../ports.ts'
import {
  certificateSchema,
  closingSchema,
  entitlementEntrySchema,
  entitlementSchema,
  rowSchema,
  surveySchema,
} from '../schemas.ts'
import { fromItem, toItem } from './attributes.ts'
import { chained, entryItem } from './journal.ts'
import { keys } from './keys.ts'
import { absent, always, type Condition, type Key, type Meter, type Table } from './table.ts'
import { type Put, transact } from './transaction.ts'

const itemKey = z.object({ pk: z.string(), sk: z.string() })

/** What a participant's items say; certificates that do not govern say nothing. */
function recordOf(items: readonly unknown[]): ParticipantRecord {
  const surveys: Partial<Record<SurveyNumber, Instant>> = {}
  const rows: PayoutRow[] = []
  let entitlement: Entitlement | undefined
  for (const item of items) {
    const { sk } = itemKey.parse(item)
    if (isPayout(sk)) rows.push(rowSchema.parse(item))
    else if (sk === 'ENTITLEMENT') entitlement = entitlementSchema.parse(item)
    else if (sk.startsWith('SURVEY#')) {
      const { survey, completedAt } = surveySchema.parse(item)
      surveys[survey] = completedAt
    }
  }
  return { surveys, rows, ...(entitlement && { entitlement }) }
}

/** Where everything is that concerns one payout. */
function keysOf({ participantId, payout }: PayoutKey): readonly Key[] {
  const survey = surveyOf(payout)
  const own = [keys.entitlement(participantId), keys.payout(participantId, payout)]
  return survey ? [...own, keys.survey(participantId, survey)] : own
}
const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`

/** A certificate as kept under its own id, with whom it was issued to and in which wave. */
const certificateOf = ({ participantId, wave }: Entitlement, certificate: Certificate) => ({
  ...certificate,
  participantId,
  wave,
})
const storedCertificate = z.object({
  ...certificateSchema.shape,
  participantId: z.string(),
  wave: z.number(),
})

const rowItem = (row: PayoutRow) => ({ ...keys.payout(row.participantId, row.payout), ...row })

/*
 * A row never goes back. It was projected from `seq` entries and `facts` facts; both only ever grow. Two projectors
 * may have read at different times and write in any order:
 *
 *   A  reads 3 entries, 2 facts ─────────────────────────── put ✗ (the row has seen more entries)
 *   B       reads 4 entries, 2 facts ── put ✓
 *
 * and one that has seen more of the one but less of the other has to read again, too.
 */
const notSeenMore: Condition = {
  expression:
    'attribute_not_exists(pk) OR (#seq < :seq AND #facts <= :facts) OR (#seq = :seq AND #facts < :facts)',
  names: { '#seq': 'seq', '#facts': 'facts' },
}

/** Facts and rows on the table Payouts; what the journal says of a certificate goes there in the same transaction. */
export function createParticipants(
  client: DynamoDBClient,
  payouts: Table,
  journal: Table,
  meter: Meter,
): Participants {
  /** Certificate first among the puts: only it can be a duplicate; every other refusal means "read again". */
  async function record(
    entitlement: Entitlement,
    certificate: Certificate,
    others: readonly Put[],
  ): Promise<CertificateRecord> {
    const value = certificateOf(entitlement, certificate)
    const put = {
      table: payouts,
      value: { ...keys.certificate(certificate.certificateId), ...value },
      condition: absent,
    }
    const outcome = await transact(client, meter, entitlement.participantId, [put, ...others])
    if (outcome === 'written') return 'recorded'
    if (outcome === 'conflict' || outcome.refused > 0) return 'overtaken'
    const same = canonicalJson(storedCertificate.parse(outcome.stored)) === canonicalJson(value)
    return same ? 'duplicate' : 'conflict'
  }

  /**
   * The note in the place behind the entitlement's chain as it is now. Of two certificates that arrive together both want
   * the same place: the second finds it taken, and reads again.
   */
  async function noted(note: Draft): Promise<Put> {
    const range = { expression: 'begins_with(sk, :chain)', values: { ':chain': `${note.subject}#` } }
    const items = await journal.query(note.owner, range)
    const chain = items.map((item) => entitlementEntrySchema.parse(item))
    return { table: journal, value: entryItem(chained(chain, note)), condition: absent }
  }

  return {
    async read(participantId) {
      return recordOf(await payouts.query(participantId))
    },

    async readEach(wanted) {
      // DynamoDB refuses a batch that names an item twice.
      const distinct = new Map(wanted.flatMap(keysOf).map((key) => [nameOf(key), key]))
      const items = await payouts.getEach([...distinct.values()])
      const found = new Map(items.map((item) => [nameOf(itemKey.parse(item)), item]))
      return wanted.map((one) => recordOf(keysOf(one).flatMap((key) => found.get(nameOf(key)) ?? [])))
    },

    async readRows(wanted) {
      const items = await payouts.getEach(
        wanted.map(({ participantId, payout }) => keys.payout(participantId, payout)),
      )
      return items.map((item) => rowSchema.parse(item))
    },

    async knowsCertificate(certificateId) {
      return (await payouts.get(keys.certificate(certificateId))) !== undefined
    },

    async entitle(entitlement, accrual) {
      const { participantId, governing } = entitlement
      const entry = chained([], accrual)
      return record(entitlement, governing, [
        { table: payouts, value: { ...keys.entitlement(participantId), ...entitlement }, condition: absent },
        { table: journal, value: entryItem(entry), condition: absent },
      ])
    },

    async recordCertificate(entitlement, certificate, note) {
      const key = keys.laterCertificate(entitlement.participantId, certificate.certificateId)
      return record(entitlement, certificate, [
        { table: payouts, value: { ...key, ...certificate }, condition: absent },
        await noted(note),
      ])
    },

    /*
     * Two earlier certificates may race to take over. Each replaces the entitlement it has read, told by the number
     * of replacements before; the second finds one more and reads again.
     */
    async replaceCertificate(displaced, certificate, note) {
      const { participantId, governing, replacements } = displaced
      const next = { ...displaced, governing: certificate, replacements: replacements + 1 }
      const unchanged: Condition = {
        expression: '#replacements = :replacements',
        names: { '#replacements': 'replacements' },
        values: { ':replacements': replacements },
      }
      const later = { ...keys.laterCertificate(participantId, governing.certificateId), ...governing }
      return record(displaced, certificate, [
        { table: payouts, value: { ...keys.entitlement(participantId), ...next }, condition: unchanged },
        { table: payouts, value: later, condition: absent },
        await noted(note),
      ])
    },

    async recordSurvey(participantId, survey, completedAt) {
      const value = { ...keys.survey(participantId, survey), survey, completedAt }
      const outcome = await payouts.put(value, absent)
      if (outcome.written) return 'recorded'
      return surveySchema.parse(outcome.stored).completedAt === completedAt ? 'duplicate' : 'conflict'
    },

    async project(row) {
      const values = { ':seq': row.seq, ':facts': row.facts }
      const outcome = await payouts.put(rowItem(row), { ...notSeenMore, values })
      return outcome.written ? 'projected' : rowSchema.parse(outcome.stored)
    },

    async postpone(row, at, inquiries) {
      const asRead: Condition = {
        expression: '#seq = :seq AND #facts = :facts AND #at = :at',
        names: { '#seq': 'seq', '#facts': 'facts', '#at': 'at' },
        values: { ':seq': row.seq, ':facts': row.facts, ':at': row.at ?? '' },
      }
      const next = { ...row, at, ...(inquiries !== undefined && { inquiries }) }
      const outcome = await payouts.put(rowItem(next), asRead)
      return outcome.written ? 'postponed' : 'behind'
    },

    async sweep(limit, from) {
      const start = from === undefined ? undefined : z.tuple([z.string(), z.string()]).parse(JSON.parse(from))
      const answer = await client.send(
        new ScanCommand({
          TableName: payouts.name,
          Limit: limit,
          FilterExpression: 'attribute_exists(#facts)',
          ExpressionAttributeNames: { '#facts': 'facts' },
          ...(start && { ExclusiveStartKey: toItem({ pk: start[0], sk: start[1] }) }),
        }),
      )
      const rows = (answer.Items ?? []).map((item) => rowSchema.parse(fromItem(item)))
      const last = answer.LastEvaluatedKey && itemKey.parse(fromItem(answer.LastEvaluatedKey))
      return { rows, ...(last && { next: JSON.stringify([last.pk, last.sk]) }) }
    },

    async closing(scheme) {
      const item = await payouts.get(keys.closing(scheme))
      return item === undefined ? undefined : closingSchema.parse(item)
    },

    async recordClosing(scheme, closing) {
      await payouts.put({ ...keys.closing(scheme), ...closing }, always)
    },
  }
}
