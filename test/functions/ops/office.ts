import { randomUUID } from 'node:crypto'
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished } from 'vitest'
import type * as z from 'zod'
import { run } from '../../../functions/inquire/run.ts'
import { takeIn } from '../../../functions/intake/intake.ts'
import { workOn } from '../../../functions/jobs/job.ts'
import type { OpsDependencies } from '../../../functions/ops/dependencies.ts'
import { createSteps } from '../../../functions/ops/steps.ts'
import { payBatch } from '../../../functions/pay/batch.ts'
import { callerOf } from '../../../shared/api/caller.ts'
import { problem } from '../../../shared/api/problem.ts'
import type { ApiRequest } from '../../../shared/api/request.ts'
import type { Role } from '../../../shared/api/roles.ts'
import type { Route } from '../../../shared/api/route.ts'
import { serve } from '../../../shared/api/serve.ts'
import { type Instant, plusSeconds } from '../../../shared/domain/instant.ts'
import type { TransferOutcome } from '../../../shared/domain/outcome.ts'
import type { Payout } from '../../../shared/domain/payout.ts'
import { rupiah } from '../../../shared/domain/rupiah.ts'
import { scheme2020 } from '../../../shared/domain/scheme.ts'
import { toItem } from '../../../shared/ledger/dynamodb/attributes.ts'
import { entryKey } from '../../../shared/ledger/dynamodb/keys.ts'
import { createReconciliations, createRemarks } from '../../../shared/ledger/dynamodb/reconciliation.ts'
import { openRepairs } from '../../../shared/ledger/dynamodb/repairs.ts'
import { createTable } from '../../../shared/ledger/dynamodb/table.ts'
import type { LedgerWithAccounts } from '../../../shared/ledger/ports.ts'
import { type RouteName, routes } from '../../../shared/operations/routes.ts'
import type { PartnerName } from '../../../shared/partners/registry.ts'
import { at, rejected } from '../../domain/examples.ts'
import { startTestEngine } from '../../support/engine.ts'
import { createScriptedPartner, type ScriptedPartner } from '../../support/scripted-partner.ts'
import { accountLinked, certificateIssued, type Envelope, publishers } from '../events.ts'
import { createTestQueues } from './queues.ts'

/** The operations API on a real engine, with lanes whose partners answer what a test says, in one process. */

export const shards = 2
export const home = { stage: 'test', account: '000000000000' }
export const funded = rupiah(10_000_000)
const kinds = { bni: 'bank', gopay: 'wallet', linkaja: 'wallet', ovo: 'wallet' } as const
const partnerNames = ['bni', 'gopay', 'linkaja', 'ovo'] as const

/** A request's parts, in the words of the route. */
export type Asked = {
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** (Default: a new one.) */
  readonly key?: string
}
/** What came back; the answer of a success is one that the route's schema knows whole. */
export type Reply = { readonly status: number; readonly body: unknown }

/** The answer of a success, in the route's words. */
export const answerOf = <Answer>(
  { answer }: { readonly answer: z.ZodType<Answer> },
  { body }: Reply,
): Answer => answer.parse(body)

const arnOf = (role: Role, name: string): string =>
  `arn:aws:sts::${home.account}:assumed-role/${home.stage}-${role}/${name}`

/** The event of a request. */
export function eventOf(name: RouteName, asked: Asked, userArn?: string): ApiRequest {
  const { method, path }: Route = routes[name]
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) => asked.parameters?.[parameter] ?? '')
  return {
    version: '2.0',
    rawPath: filled,
    queryStringParameters: asked.query,
    headers: method === 'POST' ? { 'idempotency-key': asked.key ?? randomUUID() } : {},
    body: JSON.stringify(asked.body ?? {}),
    isBase64Encoded: false,
    requestContext: {
      accountId: home.account,
      http: { method },
      authorizer: userArn === undefined ? undefined : { iam: { userArn } },
    },
  }
}

/** Fails where a success is not what the contract promises, or a refusal is no problem of RFC 9457. */
export function checked(name: RouteName, { status, body }: Reply): Reply {
  const text = JSON.stringify(body)
  const schema = status === 200 ? routes[name].answer : problem
  expect(JSON.parse(text)).toEqual(schema.parse(JSON.parse(text)))
  return { status, body: JSON.parse(text) }
}

let participants = 0

/** An office of its own for one test. `approval`: from how much on a retry takes two people. */
export async function openOffice(change: Partial<OpsDependencies['approval']> = {}) {
  const engine = await startTestEngine()
  onTestFinished(() => engine.stop())
  const ledger = engine.open()
  const register = engine.openRegister()
  const queues = createTestQueues()
  const approval = { payouts: 2, rupiah: 100_000_000, ...change }
  const deps: { -readonly [Name in keyof OpsDependencies]: OpsDependencies[Name] } = {
    ledger,
    register,
    digests: { read: () => Promise.resolve(undefined) },
    queues,
    reconciliations: createReconciliations(createTable(engine.connect(), engine.tables.finance, () => {})),
    matchedLines: { matchedLinesOf: () => Promise.resolve([]) },
    remarks: createRemarks(createTable(engine.connect(), engine.tables.operations, () => {})),
    repairs: openRepairs(engine.connect(), engine.tables.operations, () => {}),
    partners: partnerNames,
    shards,
    scheme: scheme2020,
    approval,
  }
  let now = at('2020-09-18T10:00:01+07:00')
  let hurried = false
  const clock = { now: (): Instant => now }
  const intake = { ledger, publishers, partners: kinds, shards, scheme: scheme2020 }
  const tell = (event: Envelope) => takeIn(intake, JSON.stringify(event), now, 'intake/test')

  /** The answer to one request of whoever has that ARN. */
  async function request(userArn: string | undefined, name: RouteName, asked: Asked = {}): Promise<Reply> {
    const caller = callerOf(userArn, home)
    const invocation = { now, timeLeft: () => !hurried, invocation: randomUUID() }
    const steps = createSteps(office.deps)
    return checked(
      name,
      await serve(
        { routes, steps, register: office.deps.register },
        caller,
        eventOf(name, asked, userArn),
        invocation,
      ),
    )
  }

  const office = {
    engine,
    ledger,
    register,
    queues,
    /** May be changed, to put something between the API and what it stands on. */
    deps,
    ...clock,
    pass: (seconds: number) => {
      now = plusSeconds(now, seconds)
    },
    goTo: (text: string) => {
      now = at(text)
    },
    /** From here on there is no time for more than one portion of work. */
    hurry: () => {
      hurried = true
    },
    tell,
    request,
    /** Somebody in a role. */
    as:
      (name: string, role: Role) =>
      (route: RouteName, asked: Asked = {}): Promise<Reply> =>
        request(arnOf(role, name), route, asked),

    /** A participant with a certificate and an account; incentive-1 is due. */
    async participant(partner: PartnerName = 'gopay', { linked = true } = {}): Promise<string> {
      const participantId = `P-${String(++participants).padStart(5, '0')}`
      await tell(certificateIssued(participantId))
      if (linked) await office.link(participantId, partner)
      return participantId
    },
    link: (participantId: string, partner: PartnerName, linkedAt = '2020-09-01T10:00:00+07:00') =>
      tell(
        accountLinked(participantId, {
          partner,
          accountNumber:
            partner === 'bni' ? `10000${participantId.slice(2)}` : `0812000${participantId.slice(2)}`,
          linkedAt,
        }),
      ),
    /** Works through everything that waits for jobs; gives how many pages that were. */
    async runJobs(): Promise<number> {
      let pages = 0
      for (let id = queues.jobs.shift(); id !== undefined; id = queues.jobs.shift()) {
        await office.page(id)
        pages++
      }
      return pages
    },
    /** One page of a job. */
    page: (id: string) =>
      workOn(
        {
          ledger: office.deps.ledger,
          register: office.deps.register,
          shards,
          now: clock.now,
          wake: queues.sendJob,
        },
        id,
      ),
    lane: createLanes(ledger, clock),
    row: async (participantId: string, payout: Payout = 'incentive-1') =>
      (await ledger.participants.read(participantId)).rows.find((row) => row.payout === payout),
    entries: async (participantId: string, payout: Payout = 'incentive-1') =>
      (await ledger.journal.read(participantId, payout)).map(({ event }) => event.type),
    /** Takes the first entry out of a payout's chain, which nobody who has any role here can. */
    damage: (participantId: string, payout: Payout = 'incentive-1') =>
      engine.connect().send(
        new DeleteItemCommand({
          TableName: engine.tables.journal,
          Key: toItem(entryKey(participantId, payout, 1)),
        }),
      ),
    /** A participant whose incentive-1 has failed. */
    async failed(partner: PartnerName = 'gopay', outcome: TransferOutcome = rejected('suspected-fraud')) {
      const participantId = await office.participant(partner)
      await office.lane(partner).pay(participantId, outcome)
      return participantId
    },
  }
  return office
}
export type Office = Awaited<ReturnType<typeof openOffice>>

type Lane = {
  readonly partner: ScriptedPartner
  /** Pays incentive-1, or another payout, and is told that of it. */
  pay(participantId: string, outcome?: TransferOutcome, payout?: Payout): Promise<unknown>
  /** One run of inquire; what nobody has heard of is sent again within so many seconds. (Default: never.) */
  inquire(resendSeconds?: number): Promise<unknown>
  float(): Promise<number>
}

let invocations = 0

/** The lane of each partner, funded when it is first used. */
function createLanes(ledger: LedgerWithAccounts, { now }: { readonly now: () => Instant }) {
  const lanes = new Map<PartnerName, Lane>()
  return (partnerName: PartnerName): Lane => {
    const known = lanes.get(partnerName)
    if (known) return known
    const partner = createScriptedPartner()
    const common = { ledger, partnerName, partner, shards, now, timeFor: () => true }
    const fund = async () => {
      const { name: scheme, budget } = scheme2020
      const document = `FIRST-${partnerName}`
      const funding = {
        partner: partnerName,
        scheme,
        budget,
        amount: funded,
        document,
        at: now(),
        by: 'ops/finance',
      }
      await ledger.lanes.fund(funding)
    }
    const first = fund()
    const lane: Lane = {
      partner,
      async pay(participantId, outcome, payout = 'incentive-1') {
        await first
        if (outcome) partner.pays(outcome)
        const by = `pay/${partnerName}/${++invocations}`
        const invocation = {
          by,
          permitId: by,
          usedUp: new Set<string>(),
          verified: new Map(),
          ratePerSecond: 100,
          configuration: { settleWindowSeconds: 900 },
        }
        return payBatch({ ...common, ...invocation }, [JSON.stringify({ participantId, payout })])
      },
      async inquire(resendSeconds = 0) {
        const configuration = { settleWindowSeconds: 900, idempotencyWindowSeconds: resendSeconds }
        const invocation = {
          by: `inquire/${partnerName}/${++invocations}`,
          questionsMax: 10,
          turn: async () => true,
          report: () => {},
        }
        return run({ ...common, ...invocation, configuration })
      },
      async float() {
        await first
        return (await ledger.lanes.read(partnerName)).available
      },
    }
    lanes.set(partnerName, lane)
    return lane
  }
}
