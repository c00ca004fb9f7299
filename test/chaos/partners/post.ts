import * as z from 'zod'
import type { WireReply } from '../../../infra/local/partners/answers.ts'
import type { AnswerWire } from '../../../infra/local/partners/routing.ts'
import { parseJson } from '../../../shared/json.ts'
import type { PartnerConfiguration } from '../../../shared/partners/configuration.ts'
import type { HttpResult, Post } from '../../../shared/partners/snap/http.ts'
import { balanceService, servicesOf } from '../../../shared/partners/snap/messages.ts'
import { type CallPoint, type CallStep, saidBy } from './call.ts'

/**
 * Stands between our side and the partner. It may wait before it delivers, answer something else than it was told,
 * or not deliver at all (`not-connected`, or lost on the way); it never delivers twice.
 */
export type Around = (point: CallPoint, deliver: () => Promise<HttpResult>) => Promise<HttpResult>

type PostDependencies = {
  readonly partner: string
  readonly configuration: Pick<PartnerConfiguration, 'kind' | 'statusService' | 'pathPrefix' | 'tokenPath'>
  readonly answer: AnswerWire
  readonly around: Around
  readonly record: (call: CallStep) => void
}

/** Carries requests to a simulated partner in this process: no sockets, no timers; deadlines are the caller's. */
export function createPost({ partner, configuration, answer, around, record }: PostDependencies): Post {
  const pointOf = createPointReader(configuration)

  return async (path, headers, body) => {
    const point = pointOf(path, body)
    let delivered = false
    let unchanged: { readonly result: HttpResult; readonly said: string } | undefined
    const deliver = async (): Promise<HttpResult> => {
      if (delivered) throw new Error('a request is delivered once')
      delivered = true
      const reply = await answer({ method: 'POST', path, headers: asReceived(headers), body })
      const said = saidBy(reply)
      record({ partner, ...point, step: 'handled', said })
      const result = resultOf(reply)
      if (result.result === 'answered') unchanged = { result, said }
      return result
    }
    record({ partner, ...point, step: 'sent' })
    const result = await around(point, deliver)
    const said = result === unchanged?.result ? unchanged.said : saidBy(result)
    record({ partner, ...point, step: 'answered', said })
    return result
  }
}

/** As Node's server would hand them over. */
function asReceived(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const received: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) received[name.toLowerCase()] = value
  received['content-type'] = 'application/json'
  return received
}

function resultOf(reply: WireReply): HttpResult {
  if (reply === 'lost') return { result: 'connection-lost' }
  if (reply === 'held') return { result: 'timeout' }
  return { result: 'answered', status: reply.status, body: reply.body }
}

const transferBody = z.object({ partnerReferenceNo: z.string() })
const statusBody = z.object({ originalPartnerReferenceNo: z.string() })

/** Throws on a path that is none of the partner's. */
function createPointReader(configuration: PostDependencies['configuration']) {
  const { pathPrefix, tokenPath } = configuration
  const { account, transfer, status } = servicesOf(configuration)
  const readers = new Map<string, (body: string) => CallPoint>([
    [tokenPath, () => ({ service: 'token' })],
    [`${pathPrefix}${account.path}`, () => ({ service: 'account' })],
    [
      `${pathPrefix}${transfer.path}`,
      (body) => ({ service: 'transfer', ...transferBody.parse(parseJson(body)) }),
    ],
    [
      `${pathPrefix}${status.path}`,
      (body) => ({
        service: 'status',
        partnerReferenceNo: statusBody.parse(parseJson(body)).originalPartnerReferenceNo,
      }),
    ],
    [`${pathPrefix}${balanceService.path}`, () => ({ service: 'balance' })],
  ])
  return (path: string, body: string): CallPoint => {
    const read = readers.get(path)
    if (!read) throw new Error(`${path} is no path of the partner's`)
    return read(body)
  }
}
