import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import type * as z from 'zod'
import { isMistake, readOptions, readWholeNumber } from '../../infra/command-line.ts'
import { callerHeaders } from '../../infra/local/api.ts'
import { type Programme, stage, startProgramme } from '../../infra/local/programme.ts'
import { exchange } from '../../infra/ops/http.ts'
import type { Request } from '../../infra/ops/transport.ts'
import { operationKeys } from '../../shared/ledger/dynamodb/keys.ts'
import { toItem } from '../../shared/ledger/dynamodb/table.ts'
import { itemSize } from '../../shared/ledger/dynamodb/writeUnits.ts'
import type { Role } from '../../shared/operations/roles.ts'
import { type Route, routes } from '../../shared/operations/routes.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import { writeTemplate } from '../support/template.ts'
import { failingPartner, holderName, populate } from './population.ts'
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
type Asked = {
  readonly participants: number
  readonly failed: number
  readonly paid: number
  readonly rate: number
  readonly json: boolean
}

function readArguments(args: readonly string[]): Asked | 'help' | { readonly mistake: string } {
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

/** Asks the stand-in of the HTTP API as somebody in a role; what came back, and how long it took in milliseconds. */
async function ask<Answer extends z.ZodType>(
  { stack }: Programme,
  route: Route & { readonly answer: Answer },
  person: { readonly role: Role; readonly name: string },
  request: Request = {},
) {
  const since = performance.now()
  const reply = await exchange(new URL(stack.api ?? ''), route, request, async ({ headers }) => ({
    ...headers,
    ...callerHeaders(person),
  }))
  const took = performance.now() - since
  if (!('status' in reply) || reply.status !== 200) {
    throw new Error(`${route.method} ${route.path}: ${JSON.stringify(reply)}`)
  }
  const answer = route.answer.parse(reply.body)
  return { took, answer, bytes: JSON.stringify(reply.body).length }
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

/** The retry of everything that has failed, previewed; gives the set. */
async function previewing(programme: Programme, failed: number) {
  const body = { filter: { partner: failingPartner } }
  const key = randomUUID()
  const first = await ask(programme, routes.preview, siti, { body, key })
  const { set, payments, truncated } = first.answer
  if (payments !== failed || truncated) throw new Error(`${payments} of ${failed} payments are in the set`)
  const again = await ask(programme, routes.preview, siti, { body, key: randomUUID() })
  const goal = { unit: 'ms', most: 10_000 }
  const figures: readonly Figure[] = [
    { name: `preview of ${payments} payments, first call`, value: first.took, ...goal },
    { name: `preview of ${payments} payments, second call`, value: again.took, ...goal },
    { name: 'answer of a preview', value: first.bytes, unit: 'bytes', most: 6_000_000 },
    ...(await kept(programme, set, key)),
  ]
  return { set, figures }
}

/** Two people start the job, and it runs to its end while time stands still. */
async function retrying(programme: Programme, set: string, failed: number): Promise<readonly Figure[]> {
  const { stack } = programme
  const body = { instruction: 'retry', set, reason: 'the partner is back' }
  const asked = await ask(programme, routes.instruct, siti, { body, key: randomUUID() })
  const proposed = 'proposal' in asked.answer ? asked.answer.proposal.id : undefined
  if (proposed !== undefined)
    await ask(programme, routes.approve, dewi, {
      parameters: { id: proposed },
      body: {},
      key: randomUUID(),
    })
  const since = performance.now()
  await stack.runUntil(stack.clock.now())
  const took = performance.now() - since
  const [job] = (await ask(programme, routes.jobs, siti)).answer.jobs
  if (job?.state !== 'done' || job.retried !== failed) throw new Error(`the job: ${JSON.stringify(job)}`)
  return [
    { name: `job over ${failed} payments`, value: took, unit: 'ms' },
    { name: 'payments that a job retries', value: (failed * 1000) / took, unit: 'per s' },
  ]
}

/** Lets time pass until so many are paid, and counts what reaches the partner. */
async function paying(programme: Programme, { paid, failed, rate }: Asked): Promise<readonly Figure[]> {
  const { stack, partners } = programme
  const simulator = partners.get(failingPartner)
  if (!simulator) throw new Error(`${failingPartner} has no simulator`)
  const { tokenPath } = partnerConfigurations[failingPartner]
  const watch = watchTraffic(simulator.baseUrl, tokenPath, stack.clock.now)
  const wanted = Math.min(paid, failed)
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
async function measure(programme: Programme, asked: Asked): Promise<readonly Figure[]> {
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
    ...(await looking('status', () => ask(programme, routes.status, siti))),
    ...(await looking('first page of failed', () => ask(programme, routes.list, siti, { query }))),
  ]
  const { set, figures: ofPreview } = await previewing(programme, failed)
  figures.push(...ofPreview, ...(await retrying(programme, set, failed)))
  return [...figures, ...(await paying(programme, asked))]
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

async function run(asked: Asked): Promise<void> {
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
