import { Agent, request } from 'node:http'

/** What an engine answers to one request of DynamoDB's JSON protocol, its body parsed. */
export type Reply = { readonly ok: boolean; readonly body: unknown }

export type Wire = {
  /** `operation`: `PutItem`; `input` is sent as JSON. Rejects when no answer comes. */
  ask(operation: string, input: object): Promise<Reply>
  close(): void
}

/** Engines ask for a signature and do not verify it. */
const signature = {
  'x-amz-date': '20200101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20200101/ap-southeast-3/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
}

/**
 * A connection to the engine at `endpoint`, an `http:` address. The SDK's client takes six times as long for a request,
 * most of it to sign what nobody verifies.
 */
export function openWire(endpoint: string): Wire {
  const agent = new Agent({ keepAlive: true })

  function send(operation: string, body: string): Promise<{ ok: boolean; text: string }> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      ...signature,
    }
    return new Promise((resolve, reject) => {
      const outgoing = request(endpoint, { agent, method: 'POST', headers }, (answer) => {
        let text = ''
        // By events: to iterate over the pieces takes as long again.
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        answer.once('error', reject).once('end', () => resolve({ ok: answer.statusCode === 200, text }))
      })
      outgoing.once('error', reject).end(body)
    })
  }

  return {
    async ask(operation, input) {
      const { ok, text } = await send(operation, JSON.stringify(input))
      return { ok, body: JSON.parse(text) }
    },
    close: () => agent.destroy(),
  }
}
