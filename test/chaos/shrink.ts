import type { Outcome } from './attempt.ts'
import { stepsMax } from './run.ts'

/** A failing seed with no more faults than it takes. */
export type Shrunk = {
  /** Faults in steps before this one suffice, and one step fewer does not; 0: it fails without faults. */
  readonly prefix: number
  readonly outcome: Outcome
}

/**
 * Looks for the shortest prefix of faults with which a seed still breaks the promise that it broke first: with one step
 * fewer it does not. (What happens after a prefix is new with every prefix, so a shorter one elsewhere may break it, too.)
 * At most 19 runs.
 */
export async function shrink(
  failed: Outcome,
  attempt: (faultsUntil: number) => Promise<Outcome>,
): Promise<Shrunk> {
  const [first] = failed.problems
  const fails = ({ problems }: Outcome) => problems.some(({ check }) => check === first?.check)
  /** Runs with as many fault steps hold; -1: not even known of none. */
  let holds = -1
  let shortest: Shrunk = { prefix: failed.steps === 0 ? stepsMax : failed.steps, outcome: failed }
  while (shortest.prefix - holds > 1) {
    const prefix = holds < 0 ? 0 : Math.floor((holds + shortest.prefix) / 2)
    const outcome = await attempt(prefix)
    if (fails(outcome)) shortest = { prefix, outcome }
    else holds = prefix
  }
  return shortest
}
