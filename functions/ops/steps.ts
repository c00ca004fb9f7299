import { type RouteName, routes } from '../../shared/operations/routes.ts'
import { audit } from './audit.ts'
import { listDeadLetters, tidyDeadLetters } from './dead-letters.ts'
import type { OpsDependencies } from './dependencies.ts'
import { inquire } from './inquire.ts'
import { instruct } from './instruct.ts'
import { listJobs, readJob, stopJob } from './jobs.ts'
import { list } from './lists.ts'
import { preview } from './preview.ts'
import { approve, listProposals, withdraw } from './proposals.ts'
import { listRefused, resubmit } from './quarantine.ts'
import { recovery } from './recovery.ts'
import { show } from './show.ts'
import { status } from './status.ts'
import { plain, reads, type Step, writes } from './step.ts'

/** What each route does: a table of contents. */
export const createSteps = (deps: OpsDependencies): Readonly<Record<RouteName, Step>> => ({
  status: reads({ ...plain, ...routes.status }, (_, { now }) => status(deps, now)),
  list: reads({ ...plain, ...routes.list }, ({ query }, { now }) => list(deps, query, now)),
  show: reads({ ...plain, ...routes.show }, ({ parameters }, { now }) =>
    show(deps, parameters.participantId, now),
  ),
  recovery: reads({ ...plain, ...routes.recovery }, () => recovery(deps)),
  proposals: reads({ ...plain, ...routes.proposals }, (_, look) => listProposals(deps, look)),
  jobs: reads({ ...plain, ...routes.jobs }, () => listJobs(deps)),
  job: reads({ ...plain, ...routes.job }, ({ parameters }) => readJob(deps, parameters.id)),
  quarantine: reads({ ...plain, ...routes.quarantine }, () => listRefused(deps)),
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
  inquire: writes({ ...plain, ...routes.inquire }, ({ body }, command) =>
    inquire(deps, body.payouts, command),
  ),
  resubmit: writes({ ...plain, ...routes.resubmit }, ({ parameters, body }, command) =>
    resubmit(deps, parameters.hash, body.event, command),
  ),
  tidyDeadLetters: writes({ ...plain, ...routes.tidyDeadLetters }, (_, command) =>
    tidyDeadLetters(deps, command),
  ),
})
