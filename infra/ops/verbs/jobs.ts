import { routes } from '../../../shared/operations/routes.ts'
import { toneOf } from '../../command/paint.ts'
import { table } from '../../command/table.ts'
import { plan, type Verb } from '../../command/verb.ts'
import { moment } from '../../command/words.ts'
import { count } from '../../local/text.ts'
import { completeJob, showJob, skippedBy } from '../job.ts'
import { wait } from '../options.ts'

const id = { name: 'id', takes: 'the id of a job, as jobs lists it' }
const example = '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c'

const list: Verb = {
  name: 'jobs',
  summary: routes.jobs.summary,
  routes: [routes.jobs],
  examples: [['', 'the latest retries, and how far each has come']],
  plan: () =>
    plan(routes.jobs, {}, ({ jobs }, { paint }) => {
      const lines = table(
        jobs,
        [
          { title: 'JOB', text: (job) => job.id },
          { title: 'STATE', text: ({ state }) => state, tone: ({ state }) => toneOf(state) },
          { title: 'PAYMENTS', right: true, text: ({ payments }) => count(payments) },
          { title: 'RETRIED', right: true, text: ({ retried }) => count(retried) },
          { title: 'SKIPPED', right: true, text: (job) => count(skippedBy(job)) },
          { title: 'STARTED (WIB)', text: ({ at }) => moment(at) },
          { title: 'BY', text: ({ startedBy }) => startedBy },
          { title: 'APPROVED BY', text: ({ approvedBy = '' }) => approvedBy },
          { title: 'REASON', text: ({ reason }) => reason },
        ],
        paint,
      )
      return { lines: lines.length > 0 ? lines : ['no job was ever started'] }
    }),
}

const one: Verb = {
  name: 'job',
  summary: routes.job.summary,
  words: [id],
  options: { wait },
  routes: [routes.job],
  examples: [[`${example} --wait`, 'stay until it is done']],
  plan: ({ words: [job = ''] }) => plan(routes.job, { parameters: { id: job } }, showJob, completeJob),
}

const stop: Verb = {
  name: 'job stop',
  summary: routes.stopJob.summary,
  words: [id],
  routes: [routes.stopJob],
  examples: [[example, 'what it has retried stays retried, the rest stays failed']],
  plan: ({ words: [job = ''] }) =>
    plan(routes.stopJob, { parameters: { id: job }, body: {} }, (answer, view) => ({
      lines: showJob(answer, view).lines,
    })),
}

export const jobs: readonly Verb[] = [list, one, stop]
