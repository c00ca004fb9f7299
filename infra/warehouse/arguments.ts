import {
  type Parameter,
  type QuestionName,
  questionNames,
  questions,
} from '../../shared/finance/questions.ts'
import { plain } from '../command/paint.ts'
import { table } from '../command/table.ts'
import { isMistake, type Mistake, readCommand } from '../command-line.ts'

/** What `npm run warehouse` was asked. */
export type Asked = {
  readonly question: QuestionName
  /** In the question's order. */
  readonly parameters: readonly string[]
  /** Directory in which a run has left its data. */
  readonly data: string
  readonly csv: boolean
}

/** How each parameter is given. */
const given: Readonly<
  Record<Parameter, { readonly option: string; readonly form: RegExp; readonly takes: string }>
> = {
  'last day': { option: 'to', form: /^\d{4}-\d\d-\d\d$/, takes: 'a day, written YYYY-MM-DD' },
  'first day': { option: 'from', form: /^\d{4}-\d\d-\d\d$/, takes: 'a day, written YYYY-MM-DD' },
  instant: {
    option: 'at',
    form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    takes: 'an instant in UTC, such as 2020-10-31T16:59:59.999Z',
  },
  participant: { option: 'participant', form: /^[A-Z0-9-]{1,30}$/, takes: 'an id, such as P-00017' },
}

const options = {
  ...Object.fromEntries(Object.values(given).map(({ option }) => [option, { type: 'string' } as const])),
  data: { type: 'string' },
  csv: { type: 'boolean' },
} as const

const optionsOf = (name: QuestionName): string =>
  questions[name].parameters.map((parameter) => `--${given[parameter].option}`).join(' ')

export const help = `Asks the movement files that a run on this machine has left by SQL: the same questions as Athena's.

  npm run warehouse -- QUESTION [--to DAY] [--from DAY] [--at INSTANT] [--participant ID] [--csv] [--data DIR]

${table(
  questionNames,
  [
    { title: 'QUESTION', text: (name) => name },
    { title: 'TAKES', text: optionsOf },
    { title: 'WHICH SAYS', text: (name) => questions[name].says },
  ],
  plain,
).join('\n')}

  DAY      in Jakarta, written YYYY-MM-DD
  INSTANT  in UTC, such as 2020-10-31T16:59:59.999Z
  ID       such as P-00017
  --csv    print the answer as CSV
  --data   where the run's data are (.local)

The answer is on standard output, everything else on standard error.
Exit code: 0 answered, 1 failed, 2 the command is wrong or there is no run to ask.
`

const isQuestion = (word: string | undefined): word is QuestionName =>
  questionNames.some((name) => name === word)

export function readArguments(args: readonly string[]): Asked | 'help' | Mistake {
  const command = readCommand(args, options)
  if (isMistake(command)) return command
  const { words, texts, switches } = command
  if (switches.has('help')) return 'help'
  const [question, ...others] = words
  if (!isQuestion(question) || others.length > 0)
    return { mistake: `Say one question: ${questionNames.join(', ')}; --help says what each takes` }
  const wanted: readonly Parameter[] = questions[question].parameters
  for (const [parameter, { option, form, takes }] of Object.entries(given)) {
    const text = texts[option]
    const isWanted = wanted.some((each) => each === parameter)
    if (isWanted && (text === undefined || !form.test(text)))
      return { mistake: `${question} needs --${option}: ${takes}` }
    if (!isWanted && text !== undefined) return { mistake: `--${option} is not for ${question}` }
  }
  const { data = '.local' } = texts
  const parameters = wanted.map((parameter) => texts[given[parameter].option] ?? '')
  return { question, parameters, data, csv: switches.has('csv') }
}
