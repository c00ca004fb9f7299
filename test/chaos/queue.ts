import type { Random } from './random.ts'

type Message = { readonly id: number; readonly body: string; visibleAt: number; receives: number }
export type Received = { readonly id: number; readonly body: string }

/**
 * A standard SQS queue: any order, now and then late, now and then the same message twice, and again after its visibility
 * timeout.
 */
export type Queue = {
  send(body: string, visibleAt: number): void
  /** Some of the messages visible at `now`, at most `most`. Those received too often are gone (dead-lettered). */
  receive(now: number, most: number): readonly Received[]
  delete(id: number): void
  /** Epoch milliseconds of the next message to become visible; `Infinity` without one. */
  nextVisible(): number
  /** How many there are at `now`: to be received, received and neither deleted nor come back, not to be received yet. */
  depth(now: number): { readonly visible: number; readonly inFlight: number; readonly delayed: number }
  deadLetters(): number
}

type QueueOptions = {
  readonly random: Random
  readonly visibilitySeconds: number
  readonly maxReceives: number
  /** Whether a deleted message comes once more all the same. */
  readonly comesAgain: () => boolean
  /** Milliseconds by which a message comes later than it was meant to. */
  readonly late: () => number
}

export function createQueue({
  random,
  visibilitySeconds,
  maxReceives,
  comesAgain,
  late,
}: QueueOptions): Queue {
  const messages = new Map<number, Message>()
  let ids = 0
  let dead = 0
  /** Of the next message; absent when something has changed since it was known. Asked for at every step. */
  let next: number | undefined
  return {
    send(body, visibleAt) {
      next = undefined
      ids += 1
      messages.set(ids, { id: ids, body, visibleAt: visibleAt + late(), receives: 0 })
    },
    receive(now, most) {
      next = undefined
      const visible = [...messages.values()].filter((message) => message.visibleAt <= now)
      const received: Received[] = []
      while (received.length < most && visible.length > 0) {
        const [message] = visible.splice(random.integer(0, visible.length - 1), 1)
        if (!message) break
        message.receives += 1
        message.visibleAt = now + visibilitySeconds * 1000
        if (message.receives <= maxReceives) received.push(message)
        else {
          messages.delete(message.id)
          dead += 1
        }
      }
      return received
    },
    delete(id) {
      next = undefined
      const message = messages.get(id)
      if (message && comesAgain()) message.visibleAt += 1000 + late()
      else messages.delete(id)
    },
    nextVisible() {
      if (next !== undefined) return next
      next = Number.POSITIVE_INFINITY
      for (const { visibleAt } of messages.values()) if (visibleAt < next) next = visibleAt
      return next
    },
    depth(now) {
      let [visible, inFlight, delayed] = [0, 0, 0]
      for (const { visibleAt, receives } of messages.values()) {
        if (visibleAt <= now) visible += 1
        else if (receives > 0) inFlight += 1
        else delayed += 1
      }
      return { visible, inFlight, delayed }
    },
    deadLetters: () => dead,
  }
}
