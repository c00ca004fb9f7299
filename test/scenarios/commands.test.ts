import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Envelope } from '../../infra/local/bus.ts'
import { writeStatement } from '../../infra/local/partners/statements/write.ts'
import { stage } from '../../infra/local/programme.ts'
import { jakartaDate } from '../../shared/domain/instant.ts'
import { rupiah } from '../../shared/domain/rupiah.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { statementKey } from '../../shared/reconciliation/statement-key.ts'
import { createOperator, type Operator, type Outcome } from '../support/operator.ts'
import type { Person } from '../support/person.ts'
import { type Pipeline, startPipeline } from '../support/pipeline.ts'
import { entry, startTap } from '../support/tap.ts'

/** What else people can tell the system, each by the command line as a process, and what it changes in the books. */
const plenty = rupiah(20_000_000_000)
let pipeline: Pipeline
let storage: S3Client
let siti: Operator
let budi: Operator
let dewi: Operator
let sitiApproving: Operator
const tap = await startTap()
const files = mkdtempSync(join(tmpdir(), 'commands-'))
beforeAll(async () => {
  const floats = {
    linkaja: { booked: rupiah(100_000), held: plenty },
    ovo: { booked: plenty, held: rupiah(1_000_000) },
  }
  pipeline = await startPipeline({ startAt: '2020-09-18T10:00:00+07:00', floats, tap })
  const { api = '', endpoints } = pipeline.stack
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  storage = new S3Client({ region: stage.region, credentials, endpoint: endpoints.sqs })
  siti = createOperator(api, 'operator', 'siti')
  budi = createOperator(api, 'operator', 'budi')
  dewi = createOperator(api, 'approver', 'dewi')
  sitiApproving = createOperator(api, 'approver', 'siti')
})
afterAll(async () => {
  storage.destroy()
  rmSync(files, { recursive: true })
  await pipeline.stop()
})

const done = { code: 0, err: '' }
const refused = { code: 1 }
const first = ({ id }: Person) => `${id}/incentive-1`
const reason = ['--reason', 'ticket 4711'] as const
const available = async (partner: PartnerName) => (await pipeline.ledger.lanes.read(partner)).available

/** Proposes it; gives the proposal's id. */
async function propose(...command: readonly string[]): Promise<string> {
  const proposed = await siti(...command, '--json')
  expect(proposed.code).toBe(3)
  return JSON.parse(proposed.out).proposal.id
}

/** What it comes to once somebody else has approved it. */
const together = async (...command: readonly string[]): Promise<Outcome> =>
  dewi('approve', await propose(...command))

describe('people', () => {
  afterEach(() => pipeline.promisesKept())

  test('who fund, sweep and book a fee move the float, each once and only together', async () => {
    const person = pipeline.enrol('linkaja')
    await pipeline.pass({ minutes: 5 })
    expect(pipeline.credits(person)).toEqual([])
    const at = ['--partner', 'linkaja', '--document'] as const
    const fund = await propose('fund', ...at, 'SP2D-1', '--amount', 'Rp1,100,000')
    expect(await available('linkaja')).toBe(100_000)
    expect(await sitiApproving('approve', fund)).toMatchObject(refused)
    expect(await available('linkaja')).toBe(100_000)
    expect(await dewi('approve', fund)).toMatchObject(done)
    await pipeline.pass({ minutes: 10 })
    expect(pipeline.credits(person)).toEqual(['linkaja incentive-1 600000'])
    expect(await available('linkaja')).toBe(600_000)

    expect(await siti('sweep', ...at, 'NTPN-1', '--amount', '600001')).toMatchObject(refused)
    expect(await together('sweep', ...at, 'NTPN-1', '--amount', '250000')).toMatchObject(done)
    expect(await siti('sweep', ...at, 'NTPN-1', '--amount', '250000')).toMatchObject(refused)
    expect(await siti('sweep', ...at, 'NTPN-1', '--amount', '1')).toMatchObject(refused)
    expect(await together('fee', ...at, 'INV-1', '--amount', '2500')).toMatchObject(done)
    expect(await available('linkaja')).toBe(347_500)
  })

  test('re-open together a lane that has paused itself', async () => {
    const people = [pipeline.enrol('ovo'), pipeline.enrol('ovo')]
    await pipeline.pass({ hours: 1 })
    const paused = async () => (await pipeline.ledger.lanes.read('ovo')).paused
    expect(await paused()).toMatchObject({ incentive: { reason: 'float-empty' } })
    pipeline.partner('ovo').topUp(plenty)
    const resume = await propose('resume', '--partner', 'ovo', ...reason)
    await pipeline.pass({ minutes: 10 })
    expect(await paused()).toMatchObject({ incentive: { reason: 'float-empty' } })
    expect(await sitiApproving('approve', resume)).toMatchObject(refused)
    expect(await dewi('approve', resume)).toMatchObject(done)
    await pipeline.pass({ hours: 1 })
    for (const person of people) expect(pipeline.credits(person)).toEqual(['ovo incentive-1 600000'])
    expect(await paused()).toEqual({})
  })

  test('hold a payout, find it under its partner, and let it go on', async () => {
    const person = pipeline.newcomer('bni')
    pipeline.publish(person.certificate())
    await pipeline.pass({ minutes: 5 })
    expect(await siti('hold', first(person), ...reason)).toMatchObject(done)
    pipeline.publish(person.link())
    await pipeline.pass({ minutes: 10 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'held' })
    const heldAt = async (partner: PartnerName) =>
      JSON.parse((await siti('held', '--partner', partner, '--json')).out).page.count
    expect([await heldAt('bni'), await heldAt('gopay')]).toEqual([1, 0])
    expect(await siti('waiting', '--partner', 'bni')).toMatchObject({ code: 2 })
    expect(await siti('unhold', first(person), ...reason)).toMatchObject(done)
    await pipeline.pass({ minutes: 10 })
    expect(pipeline.credits(person)).toEqual(['bni incentive-1 600000'])
  })

  test('have a partner asked at once, instead of next morning', async () => {
    const person = pipeline.enrol('gopay', '02')
    await pipeline.pass({ days: 3, minutes: 5 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'pending' })
    expect(await siti('inquire', first(person))).toMatchObject(done)
    await pipeline.pass({ minutes: 3 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'paid' })
  })

  test('settle as paid what nobody knows, by a document', async () => {
    const person = pipeline.enrol('bni', '37')
    await pipeline.pass({ minutes: 25 })
    expect(await pipeline.row(person)).toMatchObject({ state: 'unknown' })
    const reference = `${person.id}-I1-A1`
    const settle = await propose('settle', reference, '--paid', '--document', 'BNI-1', ...reason)
    expect(await pipeline.row(person)).toMatchObject({ state: 'unknown' })
    expect(await dewi('approve', settle)).toMatchObject(done)
    expect(await pipeline.row(person)).toMatchObject({ state: 'paid' })
    expect((await pipeline.story(person)).at(-1)).toBe('disbursed')
    const contrary = await siti('settle', reference, '--not-paid', '--document', 'BNI-2', ...reason)
    expect(contrary).toMatchObject(refused)
  })

  test('take back only what they have proposed themselves, and nobody approves it then', async () => {
    const person = pipeline.enrol('bni')
    await pipeline.pass({ minutes: 10 })
    const cancel = await propose('cancel', `${person.id}/incentive-2`, ...reason)
    expect(await budi('withdraw', cancel)).toMatchObject(refused)
    expect(await siti('withdraw', cancel)).toMatchObject(done)
    expect(await dewi('approve', cancel)).toMatchObject(refused)
    expect(await pipeline.row(person, 'incentive-2')).toMatchObject({ state: 'scheduled' })
  })

  test('stop a job, which goes no further than what it is busy with', async () => {
    const person = pipeline.enrol('bni', '21')
    await pipeline.pass({ hours: 2 })
    const { set } = JSON.parse((await siti('retry', first(person), '--json')).out)
    const { promise: started, resolve: starts } = Promise.withResolvers<string>()
    const stopping = tap.interrupt({
      at: entry(person, 'retried'),
      moment: 'before',
      act: async () => expect(await budi('job', 'stop', await started)).toMatchObject(done),
    })
    const applied = await siti('retry', '--apply', set, ...reason, '--json')
    starts(JSON.parse(applied.out).job.id)
    await stopping.done
    await pipeline.pass({ minutes: 1 })
    const job = JSON.parse((await siti('job', await started, '--json')).out)
    expect(job).toMatchObject({ state: 'stopped', payments: 1, retried: 1, startedBy: 'siti' })
  })
})

describe('a refused event', () => {
  afterEach(() => pipeline.promisesKept())

  /** Has intake refuse it; gives its hash, as the list has it. */
  async function refusedAs(why: string, event: Envelope): Promise<string> {
    const hashes = async (): Promise<string[]> => {
      const { events } = JSON.parse((await siti('quarantine', 'list', '--json')).out)
      return events.flatMap(({ hash, reason }: Record<string, string>) => (reason === why ? [hash] : []))
    }
    pipeline.publish(event)
    await pipeline.pass({ minutes: 2 })
    const found = await hashes()
    expect(found).toHaveLength(1)
    return found[0] ?? ''
  }

  test('that came too early is sent again as it is, when its time has come', async () => {
    const person = pipeline.newcomer('gopay')
    const issuedAt = '2020-09-25T10:00:00+07:00'
    const hash = await refusedAs('issued_in_future', person.certificate({ issuedAt }))
    await pipeline.until('2020-09-25T10:05:00+07:00')
    expect(await siti('quarantine', 'resubmit', hash)).toMatchObject(done)
    pipeline.publish(person.link())
    await pipeline.pass({ minutes: 10 })
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })

  test('is shown and repaired in its wave, but never in whose it is', async () => {
    const person = pipeline.newcomer('gopay')
    const certificateId = 'C-4711'
    const hash = await refusedAs('unknown_wave', person.certificate({ wave: 99, certificateId }))
    const shown = await siti('quarantine', 'show', hash.slice(0, 12), '--json')
    expect(JSON.parse(shown.out)).toMatchObject({ hash, event: { detail: { participantId: person.id } } })
    const file = join(files, 'event.json')
    const repairedAsOf = (somebody: Person) => {
      writeFileSync(file, JSON.stringify(somebody.certificate({ wave: 4, certificateId })))
      return siti('quarantine', 'resubmit', hash, '--file', file)
    }
    expect(await repairedAsOf(pipeline.newcomer('gopay'))).toMatchObject(refused)
    expect(await repairedAsOf(person)).toMatchObject(done)
    pipeline.publish(person.link())
    await pipeline.pass({ minutes: 10 })
    expect(pipeline.credits(person)).toEqual(['gopay incentive-1 600000'])
  })
})

/** The partner's statement of yesterday arrives. */
async function statementArrives(partner: PartnerName): Promise<void> {
  const day = jakartaDate(pipeline.now())
  await pipeline.pass({ days: 1 })
  const { text } = writeStatement({ partner, day, format: 'csv' }, pipeline.partner(partner).book)
  const Bucket = `${stage.name}-disbursement-statements-${stage.account}`
  const Key = statementKey(partner, `${day}.csv`)
  await storage.send(new PutObjectCommand({ Bucket, Key, Body: [...text].join('') }))
  await pipeline.pass({ minutes: 1 })
}

test('what a statement shows to be paid twice ends when two people say that it is back, or lost', async () => {
  const people = [pipeline.enrol('bni', '22'), pipeline.enrol('bni', '22')]
  await pipeline.pass({ hours: 2 })
  for (const person of people) pipeline.publish(person.link(pipeline.account('gopay')))
  await pipeline.pass({ days: 2 })
  await statementArrives('bni')
  const overpaid = people.map(({ id }) => `${id}-I1-A1`)
  const cases = async (state: string): Promise<string[]> => {
    const { cases } = JSON.parse((await siti('recovery', '--state', state, '--json')).out)
    return cases.map((one: Record<string, string>) => one.overpaidBy).sort()
  }
  expect(await cases('open')).toEqual(overpaid)
  const before = await available('bni')
  const [back = '', lost = ''] = overpaid
  expect(await together('recovered', back, '--document', 'CR-1')).toMatchObject(done)
  expect(await available('bni')).toBe(before + 600_000)
  expect(await together('write-off', lost, '--document', 'BA-1', ...reason)).toMatchObject(done)
  expect(await available('bni')).toBe(before + 600_000)
  expect([await cases('open'), await cases('recovered'), await cases('written-off')]).toEqual([
    [],
    [back],
    [lost],
  ])
  for (const person of people) expect(await pipeline.row(person)).toMatchObject({ state: 'paid', attempt: 2 })
  expect(pipeline.failures()).toEqual([])
})
