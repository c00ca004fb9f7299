import { randomBytes } from 'node:crypto'
import { type Instant, instant } from '../shared/domain/instant.ts'
import { openLedgerWithAccounts } from '../shared/ledger/dynamodb/open.ts'
import type { LedgerWithAccounts } from '../shared/ledger/ports.ts'
import { type Archive, createArchive } from '../shared/partners/archive.ts'
import { checkConfiguration, type PartnerConfiguration } from '../shared/partners/configuration.ts'
import { createConnection } from '../shared/partners/connect.ts'
import { endpointSchema } from '../shared/partners/endpoint.ts'
import type { Partner } from '../shared/partners/partner.ts'
import { configurationOf } from '../shared/partners/registry.ts'
import { externalIdFrom } from '../shared/partners/snap/external-id.ts'
import { createPost } from '../shared/partners/snap/http.ts'
import { charge } from '../shared/runtime/charges.ts'
import { createDatabaseClient, readSecret } from '../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../shared/runtime/environment.ts'
import { setPartner } from '../shared/runtime/metrics.ts'
import { createObjectPut } from '../shared/runtime/objects.ts'

/** What a function that calls a partner works with, from one invocation to the next. */
export type Lane = {
  readonly partnerName: string
  /** With the stage's limits. */
  readonly configuration: PartnerConfiguration
  readonly shards: number
  readonly ledger: LedgerWithAccounts
  /** The partner as its secret says now. Rejects when it cannot be read, or makes no sense. */
  readonly connect: () => Promise<Partner>
  /** Of what is said to the partner, and what it answers. */
  readonly archive: Archive
  readonly now: () => Instant
}

/**
 * What the functions that call a partner have in common, on AWS: the ledger, the partner with the stage's limits, and the
 * archive of what was said. Throws at start-up, naming what is missing or unsound.
 */
export function openLane(): Lane {
  const environment = readEnvironment({
    PAYOUTS_TABLE: variables.PAYOUTS_TABLE,
    JOURNAL_TABLE: variables.JOURNAL_TABLE,
    ACCOUNTS_TABLE: variables.ACCOUNTS_TABLE,
    SHARDS: variables.SHARDS,
    PARTNER: variables.PARTNER,
    PARTNER_ENDPOINT: endpointSchema,
    PARTNER_SECRET: variables.PARTNER_SECRET,
    RATE_PER_SECOND: variables.RATE_PER_SECOND,
    CALL_DEADLINE_SECONDS: variables.CALL_DEADLINE_SECONDS,
    EXCHANGES_BUCKET: variables.EXCHANGES_BUCKET,
    AWS_REGION: variables.AWS_REGION,
    AWS_ENDPOINT_URL_S3: variables.AWS_ENDPOINT_URL_S3,
  })
  const partnerName = environment.PARTNER
  const limits = {
    ratePerSecond: environment.RATE_PER_SECOND,
    callDeadlineSeconds: environment.CALL_DEADLINE_SECONDS,
  }
  const configuration = { ...configurationOf(partnerName), ...limits }
  const unsound = checkConfiguration(partnerName, configuration)
  if (unsound.length > 0) throw new Error(`unsound partner configuration: ${unsound.join('; ')}`)
  setPartner(partnerName)

  const { PAYOUTS_TABLE: payouts, JOURNAL_TABLE: journal, ACCOUNTS_TABLE: accounts } = environment
  const { EXCHANGES_BUCKET: bucket, AWS_REGION: region, AWS_ENDPOINT_URL_S3: endpoint } = environment
  const archive = createArchive(partnerName, createObjectPut({ bucket, region, endpoint }))
  const names = { payouts, journal, accounts }
  return {
    partnerName,
    configuration,
    shards: environment.SHARDS,
    ledger: openLedgerWithAccounts(createDatabaseClient(), names, charge),
    connect: createConnection({
      partnerName,
      configuration,
      post: createPost(environment.PARTNER_ENDPOINT),
      readSecret: () => readSecret(environment.PARTNER_SECRET),
      externalId: () => externalIdFrom(randomBytes(14)),
      listen: archive.note,
    }),
    archive,
    now: () => instant(Date.now()),
  }
}
