import { type Reply, render, type WireReply } from './answers.ts'
import type { WireRequest } from './gate.ts'
import type { Service } from './services.ts'

/** Answers one request as it came over the wire, whatever carried it. */
export type AnswerWire = (request: WireRequest) => Promise<WireReply>

/** For a request that reaches no service. */
const noService = '00'

/** Finds the service that a request is for; `now` is in epoch milliseconds. */
export function createRouting(options: {
  readonly services: readonly Service[]
  readonly now: () => number
}): AnswerWire {
  const services = new Map(options.services.map((service) => [service.path, service]))
  const rendered = (code: string, reply: Reply) => render(code, reply, options.now())

  return async (request) => {
    const service = services.get(request.path.split('?', 1)[0] ?? '')
    if (service === undefined) return rendered(noService, { case: '40400' })
    if (request.method !== 'POST') return rendered(service.code, { case: '40500' })
    return rendered(service.code, await service.handle(request))
  }
}
