import type { Described } from '../api/openapi.ts'
import * as breaks from './break-schemas.ts'
import { financeRoutes } from './routes.ts'
import * as schemas from './schemas.ts'

/** The finance API, for its document. */
export const financeApi: Described = {
  title: 'Finance of the incentive disbursement',
  routes: financeRoutes,
  contract: { ...schemas, ...breaks },
}
