import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { account, region } from './references.ts'
import type { Secret } from './resources.ts'

/** Secrets Manager on this machine. It answers GetSecretValue, by name or ARN, and nothing else. */
export type Secrets = { readonly endpoint: string; stop(): Promise<void> }

const request = z.object({ SecretId: z.string() })

/**
 * Serves the template's secrets with the host's `values`, by name. One without a value has a fixed text where the
 * template would have AWS generate one, and otherwise does not exist. Throws at a value for a secret that the
 * template does not have.
 */
export async function startSecrets(
  secrets: readonly Secret[],
  values: Readonly<Record<string, string>>,
): Promise<Secrets> {
  const names = new Set(secrets.map(({ Name }) => Name))
  const unknown = Object.keys(values).filter((name) => !names.has(name))
  if (unknown.length > 0) throw new Error(`the template has no secret ${unknown.join(', ')}`)
  const texts = new Map(Object.entries(values))
  for (const { Name, GenerateSecretString } of secrets) {
    if (GenerateSecretString !== undefined && !texts.has(Name)) texts.set(Name, `generated ${Name}`)
  }

  const server = createServer(async (incoming, outgoing) => {
    const answer = (status: number, body: object) =>
      outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
    if (incoming.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return answer(400, { __type: 'InvalidRequestException', Message: 'only GetSecretValue is known here' })
    }
    const { SecretId } = request.parse(JSON.parse(await text(incoming)))
    const Name = SecretId.slice(SecretId.lastIndexOf(':') + 1)
    const SecretString = texts.get(Name)
    if (SecretString === undefined) {
      return answer(400, {
        __type: 'ResourceNotFoundException',
        Message: `there is no value for the secret ${Name}`,
      })
    }
    return answer(200, {
      ARN: `arn:aws:secretsmanager:${region}:${account}:secret:${Name}`,
      Name,
      SecretString,
      VersionId: 'local',
      VersionStages: ['AWSCURRENT'],
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the secrets server has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
