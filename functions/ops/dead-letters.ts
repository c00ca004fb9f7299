import * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import { statusEvent } from '../../shared/domain/public-status.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { parseJson } from '../../shared/json.ts'
import { BrokenChain } from '../../shared/ledger/chain.ts'
import { type PayoutCase, readCases } from '../../shared/ledger/payout.ts'
import type { PayoutKey } from '../../shared/ledger/ports.ts'
import { payoutSchema } from '../../shared/ledger/schemas.ts'
import { participantId } from '../../shared/operations/instructions.ts'
import type {
  deadLetter,
  deadLettersAnswer,
  engineersWork,
  tidying,
  tidyingAnswer,
} from '../../shared/operations/undelivered.ts'
import { parseStatementKey } from '../../shared/reconciliation/statement-key.ts'
import { casesMax, inBatches } from '../batches.ts'
import { notificationSchema } from '../notification.ts'
import { recordIntent, recordOutcome, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import { done, type Effect, leftAlone } from './instructions/carried.ts'
import { nameOf } from './listed.ts'
import type { DeadMessage } from './queues.ts'

/** Messages looked at in one queue in one go. */
const messagesMax = 50

type Standing = z.output<typeof deadLetter>['standing']
type Judged = {
  readonly queue: string
  readonly message: DeadMessage
  readonly about: string
  readonly standing: Standing
}

/** What a payout's state means for a message about it. */
const standingOf: Readonly<Record<StateName, Standing>> = {
  scheduled: 'waiting',
  waiting: 'waits-for-people',
  failed: 'waits-for-people',
  returned: 'waits-for-people',
  held: 'waits-for-people',
  sending: 'unknown',
  pending: 'unknown',
  unknown: 'unknown',
  paid: 'settled',
  cancelled: 'settled',
}

const payMessage = z.object({ participantId, payout: payoutSchema })
const otherMessage = z.union([
  z.object({ jobId: z.uuid() }).transform(({ jobId }) => `job ${jobId}`),
  z.object({ repairId: z.uuid() }).transform(({ repairId }) => `repair ${repairId}`),
  z
    .object({ 'detail-type': z.string().regex(/^\w{1,40}$/), detail: z.object({ participantId }) })
    .transform((event) => `${event['detail-type']} of ${event.detail.participantId}`),
])

/** What Lambda leaves of a part of a stream that it has given up:
 *  https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const partOfStream = z.object({
  DDBStreamBatchInfo: z.object({
    batchSize: z.int().nonnegative(),
    approximateArrivalOfFirstRecord: z.iso.datetime(),
  }),
})

/** What Lambda leaves of a call that it has given up; S3's, which tells of statements, is the only one that it keeps.
 *  https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const callGivenUp = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  requestPayload: z.unknown(),
})

/** What we publish ourselves; the bus keeps it where it could take it no further. It is for others, and intake would refuse it. */
const changeOfStatus = z.object({
  source: z.literal(statusEvent.source),
  'detail-type': z.literal(statusEvent.type),
})

/** Which statements S3 has told of. */
function statementsIn(payload: unknown): string {
  const records = notificationSchema.safeParse(payload).data?.Records ?? []
  const named = records.flatMap(({ s3 }) => {
    const file = parseStatementKey(s3.object.key)
    return file ? [`statement of ${file.partner} of ${file.day}`] : []
  })
  return named.join(', ') || 'a statement whose name cannot be read'
}

type Other = { readonly about: string; readonly standing: Standing }

/** What a message is about, where it is no payout; nothing of its text is shown that might be anything. */
function otherThanPayout(body: string): Other {
  const json = parseJson(body)
  const stream = partOfStream.safeParse(json).data?.DDBStreamBatchInfo
  if (stream) {
    const { batchSize, approximateArrivalOfFirstRecord: since } = stream
    return { about: `${batchSize} changes of the journal since ${since}`, standing: 'part-of-stream' }
  }
  const call = callGivenUp.safeParse(json).data
  if (call) return { about: statementsIn(call.requestPayload), standing: 'statement' }
  const about = otherMessage.safeParse(json).data ?? 'cannot be read'
  return { about, standing: changeOfStatus.safeParse(json).success ? 'change-of-status' : 'not-a-payout' }
}

const standingIn = (found: PayoutCase | undefined): Standing =>
  found ? standingOf[found.state.state] : 'not-a-payout'

/**
 * How payouts stand, at most `casesMax`, in their order. A damaged journal, whose messages come to die here, says
 * nothing of the others: each is then read by itself, since what is thrown does not tell whose it is.
 */
async function standingsOf(
  { ledger }: Pick<OpsDependencies, 'ledger'>,
  keys: readonly PayoutKey[],
): Promise<readonly Standing[]> {
  try {
    return (await readCases(ledger, keys)).map(standingIn)
  } catch (error) {
    if (!(error instanceof BrokenChain)) throw error
    if (keys.length === 1) return ['unreadable']
    return (await Promise.all(keys.map((key) => standingsOf({ ledger }, [key])))).flat()
  }
}

/** What the journal says of the payouts that messages of one queue are about. */
async function judge(
  deps: OpsDependencies,
  queue: string,
  messages: readonly DeadMessage[],
): Promise<Judged[]> {
  const read = messages.map((message) => ({
    message,
    key: payMessage.safeParse(parseJson(message.body)).data,
  }))
  const keys = read.flatMap(({ key }) => key ?? [])
  const standings = await standingsOf(deps, keys)
  return read.map(({ message, key }) => {
    if (!key) return { queue, message, ...otherThanPayout(message.body) }
    const standing = standings[keys.indexOf(key)] ?? 'unreadable'
    return { queue, message, about: nameOf(key), standing }
  })
}

/** What was taken out of the queues, and about how many messages were left in which. */
type Received = {
  readonly all: readonly Judged[]
  readonly more: Readonly<Record<string, number>>
}

/** Takes messages out of every dead-letter queue for a moment, the first fifty of each. */
async function receiveAll(deps: OpsDependencies): Promise<Received> {
  const { queues } = deps
  const perQueue = queues.deadLetterQueues.map(async (queue) => {
    // Counted first: what is received counts no more, as soon as SQS notices.
    const depth = await queues.depth(queue)
    const messages = await queues.receive(queue, messagesMax)
    const judged = await inBatches(messages, casesMax, (batch) => judge(deps, queue, batch))
    return { queue, judged, left: depth - messages.length }
  })
  const received = await Promise.all(perQueue)
  return {
    all: received.flatMap(({ judged }) => judged),
    more: Object.fromEntries(received.flatMap(({ queue, left }) => (left > 0 ? [[queue, left]] : []))),
  }
}

/** What an answer says of the messages that were left, if there are any. */
const beyond = ({ more }: Received) => (Object.keys(more).length > 0 ? { more: { ...more } } : {})

/** Shows what is in the dead-letter queues, the first fifty of each, and gives it back. */
export async function listDeadLetters(deps: OpsDependencies): Promise<z.input<typeof deadLettersAnswer>> {
  const received = await receiveAll(deps)
  const { all } = received
  await inBatches(all, 8, (batch) =>
    Promise.all(batch.map(({ queue, message }) => deps.queues.giveBack(queue, message))),
  )
  const messages = all.map(({ queue, message: { messageId }, about, standing }) => {
    return { queue, messageId, about, standing }
  })
  return { messages, ...beyond(received) }
}

type EngineersWork = (typeof engineersWork)[number]
/** Whose turn it is. */
const engineers: Readonly<Record<EngineersWork, string>> = {
  'part-of-stream': 'an engineer reads the stream again from there',
  statement: 'an engineer has the statement read again',
  'change-of-status': 'an engineer puts it on the bus again',
  unreadable: 'its journal is damaged, which an engineer sees to first',
}
const isEngineersWork = (standing: Standing): standing is EngineersWork => standing in engineers

async function tidyOne(
  { queues }: OpsDependencies,
  { queue, message, about, standing }: Judged,
): Promise<Effect> {
  const subject = `${queue} ${about}`
  if (isEngineersWork(standing)) {
    await queues.giveBack(queue, message)
    return { subject, ...leftAlone(`left alone: ${engineers[standing]}`) }
  }
  if (standing === 'settled') {
    await queues.remove(queue, message)
    return { subject, ...done('deleted: its payout is settled') }
  }
  await queues.revive(queue, message)
  return { subject, ...done('sent to its queue again') }
}

/** Gives back all messages but those that are meant; those are left. */
async function onlyMeant(deps: OpsDependencies, all: readonly Judged[], messageId: string | undefined) {
  if (messageId === undefined) return all
  const others = all.filter(({ message }) => message.messageId !== messageId)
  await inBatches(others, 8, (batch) =>
    Promise.all(batch.map(({ queue, message }) => deps.queues.giveBack(queue, message))),
  )
  return all.filter(({ message }) => message.messageId === messageId)
}

/** Of one message: it is not among those that were looked at. */
function notFound({ more }: Received): Refused {
  const left = Object.values(more).reduce((sum, each) => sum + each, 0)
  const others = left > 0 ? `, and about ${left} more were not looked at` : ''
  return refuse(
    404,
    `No dead-letter queue shows that message now. Look again: another may have it for a moment${others}.`,
  )
}

/**
 * Deletes the messages whose payouts are settled, and sends the others to where they came from; each is only a wake-up.
 * What an engineer must see to is left. Of the first fifty messages of each queue, or of one of these.
 */
export async function tidyDeadLetters(
  deps: OpsDependencies,
  { messageId }: z.output<typeof tidying>,
  command: Command,
): Promise<z.input<typeof tidyingAnswer> | Refused> {
  await recordIntent(deps, command, 'tidyDeadLetters', messageId === undefined ? {} : { messageId })
  const received = await receiveAll(deps)
  const all = await onlyMeant(deps, received.all, messageId)
  const effects = await inBatches(all, 8, (batch) => Promise.all(batch.map((one) => tidyOne(deps, one))))
  await recordOutcome(deps, command, 'tidyDeadLetters', { effects: tallied(effects) })
  if (messageId !== undefined && all.length === 0) return notFound(received)
  return { result: 'done', effects: [...effects], ...(messageId === undefined && beyond(received)) }
}
