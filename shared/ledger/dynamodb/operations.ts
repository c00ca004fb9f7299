import { gunzipSync, gzipSync } from 'node:zlib'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type * as z from 'zod'
import type { Instant } from '../../domain/instant.ts'
import type { Job, Register } from '../../operations/register.ts'
import { setOf, sortedMembers } from '../../operations/retry.ts'
import {
  appliedAloneSchema,
  jobOfSetSchema,
  jobSchema,
  membersSchema,
  placeSchema,
  proposalSchema,
  requestSchema,
  setSchema,
} from '../register-schemas.ts'
import { toItem } from './attributes.ts'
import { createAudit } from './audit.ts'
import { operationKeys as keys } from './keys.ts'
import { absent, type Condition, follows, type Key, type Meter, type Table } from './table.ts'
import { type Put, transact } from './transaction.ts'

/** Members of a set in one item, which holds 400 KB. */
const partSize = 100
const membersMax = 10_000
/** What one request of DynamoDB reads. */
const listedMax = 100
const conflictsMax = 5

/** A preview names up to ten thousand payouts, more than an item holds as they are. */
const packed = (answer: string): string => gzipSync(answer).toString('base64')
const unpacked = (answer: string): string => gunzipSync(Buffer.from(answer, 'base64')).toString()

/** What people have asked for and done, on its own table. */
export function createRegister(client: DynamoDBClient, table: Table, meter: Meter): Register {
  /** All or none; the place of the first that was there already or is no longer what was read. */
  async function writeAll(owner: string, puts: readonly Put[]): Promise<'written' | number> {
    for (let conflict = 0; conflict < conflictsMax; conflict++) {
      const outcome = await transact(client, meter, owner, puts)
      if (outcome === 'written') return 'written'
      if (outcome !== 'conflict') return outcome.refused
    }
    throw new Error(`${owner} met other transactions ${conflictsMax} times`)
  }

  const put = (key: Key, value: object, condition: Condition = absent): Put => ({
    table,
    value: { ...key, ...value },
    condition,
  })

  /** What stands first in a list, newest first. A place never changes; what stands there is kept once, elsewhere. */
  async function listed<T extends { readonly id: string }>(
    list: 'proposals' | 'jobs',
    limit: number,
    keyOf: (id: string) => Key,
    schema: z.ZodType<T>,
    after?: { readonly id: string; readonly at: Instant },
  ): Promise<readonly T[]> {
    const most = Math.min(limit, listedMax)
    const places = await table.pages({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: toItem({ ':pk': list }),
      ConsistentRead: true,
      Limit: most,
      ...(after && { ExclusiveStartKey: toItem(keys.place(list, after.at, after.id)) }),
    })
    const ids = places.slice(0, most).map(({ id }) => placeSchema.parse({ id: id?.S }).id)
    const items = await table.getEach(ids.map(keyOf))
    const found = new Map(items.map((item) => schema.parse(item)).map((one) => [one.id, one]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async function job(id: string): Promise<Job | undefined> {
    const item = await table.get(keys.job(id))
    return item === undefined ? undefined : jobSchema.parse(item)
  }

  /** What must hold for another job to take the set: none has it, or still one that has left members of it alone. */
  async function setIsFree(hash: string): Promise<Condition | undefined> {
    const item = await table.get(keys.jobOfSet(hash))
    if (item === undefined) return absent
    const before = jobOfSetSchema.parse(item).job
    const known = await job(before)
    const isUnfinished = known?.state === 'done' && known.retried < known.payments
    if (known?.state !== 'stopped' && !isUnfinished) return undefined
    return { expression: 'job = :before', values: { ':before': before } }
  }

  const placed = (list: 'proposals' | 'jobs', { at, id }: { readonly at: Instant; readonly id: string }) =>
    put(keys.place(list, at, id), { id })

  return {
    ...createAudit(client, table, meter),

    async accept({ person, key, bodyHash, at }) {
      const outcome = await table.put({ ...keys.request(person, key), bodyHash, at }, absent)
      if (outcome.written) return 'new'
      const { bodyHash: before, at: first, answer } = requestSchema.parse(outcome.stored)
      if (before !== bodyHash) return 'other-body'
      return { again: true, at: first, ...(answer !== undefined && { answer: unpacked(answer) }) }
    },

    async answer(person, key, answer) {
      await table.set(keys.request(person, key), 'answer', packed(answer), {
        expression: 'attribute_exists(pk) AND attribute_not_exists(answer)',
      })
    },

    /*
     * The members first: a set that is known is a set that is there whole. The same hash always stands for the same
     * members, so that two who keep it at once write the same items.
     */
    async keepSet(set, members) {
      if (members.length > membersMax) throw new Error(`a set of ${members.length} payments is too large`)
      if (setOf(members, set.at).hash !== set.hash) throw new Error(`${set.hash} is the hash of another set`)
      const sorted = sortedMembers(members)
      for (let start = 0; start < sorted.length; start += partSize) {
        const part = sorted.slice(start, start + partSize)
        await table.put({ ...keys.members(set.hash, start / partSize), members: part }, absent)
      }
      await table.put({ ...keys.set(set.hash), ...set }, absent)
    },

    async set(hash) {
      const item = await table.get(keys.set(hash))
      return item === undefined ? undefined : setSchema.parse(item)
    },

    async members(hash, cursor) {
      if (cursor % partSize !== 0) throw new Error(`${cursor} is not the beginning of a part of ${hash}`)
      const item = await table.get(keys.members(hash, cursor / partSize))
      return item === undefined ? [] : membersSchema.parse(item).members
    },

    async propose(proposal) {
      const { id } = proposal
      const puts = [put(keys.proposal(id), proposal), placed('proposals', proposal)]
      return (await writeAll(`proposal#${id}`, puts)) === 'written' ? 'proposed' : 'exists'
    },

    async proposal(id) {
      const item = await table.get(keys.proposal(id))
      return item === undefined ? undefined : proposalSchema.parse(item)
    },

    proposals: (limit, after) => listed('proposals', limit, keys.proposal, proposalSchema, after),

    /*
     * Two people decide on one proposal at the same time: each writes the version after the one both have read, and the
     * second finds it moved on. Jobs are written alike: a page that is worked through twice moves the cursor once.
     */
    async changeProposal(next) {
      const outcome = await table.put({ ...keys.proposal(next.id), ...next }, follows(next.version))
      return outcome.written ? 'written' : 'overtaken'
    },

    /*
     * Two people start a job over one set at the same time. The set names its job, and both write that name under the
     * condition that it is still what they have read; the job and its place come with it or not at all. So does what
     * its starter has applied alone: of two jobs that each would be within the limit, the second is judged anew.
     */
    async startJob(next, alone) {
      const free = await setIsFree(next.set)
      if (!free) return 'exists'
      const named = put(keys.jobOfSet(next.set), { job: next.id }, free)
      const puts = [named, put(keys.job(next.id), next), placed('jobs', next)]
      const moved = alone
        ? [put(keys.alone(alone.person), alone, alone.version === 1 ? absent : follows(alone.version))]
        : []
      const outcome = await writeAll(`job#${next.id}`, [...puts, ...moved])
      if (outcome === 'written') return 'started'
      return outcome < puts.length ? 'exists' : 'overtaken'
    },

    async appliedAlone(person) {
      const item = await table.get(keys.alone(person))
      return item === undefined ? { person, sets: [], version: 0 } : appliedAloneSchema.parse(item)
    },

    job,

    jobs: (limit) => listed('jobs', limit, keys.job, jobSchema),

    async changeJob(next) {
      const outcome = await table.put({ ...keys.job(next.id), ...next }, follows(next.version))
      return outcome.written ? 'written' : 'overtaken'
    },
  }
}
