import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { moveAddresses } from './addresses.ts'
import { buildBundles } from './bundles.ts'
import { type Bus, createBus, type Envelope } from './bus.ts'
import type { Call } from './calls.ts'
import { createTables, findTables, startEngine } from './engine.ts'
import { startEventBus } from './event-bus.ts'
import { createFunctions, type Functions } from './functions.ts'
import { createBuckets, openObjects } from './objects.ts'
import { type Queues, startQueues } from './queues.ts'
import { region } from './references.ts'
import { startSecrets } from './secrets.ts'
import { synthesise } from './synthesis.ts'
import { type Description, readTemplate } from './template.ts'

/** Steps that end what was started, in the order in which it was started. */
export type Undo = (() => void | Promise<void>)[]

export type ServiceOptions = {
  /** A CloudFormation template in JSON, or the name of a stage to synthesise one for. */
  readonly template: { readonly file: string } | { readonly stage: string }
  /** Where database and buckets live; in memory without one. */
  readonly dataDirectory?: string
  /** Keep the tables and buckets that an earlier run left in `dataDirectory`. (Default: false, every table starts empty.) */
  readonly keep?: boolean
  /** Secrets' values by name. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Where that is, on this machine, which the template's functions are told to call; by the address in the template. */
  readonly addresses?: Readonly<Record<string, string>>
  /** What functions are told that DynamoDB's address is, e.g. a proxy before it. (Default: the engine's own.) */
  readonly dynamodbEndpoint?: string
  /**
   * How many threads run all functions, each of which then has a module instance of its own, but shares packages:
   * far faster to start and smaller. (Default: every environment has a thread of its own, which loads the very bytes
   * that deploy.)
   */
  readonly threads?: number
  /** False: tables have no streams, and what reads them is never called, which makes a long run faster. (Default: true.) */
  readonly streams?: boolean
  /** Every line that a function writes. */
  readonly onLog?: (functionName: string, line: string) => void
  /** Every call of AWS that a function makes, as IAM would be asked; repeated ones may be left out. Absent: nobody watches. */
  readonly onCall?: (functionName: string, call: Call) => void
  /** Told of every invocation that has ended. */
  readonly onInvoked?: (functionName: string) => void
  /** Everything that is put on the bus, whatever its rules make of it. */
  readonly onEvent?: (envelope: Envelope) => void
}

/** What AWS would provide: tables, queues, secrets and a place for functions to run. */
export type Services = {
  readonly description: Description
  /** The engine's name, and its own address. */
  readonly engine: string
  readonly dynamodb: string
  /** Without the template's queues yet. */
  readonly queues: Queues
  /** What functions put on the bus takes the same way. */
  readonly publish: Bus
  readonly functions: Functions
}

type Runtime = {
  readonly cell: Float64Array<SharedArrayBuffer>
  readonly now: () => number
  readonly concurrency: number
}

/** Starts what the template needs, and adds to `undo` how to end each, whatever comes after it. */
export async function startServices(options: ServiceOptions & Runtime, undo: Undo): Promise<Services> {
  const { keep = false, dataDirectory, threads, onLog = () => {}, onEvent = () => {} } = options
  const template = templateText(options.template)
  template.catch(() => {}) // Awaited below, after what starts meanwhile.
  if (dataDirectory !== undefined) mkdirSync(dataDirectory, { recursive: true })
  const objects = openObjects(dataDirectory, keep)
  const queues = await startQueues(objects)
  undo.push(queues.stop)
  const engine = await startEngine({ directory: dataDirectory, keep })
  undo.push(engine.stop)

  const whole = readTemplate(await template, queues.address)
  const description = options.streams === false ? withoutStreams(whole) : whole
  createBuckets(objects, description.buckets)
  if (keep) await findTables(engine.endpoint, description.tables)
  else await createTables(engine.endpoint, description.tables, false)
  const secrets = await startSecrets(description.secrets, options.secrets ?? {})
  undo.push(secrets.stop)
  const route = createBus(description.rules, queues.send)
  const publish: Bus = (envelope) => {
    onEvent(envelope)
    return route(envelope)
  }
  const eventBus = await startEventBus(description.bus, publish, options.now)
  undo.push(eventBus.stop)
  const directory = mkdtempSync(join(tmpdir(), 'functions-'))
  undo.push(() => rmSync(directory, { recursive: true, force: true }))
  const temporary = join(directory, 'tmp')
  mkdirSync(temporary)
  const entries = new Set(description.functions.map(({ entry }) => entry))
  const functions = createFunctions({
    functions: moveAddresses(description.functions, options.addresses ?? {}),
    ...buildBundles(entries, directory, threads === undefined ? 'bundle' : 'external'),
    cell: options.cell,
    variables: variables(temporary, {
      DYNAMODB: options.dynamodbEndpoint ?? engine.endpoint,
      SQS: queues.address,
      S3: queues.address,
      SECRETS_MANAGER: secrets.endpoint,
      EVENTBRIDGE: eventBus.endpoint,
    }),
    concurrency: options.concurrency,
    threads,
    onLog,
    onCall: options.onCall,
    onInvoked: options.onInvoked,
  })
  undo.push(functions.stop)
  return { description, engine: engine.name, dynamodb: engine.endpoint, queues, publish, functions }
}

const withoutStreams = (description: Description): Description => ({
  ...description,
  streams: [],
  tables: description.tables.map(({ StreamSpecification: _, ...table }) => table),
})

const templateText = (template: ServiceOptions['template']): Promise<string> =>
  'file' in template ? readFile(template.file, 'utf8') : synthesise(template.stage)

/** What this machine adds to a function's own variables. `temporary`: as on Lambda, nobody but functions writes there. `Date` is
 *  virtual, so the SDK must not mind the difference to a server's clock, which it would otherwise answer by sending refused
 *  requests again. */
const variables = (temporary: string, endpoints: Readonly<Record<string, string>>) => ({
  TMPDIR: temporary,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'true',
  ...Object.fromEntries(
    Object.entries(endpoints).map(([service, endpoint]) => [`AWS_ENDPOINT_URL_${service}`, endpoint]),
  ),
})
