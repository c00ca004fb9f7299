import { randomUUID } from 'node:crypto'
import type { DeadMessage, Queues } from '../../../functions/ops/queues.ts'

/** Queues that keep what they are sent, for tests to look at. */
export type TestQueues = Queues & {
  /** Ids of jobs that wait to be woken up. */
  readonly jobs: string[]
  /** Ids of repairs that do. */
  readonly repairs: string[]
  /** Bodies of events on their way to intake. */
  readonly events: string[]
  /** What was sent back to the queue beside a dead-letter queue. */
  readonly revived: { readonly queue: string; readonly body: string }[]
  /** Puts a message into a dead-letter queue. */
  die(queue: string, body: string): void
}

export function createTestQueues(): TestQueues {
  const dead = new Map<string, DeadMessage[]>([
    ['test-pay-gopay-dlq', []],
    ['test-intake-dlq', []],
    ['test-jobs-dlq', []],
  ])
  const hidden = new Set<string>()
  const jobs: string[] = []
  const repairs: string[] = []
  const events: string[] = []
  const revived: TestQueues['revived'] = []
  const messagesOf = (queue: string) => dead.get(queue) ?? []

  async function remove(queue: string, { messageId }: DeadMessage): Promise<void> {
    dead.set(
      queue,
      messagesOf(queue).filter((message) => message.messageId !== messageId),
    )
  }

  return {
    jobs,
    repairs,
    events,
    revived,
    die: (queue, body) => {
      const messageId = randomUUID()
      dead.set(queue, [...messagesOf(queue), { messageId, receipt: messageId, body }])
    },
    deadLetterQueues: [...dead.keys()],
    // As SQS counts: what somebody has received is not among them.
    depth: async (queue) => messagesOf(queue).filter(({ messageId }) => !hidden.has(messageId)).length,
    async receive(queue, limit) {
      const visible = messagesOf(queue).filter(({ messageId }) => !hidden.has(messageId))
      const some = visible.slice(0, limit)
      for (const { messageId } of some) hidden.add(messageId)
      return some
    },
    giveBack: async (_, { messageId }) => void hidden.delete(messageId),
    async revive(queue, message) {
      revived.push({ queue, body: message.body })
      await remove(queue, message)
    },
    remove,
    sendEvent: async (body) => void events.push(body),
    sendJob: async (jobId) => void jobs.push(jobId),
    sendRepair: async (repairId) => void repairs.push(repairId),
  }
}
