import { type Mistake, readOptions, readWholeNumber } from '../../../infra/command-line.ts'

/** What `npm run chaos:mutants` was asked to do. */
export type Arguments = {
  /** A defect is looked for in so many worlds at most. */
  readonly seeds: number
  /** In each world. */
  readonly participants: number
  /** Names of defects; empty: all of them. */
  readonly only: readonly string[]
  readonly json: boolean
}

export const help = `Puts one deliberate defect after the other into a copy of the code, and lets the simulator look for it.

  npm run chaos:mutants -- [--only NAME …] [--seeds N] [--participants P] [--json]

  --only          this defect alone; may be given more than once
  --seeds         in how many worlds a defect is looked for at most (default: 200)
  --participants  how many participants each world has (default: 15)
  --json          print the results as one JSON object
  --help          print this text

Exit code: 0 every defect was noticed, 1 one was not, or the code it changes is not there any more, 2 the command is wrong.
`

const options = {
  only: { type: 'string', multiple: true },
  seeds: { type: 'string', default: '200' },
  participants: { type: 'string', default: '15' },
  json: { type: 'boolean', default: false },
} as const

const limits = {
  seeds: { least: 1, most: 100_000 },
  participants: { least: 1, most: 1_000 },
} as const

/** The arguments, `help` when that is what was asked for, or what is wrong with them. */
export function readArguments(
  args: readonly string[],
  names: readonly string[],
): Arguments | 'help' | Mistake {
  const values = readOptions(args, options)
  if (values === 'help' || 'mistake' in values) return values
  const seeds = readWholeNumber('seeds', values.seeds, limits.seeds)
  if (typeof seeds === 'object') return seeds
  const participants = readWholeNumber('participants', values.participants, limits.participants)
  if (typeof participants === 'object') return participants
  const { only = [] } = values
  const stranger = only.find((name) => !names.includes(name))
  if (stranger !== undefined)
    return { mistake: `there is no defect ${stranger}; there are ${names.join(', ')}` }
  return { seeds, participants, only, json: values.json }
}
