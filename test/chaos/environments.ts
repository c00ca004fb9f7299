import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Time } from '../../functions/inquire/pace.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { PartnerConfiguration } from '../../shared/partners/configuration.ts'
import type { Partner } from '../../shared/partners/partner.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Checks } from './checks.ts'
import type { Database } from './database.ts'
import type { Operations, Worker } from './operations.ts'
import type { Orders } from './orders.ts'
import type { ChaosPartner } from './partners/partner.ts'
import type { Pauses } from './pauses.ts'
import { pointOf } from './points.ts'
import type { Queue } from './queue.ts'
import { createQueueClient } from './queue-client.ts'

export const tables = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' } as const

/** What a machine has of its lane. */
export type LaneOfEnvironment = {
  readonly partnerName: PartnerName
  readonly configuration: PartnerConfiguration
  /** The partner, by a secret that is read now and then. */
  readonly connect: () => Promise<Partner>
  /** Of the queue that release fills and pay empties. */
  readonly queueClient: SQSClient
}

/** What a machine's handler is given, and keeps from one invocation to the next; lost when the machine dies. */
export type Environment = {
  readonly ledger: LedgerWithAccounts
  readonly shards: number
  /** By the clock of the invocation that it serves now. */
  readonly now: () => Instant
  /** By which it waits: that takes its turn, too. */
  readonly pace: Time
  /** Where the function has one. */
  readonly lane?: LaneOfEnvironment
  /** The invocation that it serves now. */
  worker: Worker | undefined
}

type Machines = {
  readonly database: Database
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly configurations: Readonly<Record<PartnerName, PartnerConfiguration>>
  readonly operations: Operations
  readonly checks: Checks
  readonly orders: Orders
  readonly pauses: Pauses
  readonly shards: number
  readonly externalId: () => string
  /** Told of the body of every message that goes to a lane. */
  readonly sent: (body: string) => void
  /** The true time, in epoch milliseconds. */
  readonly time: () => number
}

const calls = {
  token: 'ask token',
  account: 'ask account',
  transfer: 'send transfer',
  status: 'ask status',
  balance: 'ask balance',
} as const

/** How long a secret is kept, as `readSecret` keeps it. */
const secretMs = 300_000

/** A machine's own connection to its partner. */
function connectTo(
  partnerName: PartnerName,
  worker: () => Worker,
  machines: Machines,
): () => Promise<Partner> {
  const { partners, operations, checks, orders, externalId, time } = machines
  const partner = partners.get(partnerName)?.connect({
    externalId,
    around(point, deliver) {
      const { service, partnerReferenceNo = '' } = point
      const own = worker()
      orders.called(own, point)
      const about = { worker: own, point: calls[service], subject: partnerReferenceNo }
      return operations.call(about, async () => {
        if (service === 'transfer') checks.sending(partnerName, partnerReferenceNo)
        const answer = await deliver()
        if (service === 'token') orders.granted(own)
        checks.delivered(partnerReferenceNo)
        return answer
      })
    },
  })
  if (!partner) throw new Error(`there is no partner ${partnerName}`)
  let readAt = Number.NEGATIVE_INFINITY
  return async () => {
    const about = { worker: worker(), nature: 'secret', point: 'read secret', subject: '' } as const
    if (time() - readAt >= secretMs) {
      await operations.wait(about, () => {})
      readAt = time()
    }
    return partner
  }
}

function openLedgerOf(worker: () => Worker, { database, operations, pauses }: Machines): LedgerWithAccounts {
  const client = database.connect((command, apply) => {
    const point = pointOf(command)
    const own = worker()
    const done = operations.wait({ worker: own, ...point }, ({ staleBy }) =>
      apply({ hiddenIndexWrites: staleBy }),
    )
    if (point.point !== 'read control') return done
    return done.catch((error: unknown) => {
      pauses.unseen(own)
      throw error
    })
  })
  const key = () => Promise.resolve('key of the runs')
  return openLedgerWithAccounts(client, tables, () => {}, key)
}

/** Starts a machine, whose every command and request waits for its turn. */
export function createEnvironment(
  machines: Machines,
  lane?: { readonly partnerName: PartnerName; readonly queue: Queue },
): Environment {
  const { configurations, operations, shards, time } = machines
  const machine: { worker: Worker | undefined } = { worker: undefined }
  const worker = () => {
    if (!machine.worker) throw new Error('a machine without an invocation does something')
    return machine.worker
  }
  const pace = { elapsed: time, wait: (long: number) => operations.sleep(worker(), Math.ceil(long)) }
  return Object.assign(machine, {
    ledger: openLedgerOf(worker, machines),
    shards,
    now: () => worker().clock.now(),
    pace,
    ...(lane && {
      lane: {
        partnerName: lane.partnerName,
        configuration: configurations[lane.partnerName],
        connect: connectTo(lane.partnerName, worker, machines),
        queueClient: createQueueClient({ ...machines, queue: lane.queue, worker }),
      },
    }),
  })
}

/** What somebody who carries something out themselves works with. */
export type Serving = {
  readonly ledger: LedgerWithAccounts
  readonly now: () => Instant
  /** Unique to the invocation: `operator/17`. */
  readonly by: string
}

/** The environment as an invocation sees it. */
export const serving = ({ ledger, now }: Environment, { functionName, id }: Worker): Serving => ({
  ledger,
  now,
  by: `${functionName}/${id}`,
})
