import { gunzipSync, gzipSync } from 'node:zlib'
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import * as z from 'zod'
import { milestoneNames } from '../../finance/milestones.ts'
import { movementSchema } from '../../finance/movement.ts'
import { pack, unpack } from '../../finance/packing.ts'
import type { Aside } from '../../finance/repair.ts'
import { type Counted, partKey } from '../../finance/totals.ts'
import { civilDateSchema, instantSchema } from '../schemas.ts'
import { objectsUnder } from './listing.ts'

const countedSchema = z.strictObject({
  at: instantSchema,
  day: civilDateSchema,
  partner: z.string().nullable(),
  movement: movementSchema.exactOptional(),
  milestones: z.array(z.strictObject({ name: z.enum(milestoneNames), wave: z.int(), participants: z.int() })),
}) satisfies z.ZodType<Counted>

/** What repairs set aside, beside the movement files: gzipped NDJSON, gone after some days. */
export function openAside(client: S3Client, bucket: string): Aside {
  const folderOf = (repair: string, key: Parameters<typeof partKey>[0]) =>
    `repairs/${repair}/${partKey(key).replace(' ', '/')}/`

  const namesIn = async (prefix: string): Promise<ReadonlySet<string>> =>
    new Set((await objectsUnder(client, bucket, prefix)).map(({ Key = '' }) => Key))

  const put = (Key: string, Body: Uint8Array) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'application/gzip' }))

  async function get(Key: string): Promise<Uint8Array> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
    if (!Body) throw new Error(`${Key} has no content`)
    return Body.transformToByteArray()
  }

  const linesAt = async (key: string): Promise<readonly string[]> =>
    gunzipSync(await get(key))
      .toString()
      .split('\n')
      .filter((line) => line !== '')

  return {
    async write(repair, piece, counted) {
      const groups = Map.groupBy(counted, partKey)
      const puts = [...groups.values()].map(async ([first, ...others]) => {
        if (!first) return
        const lines = [first, ...others].map((each) => `${JSON.stringify(each)}\n`)
        await put(`${folderOf(repair, first)}${piece}.ndjson.gz`, gzipSync(lines.join('')))
      })
      await Promise.all(puts)
    },

    async *read(repair, pieces, key) {
      const folder = folderOf(repair, key)
      const names = await namesIn(folder)
      for (const name of pieces.map((piece) => `${folder}${piece}.ndjson.gz`)) {
        const lines = names.has(name) ? await linesAt(name) : []
        yield lines.map((line) => countedSchema.parse(JSON.parse(line)))
      }
    },

    async writeIds(repair, name, key, ids) {
      await put(`${folderOf(repair, key)}ids/${name}.gz`, gzipSync(ids.join('\n')))
    },

    ids: (repair, name, key) => linesAt(`${folderOf(repair, key)}ids/${name}.gz`),

    async writeSums(repair, name, key, sums) {
      await put(`${folderOf(repair, key)}sums/${name}.gz`, pack(sums))
    },

    sums: async (repair, name, key) => unpack(await get(`${folderOf(repair, key)}sums/${name}.gz`)),
  }
}
