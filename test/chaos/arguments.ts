import { type Mistake, readOptions, readWholeNumber } from '../../infra/command-line.ts'
import { enough } from './coverage.ts'
import { seedsPerEngineSeed } from './engine/share.ts'

/** What `npm run chaos` was asked to do. */
export type Arguments = {
  /** The first seed. */
  readonly from: number
  /** How many seeds, one after the other. */
  readonly seeds: number
  /** In each world. */
  readonly participants: number
  /** Every seed on the engine, instead of a share of them. */
  readonly engine: boolean
  /** One JSON object instead of a report for people. */
  readonly json: boolean
}

const limits = {
  seed: { least: 0, most: 999_999_999 },
  from: { least: 0, most: 999_999_999 },
  seeds: { least: 1, most: 1_000_000 },
  participants: { least: 1, most: 1_000 },
} as const
const defaults = { from: 1, seeds: 100, participants: 30 } as const

export const help = `Runs the rules, the ledger and the partners' client through worlds full of faults, one world a seed, and checks after every step that nobody is paid twice and nothing is lost.

  npm run chaos -- [--seeds N | --seed S] [--from F] [--participants P] [--engine] [--json]

  --seeds         how many worlds (default: ${defaults.seeds})
  --from          the seed of the first one; the others follow (default: ${defaults.from})
  --seed          the world of this seed alone, to repeat what it does
  --participants  how many participants each world has (default: ${defaults.participants}); another number is another world
  --engine        every world's tables on the embedded DynamoDB engine, which takes several times as long; without it, those of every ${seedsPerEngineSeed}th seed
  --json          print the summary as one JSON object, everything else to standard error (npm run --silent keeps npm quiet, too)
  --help          print this text

A seed is always the same world with the same faults, on every machine, in memory and on the engine, and the same seeds end with the same digest. On the engine the memory goes along, and a command that the two answer differently fails the seed. The first five that fail are run again with ever fewer faults, until one step fewer does not break the same promise; their story is then told.

Exit code: 0 every promise held; 1 a seed failed, a worker came to a fault point that test/chaos/coverage.ts does not list, or ${enough.seeds} worlds or more of ${enough.participants} participants or more left one without a crash before or after it; 2 the command is wrong.
`

const options = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  from: { type: 'string' },
  participants: { type: 'string' },
  engine: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

type Name = keyof typeof limits

/** The arguments, `help` when that is what was asked for, or what is wrong with them. */
export function readArguments(args: readonly string[]): Arguments | 'help' | Mistake {
  const values = readOptions(args, options)
  if (values === 'help' || 'mistake' in values) return values
  if (values.seed !== undefined && (values.seeds !== undefined || values.from !== undefined))
    return { mistake: '--seed runs one world alone: leave out --seeds and --from, or use them instead' }
  const numbers = new Map<Name, number>()
  for (const name of ['seed', 'from', 'seeds', 'participants'] as const) {
    const text = values[name]
    if (text === undefined) continue
    const number = readWholeNumber(name, text, limits[name])
    if (typeof number === 'object') return number
    numbers.set(name, number)
  }
  const seed = numbers.get('seed')
  return {
    from: seed ?? numbers.get('from') ?? defaults.from,
    seeds: seed === undefined ? (numbers.get('seeds') ?? defaults.seeds) : 1,
    participants: numbers.get('participants') ?? defaults.participants,
    engine: values.engine,
    json: values.json,
  }
}
