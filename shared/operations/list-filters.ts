import type { ListFilter, listNames } from './schemas.ts'

type ListName = (typeof listNames)[number]

/**
 * What cannot tell payouts of a list apart, and what is said to whoever chooses by it: nothing, or all there is, would
 * look like an answer.
 */
export const uselessFilters: Readonly<Record<ListName, Partial<Record<keyof ListFilter, string>>>> = {
  due: {
    reason: 'what is due has none',
    remedy: 'what is due is sent by the system; status says which lane waits for an operator',
  },
  failed: {},
  unknown: {
    reason: 'what nobody knows the outcome of has none',
    remedy: "what nobody knows the outcome of is always the partner's move",
  },
  held: {},
  waiting: {
    partner: 'what waits for an account has no partner yet',
    reason: 'what waits for an account has none',
    remedy: "what waits for an account is always the participant's move",
  },
}
