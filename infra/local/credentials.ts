import { createHash, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Credentials } from '../../shared/partners/configuration.ts'

const generate = promisify(generateKeyPair)

const pemOf = (privateKey: KeyObject) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The text of a partner's secret, which `credentialsSchema` reads. */
export const secretOf = ({ privateKey, ...others }: Credentials): string =>
  JSON.stringify({ ...others, privateKey: pemOf(privateKey) })

/**
 * What onboarding would have agreed with each partner. They share one key pair, made anew for every run because
 * nothing outlives it that was signed with it.
 */
export async function createCredentials<Partner extends string>(
  partners: readonly Partner[],
): Promise<(partner: Partner) => Credentials> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 })
  const pem = pemOf(privateKey)
  return (partner) => ({
    clientKey: `prakerja-${partner}`,
    partnerId: `partner-${partner}`,
    clientSecret: createHash('sha256').update(`${pem} ${partner}`).digest('hex'),
    privateKey,
    channelId: '95221',
    sourceAccount: `${1_000_000_001 + partners.indexOf(partner)}`,
  })
}
