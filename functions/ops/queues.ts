import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { parseJson } from '../../shared/json.ts'

/** A message that a function could not digest. */
export type DeadMessage = { readonly messageId: string; readonly receipt: string; readonly body: string }

/** The queues, as people see them. */
export type Queues = {
  /** Names of the dead-letter queues. */
  readonly deadLetterQueues: readonly string[]
  /** Messages in a dead-letter queue, without those that somebody has received; approximate. */
  depth(deadLetters: string): Promise<number>
  /** As many messages as it holds, but at most `limit`, hidden from others for half a minute or until `giveBack`. */
  receive(deadLetters: string, limit: number): Promise<readonly DeadMessage[]>
  giveBack(deadLetters: string, message: DeadMessage): Promise<void>
  /** Sends the message's body to the queue it died in, and only then takes it from the dead ones: twice rather than never. */
  revive(deadLetters: string, message: DeadMessage): Promise<void>
  remove(deadLetters: string, message: DeadMessage): Promise<void>
  /** An event's text to intake: to the queue for accounts, or to the one for all else. */
  sendEvent(body: string): Promise<void>
  /** There is work to do on that job. */
  sendJob(jobId: string): Promise<void>
  /** There is work to do on that repair. */
  sendRepair(repairId: string): Promise<void>
}

export type QueueUrls = {
  readonly jobs: string
  readonly intake: string
  readonly accounts: string
  /** By name. */
  readonly deadLetters: Readonly<Record<string, string>>
}

/** SQS hands out ten at most: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const receiveMax = 10
/** With no time to wait SQS asks a part of its servers only, and may answer that there is nothing where there is
 *  something: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
 *  Only the answer that there is nothing more takes so long, once a queue. */
const waitSeconds = 1
const hiddenSeconds = 30
/** What a dead-letter queue is called after the queue it belongs to; the one that has no such queue ends otherwise. */
const suffix = '-dlq'

const attributes = z.object({ ApproximateNumberOfMessages: z.coerce.number() })
const received = z
  .object({ MessageId: z.string(), ReceiptHandle: z.string(), Body: z.string() })
  .transform(({ MessageId, ReceiptHandle, Body }) => ({
    messageId: MessageId,
    receipt: ReceiptHandle,
    body: Body,
  }))

/** Account numbers stay out of the queue for all other events. */
const isAboutAccount = (event: unknown): boolean =>
  z.object({ 'detail-type': z.literal('PayoutAccountLinked') }).safeParse(event).success

/** The queues on SQS. */
export function createQueues(client: SQSClient, urls: QueueUrls): Queues {
  const send = async (QueueUrl: string, MessageBody: string): Promise<void> => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody }))
  }
  const urlOf = (name: string): string => {
    const url = urls.deadLetters[name]
    if (url === undefined) throw new Error(`there is no dead-letter queue ${name}`)
    return url
  }
  const remove: Queues['remove'] = async (name, { receipt }) => {
    await client.send(new DeleteMessageCommand({ QueueUrl: urlOf(name), ReceiptHandle: receipt }))
  }
  const sendEvent: Queues['sendEvent'] = (body) =>
    send(isAboutAccount(parseJson(body)) ? urls.accounts : urls.intake, body)

  return {
    deadLetterQueues: Object.keys(urls.deadLetters),

    async depth(name) {
      const command = new GetQueueAttributesCommand({
        QueueUrl: urlOf(name),
        AttributeNames: ['ApproximateNumberOfMessages'],
      })
      return attributes.parse((await client.send(command)).Attributes).ApproximateNumberOfMessages
    },

    async receive(name, limit) {
      const found: DeadMessage[] = []
      while (found.length < limit) {
        const command = new ReceiveMessageCommand({
          QueueUrl: urlOf(name),
          MaxNumberOfMessages: Math.min(receiveMax, limit - found.length),
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: waitSeconds,
        })
        const { Messages = [] } = await client.send(command)
        if (Messages.length === 0) break
        found.push(...Messages.map((message) => received.parse(message)))
      }
      return found
    },

    async giveBack(name, { receipt }) {
      const now = { ReceiptHandle: receipt, VisibilityTimeout: 0 }
      await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: urlOf(name), ...now }))
    },

    async revive(name, message) {
      const url = urlOf(name)
      if (url.endsWith(suffix)) await send(url.slice(0, -suffix.length), message.body)
      else await sendEvent(message.body)
      await remove(name, message)
    },

    remove,
    sendEvent,
    sendJob: (jobId) => send(urls.jobs, JSON.stringify({ jobId })),
    sendRepair: (repairId) => send(urls.jobs, JSON.stringify({ repairId })),
  }
}
