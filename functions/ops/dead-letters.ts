import * as z from 'zod'
import { type Refused, refuse } from '../../shared/api/problem.ts'
import type { Command } from '../../shared/api/step.ts'
import type { StateName } from '../../shared/domain/state.ts'
import { readCases } from '../../shared/ledger/payout.ts'
import { payoutSchema } from '../../shared/ledger/schemas.ts'
import { participantId } from '../../shared/operations/instructions.ts'
import type { deadLetter, tidying } from '../../shared/operations/undelivered.ts'
import { parseJson } from '../../shared/partners/snap/json.ts'
import { parseStatementKey } from '../../shared/reconciliation/statement-key.ts'
import { casesMax, inBatches } from '../batches.ts'
import { notificationSchema } from '../notification.ts'
import { recordIntent, recordOutcome, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import type { InstructionAnswer } from './instruct.ts'
import type { Effect } from './instructions/carried.ts'
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
  waiting: 'waiting',
  scheduled: 'waiting',
  failed: 'waiting',
  returned: 'waiting',
  held: 'waiting',
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
  return { about: otherMessage.safeParse(json).data ?? 'cannot be read', standing: 'not-a-payout' }
}

/** What the journal says of the payouts that messages of one queue are about. */
async function judge(
  { ledger }: OpsDependencies,
  queue: string,
  messages: readonly DeadMessage[],
): Promise<Judged[]> {
  const read = messages.map((message) => ({
    message,
    key: payMessage.safeParse(parseJson(message.body)).data,
  }))
  const keys = read.flatMap(({ key }) => key ?? [])
  const cases = await readCases(ledger, keys)
  return read.map(({ message, key }) => {
    if (!key) return { queue, message, ...otherThanPayout(message.body) }
    const found = cases[keys.indexOf(key)]
    const standing: Standing = found ? standingOf[found.state.state] : 'not-a-payout'
    return { queue, message, about: nameOf(key), standing }
  })
}

/** Takes messages out of every dead-letter queue for a moment. */
async function receiveAll(deps: OpsDependencies): Promise<readonly Judged[]> {
  const { deadLetterQueues, receive } = deps.queues
  const perQueue = deadLetterQueues.map(async (queue) => {
    const messages = await receive(queue, messagesMax)
    return inBatches(messages, casesMax, (batch) => judge(deps, queue, batch))
  })
  return (await Promise.all(perQueue)).flat()
}

/** Shows what is in the dead-letter queues, the first fifty of each, and gives it back. */
export async function listDeadLetters(
  deps: OpsDependencies,
): Promise<{ messages: z.input<typeof deadLetter>[] }> {
  const all = await receiveAll(deps)
  await inBatches(all, 8, (batch) =>
    Promise.all(batch.map(({ queue, message }) => deps.queues.giveBack(queue, message))),
  )
  return {
    messages: all.map(({ queue, message: { messageId }, about, standing }) => {
      return { queue, messageId, about, standing }
    }),
  }
}

async function tidyOne(
  { queues }: OpsDependencies,
  { queue, message, about, standing }: Judged,
): Promise<Effect> {
  const subject = `${queue} ${about}`
  if (standing === 'part-of-stream') {
    await queues.giveBack(queue, message)
    return { subject, outcome: 'left alone: an engineer reads the stream again from there' }
  }
  if (standing === 'statement') {
    await queues.giveBack(queue, message)
    return { subject, outcome: 'left alone: an engineer has the statement read again' }
  }
  if (standing === 'settled') {
    await queues.remove(queue, message)
    return { subject, outcome: 'deleted: its payout is settled' }
  }
  await queues.revive(queue, message)
  return { subject, outcome: 'sent to its queue again' }
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

/**
 * Deletes the messages whose payouts are settled, and sends the others to where they came from; each is only a wake-up.
 * Of all messages that are found, or of one.
 */
export async function tidyDeadLetters(
  deps: OpsDependencies,
  { messageId }: z.output<typeof tidying>,
  command: Command,
): Promise<InstructionAnswer | Refused> {
  await recordIntent(deps, command, 'tidyDeadLetters', messageId === undefined ? {} : { messageId })
  const all = await onlyMeant(deps, await receiveAll(deps), messageId)
  const effects = await inBatches(all, 8, (batch) => Promise.all(batch.map((one) => tidyOne(deps, one))))
  await recordOutcome(deps, command, 'tidyDeadLetters', { effects: tallied(effects) })
  if (messageId !== undefined && all.length === 0) {
    return refuse(
      404,
      'No dead-letter queue shows that message now. Look again: another may have it for a moment.',
    )
  }
  return { result: 'done', effects: [...effects] }
}
