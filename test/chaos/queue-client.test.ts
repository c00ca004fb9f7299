import { DeleteMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { createLaneQueue } from '../../functions/release/queue.ts'
import { at } from '../domain/examples.ts'
import type { Fault } from './faults.ts'
import { createOperations, isDrawn, newWorker } from './operations.ts'
import { createQueue } from './queue.ts'
import { createQueueClient } from './queue-client.ts'
import { createRandom } from './random.ts'

const noon = Date.UTC(2020, 10, 12, 12)
const clock = { now: () => at('2020-11-12T12:00:00Z'), trueTime: Number, lostMs: 0, fault: '' }
const places = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const due = at('2020-09-18T00:00:00+07:00')
    return { participantId: `P-${index}`, payout: 'incentive-1', at: due, delaySeconds: index } as const
  })

/** A lane's queue through the client, whose every operation meets these faults in turn. */
function laneWith(faults: readonly (Fault | undefined)[]) {
  const left = [...faults]
  const time = () => noon
  const operations = createOperations(time)
  const machine = { id: 1, functionName: 'release', unstoppable: false, clock }
  const worker = newWorker({ ...machine, startedAt: noon, endsAt: noon + 55_000 })
  const settings = { visibilitySeconds: 720, maxReceives: 5, comesAgain: () => false, late: () => 0 }
  const queue = createQueue({ random: createRandom(1, 1), ...settings })
  const bodies: string[] = []
  const steps: string[] = []
  const client = createQueueClient({
    queue,
    worker: () => worker,
    operations,
    time,
    sent: (body) => void bodies.push(body),
  })
  async function through<Result>(work: Promise<Result>): Promise<Result> {
    let over = !worker.alive
    const end = () => {
      over = true
    }
    work.then(end, end)
    for (let turn = 0; turn < 100 && !over; turn++) {
      const [operation] = operations.waiting.splice(0, 1)
      if (operation) steps.push(operation.point)
      operation?.proceed(left.shift())
      await operations.ended()
      await new Promise<void>((resolve) => process.nextTick(resolve))
    }
    return work
  }
  return { lane: createLaneQueue(client, 'pay-gopay'), client, queue, bodies, steps, through }
}

describe('a lane’s queue through the client of release', () => {
  it('takes batches of ten at most, each in its turn, and tells how many there are', async () => {
    const { lane, queue, bodies, steps, through } = laneWith([])
    await through(lane.send(places(12)))
    expect(bodies).toHaveLength(12)
    expect(steps).toEqual(['send messages', 'send messages'])
    expect(queue.depth(noon)).toEqual({ visible: 1, inFlight: 0, delayed: 11 })
    queue.receive(noon, 10)
    expect(queue.depth(noon)).toEqual({ visible: 0, inFlight: 1, delayed: 11 })
    expect(await through(lane.depth())).toBe(12)
  })

  it('may take all of a batch but one message', async () => {
    const { lane, bodies, through } = laneWith(['message-refused'])
    const failure = await through(lane.send(places(3))).catch((error: unknown) => error)
    expect(isDrawn(failure)).toBe(true)
    expect(bodies.map((body) => JSON.parse(body).participantId)).toEqual(['P-0', 'P-2'])
  })

  it('takes a batch twice whose answer was lost: SQS knows no repetition', async () => {
    const { lane, bodies, through } = laneWith(['answer-lost'])
    await through(lane.send(places(3)))
    expect(bodies).toHaveLength(6)
  })

  it('takes nothing when it has too much to do, and says so', async () => {
    const { lane, bodies, through } = laneWith(['throttled'])
    const failure = await through(lane.send(places(3))).catch((error: unknown) => error)
    expect(isDrawn(failure)).toBe(true)
    expect(bodies).toEqual([])
  })

  it('refuses what SQS refuses, and what it does not know', async () => {
    const { client } = laneWith([])
    const entry = (Id: string, DelaySeconds = 0) => ({ Id, MessageBody: '{}', DelaySeconds })
    const eleven = Array.from({ length: 11 }, (_, index) => entry(`${index}`))
    for (const Entries of [[], eleven, [entry('0'), entry('0')], [entry('0', 901)]])
      await expect(
        client.send(new SendMessageBatchCommand({ QueueUrl: 'pay-gopay', Entries })),
      ).rejects.toThrow()
    const other = new DeleteMessageCommand({ QueueUrl: 'pay-gopay', ReceiptHandle: 'receipt' })
    await expect(client.send(other)).rejects.toThrow('does not know')
  })
})
