import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { onTestFinished } from 'vitest'
import { run } from '../../../functions/inquire/run.ts'
import { takeIn } from '../../../functions/intake/intake.ts'
import { payBatch } from '../../../functions/pay/batch.ts'
import { type Reconciled, reconcile } from '../../../functions/reconcile/reconcile.ts'
import { readHoldings } from '../../../infra/local/audit/holdings.ts'
import { createBuckets, openObjects } from '../../../infra/local/objects.ts'
import { startQueues } from '../../../infra/local/queues.ts'
import {
  type CivilDate,
  type Instant,
  jakartaTimestamp,
  plusSeconds,
  startOfDay,
} from '../../../shared/domain/instant.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { type Movement, movementOf } from '../../../shared/finance/movement.ts'
import type { Written } from '../../../shared/finance/movements.ts'
import { openHistory } from '../../../shared/ledger/dynamodb/history.ts'
import { createReconciliations, createRemarks } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { absent, createTable } from '../../../shared/ledger/dynamodb/table.ts'
import { openMatchedLines } from '../../../shared/ledger/s3/matched.ts'
import { openStatementFiles } from '../../../shared/ledger/s3/statements.ts'
import type { Run } from '../../../shared/reconciliation/register.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { floatBreaks } from '../../support/promises.ts'
import { createScriptedPartner } from '../../support/scripted-partner.ts'
import { accountLinked, certificateIssued, publishers } from '../events.ts'

export const partner = 'gopay'
export const shards = 2
const bucket = 'test-statements'
const incentive = 600_000
const origin = {
  type: 'accrued',
  wave: 4,
  scheme: scheme2020.name,
  platform: 'tokopedia',
  trainingProvider: 'Arkademi',
} as const

/** A line of the partner's statement. */
export type Line = {
  readonly type?: 'payout' | 'refund' | 'topup' | 'fee'
  readonly amount?: number
  readonly at: Instant
  readonly reference: string
  readonly status?: 'completed' | 'processed' | 'failed'
}

const textOf = ({ type = 'payout', amount = incentive, at, reference, status = 'completed' }: Line): string =>
  `${jakartaTimestamp(at)},${type},${amount}.00,${reference},,${status}\n`

async function startStatements() {
  const objects = openObjects()
  createBuckets(objects, [{ BucketName: bucket }])
  const server = await startQueues(objects)
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: server.address, region: 'ap-southeast-3', credentials })
  onTestFinished(async () => {
    client.destroy()
    await server.stop()
  })
  return { client, keys: () => objects.listObjects(bucket).objects.map(({ key }) => key) }
}

/** People who are paid by one partner, its statements, and the reconcile function, on a real engine and a real bucket. */
export async function startReconciliation() {
  const engine = await startTestEngine()
  onTestFinished(() => engine.stop())
  const { client, keys } = await startStatements()
  const disk = mkdtempSync(join(tmpdir(), 'world-'))
  onTestFinished(() => rmSync(disk, { recursive: true }))
  const ledger = engine.open()
  const scripted = createScriptedPartner()
  const people: string[] = []
  let now = at('2020-09-18T10:00:01+07:00')
  let invocations = 0
  let timeFor = () => true
  const clock = () => now
  const told = (event: object) =>
    takeIn(
      { ledger, publishers, partners: { [partner]: 'wallet' }, shards, scheme: scheme2020 },
      JSON.stringify(event),
      now,
      'intake/test',
    )

  const writtenAt = new Map<string, Instant>()
  const fees: Movement[] = []
  /** Every movement has a file of its own, written at once unless a test says otherwise. */
  async function* movements(
    wanted: string | null,
    day: CivilDate,
    { after, until }: Written = {},
  ): AsyncGenerator<Movement> {
    for (const person of people) {
      for (const chain of (await ledger.journal.readAll(person)).values()) {
        for (const entry of chain) {
          const movement = movementOf(entry, origin)
          const written = writtenAt.get(person) ?? entry.at
          const isAsked = (!after || written > after) && (!until || written <= until)
          if (movement?.partner === wanted && movement.day === day && isAsked) yield movement
        }
      }
    }
    for (const fee of fees) if (fee.partner === wanted && fee.day === day) yield fee
  }

  const reconciliations = createReconciliations(
    createTable(engine.connect(), engine.tables.finance, () => {}),
  )
  const deps = {
    ledger,
    shards,
    report: () => {},
    movements: { read: movements },
    reconciliations,
    remarks: createRemarks(createTable(engine.connect(), engine.tables.operations, () => {})),
    statements: openStatementFiles(client, bucket),
    directory: join(disk, 'reconcile'),
  }
  const pay = (participantId: string) => {
    const by = `pay/${++invocations}`
    const lane = {
      ledger,
      partnerName: partner,
      partner: scripted,
      shards,
      ratePerSecond: 100,
      configuration: { settleWindowSeconds: 900 },
      verified: new Map(),
    }
    const invocation = { now: clock, by, permitId: by, usedUp: new Set<string>(), timeFor: () => true }
    return payBatch({ ...lane, ...invocation }, [JSON.stringify({ participantId, payout: 'incentive-1' })])
  }
  await ledger.lanes.fund({
    partner,
    scheme: scheme2020.name,
    budget: scheme2020.budget,
    amount: rupiah(50_000_000),
    document: 'TREASURY-1',
    at: now,
    by: 'finance/ani',
  })

  return {
    ...deps,
    deps,
    keys,
    bytesOf: async (Key: string) =>
      (await client.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToByteArray(),
    matched: openMatchedLines(client, bucket, reconciliations),
    partner: scripted,
    now: clock,
    /** To so many hours after the beginning of a day in Jakarta. */
    goTo: (day: CivilDate, hours = 0) => {
      now = plusSeconds(startOfDay(day), hours * 3_600)
    },
    pay,
    /** From now on there is time for so many days more in each run. */
    hurry: (days: number) => {
      let left = days
      timeFor = () => left-- > 0
    },
    /** The movements of somebody's payouts are written at this instant, and no sooner. */
    writeLate: (id: string, written: Instant) => writtenAt.set(id, written),
    /** Somebody with a certificate and an account, whose first incentive is tried once. */
    async person(): Promise<string> {
      const id = `P-${String(people.length + 1).padStart(5, '0')}`
      people.push(id)
      await told(certificateIssued(id, {}))
      await told(accountLinked(id, { partner, accountNumber: `0812000${id.slice(2)}` }))
      await pay(id)
      return id
    },
    async inquire() {
      const configuration = { settleWindowSeconds: 900, idempotencyWindowSeconds: 0 }
      const limits = { questionsMax: 10, turn: async () => true, report: () => {} }
      const by = `inquire/${++invocations}`
      await run({
        ledger,
        partnerName: partner,
        partner: scripted,
        configuration,
        shards,
        now: clock,
        by,
        ...limits,
      })
    },
    /** Two people have booked a fee of the partner's. */
    async charge(amount: number, document: string) {
      const fee = {
        partner,
        scheme: scheme2020.name,
        amount: rupiah(amount),
        document,
        at: now,
        by: 'ops/ani',
      }
      const outcome = await ledger.lanes.fee(fee)
      for await (const entries of openHistory(engine.connect(), engine.tables.journal).owners(0, 1))
        for (const entry of entries) {
          const movement = entry.event.type === 'fee' ? movementOf(entry, undefined) : undefined
          if (movement) fees.push(movement)
        }
      return outcome
    },
    /** Where the lane may spend other than the journal leaves it, in words. */
    floatBreaks: async () =>
      floatBreaks(ledger, await readHoldings({ database: engine.connect(), tables: engine.tables })),
    entries: async (id: string) =>
      (await ledger.journal.read(id, 'incentive-1')).map(({ event }) => event.type),
    /** The partner puts its statement of a day into the bucket, and the function looks at it. */
    async statement(day: CivilDate, lines: readonly (Line | string)[], name = `${day}.csv`) {
      const heading = 'created_at,type,amount,partner_reference_no,reference_no,status\n'
      const body =
        heading + lines.map((line) => (typeof line === 'string' ? `${line}\n` : textOf(line))).join('')
      const Key = `statements/${partner}/${name}`
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body }))
      const occasion = { now, invocation: `test-${++invocations}`, timeFor: () => timeFor() }
      const days: Reconciled[] = []
      for await (const each of reconcile(deps, Key, occasion)) days.push(each)
      return days
    },
    /** What a run has written that died after the first of its two writes. */
    recordWithoutDay: (run: Run) => {
      const table = createTable(engine.connect(), engine.tables.finance, () => {})
      const sk = `RUN#${run.day}#${String(run.run).padStart(4, '0')}`
      return table.put({ pk: `reconciliation#${run.partner}`, sk, ...run }, absent)
    },
    /** Breaks and their states. */
    async breaks() {
      const records = await deps.reconciliations.breaks(partner)
      return Object.fromEntries(records.map(({ kind, state }) => [kind, state]))
    },
  }
}
