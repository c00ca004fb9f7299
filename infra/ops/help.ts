import { roles } from '../../shared/operations/roles.ts'
import { everywhere } from './options.ts'
import { plain } from './paint.ts'
import { table } from './table.ts'
import type { Options, Verb, Word } from './verb.ts'
import { groups } from './verbs.ts'

/** What `--help` prints. */

const command = 'npm run ops --'

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

const codes = `Exit code: 0 done, 1 refused or failed, 2 the command is wrong and nothing was sent, 3 waits for a second person.
`

export const helpOfAll =
  (): string => `Finds, explains, repairs and retries payouts. Nothing that is done here can pay anything twice.

  ${command} <verb> [options]
  ${command} <verb> --help          what a verb takes, with examples

${groups
  .map(({ title, verbs }) => `${title}\n${pairs(verbs.map(({ name, summary }) => [name, summary]))}`)
  .join('\n')}
Everywhere
${optionPairs(everywhere)}
Without --url it works on the data that npm start has left on this machine, at the time at which that has stopped;
npm start -- --continue lets time go on.

A morning
${pairs([
  [`${command} status`, 'how the lanes stand'],
  [`${command} failed --remedy operator`, 'what waits for you'],
  [`${command} show P-00017/incentive-2`, 'what happened to one of them'],
  [`${command} retry P-00017/incentive-2`, 'what a retry would send, and its hash'],
  [`${command} retry --apply HASH --reason "BNI/4711"`, 'exactly that, and nothing else'],
])}
The answer is on standard output, everything else on standard error.
${codes}`

/** Who may use a verb. */
function whoMay({ routes }: Verb): string {
  const needed = roles.filter((role) => routes.some((route) => route.role === role)).at(-1) ?? 'viewer'
  return needed === 'viewer' ? 'Everybody may use it.' : `It takes the role ${needed}.`
}

export function helpOf(verb: Verb): string {
  const { name, summary, words = [], options = {}, examples, notes } = verb
  const takes = words.length > 0 ? [`It takes ${words.map((word) => word.takes).join(' and ')}.`] : []
  const lines = examples.map(([rest, does]) => `  ${`${command} ${name} ${rest}`.trimEnd()}\n      ${does}`)
  return [
    summary,
    `  ${[command, name, ...words.map(wordOf), '[options]'].join(' ')}`,
    ...(Object.keys(options).length > 0 ? [optionPairs(options).trimEnd()] : []),
    [...takes, ...(notes === undefined ? [] : [notes]), whoMay(verb)].join('\n'),
    ['Examples', ...lines].join('\n'),
    `${command} --help lists what every verb takes, such as --json and --url.\n${codes}`,
  ].join('\n\n')
}
