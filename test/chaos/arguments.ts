import { parseArgs } from 'node:util'

/** What `npm run chaos` was asked to do. */
export type Arguments = {
  /** The first seed. */
  readonly from: number
  /** How many seeds, one after the other. */
  readonly seeds: number
  /** In each world. */
  readonly participants: number
  /** One JSON object instead of a report for people. */
  readonly json: boolean
}

/** One sentence for whoever made it: what is wrong and what to do. */
export type Mistake = { readonly mistake: string }

const limits = {
  seed: { least: 0, most: 999_999_999 },
  from: { least: 0, most: 999_999_999 },
  seeds: { least: 1, most: 1_000_000 },
  participants: { least: 1, most: 1_000 },
} as const
const defaults = { from: 1, seeds: 100, participants: 30 } as const

export const help = `Runs the rules, the ledger and the partners' client through worlds full of faults, one world a seed, and checks after every step that nobody is paid twice and nothing is lost.

  npm run chaos -- [--seeds N | --seed S] [--from F] [--participants P] [--json]

  --seeds         how many worlds (default: ${defaults.seeds})
  --from          the seed of the first one; the others follow (default: ${defaults.from})
  --seed          the world of this seed alone, to repeat what it does
  --participants  how many participants each world has (default: ${defaults.participants}); another number is another world
  --json          print the summary as one JSON object, everything else to standard error (npm run --silent keeps npm quiet, too)
  --help          print this text

A seed is always the same world with the same faults, on every machine. One that fails is run again with ever fewer faults, until the story is as short as can be, which is then told.

Exit code: 0 every promise held, 1 a seed failed, 2 the command is wrong.
`

const options = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  participants: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** node's own complaint, without the advice that follows it. */
const complaint = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).split(/\. |\.?\n/)[0]}; --help lists what there is`

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    return { mistake: complaint(error) }
  }
}

type Name = keyof typeof limits

function readNumber(name: Name, text: string | undefined): Mistake | number | undefined {
  if (text === undefined) return undefined
  const { least, most } = limits[name]
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  const words = [least, most].map((limit) => limit.toLocaleString('en-US')).join(' to ')
  return { mistake: `--${name} takes a whole number from ${words}` }
}

/** The arguments, `help` when that is what was asked for, or what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | 'help' | Mistake {
  const values = read(args)
  if ('mistake' in values) return values
  if (values.help) return 'help'
  if (values.seed !== undefined && (values.seeds !== undefined || values.from !== undefined))
    return { mistake: '--seed runs one world alone: leave out --seeds and --from, or use them instead' }
  const numbers = new Map<Name, number>()
  for (const name of ['seed', 'from', 'seeds', 'participants'] as const) {
    const number = readNumber(name, values[name])
    if (typeof number === 'object') return number
    if (number !== undefined) numbers.set(name, number)
  }
  const seed = numbers.get('seed')
  return {
    from: seed ?? numbers.get('from') ?? defaults.from,
    seeds: seed === undefined ? (numbers.get('seeds') ?? defaults.seeds) : 1,
    participants: numbers.get('participants') ?? defaults.participants,
    json: values.json,
  }
}
