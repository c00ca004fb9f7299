import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { createCloseHandler } from '../../functions/close/handling.ts'
import { createInquireHandler } from '../../functions/inquire/handling.ts'
import { createIntakeHandler } from '../../functions/intake/handling.ts'
import type { Lane } from '../../functions/lane.ts'
import { createPayHandler } from '../../functions/pay/handling.ts'
import { createReleaseHandler } from '../../functions/release/handling.ts'
import { createLaneQueue } from '../../functions/release/queue.ts'
import { stages } from '../../infra/stages.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import { paymentsPerSecond } from '../../shared/partners/configuration.ts'
import { partnerConfigurations } from '../../shared/partners/registry.ts'
import type { Environment, LaneOfEnvironment } from './environments.ts'

/*
 * The handlers as they are deployed, each installed on a machine, which keeps it from one invocation to the next. Only what
 * their modules read from the environment and open on AWS is handed to them: tables, queue, partner, clock.
 */

type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>
export type QueueHandler = Handler<SQSEvent, SQSBatchResponse>
/** What the functions with a schedule answer, each its part. */
type Ran = { readonly next: Instant | null; readonly asked?: number; readonly sent?: number }
export type ScheduledHandler = Handler<unknown, Ran>

const scheme = scheme2020
const { publishers } = stages.local
const kinds = Object.fromEntries(
  Object.entries(partnerConfigurations).map(([partner, { kind }]) => [partner, kind] as const),
)

/** Keeps nothing of what is said: no payment depends on it. */
const archive: Lane['archive'] = { note: () => {}, keep: async () => 'nothing' }

function laneOf({ lane }: Environment): LaneOfEnvironment {
  if (lane) return lane
  throw new Error('a machine without a lane has a handler that needs one')
}
const callerOf = (environment: Environment): Lane => ({ ...environment, ...laneOf(environment), archive })

export const installIntake = ({ ledger, shards, now }: Environment): QueueHandler =>
  createIntakeHandler({ ledger, publishers, partners: kinds, shards, scheme, now })

export const installPay = (environment: Environment): QueueHandler => createPayHandler(callerOf(environment))

export const installInquire = (environment: Environment): ScheduledHandler =>
  createInquireHandler({ ...callerOf(environment), time: environment.pace })

export function installRelease(environment: Environment): ScheduledHandler {
  const { ledger, shards } = environment
  const { partnerName, configuration, queueClient } = laneOf(environment)
  const queue = createLaneQueue(queueClient, `pay-${partnerName}`)
  const ratePerSecond = paymentsPerSecond(configuration)
  return createReleaseHandler({ ledger, queue, partnerName, ratePerSecond, shards, scheme })
}

export const installClose = ({ ledger, shards }: Environment): ScheduledHandler =>
  createCloseHandler({ ledger, scheme, shards })
