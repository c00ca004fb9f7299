import { stages } from '../stages.ts'
import { type Item, prices } from './prices.ts'

/** What one participant, or one payout, takes of AWS, as counted by `npm run bench:usage`. */
export type Usage = {
  /** Of DynamoDB, indexes included. */
  readonly writeUnits: number
  readonly readUnits: number
  readonly databaseRequests: number
  /** Of Lambda, but for the runs of schedules, which are as many however much is paid. */
  readonly invocations: Readonly<Record<'intake' | 'pay' | 'publish' | 'totals', number>>
  /** That the functions have computed for, on this machine's processor. */
  readonly processorMilliseconds: number
  /** Published to us: by other accounts, which pay for it.
   *  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html */
  readonly events: number
  /** Published by us. */
  readonly statusEvents: number
  /** To put payouts into a lane's queue, ten at a time. */
  readonly sendRequests: number
  /** Of exchanges, archived. */
  readonly objects: number
  readonly partnerCalls: number
  /** As CloudWatch counts them, at the level that production logs at. */
  readonly logBytes: number
}

/** A measurement as it is committed. */
export type Measured = {
  readonly measured: string
  readonly command: string
  readonly participants: number
  readonly payouts: number
  readonly perParticipant: Usage
  readonly perPayout: Usage
}

/** What no run on one machine can tell. Each is on the cautious side of what AWS and partners usually do. */
export const assumptions = {
  payoutsPerParticipant: 7,
  /** A partner's answer over the public network, and a new connection to it. */
  partnerMilliseconds: 400,
  /** One request to DynamoDB or S3 in the same region. */
  requestMilliseconds: 5,
  /** With so much memory a function has a whole processor, taken to be one like this machine's; with less, its part.
   *  https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  processorMegabytes: 1_769,
  /** One call of a partner: a TLS handshake, two signed messages, and what they are wrapped in. */
  bytesPerPartnerCall: 8_000,
  /** A connection's records, both ways: one at the function's interface, two at the gateway's.
   *  https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html */
  flowLogBytesPerPartnerCall: 6 * 140,
  /** Certificate and surveys as they came, with their envelopes; accounts are not archived. */
  archivedBytesPerParticipant: 4 * 700,
  /** Comparing one payout with its line of a statement: a million took 48 seconds of one processor
   *  (`npm run bench:reconcile`). */
  reconcilingProcessorMilliseconds: 0.048,
  /** Lambda asks a queue that feeds a function five times at once, for twenty seconds each, also where there is nothing.
   *  https://aws.amazon.com/premiumsupport/knowledge-center/sqs-high-charges/ */
  pollsPerQueueAndMonth: 5 * 3 * 60 * 24 * 30,
  /** Of a day on which payments are made; with it and the stage's windows, the runs that follow the journal's stream. */
  payingSecondsPerDay: 10 * 3_600,
  /** A run of `totals`: the parts of four partners with 2 kB each and the checkpoint, in one transaction, after a race that was
   *  lost and is charged as well; a movement file for each partner. */
  sums: { writeUnits: 2 * (4 * 4 + 2), readUnits: 2 * (4 + 1), objects: 4 },
  /** Of a run of the stream, besides what its entries take: requests one after the other, and the run itself. */
  runMilliseconds: 60,
  /** START, END and REPORT. */
  runLogBytes: 390,
  /** Journal entries, rows and index, kept. */
  storedBytesPerPayout: 3_700,
  /** A data key is asked for again after five minutes, by each of some twenty users of a key.
   *  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
  keyRequestsPerMonth: 20 * 12 * 24 * 30,
  /** Every minute, for each partner, release and inquire. */
  ticksPerMonth: 8 * 60 * 24 * 30,
  /** One run that finds nothing looks at every shard of its list, and at the control row. */
  readUnitsPerTick: 32 * 0.5 + 1,
  millisecondsPerTick: 60,
} as const

/** What is in no sum. */
export const omitted: readonly string[] = [
  'S3 storage: ten years of exchanges, statements, results of reconciling, movement files',
  'S3 GET and LIST; Athena, for whoever asks the warehouse',
  'storage of logs after they were taken in, and restoring tables',
  'cold starts, retries after failures, batches of pay and intake that are emptier than those counted',
  'CloudTrail, AWS Config, GuardDuty and support, which belong to the account',
  'the requests of people: API Gateway, the finance and operations functions',
  'data to partners over the internet beyond the gateways, warming tables up, taxes',
]

/** What the template has a number of, and what a month of it is charged for. */
export type Standing = {
  /** Metrics that alarms look at. */
  readonly alarms: number
  readonly metrics: number
  readonly dashboards: number
  /** Queues that feed functions. */
  readonly queues: number
  /** Payouts whose journal is kept. */
  readonly payouts: number
}

/** Megabytes of the functions that take in, and of those that pay. */
const memory = { takingIn: 512, paying: stages.production.callerMebibytes } as const

function billedMilliseconds(usage: Usage, megabytes: number): number {
  const { processorMilliseconds, databaseRequests, objects, partnerCalls } = usage
  const { requestMilliseconds, partnerMilliseconds, processorMegabytes } = assumptions
  const waiting = (databaseRequests + objects) * requestMilliseconds + partnerCalls * partnerMilliseconds
  return (processorMilliseconds * processorMegabytes) / megabytes + waiting
}

/** Milliseconds of Lambda that taking in one participant is billed, and paying one payout. */
export const milliseconds = ({
  perParticipant,
  perPayout,
}: Pick<Measured, 'perParticipant' | 'perPayout'>) => ({
  takingIn: billedMilliseconds(perParticipant, memory.takingIn),
  paying: billedMilliseconds(perPayout, memory.paying),
})

/** An amount of something that has a price. */
export type Charge = { readonly item: Item; readonly amount: number; readonly from: 'measured' | 'computed' }

/** What a number of participants' payouts take, whatever the time. */
export function charges(
  measured: Pick<Measured, 'perParticipant' | 'perPayout'>,
  payouts: number,
): readonly Charge[] {
  const { perParticipant, perPayout } = measured
  const participants = payouts / assumptions.payoutsPerParticipant
  const both = (figure: (usage: Usage) => number) =>
    participants * figure(perParticipant) + payouts * figure(perPayout)
  const runs = both(({ invocations: { intake, pay, publish, totals } }) => intake + pay + publish + totals)
  const batches = both(({ invocations: { intake, pay } }) => intake + pay)
  const { takingIn, paying } = milliseconds(measured)
  const { reconcilingProcessorMilliseconds, processorMegabytes } = assumptions
  const reconciling = payouts * reconcilingProcessorMilliseconds * processorMegabytes
  const settling = participants * takingIn * memory.takingIn + payouts * paying * memory.paying
  const megabyteMs = settling + reconciling
  const calls = both(({ partnerCalls }) => partnerCalls)
  return [
    { item: 'databaseWrites', amount: both(({ writeUnits }) => writeUnits), from: 'measured' },
    { item: 'databaseReads', amount: both(({ readUnits }) => readUnits), from: 'measured' },
    { item: 'functionRequests', amount: runs, from: 'measured' },
    {
      item: 'functionGigabyteSeconds',
      amount: megabyteMs / 1_024 / 1_000,
      from: 'computed',
    },
    // Received and deleted ten at a time; an event's way into its queue is EventBridge's.
    {
      item: 'queueRequests',
      amount: both(({ sendRequests, events }) => sendRequests + events) + 2 * batches,
      from: 'computed',
    },
    {
      item: 'busEvents',
      amount: both(({ statusEvents }) => statusEvents),
      from: 'measured',
    },
    {
      item: 'archivedGigabytes',
      amount: (participants * assumptions.archivedBytesPerParticipant) / 1e9,
      from: 'computed',
    },
    { item: 'objectPuts', amount: both(({ objects }) => objects), from: 'measured' },
    { item: 'logGigabytes', amount: both(({ logBytes }) => logBytes) / 1e9, from: 'measured' },
    {
      item: 'flowLogGigabytes',
      amount: (calls * assumptions.flowLogBytesPerPartnerCall) / 1e9,
      from: 'computed',
    },
    { item: 'gatewayGigabytes', amount: (calls * assumptions.bytesPerPartnerCall) / 1e9, from: 'computed' },
  ]
}

/** What keeping so many payouts costs, every month. */
export const storage = (payouts: number): Charge => ({
  item: 'databaseGigabyteMonths',
  amount: (payouts * assumptions.storedBytesPerPayout) / 1e9,
  from: 'computed',
})

const hoursPerMonth = 730

/** What a month costs before anybody is paid. */
export function monthly({ alarms, metrics, dashboards, queues, payouts }: Standing): readonly Charge[] {
  const { ticksPerMonth, readUnitsPerTick, millisecondsPerTick, pollsPerQueueAndMonth } = assumptions
  const amounts: readonly (readonly [Item, number])[] = [
    ['gatewayHours', 2 * hoursPerMonth],
    ['addressHours', 2 * hoursPerMonth],
    ['alarms', alarms],
    ['metrics', metrics],
    ['dashboards', dashboards],
    ['keys', 3],
    ['secrets', 5],
    ['keyRequests', assumptions.keyRequestsPerMonth],
    ['queueRequests', queues * pollsPerQueueAndMonth],
    ['scheduledTicks', ticksPerMonth],
    ['functionRequests', ticksPerMonth],
    ['functionGigabyteSeconds', (ticksPerMonth * millisecondsPerTick * 0.5) / 1_000],
    ['databaseReads', ticksPerMonth * readUnitsPerTick],
  ]
  return [...amounts.map(([item, amount]): Charge => ({ item, amount, from: 'computed' })), storage(payouts)]
}

export const dollarsOf = ({ item, amount }: Charge): number => amount * prices[item].dollars
export const total = (some: readonly Charge[]): number =>
  some.reduce((sum, charge) => sum + dollarsOf(charge), 0)
