import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { type Movement, movementPrefix } from '../../shared/finance/movement.ts'

/** Movement files in a folder of this machine, at the paths that they have in the bucket. */
export function createMovementFolder() {
  const directory = mkdtempSync(join(tmpdir(), 'movements-'))
  const put = (key: string, body: Uint8Array): void => {
    const path = join(directory, key)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, body)
  }
  return {
    /** Where a warehouse is opened. */
    path: join(directory, 'movements'),
    put,
    /** Writes a file for each partner and day. */
    write(name: string, movements: readonly Movement[]): void {
      const files = Map.groupBy(movements, ({ partner, day }) => movementPrefix(partner, day))
      for (const [prefix, those] of files) {
        const lines = those.map((movement) => `${JSON.stringify(movement)}\n`)
        put(`${prefix}${name}.ndjson.gz`, gzipSync(lines.join('')))
      }
    },
    remove: () => rmSync(directory, { recursive: true }),
  }
}

/** The same files of a running stack, each of them a second time under another name. */
export async function copyMovements(endpoint: string, bucket: string) {
  const folder = createMovementFolder()
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint, region: 'ap-southeast-3', credentials })
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
  for (const { Key = '' } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
    const content = (await Body?.transformToByteArray()) ?? new Uint8Array()
    folder.put(Key, content)
    folder.put(Key.replace('.ndjson.gz', '0.ndjson.gz'), content)
  }
  client.destroy()
  return folder
}
