import * as z from 'zod'
import type { Route } from '../api/route.ts'
import { participantId } from '../operations/instructions.ts'
import * as breaks from './break-schemas.ts'
import * as schemas from './schemas.ts'

/** The finance API, route by route: it reads, and changes nothing. */
export const financeRoutes = {
  summary: {
    method: 'GET',
    path: '/finance/summary',
    role: 'finance',
    summary: 'What was accrued, paid, returned and cancelled, and what stood open at the end.',
    query: schemas.summaryQuery,
    answer: schemas.summaryAnswer,
  },
  funnel: {
    method: 'GET',
    path: '/finance/funnel',
    role: 'finance',
    summary: 'How many participants have come how far.',
    query: schemas.funnelQuery,
    answer: schemas.funnelAnswer,
  },
  trialBalance: {
    method: 'GET',
    path: '/finance/trial-balance',
    role: 'finance',
    summary: 'Every account of the chart at one instant.',
    query: schemas.trialBalanceQuery,
    answer: schemas.trialBalanceAnswer,
  },
  proof: {
    method: 'GET',
    path: '/finance/proof',
    role: 'finance',
    summary: 'Accounts of one share of the participants and floats, from the journal alone.',
    query: schemas.proofQuery,
    answer: schemas.proofAnswer,
  },
  states: {
    method: 'GET',
    path: '/finance/states',
    role: 'finance',
    summary: 'How many payouts are in which state, by their rows.',
    query: schemas.statesQuery,
    answer: schemas.statesAnswer,
  },
  counted: {
    method: 'GET',
    path: '/finance/totals',
    role: 'finance',
    summary: 'The totals behind all sums, in short, to be held against the journal.',
    query: schemas.countedQuery,
    answer: schemas.countedAnswer,
  },
  verification: {
    method: 'GET',
    path: '/finance/verification',
    role: 'finance',
    summary: 'What the totals have to be, in short, from one share of the journal alone.',
    query: schemas.verificationQuery,
    answer: schemas.verificationAnswer,
  },
  ageing: {
    method: 'GET',
    path: '/finance/ageing',
    role: 'finance',
    summary: 'For how long payouts have been due, in transit or failed.',
    answer: schemas.ageingAnswer,
  },
  float: {
    method: 'GET',
    path: '/finance/float',
    role: 'finance',
    summary: "Every partner's float: what it was, what it must last for, and what to add.",
    query: schemas.floatQuery,
    answer: schemas.floatAnswer,
  },
  runs: {
    method: 'GET',
    path: '/finance/reconciliations',
    role: 'finance',
    summary: 'Which statements have been reconciled, and what came of it.',
    query: breaks.runsQuery,
    answer: breaks.runsAnswer,
  },
  breaks: {
    method: 'GET',
    path: '/finance/breaks',
    role: 'finance',
    summary: "Differences between our books and the partners' statements, each kind with advice.",
    query: breaks.breaksQuery,
    answer: breaks.breaksAnswer,
  },
  statement: {
    method: 'GET',
    path: '/finance/statements/{participantId}',
    role: 'finance',
    summary: 'Everything that one participant was owed and paid.',
    parameters: z.object({ participantId }),
    answer: schemas.statementAnswer,
  },
  export: {
    method: 'GET',
    path: '/finance/exports',
    role: 'finance',
    summary: 'The entries of a day, or the payouts that moved on it.',
    query: schemas.exportQuery,
    answer: schemas.exportAnswer,
  },
} as const satisfies Record<string, Route>

export type FinanceRouteName = keyof typeof financeRoutes
