import { openRegister } from '../../shared/ledger/dynamodb/open-register.ts'
import { openDigests } from '../../shared/ledger/s3/digests.ts'
import { charge } from '../../shared/runtime/charges.ts'
import { createDatabaseClient, createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { countMetric } from '../../shared/runtime/metrics.ts'
import { tickSchema } from '../tick.ts'
import { digestDays } from './digest.ts'

const { OPERATIONS_TABLE: operations, DIGESTS_BUCKET: bucket } = readEnvironment({
  OPERATIONS_TABLE: variables.OPERATIONS_TABLE,
  DIGESTS_BUCKET: variables.DIGESTS_BUCKET,
})
const register = openRegister(createDatabaseClient(), operations, charge)
const digests = openDigests(createStorageClient(), bucket)

/** Digests the days that have ended. Fails where a day could not be digested, after all the others were. */
export const handler = observed<unknown, { readonly next: null; readonly kept: number }>(async (event) => {
  const { now } = tickSchema.parse(event)
  const { kept, changed, failures } = await digestDays({ register, digests }, now)
  if (kept > 0) log.info('days digested', { count: kept })
  for (const day of changed) {
    countMetric('AuditTampered')
    log.warn(`the audit trail of ${day} is not what its digest says`, {})
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} days could not be digested`)
  return { next: null, kept }
})
