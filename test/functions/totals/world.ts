import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { shardBatch } from '../../../functions/totals/schema.ts'
import { countBatch, type TotalsDependencies } from '../../../functions/totals/totals.ts'
import { createTables } from '../../../infra/local/engine.ts'
import type { AnyEntry } from '../../../shared/domain/entry.ts'
import { jakartaDate } from '../../../shared/domain/instant.ts'
import { toItem } from '../../../shared/ledger/dynamodb/attributes.ts'
import { openHistory } from '../../../shared/ledger/dynamodb/history.ts'
import { entryItem } from '../../../shared/ledger/dynamodb/journal.ts'
import type { Meter } from '../../../shared/ledger/dynamodb/table.ts'
import { openTotals } from '../../../shared/ledger/dynamodb/totals.ts'
import { entriesOfLife, historyOf, paidAfter } from '../../finance/people.ts'
import { verify } from '../../finance/verify.ts'
import { startTestEngine } from '../../support/engine.ts'
import { startMovements } from '../../support/movements.ts'
import { tablesNamed } from '../../support/tables.ts'
import { inserted } from '../publish/records.ts'

/** People who were entitled, and paid three times. */
export const lives = (...owners: readonly string[]): readonly AnyEntry[] =>
  owners.flatMap((owner) =>
    entriesOfLife(owner, {
      'incentive-1': paidAfter(0),
      'incentive-2': paidAfter(86_400),
      'survey-1': paidAfter(60),
    }),
  )
export const nothingWrong = { differences: [], files: [] }

/** A real engine and a real bucket, on which every test has totals of its own. */
export async function startTotals() {
  const engine = await startTestEngine()
  const bucket = await startMovements()
  const client = engine.connect()
  const { protocol, hostname, port } = (await client.config.endpoint?.()) ?? {}
  let worlds = 0
  return {
    engine,
    bucket,
    /** Totals of nothing, beside an empty journal. */
    async begin() {
      worlds += 1
      const [payouts, journal, finance] = ['payouts', 'journal', 'finance'].map(
        (name) => `${engine.tables.finance}-${worlds}-${name}`,
      )
      const names = { payouts: payouts ?? '', journal: journal ?? '', finance: finance ?? '' }
      await createTables(`${protocol}//${hostname}:${port}`, tablesNamed(names), true)
      bucket.empty()
      return createWorld(engine, bucket, names)
    },
    async stop() {
      await Promise.all([engine.stop(), bucket.stop()])
    },
  }
}
export type TotalsWorld = ReturnType<typeof createWorld>

function createWorld(
  { connect }: Awaited<ReturnType<typeof startTestEngine>>,
  bucket: Awaited<ReturnType<typeof startMovements>>,
  names: { readonly journal: string; readonly finance: string },
) {
  const open = (client: DynamoDBClient, meter: Meter = () => {}) => ({
    history: openHistory(client, names.journal),
    counters: openTotals(client, names.finance, meter),
    files: bucket.files,
  })
  const client = connect()
  const deps = open(client)
  return {
    ...deps,
    open,
    connect,
    names,
    keys: bucket.keys,
    /** Writes entries into the journal, and gives their records of the stream. */
    async write(entries: readonly AnyEntry[]) {
      for (const entry of entries)
        await client.send(new PutItemCommand({ TableName: names.journal, Item: toItem(entryItem(entry)) }))
      return entries.map(inserted)
    },
    count: (shardId: string, records: readonly object[], change: Partial<TotalsDependencies> = {}) =>
      countBatch(
        { ...deps, random: () => 0, pause: async () => {}, ...change },
        shardBatch.parse({ shardId, Records: records }),
      ),
    /** Where the totals, and the files, do not say what these entries say. */
    async wrongFor(entries: readonly AnyEntry[]) {
      const { differences } = await verify({ ...deps, history: historyOf(entries) })
      const ids: string[] = []
      for (const day of new Set(entries.map(({ at }) => jakartaDate(at))))
        for await (const { id } of bucket.files.readDay(day)) ids.push(id)
      const moving = entries.filter(({ postings }) => postings.length > 0)
      const wanted = moving.map(({ owner, subject, seq }) => `${owner}/${subject}/${seq}`)
      return { differences, files: ids.sort().join(' ') === wanted.sort().join(' ') ? [] : ids }
    },
  }
}
