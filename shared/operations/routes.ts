import * as z from 'zod'
import type { Route } from '../api/route.ts'
import * as breaks from './breaks.ts'
import { instructionSchema, participantId } from './instructions.ts'
import * as repairs from './repairs.ts'
import * as schemas from './schemas.ts'
import * as trail from './trail.ts'
import * as undelivered from './undelivered.ts'

const id = z.object({ id: z.string().regex(/^[A-Za-z0-9-]{8,64}$/) })
const hash = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) })
const nothing = z.strictObject({})

/** The operations API, route by route. */
export const routes = {
  status: {
    method: 'GET',
    path: '/status',
    role: 'viewer',
    summary: 'How every lane stands.',
    answer: schemas.statusAnswer,
  },
  list: {
    method: 'GET',
    path: '/payouts',
    role: 'viewer',
    summary: 'One page of a work list.',
    query: schemas.listQuery,
    answer: schemas.listAnswer,
  },
  show: {
    method: 'GET',
    path: '/participants/{participantId}',
    role: 'viewer',
    summary: 'The money timeline of one participant.',
    parameters: z.object({ participantId }),
    answer: schemas.showAnswer,
  },
  recovery: {
    method: 'GET',
    path: '/recoveries',
    role: 'viewer',
    summary: 'Money that a partner has paid twice.',
    query: schemas.recoveryQuery,
    answer: schemas.recoveryAnswer,
  },
  breaks: {
    method: 'GET',
    path: '/breaks',
    role: 'viewer',
    summary: "Where a partner's statements and our books differ.",
    query: breaks.breaksQuery,
    answer: breaks.breaksAnswer,
  },
  proposals: {
    method: 'GET',
    path: '/proposals',
    role: 'viewer',
    summary: 'Proposals, newest first: those that wait for a second person, and what came of the others.',
    query: schemas.proposalsQuery,
    answer: z.object({ proposals: z.array(schemas.proposalAnswer), next: z.string().exactOptional() }),
  },
  jobs: {
    method: 'GET',
    path: '/jobs',
    role: 'viewer',
    summary: 'Retry jobs, newest first.',
    answer: z.object({ jobs: z.array(schemas.jobAnswer) }),
  },
  job: {
    method: 'GET',
    path: '/jobs/{id}',
    role: 'viewer',
    summary: 'How far one job has come.',
    parameters: id,
    answer: schemas.jobAnswer,
  },
  repairs: {
    method: 'GET',
    path: '/repairs',
    role: 'viewer',
    summary: "Repairs of finance's sums and movement files, newest first.",
    answer: z.object({ repairs: z.array(repairs.repairAnswer) }),
  },
  repair: {
    method: 'GET',
    path: '/repairs/{id}',
    role: 'viewer',
    summary: 'How far one repair has come.',
    parameters: id,
    answer: repairs.repairAnswer,
  },
  quarantine: {
    method: 'GET',
    path: '/quarantine',
    role: 'viewer',
    summary: 'Events that intake has refused.',
    query: undelivered.quarantineQuery,
    answer: z.object({ events: z.array(undelivered.refusedEvent), next: z.string().exactOptional() }),
  },
  quarantined: {
    method: 'GET',
    path: '/quarantine/{hash}',
    role: 'viewer',
    summary: 'One event that intake has refused, without account number and name.',
    parameters: hash,
    answer: undelivered.quarantinedEvent,
  },
  deadLetters: {
    method: 'GET',
    path: '/dead-letters',
    role: 'viewer',
    summary: 'What is in the dead-letter queues, and what the tables say of it.',
    answer: undelivered.deadLettersAnswer,
  },
  audit: {
    method: 'GET',
    path: '/audit',
    role: 'viewer',
    summary: 'What people have done, checked link by link.',
    query: trail.auditQuery,
    answer: trail.auditAnswer,
  },
  preview: {
    method: 'POST',
    path: '/retries/preview',
    role: 'operator',
    summary: 'What a retry would send, kept under its hash.',
    body: schemas.selection,
    answer: schemas.previewAnswer,
  },
  instruct: {
    method: 'POST',
    path: '/instructions',
    role: 'operator',
    summary: 'Carries an instruction out, or proposes it where it takes two people.',
    body: instructionSchema,
    answer: schemas.instructionAnswer,
  },
  approve: {
    method: 'POST',
    path: '/proposals/{id}/approval',
    role: 'approver',
    summary: 'Approves a proposal of somebody else and carries it out.',
    parameters: id,
    body: nothing,
    answer: schemas.instructionAnswer,
  },
  withdraw: {
    method: 'POST',
    path: '/proposals/{id}/withdrawal',
    role: 'operator',
    summary: 'Takes a proposal back.',
    parameters: id,
    body: nothing,
    answer: schemas.proposalAnswer,
  },
  stopJob: {
    method: 'POST',
    path: '/jobs/{id}/stop',
    role: 'operator',
    summary: 'Stops a job after the payouts it is busy with.',
    parameters: id,
    body: nothing,
    answer: schemas.jobAnswer,
  },
  startRepair: {
    method: 'POST',
    path: '/repairs',
    role: 'operator',
    summary: "Makes finance's sums and movement files of some days what the journal says.",
    body: repairs.repairRequest,
    answer: repairs.repairAnswer,
  },
  stopRepair: {
    method: 'POST',
    path: '/repairs/{id}/stop',
    role: 'operator',
    summary: 'Stops a repair after the piece it is busy with.',
    parameters: id,
    body: nothing,
    answer: repairs.repairAnswer,
  },
  inquire: {
    method: 'POST',
    path: '/inquiries',
    role: 'operator',
    summary: 'Puts payouts at the head of the questions to their partners.',
    body: schemas.inquiryRequest,
    answer: schemas.instructionAnswer,
  },
  resubmit: {
    method: 'POST',
    path: '/quarantine/{hash}/resubmission',
    role: 'operator',
    summary: 'Sends a refused event again, as it is or repaired.',
    parameters: hash,
    body: z.strictObject({ event: z.string().max(200_000).exactOptional() }),
    answer: schemas.instructionAnswer,
  },
  tidyDeadLetters: {
    method: 'POST',
    path: '/dead-letters/tidying',
    role: 'operator',
    summary: 'Deletes the messages whose payouts are settled and wakes the others up.',
    body: undelivered.tidying,
    answer: undelivered.tidyingAnswer,
  },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes
