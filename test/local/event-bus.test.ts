import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Envelope } from '../../infra/local/bus.ts'
import { startEventBus } from '../../infra/local/event-bus.ts'

const published: Envelope[] = []
const now = Date.parse('2020-09-18T03:00:01.500Z')
let client: EventBridgeClient
let stop = () => Promise.resolve()

beforeAll(async () => {
  const bus = await startEventBus(
    'news',
    (envelope) => published.push(envelope),
    () => now,
  )
  client = new EventBridgeClient({
    endpoint: bus.endpoint,
    region: 'ap-southeast-3',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  stop = bus.stop
})
afterAll(async () => {
  client.destroy()
  await stop()
})

const entry = (bus: string, name: string) => ({
  EventBusName: bus,
  Source: 'things',
  DetailType: 'ThingHappened',
  Detail: JSON.stringify({ name }),
})

test('what the SDK puts comes out in envelopes of our own account, in order', async () => {
  const answer = await client.send(
    new PutEventsCommand({ Entries: [entry('news', 'a'), entry('news', 'b')] }),
  )
  expect(answer.FailedEntryCount).toBe(0)
  expect(answer.Entries?.map(({ EventId }) => EventId)).toEqual(published.map(({ id }) => id))
  expect(published).toMatchObject([
    {
      source: 'things',
      account: '000000000000',
      time: '2020-09-18T03:00:01Z',
      'detail-type': 'ThingHappened',
      detail: { name: 'a' },
    },
    { detail: { name: 'b' } },
  ])
})

test('another bus is refused by its name', async () => {
  const command = new PutEventsCommand({ Entries: [entry('elsewhere', 'a')] })
  await expect(client.send(command)).rejects.toThrow('there is no bus elsewhere')
})
