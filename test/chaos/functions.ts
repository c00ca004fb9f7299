import { close } from '../../functions/close/close.ts'
import { run as inquire } from '../../functions/inquire/run.ts'
import { takeIn } from '../../functions/intake/intake.ts'
import { payBatch } from '../../functions/pay/batch.ts'
import { release } from '../../functions/release/release.ts'
import { stages } from '../../infra/stages.ts'
import { callMarginSeconds } from '../../shared/domain/deadlines.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import { scheme2020 } from '../../shared/domain/scheme.ts'
import type { LedgerWithAccounts } from '../../shared/ledger/ports.ts'
import {
  type PartnerConfiguration,
  paymentsPerSecond,
  questionsPerSecond,
} from '../../shared/partners/configuration.ts'
import type { Partner } from '../../shared/partners/partner.ts'
import { type PartnerName, partnerConfigurations } from '../../shared/partners/registry.ts'
import type { Received } from './queue.ts'
import type { Looked } from './schedule.ts'

/*
 * What the handlers do with their rules, without Lambda around them: one record of an intake batch after the other or
 * side by side, the lane's limits, what is acknowledged.
 */

/** Requests per second that each partner has agreed to. */
export const ratePerSecond = 50
export const callDeadlineSeconds = 2
const rateOf = (partner: PartnerName) => ({ ...partnerConfigurations[partner], ratePerSecond })
const { publishers } = stages.local
const kinds = Object.fromEntries(
  Object.entries(partnerConfigurations).map(([partner, { kind }]) => [partner, kind] as const),
)

/** An execution environment while it serves one invocation. */
export type Serving = {
  readonly ledger: LedgerWithAccounts
  /** Of every work list. */
  readonly shards: number
  readonly now: () => Instant
  /** Unique to the invocation: `pay/17`. */
  readonly by: string
  /** Seconds until Lambda stops it. */
  readonly secondsLeft: () => number
}
export type ServingLane = Serving & {
  readonly partnerName: PartnerName
  readonly partner: Partner
  readonly configuration: PartnerConfiguration
}

/** What failed on our side, in words; its message comes back. */
export type Failure = { readonly id: number; readonly failed: unknown }
const timeFor =
  ({ secondsLeft }: Pick<Serving, 'secondsLeft'>) =>
  (calls: number) =>
    secondsLeft() >= calls * callDeadlineSeconds + callMarginSeconds

/** Takes in a batch; says which messages come back. */
export async function serveIntake(
  { ledger, shards, now, by }: Serving,
  messages: readonly Received[],
): Promise<readonly Failure[]> {
  const deps = { ledger, publishers, partners: kinds, shards, scheme: scheme2020 }
  const failures: Failure[] = []
  await Promise.all(
    messages.map(({ id, body }) =>
      takeIn(deps, body, now(), by).catch((failed: unknown) => void failures.push({ id, failed })),
    ),
  )
  return failures
}

/** Pays a batch; says which messages come back. `usedUp` belongs to the environment. */
export async function servePay(
  { ledger, shards, now, by, partnerName, partner, configuration, ...serving }: ServingLane,
  messages: readonly Received[],
  usedUp: Set<string>,
): Promise<readonly Failure[]> {
  const once = {
    by,
    permitId: by,
    usedUp,
    verified: new Map(),
    timeFor: timeFor(serving),
  }
  const { results } = await payBatch(
    {
      ledger,
      now,
      partnerName,
      partner,
      configuration,
      shards,
      ratePerSecond: paymentsPerSecond(rateOf(partnerName)),
      ...once,
    },
    messages.map(({ body }) => body),
  )
  return messages.flatMap(({ id }, index) => {
    const result = results[index]
    if (!result) return [{ id, failed: new Error('a message has no result') }]
    return 'failed' in result ? [{ id, failed: result.failed }] : []
  })
}

/** Whatever was asked about is in its list again, if it is to be asked about again: but for what failed. */
export async function serveInquire(
  serving: ServingLane,
  failed: (error: unknown) => void,
): Promise<Looked & { readonly asked: number }> {
  let done = 0
  const { next, asked } = await inquire({
    ...serving,
    questionsMax: Math.max(1, Math.floor(questionsPerSecond(rateOf(serving.partnerName)) * 60)),
    turn: async () => timeFor(serving)(1),
    report: (result) => {
      if ('failed' in result) failed(result.failed)
      else done += 1
    },
  })
  return { next: asked > 0 ? null : next, more: done < asked, asked }
}

export async function serveRelease(
  { ledger, shards, now, partnerName }: Serving & { readonly partnerName: PartnerName },
  queue: Parameters<typeof release>[0]['queue'],
): Promise<Looked> {
  const payments = paymentsPerSecond(rateOf(partnerName))
  const deps = { ledger, queue, partnerName, ratePerSecond: payments, shards, scheme: scheme2020 }
  const { next, sent } = await release(deps, now())
  return { next, more: sent > 0 }
}

export async function serveClose({ ledger, shards, now, by, secondsLeft }: Serving): Promise<Looked> {
  const timeLeft = () => secondsLeft() > 10
  const skipped = (_row: unknown, error: Error) => {
    throw error
  }
  const { next } = await close({ ledger, scheme: scheme2020, shards, by, timeLeft, skipped }, now())
  return { next, more: false }
}
