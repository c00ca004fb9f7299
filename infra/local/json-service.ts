import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** A service of AWS on this machine. */
export type JsonService = { readonly endpoint: string; stop(): Promise<void> }

/** What an operation gives back. */
export type JsonAnswer =
  | { readonly result: object }
  /** The name of an exception that the service documents, and a sentence. */
  | { readonly exception: string; readonly message: string }

/**
 * Serves operations by their target, e.g. `secretsmanager.GetSecretValue`, on a free port of 127.0.0.1, in AWS's JSON
 * protocol: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export async function startJsonService(
  operations: Readonly<Record<string, (input: unknown) => JsonAnswer>>,
): Promise<JsonService> {
  function answerTo(target: string, body: string): JsonAnswer {
    const operation = operations[target]
    if (operation) return operation(JSON.parse(body))
    const known = Object.keys(operations).join(', ')
    return { exception: 'InvalidRequestException', message: `only ${known} is known here` }
  }

  const server = createServer(async (incoming, outgoing) => {
    const target = String(incoming.headers['x-amz-target'])
    const answer = answerTo(target, await text(incoming))
    const [status, body] =
      'result' in answer ? [200, answer.result] : [400, { __type: answer.exception, Message: answer.message }]
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  // An idle connection cut by real time would be a fault that nobody asked for.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a service has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
