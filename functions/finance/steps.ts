import { plain, reads, type Step } from '../../shared/api/step.ts'
import { type FinanceRouteName, financeRoutes as routes } from '../../shared/finance/routes.ts'
import { ageing } from './ageing.ts'
import { breaks, runs } from './breaks.ts'
import type { FinanceDependencies } from './dependencies.ts'
import { exportDay } from './export.ts'
import { float } from './float.ts'
import { statement } from './statement.ts'
import { states } from './states.ts'
import { funnel, summary } from './summary.ts'
import { proof, trialBalance } from './trial-balance.ts'
import { counted, verification } from './verification.ts'

/** What each route answers: a table of contents. */
export const createSteps = (deps: FinanceDependencies): Readonly<Record<FinanceRouteName, Step>> => ({
  summary: reads({ ...plain, ...routes.summary }, ({ query }, { now }) => summary(deps, query, now)),
  funnel: reads({ ...plain, ...routes.funnel }, ({ query }, { now }) => funnel(deps, query, now)),
  trialBalance: reads({ ...plain, ...routes.trialBalance }, ({ query }, look) =>
    trialBalance(deps, query.at, look),
  ),
  proof: reads({ ...plain, ...routes.proof }, ({ query }, { now }) => proof(deps, query, now)),
  states: reads({ ...plain, ...routes.states }, ({ query }, { timeLeft }) =>
    states(deps, query.after, timeLeft),
  ),
  counted: reads({ ...plain, ...routes.counted }, ({ query }, { now }) => counted(deps, query, now)),
  verification: reads({ ...plain, ...routes.verification }, ({ query }) => verification(deps, query)),
  ageing: reads({ ...plain, ...routes.ageing }, (_, look) => ageing(deps, look)),
  float: reads({ ...plain, ...routes.float }, ({ query }, { now }) => float(deps, query.days, now)),
  runs: reads({ ...plain, ...routes.runs }, ({ query }, { now }) => runs(deps, query, now)),
  breaks: reads({ ...plain, ...routes.breaks }, ({ query }, { now }) => breaks(deps, query, now)),
  statement: reads({ ...plain, ...routes.statement }, ({ parameters }, { now }) =>
    statement(deps, parameters.participantId, now),
  ),
  export: reads({ ...plain, ...routes.export }, ({ query }, look) => exportDay(deps, query, look)),
})
