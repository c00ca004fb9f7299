import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { isMistake, readOptions, readWholeNumber } from '../../infra/command-line.ts'
import { type Programme, stage, startProgramme } from '../../infra/local/programme.ts'
import { toItem } from '../../shared/ledger/dynamodb/attributes.ts'
import { operationKeys } from '../../shared/ledger/dynamodb/keys.ts'
import { itemSize } from '../../shared/ledger/dynamodb/write-units.ts'
import { routes } from '../../shared/operations/routes.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { writeTemplate } from '../support/template.ts'
import { answerTo, ask } from './asking.ts'
import { failedPayout, failingPartner, holderName, populate } from './population.ts'
import { watchTraffic } from './traffic.ts'

/**
 * `npm run bench:operations`: how long people wait for the operations API when much is stored and much has failed, how
 * long a large retry takes, and whether the partner's rate holds while it is paid. Figures, not assertions.
 */

const help = `Usage: npm run bench:operations -- [options]

  --participants N  stored, seven payouts each (14286)
  --failed N        of them with one failed payout, at most 10000 (10000)
  --paid N          of the retried ones to be paid while the partner counts (1000)
  --rate N          requests per second to that partner (the stage's)
  --json            one JSON object instead of a table`

const defaults = { participants: '14286', failed: '10000', paid: '1000', rate: '' }
/** Between two minutes: no schedule is due while the job runs. */
const startAt = '2020-09-18T10:00:30+07:00'
const calls = 5
const minute = 60_000
const minutesMax = 600

/** Goals in milliseconds; a figure without one is for information. */
type Figure = { readonly name: string; readonly value: number; readonly unit: string; readonly most?: number }
type Options = {
  readonly participants: number
  readonly failed: number
  readonly paid: number
  readonly rate: number
  readonly json: boolean
}

function readArguments(args: readonly string[]): Options | 'help' | { readonly mistake: string } {
  const text = { type: 'string' } as const
  const options = { participants: text, failed: text, paid: text, rate: text } as const
  const values = readOptions(args, { ...options, json: { type: 'boolean', default: false } })
  if (values === 'help' || isMistake(values)) return values
  const { rate = `${stage.partners[failingPartner].ratePerSecond}` } = values
  const given = { ...defaults, ...values, rate }
  const limits = { least: 1, most: 10_000 }
  const participants = readWholeNumber('participants', given.participants, { least: 1, most: 100_000 })
  const failed = readWholeNumber('failed', given.failed, limits)
  const paid = readWholeNumber('paid', given.paid, limits)
  const perSecond = readWholeNumber('rate', given.rate, limits)
  for (const number of [participants, failed, paid, perSecond]) if (typeof number !== 'number') return number
  return {
    participants: Number(participants),
    failed: Number(failed),
    paid: Number(paid),
    rate: Number(perSecond),
    json: values.json,
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

/**
 * Takes the streams out of a template: the engine writes the slower the more records a stream has, and who reads it
 * would first be handed everything that is stored beforehand.
 */
function withoutStreams(file: string): void {
  const change = (key: string, value: unknown) => {
    if (key === 'StreamSpecification') return undefined
    const reads = typeof value === 'object' && value !== null && 'StartingPosition' in value
    return reads ? { ...value, Enabled: false } : value
  }
  writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, 'utf8'), change)))
}

const siti = { role: 'operator', name: 'siti' } as const
const dewi = { role: 'approver', name: 'dewi' } as const

/** One request again and again: the first time, and the median of the later ones. */
async function looking(
  name: string,
  look: () => Promise<{ readonly took: number }>,
): Promise<readonly Figure[]> {
  const goal = { unit: 'ms', most: 1_000 }
  const { took: first } = await look()
  const later: number[] = []
  for (let call = 0; call < calls; call++) later.push((await look()).took)
  return [
    { name: `${name}, first call`, value: first, ...goal },
    { name: `${name}, median of ${calls}`, value: median(later), ...goal },
  ]
}

const register = `${stage.name}-operations`

/** What a preview has written. */
async function kept({ database }: Programme, set: string, key: string): Promise<readonly Figure[]> {
  const { Items: items = [] } = await database.send(
    new QueryCommand({
      TableName: register,
      KeyConditionExpression: 'pk = :set',
      ExpressionAttributeValues: toItem({ ':set': operationKeys.set(set).pk }),
      ConsistentRead: true,
    }),
  )
  const Key = toItem(operationKeys.request(siti.name, key))
  const { Item: request = {} } = await database.send(new GetItemCommand({ TableName: register, Key }))
  const sizes = items.map(itemSize)
  return [
    { name: 'items of the set', value: items.length, unit: 'items' },
    { name: 'largest item of the set', value: Math.max(...sizes), unit: 'bytes', most: 400 * 1024 },
    { name: 'the kept answer', value: itemSize(request), unit: 'bytes', most: 400 * 1024 },
    {
      name: 'write units of set and answer',
      value: [...sizes, itemSize(request)].reduce((sum, size) => sum + Math.ceil(size / 1024), 0),
      unit: 'units',
    },
  ]
}

/** The most payouts that a preview takes by name. */
const namedMax = 1_000

/** One preview: how long it took, and the set where there is one. */
async function previewed(
  programme: Programme,
  name: string,
  body: object,
): Promise<{ readonly figures: readonly Figure[]; readonly made?: { set: string; payments: number } }> {
  const key = randomUUID()
  const reply = await ask(programme, routes.preview, siti, { body, key })
  const goal = { unit: 'ms', value: reply.took, most: 10_000 }
  if ('lost' in reply) return { figures: [{ name: `${name}: no answer`, ...goal }] }
  const { set, payments, truncated } = reply.answer
  const figures: readonly Figure[] = [
    { name: `${name}: ${payments}${truncated ? ' (truncated)' : ''}`, ...goal },
    { name: 'its answer', value: reply.bytes, unit: 'bytes', most: 6_000_000 },
    ...(await kept(programme, set, key)),
  ]
  return { figures, made: { set, payments } }
}

/**
 * The retry of everything that has failed, previewed; then of as many as may be named, which a job takes on where the
 * whole was too much.
 */
async function previewing(programme: Programme, failed: number) {
  const all = await previewed(programme, 'preview by filter', { filter: { partner: failingPartner } })
  const payouts = Array.from({ length: Math.min(failed, namedMax) }, (_, index) => failedPayout(index))
  const some = await previewed(programme, 'preview by name', { payouts })
  const figures = [...all.figures, ...some.figures]
  const made = all.made ?? some.made
  if (!made) throw new Error('no preview has made a set')
  return { ...made, figures }
}

/** Two people start the job, and it runs to its end while time stands still. */
async function retrying(programme: Programme, set: string, payments: number): Promise<readonly Figure[]> {
  const { stack } = programme
  const body = { instruction: 'retry', set, reason: 'the partner is back' }
  const asked = await answerTo(programme, routes.instruct, siti, { body, key: randomUUID() })
  const proposed = 'proposal' in asked.answer ? asked.answer.proposal.id : undefined
  if (proposed !== undefined)
    await answerTo(programme, routes.approve, dewi, {
      parameters: { id: proposed },
      body: {},
      key: randomUUID(),
    })
  const since = performance.now()
  await stack.runUntil(stack.clock.now())
  const took = performance.now() - since
  const [job] = (await answerTo(programme, routes.jobs, siti)).answer.jobs
  if (job?.state !== 'done' || job.retried !== payments) throw new Error(`the job: ${JSON.stringify(job)}`)
  return [
    { name: `job over ${payments} payments`, value: took, unit: 'ms' },
    { name: 'payments that a job retries', value: (payments * 1000) / took, unit: 'per s' },
  ]
}

/** Lets time pass until so many are paid, and counts what reaches the partner. */
async function paying(
  programme: Programme,
  { paid, rate }: Options,
  retried: number,
): Promise<readonly Figure[]> {
  const { stack, partners } = programme
  const simulator = partners.get(failingPartner)
  if (!simulator) throw new Error(`${failingPartner} has no simulator`)
  const { tokenPath } = partnerConfigurations[failingPartner]
  const watch = watchTraffic(simulator.baseUrl, tokenPath, stack.clock.now)
  const wanted = Math.min(paid, retried)
  const begunAt = stack.clock.now()
  const since = performance.now()
  const debits = () => simulator.book.movements().length
  for (let minutes = 0; minutes < minutesMax && debits() < wanted; minutes++) {
    await stack.runUntil(stack.clock.now() + minute)
  }
  const seconds = (performance.now() - since) / 1000
  const { requests, transfers, peakPerSecond } = watch.stop()
  const passed = (stack.clock.now() - begunAt) / 1000
  return [
    { name: 'paid of the retried payments', value: debits(), unit: 'payments' },
    { name: 'real time of that', value: seconds, unit: 's' },
    { name: 'virtual time of that', value: passed, unit: 's' },
    { name: 'transfers the partner was sent', value: transfers, unit: 'requests' },
    { name: 'requests the partner was sent', value: requests, unit: 'requests' },
    { name: 'most of them in a virtual second', value: peakPerSecond, unit: 'per s', most: rate },
  ]
}

/** All figures, in order. */
async function measure(programme: Programme, asked: Options): Promise<readonly Figure[]> {
  const { database, tables, partners } = programme
  const { participants, failed } = asked
  const since = performance.now()
  const numbers = await populate(database, tables, { participants, failed, shards: stage.shards })
  const stored = performance.now() - since
  for (const number of numbers) partners.get(failingPartner)?.knowAccount(number, holderName)
  const query = { list: 'failed', partner: failingPartner }
  const figures = [
    { name: 'payouts stored', value: participants * 7, unit: 'payouts' },
    { name: 'storing them', value: stored / 1000, unit: 's' },
    ...(await looking('status', () => answerTo(programme, routes.status, siti))),
    ...(await looking('first page of failed', () => answerTo(programme, routes.list, siti, { query }))),
  ]
  const { set, payments, figures: ofPreview } = await previewing(programme, failed)
  figures.push(...ofPreview, ...(await retrying(programme, set, payments)))
  return [...figures, ...(await paying(programme, asked, payments))]
}

const load = () => loadavg().map((value) => Math.round(value * 100) / 100)
const shown = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })

function print(figures: readonly Figure[]): void {
  for (const { name, value, unit, most } of figures) {
    const goal = most === undefined ? '' : `  ${value <= most ? 'within' : 'ABOVE'} ${shown(most)}`
    console.log(`${name.padEnd(44)}${shown(value).padStart(10)} ${unit}${goal}`)
  }
}

async function run(asked: Options): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  const loadBefore = load()
  try {
    const template = await writeTemplate(directory, { rates: { [failingPartner]: asked.rate } })
    withoutStreams(template.file)
    const programme = await startProgramme({ startAt: Date.parse(startAt), template, threads: 2 })
    try {
      const figures = await measure(programme, asked)
      const loads = { loadBefore, loadAfter: load() }
      if (asked.json) process.stdout.write(`${JSON.stringify({ ...loads, figures })}\n`)
      else {
        print(figures)
        console.log(`load average over 1, 5 and 15 minutes: ${loadBefore} before, ${loads.loadAfter} after`)
      }
    } finally {
      await programme.stop()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const asked = readArguments(process.argv.slice(2))
if (asked === 'help') console.log(help)
else if ('mistake' in asked) {
  console.error(asked.mistake)
  process.exitCode = 2
} else await run(asked)
