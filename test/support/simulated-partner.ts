import { generateKeyPairSync } from 'node:crypto'
import { type SimulatorOptions, startSimulator } from '../../infra/local/partners/simulator.ts'
import type { Credentials, PartnerConfiguration } from '../../shared/partners/configuration.ts'
import { createSnapTestClient } from './snap-test-client.ts'

export const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const credentials: Credentials = {
  clientKey: 'client-of-tests',
  partnerId: 'partner-of-tests',
  clientSecret: 'secret-of-tests',
  privateKey,
  channelId: '95221',
  sourceAccount: '0115476117',
}

export const bank: PartnerConfiguration = {
  kind: 'bank',
  pathPrefix: '/snap-service/v1',
  tokenPath: '/snap/v1/access-token/b2b',
  signature: 'hmac-with-token',
  signatureEncoding: 'base64',
  phoneFormat: 'e164',
  callDeadlineSeconds: 10,
  ratePerSecond: 50,
  inquiryShare: 0.2,
  settleWindowSeconds: 900,
  idempotencyWindowSeconds: 0,
  duplicateAnswer: '409xx01',
}

export const wallet: PartnerConfiguration = {
  ...bank,
  kind: 'wallet',
  pathPrefix: '/v1.0',
  tokenPath: '/v1.0/access-token/b2b',
  phoneFormat: '62',
}

/** A simulated partner under a clock that the test moves, with a client that already holds a token. */
export async function startPartner(
  configuration: PartnerConfiguration,
  options: Partial<Omit<SimulatorOptions, 'configuration' | 'credentials' | 'now'>> = {},
) {
  let time = new Date('2020-09-18T03:00:00.000Z').getTime()
  const now = () => time
  const simulator = await startSimulator({
    partner: 'test',
    float: 1_000_000_000,
    ...options,
    configuration,
    credentials,
    now,
  })
  const client = createSnapTestClient({ baseUrl: simulator.baseUrl, configuration, credentials, now })
  await client.fetchToken()
  return {
    simulator,
    client,
    now,
    /** Moves the clock, and fetches a new token since the old one may have expired. */
    async pass(seconds: number) {
      time += seconds * 1000
      await client.fetchToken()
    },
  }
}
export type TestPartner = Awaited<ReturnType<typeof startPartner>>
