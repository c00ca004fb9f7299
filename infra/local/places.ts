import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** How far streams have been read, by function and shard: the last record that was dealt with. */
const placesSchema = z.record(z.string(), z.record(z.string(), z.string()))
export type Places = z.infer<typeof placesSchema>

/** Places beside the database, so that who goes on with its data does not read all streams again. */
export type PlacesFile = { read(): Places; write(places: Places): void }

/** Without a directory nothing is kept; without `keep`, what an earlier run left there is forgotten. */
export function openPlaces(directory: string | undefined, keep: boolean): PlacesFile {
  if (directory === undefined) return { read: () => ({}), write: () => {} }
  const file = join(directory, 'streams.json')
  // The next run would not know that they belong to other data, should this one be killed.
  if (!keep) rmSync(file, { force: true })
  return {
    read: () => (existsSync(file) ? placesSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}),
    write: (places) => writeFileSync(file, `${JSON.stringify(places)}\n`),
  }
}
