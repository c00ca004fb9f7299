import { attempt } from '../attempt.ts'
import { createSigningKey } from '../partners/partner.ts'
import type { Trial } from './trials.ts'

/*
 * Runs seeds with the code that this file lies beside, and prints one JSON line for each:
 *
 *   node test/chaos/mutants/trial.ts <first seed> <seeds> <participants>
 */

const [first = 1, seeds = 1, participants = 1] = process.argv.slice(2).map(Number)
const signingKey = createSigningKey()
for (let seed = first; seed < first + seeds; seed++) {
  const { problems } = await attempt({ seed, participants }, signingKey)
  const [problem] = problems
  const trial: Trial = { seed, ...(problem && { problem }) }
  process.stdout.write(`${JSON.stringify(trial)}\n`)
}
