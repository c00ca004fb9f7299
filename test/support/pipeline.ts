import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import type { Envelope } from '../../infra/local/bus.ts'
import type { BehaviourNumber } from '../../infra/local/partners/behaviours.ts'
import type { Simulator } from '../../infra/local/partners/simulator.ts'
import { type Programme, type ProgrammeOptions, stage, startProgramme } from '../../infra/local/programme.ts'
import type { LocalStack } from '../../infra/local/stack.ts'
import { epochMs, type Instant, instant, parseInstant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import { type BothBooks, createBothBooks } from './both-books.ts'
import { createPeople, type Person, type TestAccount } from './person.ts'
import { checkPromises } from './promises.ts'
import { createRecorder } from './recordings.ts'
import type { Tap } from './tap.ts'
import { type Differences, writeTemplate } from './template.ts'

/** The whole pipeline on this machine, as a scenario sees it: people, their events, virtual time, and both books. */
export type Pipeline = BothBooks &
  Participation &
  Supervision & {
    readonly stack: LocalStack
    /** Reads, and writes what only people may: pauses and funding. */
    readonly ledger: LedgerWithAccounts
    partner(name: PartnerName): Simulator
    now(): Instant
    /** Lets virtual time pass. */
    pass(time: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): Promise<void>
    /** The same, up to an ISO 8601 time. */
    until(time: string): Promise<void>
    stop(): Promise<void>
  }

type Participation = {
  /** An account that the partner knows. */
  account(partner: PartnerName, behaviour?: BehaviourNumber): TestAccount
  newcomer(partner: PartnerName, behaviour?: BehaviourNumber): Person
  /** Puts events on the bus at this moment. */
  publish(...events: readonly Envelope[]): void
  /** Puts a body into intake's queue that EventBridge could not have delivered. */
  deliver(body: string): void
  /** A newcomer whose certificate and account arrive at this moment. */
  enrol(partner: PartnerName, behaviour?: BehaviourNumber): Person
}

type Supervision = {
  /** Failures of ours that the functions have logged since this was last asked. */
  failures(): string[]
  /** What an audit counts. */
  figures(): Promise<Awaited<ReturnType<typeof checkPromises>>['figures']>
  /** Fails, in words, where a promise is broken or a function has logged an error that nobody expected. */
  promisesKept(): Promise<void>
}

export type PipelineOptions = Pick<ProgrammeOptions, 'concurrency' | 'floats' | 'onEvent'> &
  Differences & {
    /** Virtual time, ISO 8601. */
    readonly startAt: string
    /** Goes between the functions and the engine. */
    readonly tap?: Tap
    /**
     * Whether every environment has a thread of its own, which crashes alone and loads the very bytes that deploy.
     * (Default: no, all share one thread, which starts in half the time; with `npm start` it is two.)
     */
    readonly ownThreads?: boolean
  }

const minute = 60_000

function partnerNamed({ partners }: Programme, name: PartnerName): Simulator {
  const simulator = partners.get(name)
  if (!simulator) throw new Error(`${name} has no simulator`)
  return simulator
}

/** People's side. `published` takes the queue bodies of their events. */
function createParticipation(programme: Programme, now: () => Instant, published: string[]): Participation {
  const { stack } = programme
  const people = createPeople(now)

  function account(name: PartnerName, behaviour?: BehaviourNumber): TestAccount {
    const opened = people.newAccount(name, behaviour)
    partnerNamed(programme, name).knowAccount(opened.number, opened.holderName)
    return opened
  }

  const newcomer: Participation['newcomer'] = (name, behaviour) => people.newcomer(account(name, behaviour))

  function publish(...events: readonly Envelope[]): void {
    for (const event of events) {
      stack.publish(event)
      published.push(JSON.stringify(event))
    }
  }

  return {
    account,
    newcomer,
    publish,
    deliver(body) {
      stack.send(`${stage.name}-intake`, body)
      published.push(body)
    },
    enrol(name, behaviour) {
      const person = newcomer(name, behaviour)
      publish(person.certificate(), person.link())
      return person
    },
  }
}

/** Keeps what functions log as failures of ours. */
function createFailureLog() {
  let failures: string[] = []
  return {
    onLog(functionName: string, line: string): void {
      if (line.includes('"level":"ERROR"')) failures.push(`${functionName}: ${line}`)
    },
    take(): string[] {
      const logged = failures
      failures = []
      return logged
    },
  }
}

/** Starts everything. */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { shards = stage.shards, rates, fetchesStatements = false, startAt, tap, ...rest } = options
  const { ownThreads = false, ...programmeOptions } = rest
  const directory = mkdtempSync(join(tmpdir(), 'pipeline-'))
  const failures = createFailureLog()
  const programme = await startProgramme({
    ...programmeOptions,
    startAt: Date.parse(startAt),
    template: await writeTemplate(directory, { shards, fetchesStatements, ...(rates && { rates }) }),
    onLog: failures.onLog,
    onCall: createRecorder(inject('recordings'), expect.getState().testPath ?? ''),
    ...(tap && { dynamodbEndpoint: tap.endpoint }),
    ...(!ownThreads && { threads: 1 }),
  })
  const { stack, partners, database, tables } = programme
  tap?.leadTo(stack.endpoints.dynamodb)
  const noKey = () => Promise.reject(new Error('tests link accounts by events'))
  const ledger = openLedgerWithAccounts(database, tables, () => {}, noKey)
  const now = () => instant(stack.clock.now())
  const published: string[] = []
  const check = () => checkPromises(programme, ledger, published, shards)
  return {
    ...createBothBooks(ledger, partners),
    ...createParticipation(programme, now, published),
    stack,
    ledger,
    partner: (name) => partnerNamed(programme, name),
    now,
    pass: ({ days = 0, hours = 0, minutes = 0 }) =>
      stack.runUntil(stack.clock.now() + ((days * 24 + hours) * 60 + minutes) * minute),
    async until(time) {
      const instant = parseInstant(time)
      if (!instant) throw new RangeError(`not an instant: ${time}`)
      await stack.runUntil(epochMs(instant))
    },
    failures: failures.take,
    figures: async () => (await check()).figures,
    async promisesKept() {
      const { problems } = await check()
      expect([...problems, ...failures.take()]).toEqual([])
    },
    async stop() {
      await programme.stop()
      await tap?.stop()
      rmSync(directory, { recursive: true })
    },
  }
}
