import { putStatement } from '../../shared/ledger/s3/statements.ts'
import { createStorageClient } from '../../shared/runtime/clients.ts'
import { readEnvironment, variables } from '../../shared/runtime/environment.ts'
import { observed } from '../../shared/runtime/handler.ts'
import { log } from '../../shared/runtime/log.ts'
import { archived } from '../invocation.ts'
import { openLane } from '../lane.ts'
import { tickSchema } from '../tick.ts'
import { fetchYesterday } from './fetch.ts'

const lane = openLane()
const { connect, now, partnerName } = lane
const { STATEMENTS_BUCKET } = readEnvironment({ STATEMENTS_BUCKET: variables.STATEMENTS_BUCKET })
const storage = createStorageClient()
const put = (key: string, path: string) => putStatement(storage, STATEMENTS_BUCKET, key, path)

/** Fetches yesterday's statement of a bank. Fails where the bank does not give it whole. */
export const handler = observed(
  archived<unknown, { readonly next: null; readonly fetched: number }>(lane, async (event, context) => {
    const tick = tickSchema.parse(event)
    const secondsLeft = () => context.getRemainingTimeInMillis() / 1000
    const day = await fetchYesterday(
      { partnerName, partner: await connect(), now, secondsLeft, put },
      tick.now,
    )
    log.info(`statement of ${day} fetched`, { partner: partnerName })
    return { next: null, fetched: 1 }
  }),
)
