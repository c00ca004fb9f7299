import { parseArgs } from 'node:util'

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

/** One sentence for whoever made it. */
export type Mistake = { readonly mistake: string }

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
  help: { type: 'boolean', default: false },
} as const

const numberOf = (text: string, most: number): number | undefined =>
  /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : undefined

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error)
    return { mistake: `${complaint.split(/\. |\.?\n/)[0]}; --help lists what there is` }
  }
}

/** The arguments, `help` when that is what was asked for, or what is wrong with them. */
export function readArguments(
  args: readonly string[],
  names: readonly string[],
): Arguments | 'help' | Mistake {
  const values = read(args)
  if ('mistake' in values) return values
  if (values.help) return 'help'
  const seeds = numberOf(values.seeds, 100_000)
  const participants = numberOf(values.participants, 1_000)
  if (seeds === undefined) return { mistake: '--seeds takes a whole number from 1 to 100000' }
  if (participants === undefined) return { mistake: '--participants takes a whole number from 1 to 1000' }
  const { only = [] } = values
  const stranger = only.find((name) => !names.includes(name))
  if (stranger !== undefined)
    return { mistake: `there is no defect ${stranger}; there are ${names.join(', ')}` }
  return { seeds, participants, only, json: values.json }
}
