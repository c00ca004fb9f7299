import type * as z from 'zod'
import type { proposalOutcome } from './schemas.ts'

/** What came of a proposal once it was approved. Pure. */

export type ProposalOutcome = z.infer<typeof proposalOutcome>

/** How many came to what, in words: most first. */
function tally(effects: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(effects).sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
  const [only, ...others] = sorted
  if (!only) return 'there was nothing to change'
  if (others.length === 0 && only[1] === 1) return only[0]
  return sorted.map(([outcome, count]) => `${count.toLocaleString('en-US')} ${outcome}`).join(', ')
}

/** What has become of it: continues “it was …”. */
export function sayOutcome(outcome: ProposalOutcome): string {
  switch (outcome.result) {
    case 'done':
      return `done: ${tally(outcome.effects)}`
    case 'left-alone':
      return `left alone: ${tally(outcome.effects)}`
    case 'started':
      return `started as job ${outcome.job}`
    case 'refused':
      return `refused: ${outcome.why}`
  }
}

/** Nothing has come of it: whoever still wants it proposes it again. */
export const isInVain = ({ result }: ProposalOutcome): boolean =>
  result === 'left-alone' || result === 'refused'
