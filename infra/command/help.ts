import { plain } from './paint.ts'
import type { Program } from './program.ts'
import { table } from './table.ts'
import type { Options, Verb, Word } from './verb.ts'

/** What `--help` prints. */

const commandOf = ({ name }: Program): string => `npm run ${name} --`

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('')

/** Two columns without titles. */
const pairs = (rows: readonly (readonly [string, string])[]): string =>
  indented(
    table(
      rows,
      [
        { title: '', text: ([left]) => left },
        { title: '', text: ([, right]) => right },
      ],
      plain,
    ).slice(1),
  )

const optionPairs = (options: Options): string =>
  pairs(
    Object.entries(options).map(([name, { value, says }]) => [
      value === undefined ? `--${name}` : `--${name} ${value}`,
      says,
    ]),
  )

const wordOf = ({ name, many, optional }: Word): string => {
  const word = `<${name}>${many ? '…' : ''}`
  return optional ? `[${word}]` : word
}

export function helpOfAll(program: Program): string {
  const { says, groups, everywhere, addressVariable, day, codes } = program
  const command = commandOf(program)
  return `${says}

  ${command} <verb> [options]
  ${command} <verb> --help          what a verb takes, with examples

${groups
  .map(({ title, verbs }) => `${title}\n${pairs(verbs.map(({ name, summary }) => [name, summary]))}`)
  .join('\n')}
Everywhere
${optionPairs(everywhere)}
Without --url, and with ${addressVariable} not set, it works on the data that npm start has left on this machine, at the time
at which that has stopped; npm start -- --continue lets time go on. Times are Jakarta's, WIB (UTC+7), and so are days.

${day.title}
${pairs(day.lines.map(([line, does]) => [`${command} ${line}`, does]))}
The answer is on standard output, everything else on standard error.
${codes}`
}

/** Who may use a verb. */
function whoMay({ roles }: Program, { routes }: Verb): string {
  const needed = roles.filter((role) => routes.some((route) => route.role === role)).at(-1) ?? 'viewer'
  return needed === 'viewer' ? 'Everybody may use it.' : `It takes the role ${needed}.`
}

export function helpOf(program: Program, verb: Verb): string {
  const command = commandOf(program)
  const { name, summary, words = [], options = {}, examples, notes } = verb
  const takes = words.length > 0 ? [`It takes ${words.map((word) => word.takes).join(' and ')}.`] : []
  const lines = examples.map(([rest, does]) => `  ${`${command} ${name} ${rest}`.trimEnd()}\n      ${does}`)
  return [
    summary,
    `  ${[command, name, ...words.map(wordOf), '[options]'].join(' ')}`,
    ...(Object.keys(options).length > 0 ? [optionPairs(options).trimEnd()] : []),
    [...takes, ...(notes === undefined ? [] : [notes]), whoMay(program, verb)].join('\n'),
    ['Examples', ...lines].join('\n'),
    `${command} --help lists what every verb takes, such as --json and --url.\n${program.codes}`,
  ].join('\n\n')
}
