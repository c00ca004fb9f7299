import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBuckets, openObjects } from '../../../infra/local/objects.ts'
import { startQueues } from '../../../infra/local/queues.ts'
import { at } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { captureLog, environments, newContext, prepare, variablesOf } from './host.ts'
import { dimensionsOf, linesOf, metricsOf, strayFields } from './log.ts'

/** The reconcile function whole: from what S3 says of a statement to what wakes people. */

const { STATEMENTS_BUCKET, MOVEMENTS_BUCKET } = environments.reconcile
const objects = openObjects()
createBuckets(objects, [{ BucketName: STATEMENTS_BUCKET }, { BucketName: MOVEMENTS_BUCKET }])
const server = await startQueues(objects)
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const storage = new S3Client({ endpoint: server.address, region: 'ap-southeast-3', credentials })
const engine = await startTestEngine()
const disk = mkdtempSync(join(tmpdir(), 'environment-'))
const variables = { ...(await variablesOf(engine)), AWS_ENDPOINT_URL_S3: server.address, TMPDIR: disk }
afterAll(async () => {
  rmSync(disk, { recursive: true })
  storage.destroy()
  await Promise.all([server.stop(), engine.stop()])
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(at('2020-10-01T06:00:00+07:00')) })
  prepare('reconcile', variables)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** `timeLeft` is asked, after every day but the last, whether there is time for another. */
async function arrives(
  day: string,
  lines: readonly string[] = [],
  timeLeft: (log: string) => number = () => 900_000,
) {
  const key = `statements/gopay/${day}.csv`
  const heading = 'created_at,type,amount,partner_reference_no,reference_no,status'
  const Body = [heading, ...lines, ''].join('\n')
  await storage.send(new PutObjectCommand({ Bucket: STATEMENTS_BUCKET, Key: key, Body }))
  const { handler } = await import('../../../functions/reconcile/handler.ts')
  const log = captureLog()
  try {
    const event = { Records: [{ s3: { object: { key } } }] }
    const getRemainingTimeInMillis = () => timeLeft(log())
    const answer = await handler(event, { ...newContext(), getRemainingTimeInMillis })
    return { answer, log: log() }
  } finally {
    vi.restoreAllMocks()
  }
}

/** A payment that nobody here has ordered. */
const stranger = (day: string, id: string) =>
  `${day}T12:00:00+07:00,payout,600000.00,P-${id}-I1-A1,,completed`

test('days that are left for lack of time are counted, for the alarm, and said; others are not', async () => {
  for (const day of ['2020-09-18', '2020-09-19', '2020-09-20']) {
    const { log } = await arrives(day)
    expect(metricsOf(log)).not.toHaveProperty('ReconcilePostponed')
  }
  const { answer, log } = await arrives('2020-09-18', [stranger('2020-09-18', '1')], () => 1_000)
  expect(answer).toMatchObject({ outcomes: ['recorded', 'postponed'] })
  expect(metricsOf(log)).toMatchObject({ ReconcilePostponed: 1, BreakFound: 1 })
  expect(linesOf(log)).toContainEqual(
    expect.objectContaining({
      level: 'WARN',
      partner: 'gopay',
      message: 'days from 2020-09-19 on are reconciled again after the next statement',
    }),
  )
  expect(strayFields(log)).toEqual([])
})

test('a day’s breaks are counted before the next day is begun, so that no timeout loses them', async () => {
  for (const day of ['2020-09-25', '2020-09-26']) await arrives(day)
  let known: string | undefined
  const { log } = await arrives('2020-09-25', [stranger('2020-09-25', '2')], (sofar) => {
    known ??= sofar
    return 900_000
  })
  expect(metricsOf(known ?? '')).toEqual({ BreakFound: 1 })
  expect(metricsOf(log)).toEqual({ BreakFound: 1 })
  expect(dimensionsOf(log, 'BreakFound')).toEqual([{ service: 'reconcile' }])
})
