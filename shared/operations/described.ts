import type { Described } from '../api/openapi.ts'
import * as breaks from './breaks.ts'
import * as instructions from './instructions.ts'
import { routes } from './routes.ts'
import * as schemas from './schemas.ts'
import * as trail from './trail.ts'
import * as undelivered from './undelivered.ts'

/** The operations API, for its document. */
export const operationsApi: Described = {
  title: 'Operations of the incentive disbursement',
  routes,
  contract: { ...breaks, ...instructions, ...schemas, ...trail, ...undelivered },
}
