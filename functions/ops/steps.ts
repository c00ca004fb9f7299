import { plain, reads, type Step, writes } from '../../shared/api/step.ts'
import { type RouteName, routes } from '../../shared/operations/routes.ts'
import { audit } from './audit.ts'
import { listBreaks } from './breaks.ts'
import { listDeadLetters, tidyDeadLetters } from './dead-letters.ts'
import type { OpsDependencies } from './dependencies.ts'
import { inquire } from './inquire.ts'
import { instruct } from './instruct.ts'
import { listJobs, readJob, stopJob } from './jobs.ts'
import { list } from './lists.ts'
import { preview } from './preview.ts'
import { approve, listProposals, withdraw } from './proposals.ts'
import { listRefused, resubmit, showRefused } from './quarantine.ts'
import { recovery } from './recovery.ts'
import { listRepairs, readRepair, startRepair, stopRepair } from './repairs.ts'
import { show } from './show.ts'
import { status } from './status.ts'

/** What each route does: a table of contents. */
export const createSteps = (deps: OpsDependencies): Readonly<Record<RouteName, Step>> => ({
  status: reads({ ...plain, ...routes.status }, (_, { now }) => status(deps, now)),
  list: reads({ ...plain, ...routes.list }, ({ query }, { now }) => list(deps, query, now)),
  show: reads({ ...plain, ...routes.show }, ({ parameters }, { now }) =>
    show(deps, parameters.participantId, now),
  ),
  recovery: reads({ ...plain, ...routes.recovery }, ({ query }) => recovery(deps, query)),
  breaks: reads({ ...plain, ...routes.breaks }, ({ query }, { now }) => listBreaks(deps, query, now)),
  proposals: reads({ ...plain, ...routes.proposals }, ({ query }, look) => listProposals(deps, query, look)),
  jobs: reads({ ...plain, ...routes.jobs }, () => listJobs(deps)),
  job: reads({ ...plain, ...routes.job }, ({ parameters }) => readJob(deps, parameters.id)),
  repairs: reads({ ...plain, ...routes.repairs }, () => listRepairs(deps)),
  repair: reads({ ...plain, ...routes.repair }, ({ parameters }) => readRepair(deps, parameters.id)),
  quarantine: reads({ ...plain, ...routes.quarantine }, ({ query }) => listRefused(deps, query)),
  quarantined: reads({ ...plain, ...routes.quarantined }, ({ parameters }) =>
    showRefused(deps, parameters.hash),
  ),
  deadLetters: reads({ ...plain, ...routes.deadLetters }, () => listDeadLetters(deps)),
  audit: reads({ ...plain, ...routes.audit }, ({ query }, { now }) => audit(deps, query, now)),
  preview: writes({ ...plain, ...routes.preview }, ({ body }, command) => preview(deps, body, command)),
  instruct: writes({ ...plain, ...routes.instruct }, ({ body }, command) => instruct(deps, body, command)),
  approve: writes({ ...plain, ...routes.approve }, ({ parameters }, command) =>
    approve(deps, parameters.id, command),
  ),
  withdraw: writes({ ...plain, ...routes.withdraw }, ({ parameters }, command) =>
    withdraw(deps, parameters.id, command),
  ),
  stopJob: writes({ ...plain, ...routes.stopJob }, ({ parameters }, command) =>
    stopJob(deps, parameters.id, command),
  ),
  startRepair: writes({ ...plain, ...routes.startRepair }, ({ body }, command) =>
    startRepair(deps, body, command),
  ),
  stopRepair: writes({ ...plain, ...routes.stopRepair }, ({ parameters }, command) =>
    stopRepair(deps, parameters.id, command),
  ),
  inquire: writes({ ...plain, ...routes.inquire }, ({ body }, command) =>
    inquire(deps, body.payouts, command),
  ),
  resubmit: writes({ ...plain, ...routes.resubmit }, ({ parameters, body }, command) =>
    resubmit(deps, parameters.hash, body.event, command),
  ),
  tidyDeadLetters: writes({ ...plain, ...routes.tidyDeadLetters }, ({ body }, command) =>
    tidyDeadLetters(deps, body, command),
  ),
})
