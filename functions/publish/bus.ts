import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { statusEvent } from '../../shared/domain/public-status.ts'
import type { StatusChange } from './event.ts'

/**
 * Puts changes of status on a bus, at most ten at a time. Rejects with EventBridge's code unless it has taken them all:
 * it may have taken some, and takes them again when they are repeated.
 */
export const createStatusBus =
  (client: EventBridgeClient, bus: string) =>
  async (changes: readonly StatusChange[]): Promise<void> => {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: changes.map((change) => ({
          EventBusName: bus,
          Source: statusEvent.source,
          DetailType: statusEvent.type,
          Detail: JSON.stringify(change),
        })),
      }),
    )
    const taken = Entries.filter(({ EventId }) => EventId !== undefined)
    if (taken.length === changes.length) return
    const code = Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'no code'
    throw new Error(`the bus refused ${changes.length - taken.length} of ${changes.length} events: ${code}`)
  }
