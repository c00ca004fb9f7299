import { compilePattern } from './pattern.ts'
import { nameOf } from './references.ts'
import type { Rule } from './resources.ts'

/** An event as EventBridge delivers it:
 *  https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export type Envelope = {
  readonly version: '0'
  readonly id: string
  readonly source: string
  /** The AWS account of whoever published it; EventBridge sets it. */
  readonly account: string
  /** ISO 8601, in whole seconds: `2020-09-18T03:00:01Z`. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly 'detail-type': string
  readonly detail: unknown
}

/** The event bus: gives an envelope to every queue whose rule it matches, and says how many those were. */
export type Bus = (envelope: Envelope) => number

/** Throws, naming the rule, at a pattern operator that is not known here. */
export function createBus(rules: readonly Rule[], send: (queueName: string, body: string) => void): Bus {
  const routes = rules
    .filter(({ State }) => State === 'ENABLED')
    .map(({ Name, EventPattern, Targets }) => {
      try {
        return { matches: compilePattern(EventPattern), queues: Targets.map(({ Arn }) => nameOf(Arn)) }
      } catch (error) {
        throw new Error(`rule ${Name}: ${error instanceof Error ? error.message : error}`)
      }
    })
  return (envelope) => {
    const queues = routes.filter(({ matches }) => matches(envelope)).flatMap((route) => route.queues)
    if (queues.length === 0) return 0
    const body = JSON.stringify(envelope)
    for (const queue of queues) send(queue, body)
    return queues.length
  }
}
