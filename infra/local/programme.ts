import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { epochMs, instant } from '../../shared/domain/instant.ts'
import type { TableNames } from '../../shared/ledger/dynamodb/open.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import type { Mistake } from '../command-line.ts'
import { partnerNames, stages } from '../stages.ts'
import { createCredentials, secretOf } from './credentials.ts'
import { chosenEngine } from './engine-choice.ts'
import { type Kept, readKept, writeKept } from './kept.ts'
import { behaviourNumbers } from './partners/behaviours.ts'
import { type Simulator, startSimulator } from './partners/simulator.ts'
import { region } from './references.ts'
import { type LocalStack, type LocalStackOptions, startLocalStack } from './stack.ts'
import { deliver, type Floats, firstDocument, floatAt, fund } from './treasury.ts'

/** The stage that this machine runs. */
export const stage = stages.local

export type ProgrammeOptions = Pick<
  LocalStackOptions,
  | 'dataDirectory'
  | 'onLog'
  | 'onEvent'
  | 'onCall'
  | 'onInvoked'
  | 'streams'
  | 'concurrency'
  | 'threads'
  | 'dynamodbEndpoint'
  | 'startAt'
> &
  Partial<Pick<LocalStackOptions, 'template'>> & {
    /** Has the partners misbehave at random; see `misbehaviourRate`. */
    readonly seed?: number
    /** Floats at the start, where they are not the stage's funding. */
    readonly floats?: Floats
    /** What the partners know from a run whose tables are in `dataDirectory`: they go on, and nothing is funded again. */
    readonly partners?: Kept['partners']
  }

/** The whole programme on this machine: the system, its partners, and the money at each of them. */
export type Programme = {
  readonly stack: LocalStack
  readonly partners: ReadonlyMap<string, Simulator>
  /** Talks to the engine itself, whatever address the functions were given. */
  readonly database: DynamoDBClient
  readonly tables: Required<TableNames & { accounts: string }>
  /** What the partners know by now. */
  partnerStates(): Kept['partners']
  /** Leaves nothing running. May be called again. */
  stop(): Promise<void>
}

/** With a seed, this part of the transfers to ordinary accounts goes wrong in some way. */
const misbehaviourRate = 0.03

/** Not drawn: 19, which pauses a lane until somebody adds to its float; 22 and 32, paid or refunded days after the
 *  proof of the contrary, which only a partner's statement tells; 31, which hangs for seconds of real time. */
const drawn = behaviourNumbers.filter((number) => !['19', '22', '31', '32'].includes(number))

/** Starts every partner's simulator, as the stage agreed with it. */
async function startPartners({ seed, floats, partners }: ProgrammeOptions, now: () => number) {
  const credentials = await createCredentials(partnerNames)
  const entries = await Promise.all(
    partnerNames.map(async (partner) => {
      const { ratePerSecond, callDeadlineSeconds } = stage.partners[partner]
      const configuration = { ...partnerConfigurations[partner], ratePerSecond, callDeadlineSeconds }
      const simulator = await startSimulator({
        partner,
        configuration,
        credentials: credentials(partner),
        now,
        float: floatAt(partner, floats).held,
        document: firstDocument(partner),
        state: partners?.[partner],
        ...(seed !== undefined && { seed, misbehaviourRate, drawn }),
      })
      return { partner, simulator }
    }),
  )
  return {
    simulators: new Map(entries.map(({ partner, simulator }) => [partner, simulator])),
    secrets: Object.fromEntries(
      partnerNames.map((partner) => [`${stage.name}/partner/${partner}`, secretOf(credentials(partner))]),
    ),
    addresses: Object.fromEntries(
      entries.map(({ partner, simulator }) => [stage.partners[partner].endpoint, simulator.baseUrl]),
    ),
  }
}

/**
 * Starts everything, at `startAt` and with empty tables unless it goes on. Rejects in plain words, with nothing left
 * running, at what this machine cannot run.
 */
export async function startProgramme(options: ProgrammeOptions): Promise<Programme> {
  const { startAt } = options
  const keep = options.partners !== undefined
  const undo: (() => Promise<void> | void)[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= undoAll(undo)
    return stopping
  }
  let now = () => startAt
  try {
    const { simulators, ...given } = await startPartners(options, () => now())
    for (const simulator of simulators.values()) undo.push(simulator.stop)
    const busy = () => [...simulators.values()].reduce((sum, { openAnswers }) => sum + openAnswers(), 0)
    const template = { stage: stage.name }
    const stack = await startLocalStack({ template, ...options, keep, ...given, busy })
    undo.push(stack.stop)
    now = stack.clock.now
    const database = new DynamoDBClient({
      endpoint: stack.endpoints.dynamodb,
      region,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    })
    undo.push(() => database.destroy())
    // It copies every answer for a logger that nobody has set.
    database.middlewareStack.remove('loggerMiddleware')
    const table = (name: string) => `${stage.name}-${name}`
    const tables = { payouts: table('payouts'), journal: table('journal'), accounts: table('accounts') }
    if (keep) await deliver(database, tables, simulators)
    else await fund(database, tables, instant(startAt), options.floats)
    const partnerStates = () =>
      Object.fromEntries([...simulators].map(([partner, { state }]) => [partner, state()]))
    return { stack, partners: simulators, database, tables, partnerStates, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Last started, first stopped. */
async function undoAll(undo: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const step of undo.toReversed()) await step()
}

/** A programme on the data that a run has kept. */
export type KeptProgramme = Programme & {
  /** Where the operations API answers, e.g. `http://127.0.0.1:4567`; see api.ts for how it is told who calls. */
  readonly api: string
  /** Lets happen what is due at this instant: messages are handled, jobs come to their end. Time does not move. */
  settle(): Promise<void>
  /** Writes time and partners again, so that whatever comes next goes on from here. */
  keep(): void
}

/**
 * Starts everything on the data that a run has kept in the directory, at the virtual time at which it kept them. A
 * mistake: nothing is kept there, or its tables are in another engine.
 */
export async function openKept(dataDirectory: string): Promise<KeptProgramme | Mistake> {
  const engine = chosenEngine()
  if (typeof engine !== 'string') return engine
  const kept = readKept(dataDirectory, engine)
  if ('mistake' in kept) return kept
  const { time, seed, partners } = kept
  const programme = await startProgramme({
    dataDirectory,
    startAt: epochMs(time),
    partners,
    threads: 1,
    ...(seed !== undefined && { seed }),
  })
  const { stack, partnerStates } = programme
  const { api = '' } = stack
  const now = () => stack.clock.now()
  return {
    ...programme,
    api,
    settle: () => stack.runUntil(now()),
    keep: () => writeKept(dataDirectory, { ...kept, time: instant(now()), partners: partnerStates() }),
  }
}
