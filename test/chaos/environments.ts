import { openLedgerWithAccounts } from '../../shared/ledger/dynamodb/open.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import type { Partner } from '../../shared/partners/partner.ts'
import type { PartnerName } from '../../shared/partners/registry.ts'
import type { Checks } from './checks.ts'
import type { Database } from './database.ts'
import type { Serving } from './functions.ts'
import type { Operations, Worker } from './operations.ts'
import type { Orders } from './orders.ts'
import type { ChaosPartner } from './partners/partner.ts'
import type { Pauses } from './pauses.ts'
import { pointOf } from './points.ts'

export const tables = { payouts: 'payouts', journal: 'journal', accounts: 'accounts' } as const

/** What a function keeps between its invocations, and loses when its machine dies. */
export type Environment = {
  readonly ledger: LedgerWithAccounts
  readonly shards: number
  /** Where the function calls a partner. */
  readonly partner?: Partner
  readonly usedUp: Set<string>
  /** The invocation that it serves now. */
  worker: Worker | undefined
}

type Machines = {
  readonly database: Database
  readonly partners: ReadonlyMap<PartnerName, ChaosPartner>
  readonly operations: Operations
  readonly checks: Checks
  readonly orders: Orders
  readonly pauses: Pauses
  readonly shards: number
  readonly externalId: () => string
}

const calls = {
  token: 'ask token',
  account: 'ask account',
  transfer: 'send transfer',
  status: 'ask status',
  balance: 'ask balance',
} as const

/** Starts a machine, whose every command and request waits for its turn. */
export function createEnvironment(machines: Machines, lane?: PartnerName): Environment {
  const { database, partners, operations, checks, orders, pauses, shards, externalId } = machines
  const environment: { worker: Worker | undefined } = { worker: undefined }
  const worker = () => {
    if (!environment.worker) throw new Error('a machine without an invocation does something')
    return environment.worker
  }
  const client = database.connect((command, apply) => {
    const point = pointOf(command)
    const own = worker()
    const done = operations.wait({ worker: own, ...point }, (hiddenIndexWrites) =>
      apply({ hiddenIndexWrites }),
    )
    if (point.point !== 'read control') return done
    return done.catch((error: unknown) => {
      pauses.unseen(own)
      throw error
    })
  })
  const ledger = openLedgerWithAccounts(
    client,
    tables,
    () => {},
    () => Promise.resolve('key of the runs'),
  )
  const partner =
    lane &&
    partners.get(lane)?.connect({
      externalId,
      around(point, deliver) {
        const { service, partnerReferenceNo = '' } = point
        const own = worker()
        orders.called(own, point)
        const about = { worker: own, point: calls[service], subject: partnerReferenceNo }
        return operations.call(about, async () => {
          if (service === 'transfer') checks.sending(lane, partnerReferenceNo)
          const answer = await deliver()
          if (service === 'token') orders.granted(own)
          checks.delivered(partnerReferenceNo)
          return answer
        })
      },
    })
  return Object.assign(environment, {
    ledger,
    shards,
    usedUp: new Set<string>(),
    ...(partner && { partner }),
  })
}

/** The environment as an invocation sees it. `time`: the true one, in epoch milliseconds. */
export function serving({ ledger, shards }: Environment, worker: Worker, time: () => number): Serving {
  return {
    ledger,
    shards,
    now: worker.clock.now,
    by: `${worker.functionName}/${worker.id}`,
    secondsLeft: () => (worker.endsAt - time()) / 1000,
  }
}
