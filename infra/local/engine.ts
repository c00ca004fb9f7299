import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { chosenEngine, embeddedEngine, unanswered } from './engine-choice.ts'
import type { Table } from './resources.ts'

/** A running DynamoDB, real or imitated; its name is what `chosenEngine` says. */
export type Engine = { readonly name: string; readonly endpoint: string; stop(): Promise<void> }

export type EngineOptions = {
  /** Directory of the database's file; in memory without one. */
  readonly directory?: string | undefined
  /** Keep what an earlier run left in the directory. (Default: false.) */
  readonly keep?: boolean | undefined
}

export const databaseIn = (directory: string): string => join(directory, 'dynamodb.sqlite')
const startPatienceMs = 10_000

/**
 * Starts DynamoDB on this machine, or uses the engine that AWS_ENDPOINT_URL_DYNAMODB names. Throws in plain
 * words where neither is possible. The process it starts ends with this one, however this one ends.
 */
export async function startEngine({ directory, keep = false }: EngineOptions): Promise<Engine> {
  const name = await reachableEngine()
  if (name !== embeddedEngine) return { name, endpoint: name, stop: () => Promise.resolve() }
  const file = directory === undefined ? undefined : databaseIn(directory)
  if (file !== undefined && !keep)
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })

  const port = await freePort()
  const path = file === undefined ? [] : ['--db-path', file]
  // The shell ends the engine as soon as its standard input closes, which happens even when this process is killed.
  const script = 'exec 3<&0; "$@" & engine=$!; { read -r _ <&3; kill $engine; } & wait $engine'
  const child = spawn('sh', ['-c', script, 'sh', enginePath(), '--port', `${port}`, ...path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Not in the terminal's group: Ctrl-C is for the host, which may need the engine for its last words.
    detached: true,
  })
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  )
  let running = true
  void ended.then(() => {
    running = false
    child.stdin.end()
  })

  const engine: Engine = {
    name,
    endpoint: `http://127.0.0.1:${port}`,
    stop() {
      child.stdin.end()
      return ended
    },
  }
  const since = performance.now()
  while (!(await answers(engine.endpoint))) {
    if (running && performance.now() - since < startPatienceMs) continue
    await engine.stop()
    throw new Error('DynamoDB did not start on this machine')
  }
  if (file !== undefined) indexStreams(file)
  return engine
}

/** The engine that `chosenEngine` names. Throws in plain words where it is somebody else's and does not answer. */
export async function reachableEngine(): Promise<string> {
  const name = chosenEngine()
  if (typeof name !== 'string') throw new Error(name.mistake)
  // Whatever takes a connection may never answer.
  const answered = name === embeddedEngine || (await answers(name, AbortSignal.timeout(startPatienceMs)))
  if (!answered) throw new Error(unanswered(name))
  return name
}

/**
 * The engine numbers a stream's next record, and finds the ones to hand out, by reading all that there are, so that a
 * long run would spend a fourth of its time on it. Its file is SQLite's, and an index there ends that.
 */
function indexStreams(file: string): void {
  const database = new DatabaseSync(file)
  try {
    const number = 'CAST(sequence_number AS INTEGER)'
    database.exec(`CREATE INDEX IF NOT EXISTS stream_ends ON _stream_records (table_name, ${number})`)
    database.exec(
      `CREATE INDEX IF NOT EXISTS stream_places ON _stream_records (table_name, shard_id, ${number})`,
    )
  } catch {
    // Another version of the engine may keep its streams otherwise: then it is as fast as it is.
  } finally {
    database.close()
  }
}

const page = z.object({ TableNames: z.array(z.string()), LastEvaluatedTableName: z.string().optional() })
/** Of a hundred tables each. */
const pagesMax = 100

/** The names of all tables there are. */
async function existing(endpoint: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  let last: string | undefined
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const input = last === undefined ? {} : { ExclusiveStartTableName: last }
    const read = page.parse(await call(endpoint, 'ListTables', input))
    for (const name of read.TableNames) names.add(name)
    last = read.LastEvaluatedTableName
    if (last === undefined) return names
  }
  throw new Error(`${endpoint} has more tables than ${pagesMax} pages list`)
}

/** Throws in plain words where a table of an earlier run is not there any more. */
export async function findTables(endpoint: string, tables: readonly Table[]): Promise<void> {
  const names = await existing(endpoint)
  const missing = tables.map(({ TableName }) => TableName).filter((name) => !names.has(name))
  if (missing.length === 0) return
  throw new Error(
    `The run to go on from has lost its tables (${missing.join(', ')}); npm start makes a new one`,
  )
}

/** Creates the tables, empty. With `keep`, those that already exist are left as they are. */
export async function createTables(endpoint: string, tables: readonly Table[], keep: boolean): Promise<void> {
  const names = await existing(endpoint)
  for (const table of tables) {
    const exists = names.has(table.TableName)
    if (exists && keep) continue
    if (exists) await remove(endpoint, table.TableName)
    const { StreamSpecification: stream, ...others } = table
    const StreamSpecification = stream && { StreamSpecification: { StreamEnabled: true, ...stream } }
    await call(endpoint, 'CreateTable', { ...others, ...StreamSpecification, BillingMode: 'PAY_PER_REQUEST' })
  }
}

async function remove(endpoint: string, name: string): Promise<void> {
  await call(endpoint, 'DeleteTable', { TableName: name })
  for (let questions = 0; questions < 1000; questions += 1) {
    const gone = await call(endpoint, 'DescribeTable', { TableName: name }).then(
      () => false,
      () => true,
    )
    if (gone) return
  }
  throw new Error(`table ${name} of an earlier run does not go away`)
}

type CallOptions = {
  /** (Default: DynamoDB.) */
  readonly service?: 'DynamoDB' | 'DynamoDBStreams'
  readonly signal?: AbortSignal
}

/** One request of DynamoDB's JSON protocol. Loading the SDK here would cost 100 MB for these few operations. */
export async function call(
  endpoint: string,
  operation: string,
  input: unknown,
  { service = 'DynamoDB', signal }: CallOptions = {},
): Promise<unknown> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    ...(signal && { signal }),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${service}_20120810.${operation}`,
      // Engines ask for a signature and do not verify it.
      'x-amz-date': '20200101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/ap-southeast-3/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${operation}: ${text}`)
  return JSON.parse(text)
}

const answers = (endpoint: string, signal?: AbortSignal): Promise<boolean> =>
  call(endpoint, 'ListTables', {}, signal && { signal }).then(
    () => true,
    () => false,
  )

/** The engine's program, where npm has put it for this platform. */
function enginePath(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'dynoxide')
    if (existsSync(path)) return path
  } catch {
    // Not installed: said below, in words for whoever started us.
  }
  throw new Error(
    `There is no DynamoDB engine for this machine (${name} is not installed). ` +
      'Either run on Linux x64 after npm install, or start DynamoDB Local (amazon/dynamodb-local) and set ' +
      'AWS_ENDPOINT_URL_DYNAMODB to its address.',
  )
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}
