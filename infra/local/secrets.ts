import * as z from 'zod'
import { type JsonService, startJsonService } from './json-service.ts'
import { account, region } from './references.ts'
import type { Secret } from './resources.ts'

const request = z.object({ SecretId: z.string() })

/**
 * Secrets Manager on this machine: it answers GetSecretValue, by name or ARN, and nothing else. It has the template's
 * secrets with the host's `values`, by name. One without a value has a fixed text where the template would have AWS
 * generate one, and otherwise does not exist. Throws at a value for a secret that the template does not have.
 */
export async function startSecrets(
  secrets: readonly Secret[],
  values: Readonly<Record<string, string>>,
): Promise<JsonService> {
  const names = new Set(secrets.map(({ Name }) => Name))
  const unknown = Object.keys(values).filter((name) => !names.has(name))
  if (unknown.length > 0) throw new Error(`the template has no secret ${unknown.join(', ')}`)
  const texts = new Map(Object.entries(values))
  for (const { Name, GenerateSecretString } of secrets) {
    if (GenerateSecretString !== undefined && !texts.has(Name)) texts.set(Name, `generated ${Name}`)
  }

  return startJsonService({
    'secretsmanager.GetSecretValue'(input) {
      const { SecretId } = request.parse(input)
      const Name = SecretId.slice(SecretId.lastIndexOf(':') + 1)
      const SecretString = texts.get(Name)
      if (SecretString === undefined) {
        const message = `there is no value for the secret ${Name}`
        return { exception: 'ResourceNotFoundException', message }
      }
      const ARN = `arn:aws:secretsmanager:${region}:${account}:secret:${Name}`
      return {
        result: { ARN, Name, SecretString, VersionId: 'local', VersionStages: ['AWSCURRENT'] },
      }
    },
  })
}
