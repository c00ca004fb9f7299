import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, expect, test } from 'vitest'
import { createLaneQueue } from '../../../functions/release/queue.ts'
import { at } from '../../domain/examples.ts'

const sqs = mockClient(SQSClient)
beforeEach(() => {
  sqs.reset()
  sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] })
})

const url = 'https://sqs.ap-southeast-3.amazonaws.com/000000000000/pay-gopay'
const queue = createLaneQueue(new SQSClient({ region: 'ap-southeast-3' }), url)
const places = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const due = at('2020-09-18T00:00:00+07:00')
    return { participantId: `P-${index}`, payout: 'incentive-1', at: due, delaySeconds: index } as const
  })
const batches = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args: [{ input }] }) => input)

test.for([
  [0, []],
  [1, [1]],
  [10, [10]],
  [11, [10, 1]],
  [95, [10, 10, 10, 10, 10, 10, 10, 10, 10, 5]],
])('%i messages go in batches of ten', async ([count, sizes]) => {
  await queue.send(places(Number(count)))
  expect(batches().map(({ Entries }) => Entries?.length)).toEqual(sizes)
})

test('a message carries ids and nothing else, and its own id is unique in the batch', async () => {
  await queue.send(places(2))
  expect(batches()).toEqual([
    {
      QueueUrl: url,
      Entries: [
        { Id: '0', MessageBody: '{"participantId":"P-0","payout":"incentive-1"}', DelaySeconds: 0 },
        { Id: '1', MessageBody: '{"participantId":"P-1","payout":"incentive-1"}', DelaySeconds: 1 },
      ],
    },
  ])
})

test('a message that the queue refuses is an error, which names the code', async () => {
  const Failed = [{ Id: '1', SenderFault: false, Code: 'InternalError' }]
  sqs.on(SendMessageBatchCommand).resolvesOnce({ Failed })
  await expect(queue.send(places(3))).rejects.toThrow('InternalError')
})

test('the depth is what waits, what is in work and what is delayed', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: {
      ApproximateNumberOfMessages: '7',
      ApproximateNumberOfMessagesNotVisible: '5',
      ApproximateNumberOfMessagesDelayed: '3',
    },
  })
  expect(await queue.depth()).toBe(15)
})

test('a depth that the queue does not tell is an error', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} })
  await expect(queue.depth()).rejects.toThrow()
})
