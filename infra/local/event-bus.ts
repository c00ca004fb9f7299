import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Bus, Envelope } from './bus.ts'
import { type JsonService, startJsonService } from './json-service.ts'
import { account, region } from './references.ts'

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const request = z.object({
  Entries: z
    .array(
      z.object({
        EventBusName: z.string(),
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        Resources: z.array(z.string()).default([]),
      }),
    )
    .min(1)
    .max(10),
})
type Entry = z.infer<typeof request>['Entries'][number]

/** The envelope that EventBridge puts around what our own account publishes at `now`, in epoch milliseconds. */
const envelopeOf = (entry: Entry, now: number): Envelope => ({
  version: '0',
  id: randomUUID(),
  source: entry.Source,
  account,
  time: `${new Date(now).toISOString().slice(0, 19)}Z`,
  region,
  resources: entry.Resources,
  'detail-type': entry.DetailType,
  detail: JSON.parse(entry.Detail),
})

/** EventBridge on this machine: it answers PutEvents to the template's one bus, and nothing else. */
export const startEventBus = (
  name: string | undefined,
  publish: Bus,
  now: () => number,
): Promise<JsonService> =>
  startJsonService({
    'AWSEvents.PutEvents'(input) {
      const { Entries } = request.parse(input)
      const stray = Entries.find(({ EventBusName }) => EventBusName !== name)
      if (stray) {
        const message = `there is no bus ${stray.EventBusName}`
        return { exception: 'ResourceNotFoundException', message }
      }
      const published = Entries.map((entry) => {
        const envelope = envelopeOf(entry, now())
        publish(envelope)
        return { EventId: envelope.id }
      })
      return { result: { FailedEntryCount: 0, Entries: published } }
    },
  })
