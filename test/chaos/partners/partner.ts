import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  createSimulator,
  type SimulatedPartner,
  type SimulatorOptions,
} from '../../../infra/local/partners/simulator.ts'
import type { Partner } from '../../../shared/partners/partner.ts'
import { createSnapPartner } from '../../../shared/partners/snap/client.ts'
import type { CallStep } from './call.ts'
import { type Around, createPost } from './post.ts'

/**
 * A key to sign with. Signatures differ with it, outcomes and records do not. It is as short as may be: nobody attacks
 * it, and signing takes time.
 */
export const createSigningKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey

export type ChaosPartnerOptions = Omit<SimulatorOptions, 'credentials'> & {
  readonly signingKey: KeyObject
  /** Told of every step of every request, in order. */
  readonly record: (call: CallStep) => void
}

/** One payment partner in this process: its own world, and connections to it. */
export type ChaosPartner = {
  readonly simulator: SimulatedPartner
  /** A worker's own client, with a token of its own; `externalId` must be new across all of a day's connections. */
  connect(worker: { readonly externalId: () => string; readonly around: Around }): Partner
}

export function createChaosPartner({ signingKey, record, ...options }: ChaosPartnerOptions): ChaosPartner {
  const { partner, configuration } = options
  const credentials = {
    clientKey: `prakerja-${partner}`,
    partnerId: `partner-${partner}`,
    clientSecret: `secret-of-${partner}`,
    privateKey: signingKey,
    channelId: '95221',
    sourceAccount: '1000000001',
  }
  const simulator = createSimulator({ ...options, credentials })
  const { answer } = simulator
  return {
    simulator,
    connect: ({ externalId, around }) =>
      createSnapPartner({
        configuration,
        credentials,
        externalId,
        post: createPost({ partner, configuration, answer, around, record }),
      }),
  }
}
