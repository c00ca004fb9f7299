import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** How every command of this repository understands what it is asked to do, and says that it does not. */

/** One sentence for whoever made it: what is wrong and what to do. A command that was given one ends with code 2. */
export type Mistake = { readonly mistake: string }
export const isMistake = (value: object): value is Mistake => 'mistake' in value

/** `--help`, which every command has and `readOptions` sees to. */
const help = { help: { type: 'boolean', default: false } } as const

/** What node's `parseArgs` makes of arguments for these options. */
type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options & typeof help }>
>['values']

/** node's own complaint, without the advice that follows it. */
const complaint = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).split(/\. |\.?\n/)[0]}; --help lists what there is`

/**
 * The options' values as node's `parseArgs` reads them, texts and booleans still unchecked; `help` when `--help` is
 * among them, whatever the others say; a mistake when an option is unknown, lacks its value or has one too many,
 * and when there is an argument that is no option.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
): Values<Options> | 'help' | Mistake {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, ...help } })
    return 'help' in values && values.help ? 'help' : values
  } catch (error) {
    return { mistake: complaint(error) }
  }
}

/** Ends the command when whoever reads its output has seen enough, as of `| head`: that is no failure. Whoever stops reading
 *  what is told beside it, as of `2>&1 | head`, does not stop the command. */
export function endWithReader(): void {
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}

/** What a command was given that takes words besides options. */
export type Given = {
  /** Everything that is no option, in order. */
  readonly words: readonly string[]
  /** The options that have a value, by name, still unchecked. */
  readonly texts: Readonly<Record<string, string>>
  /** The other options. */
  readonly switches: ReadonlySet<string>
}

/**
 * Words and options, in whatever order; `--help` is one of the switches, because which help is meant depends on the
 * words. A mistake when an option is unknown, lacks its value or has one too many, or is given twice: whoever
 * typed it meant both.
 */
export function readCommand(args: readonly string[], options: ParseArgsOptionsConfig): Given | Mistake {
  try {
    const config = { options: { ...options, ...help }, allowPositionals: true, tokens: true } as const
    const { tokens } = parseArgs({ ...config, args: [...args] })
    const given = tokens.filter((token) => token.kind === 'option')
    const names = given.map(({ name }) => name)
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) return { mistake: `--${twice} is given twice: give it once` }
    return {
      words: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
      texts: Object.fromEntries(
        given.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
      ),
      switches: new Set(given.flatMap(({ name, value }) => (value === undefined ? [name] : []))),
    }
  } catch (error) {
    return { mistake: complaint(error) }
  }
}

/** The least and the most that a number may be, both included: at least 0, at most 15 digits. */
export type Limits = { readonly least: number; readonly most: number }

/** For numbers that only have to be numbers: as long as every digit of theirs counts. */
export const anyWholeNumber: Limits = { least: 0, most: 999_999_999_999_999 }

/** The number that an option's text says, or that it says none within the limits; `name` is without the dashes. */
export function readWholeNumber(name: string, text: string, { least, most }: Limits): number | Mistake {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  const [from, to] = [least, most].map((limit) => limit.toLocaleString('en-US'))
  return { mistake: `--${name} takes a whole number from ${from} to ${to}` }
}
