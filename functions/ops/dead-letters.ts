import * as z from 'zod'
import type { StateName } from '../../shared/domain/state.ts'
import { readCases } from '../../shared/ledger/payout.ts'
import { payoutSchema } from '../../shared/ledger/schemas.ts'
import { participantId } from '../../shared/operations/instructions.ts'
import type { deadLetter } from '../../shared/operations/schemas.ts'
import { parseJson } from '../../shared/partners/snap/json.ts'
import { casesMax, inBatches } from '../batches.ts'
import { recordCommand, tallied } from './audit.ts'
import type { OpsDependencies } from './dependencies.ts'
import type { InstructionAnswer } from './instruct.ts'
import type { Effect } from './instructions/carried.ts'
import { nameOf } from './listed.ts'
import type { DeadMessage } from './queues.ts'
import type { Command } from './step.ts'

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
  z
    .object({ 'detail-type': z.string().regex(/^\w{1,40}$/), detail: z.object({ participantId }) })
    .transform((event) => `${event['detail-type']} of ${event.detail.participantId}`),
])

/** What a message is about, where it is no payout; nothing of its text is shown that might be anything. */
function aboutOther(body: string): string {
  const parsed = otherMessage.safeParse(parseJson(body))
  return parsed.success ? parsed.data : 'cannot be read'
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
    const found = key && cases[keys.indexOf(key)]
    const standing: Standing = found ? standingOf[found.state.state] : 'not-a-payout'
    return { queue, message, about: key ? nameOf(key) : aboutOther(message.body), standing }
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
  if (standing === 'settled') {
    await queues.remove(queue, message)
    return { subject, outcome: 'deleted: its payout is settled' }
  }
  await queues.revive(queue, message)
  return { subject, outcome: 'sent to its queue again' }
}

/** Deletes the messages whose payouts are settled, and sends the others to where they came from; each is only a wake-up. */
export async function tidyDeadLetters(deps: OpsDependencies, command: Command): Promise<InstructionAnswer> {
  const all = await receiveAll(deps)
  const effects = await inBatches(all, 8, (batch) => Promise.all(batch.map((one) => tidyOne(deps, one))))
  await recordCommand(deps, command, 'tidyDeadLetters', { effects: tallied(effects) })
  return { result: 'done', effects: [...effects] }
}
