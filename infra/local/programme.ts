import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { instant } from '../../shared/domain/instant.ts'
import type { Rupiah } from '../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { openLedger, type TableNames } from '../../shared/ledger/dynamodb/open.ts'
import { type PartnerName, partnerConfigurations } from '../../shared/partners/registry.ts'
import { partnerNames, stages } from '../stages.ts'
import { createCredentials } from './credentials.ts'
import { behaviourNumbers } from './partners/behaviours.ts'
import { type Simulator, startSimulator } from './partners/simulator.ts'
import { region } from './references.ts'
import { type LocalStack, type LocalStackOptions, startLocalStack } from './stack.ts'

/** The stage that this machine runs. */
export const stage = stages.local

export type ProgrammeOptions = Pick<
  LocalStackOptions,
  'dataDirectory' | 'onLog' | 'concurrency' | 'threads' | 'dynamodbEndpoint' | 'startAt'
> &
  Partial<Pick<LocalStackOptions, 'template'>> & {
    /** Has the partners misbehave at random; see `misbehaviourRate`. */
    readonly seed?: number
    /** Floats at the start, where they are not the stage's funding. */
    readonly floats?: Floats
  }

/** Whole rupiah: what our books say is at the partner, and what it has. */
type Float = { readonly booked: Rupiah; readonly held: Rupiah }
type Floats = Readonly<Partial<Record<PartnerName, Float>>>

function floatAt(partner: PartnerName, floats: Floats = {}): Float {
  const { funding } = stage.partners[partner]
  return floats[partner] ?? { booked: funding, held: funding }
}

/** The whole programme on this machine: the system, its partners, and the money at each of them. */
export type Programme = {
  readonly stack: LocalStack
  readonly partners: ReadonlyMap<string, Simulator>
  /** Talks to the engine itself, whatever address the functions were given. */
  readonly database: DynamoDBClient
  readonly tables: Required<TableNames & { accounts: string }>
  /** Leaves nothing running. May be called again. */
  stop(): Promise<void>
}

/** With a seed, this part of the transfers to ordinary accounts goes wrong in some way. */
const misbehaviourRate = 0.03

/** Not drawn: 19, which pauses a lane until somebody adds to its float; 22 and 32, paid or refunded days after the
 *  proof of the contrary, which only a partner's statement tells; 31, which hangs for seconds of real time. */
const drawn = behaviourNumbers.filter((number) => !['19', '22', '31', '32'].includes(number))

/** Starts every partner's simulator, as the stage agreed with it. */
async function startPartners({ seed, floats }: ProgrammeOptions, now: () => number) {
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
        ...(seed !== undefined && { seed, misbehaviourRate, drawn }),
      })
      const secret = JSON.stringify({ ...credentials(partner), baseUrl: simulator.baseUrl })
      return { partner, simulator, secret }
    }),
  )
  return {
    simulators: new Map(entries.map(({ partner, simulator }) => [partner, simulator])),
    secrets: Object.fromEntries(
      entries.map(({ partner, secret }) => [`${stage.name}/partner/${partner}`, secret]),
    ),
  }
}

/** Books the float at every partner. */
async function fund(
  database: DynamoDBClient,
  tables: TableNames,
  { floats, startAt }: ProgrammeOptions,
): Promise<void> {
  const { lanes } = openLedger(database, tables, () => {})
  for (const partner of partnerNames) {
    const outcome = await lanes.fund({
      partner,
      scheme: scheme2020.name,
      budget: scheme2020.budget,
      amount: floatAt(partner, floats).booked,
      document: `SP2D-${stage.name}-${partner}-1`,
      at: instant(startAt),
      by: 'start',
    })
    if (outcome !== 'funded') throw new Error(`the float at ${partner} could not be funded: ${outcome}`)
  }
}

/**
 * Starts everything, at `startAt` and with empty tables. Rejects in plain words, with nothing left running, at
 * what this machine cannot run.
 */
export async function startProgramme(options: ProgrammeOptions): Promise<Programme> {
  const { startAt } = options
  const undo: (() => Promise<void> | void)[] = []
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= undoAll(undo)
    return stopping
  }
  let now = () => startAt
  try {
    const { simulators, secrets } = await startPartners(options, () => now())
    for (const simulator of simulators.values()) undo.push(simulator.stop)
    const busy = () => [...simulators.values()].reduce((sum, { openAnswers }) => sum + openAnswers(), 0)
    const template = { stage: stage.name }
    const stack = await startLocalStack({ template, ...options, secrets, busy })
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
    await fund(database, tables, options)
    return { stack, partners: simulators, database, tables, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Last started, first stopped. */
async function undoAll(undo: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const step of undo.toReversed()) await step()
}
