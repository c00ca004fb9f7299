import type { LaneMessage, LaneQueue } from '../../functions/release/release.ts'
import type { Operations, Worker } from './operations.ts'
import type { Queue } from './queue.ts'

type LaneQueueOptions = {
  readonly queue: Queue
  /** Who sends. */
  readonly worker: Worker
  readonly operations: Operations
  /** Epoch milliseconds. */
  readonly time: () => number
  /** Told of every message that was sent. */
  readonly sent: (message: LaneMessage) => void
}

/** A lane's queue as a run of release sees it: whatever it wants of it waits for its turn. */
export function createLaneQueue({ queue, worker, operations, time, sent }: LaneQueueOptions): LaneQueue {
  const about = (point: string) => ({ worker, nature: 'queue', point, subject: '' }) as const
  return {
    depth: () => operations.wait(about('read depth'), queue.depth),
    async send(messages) {
      if (messages.length === 0) return
      await operations.wait(about('send messages'), () => {
        for (const message of messages) {
          const { participantId, payout, delaySeconds } = message
          sent(message)
          queue.send(JSON.stringify({ participantId, payout }), time() + delaySeconds * 1_000)
        }
      })
    },
  }
}
