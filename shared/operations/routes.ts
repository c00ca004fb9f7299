import * as z from 'zod'
import { instructionSchema, participantId } from './instructions.ts'
import type { Role } from './roles.ts'
import * as schemas from './schemas.ts'

/** One route of the operations API: the source of its infrastructure, its roles' policies, its document and its command line. */
export type Route = {
  readonly method: 'GET' | 'POST'
  /** As API Gateway writes it: `/payouts/{participantId}`. */
  readonly path: string
  readonly role: Role
  readonly summary: string
  readonly parameters?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer: z.ZodType
}

const id = z.object({ id: z.string().regex(/^[A-Za-z0-9-]{8,64}$/) })
const hash = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) })
const nothing = z.strictObject({})

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
    answer: schemas.recoveryAnswer,
  },
  proposals: {
    method: 'GET',
    path: '/proposals',
    role: 'viewer',
    summary: 'What waits for a second person, newest first.',
    answer: z.object({ proposals: z.array(schemas.proposalAnswer) }),
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
  quarantine: {
    method: 'GET',
    path: '/quarantine',
    role: 'viewer',
    summary: 'Events that intake has refused, oldest first.',
    answer: z.object({ events: z.array(schemas.refusedEvent) }),
  },
  deadLetters: {
    method: 'GET',
    path: '/dead-letters',
    role: 'viewer',
    summary: 'What is in the dead-letter queues, and what the tables say of it.',
    answer: z.object({ messages: z.array(schemas.deadLetter) }),
  },
  audit: {
    method: 'GET',
    path: '/audit',
    role: 'viewer',
    summary: 'What people have done, checked link by link.',
    query: schemas.auditQuery,
    answer: schemas.auditAnswer,
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
    body: nothing,
    answer: schemas.instructionAnswer,
  },
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes
