import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What finance asks of the movement files by SQL, where they are too many for anything of ours: one text for Athena
 * and for DuckDB, with `?` where parameters go.
 */
export const questions = {
  summary: {
    says: 'What a period came to, by all that tells payouts apart.',
    parameters: ['last day', 'first day'],
  },
  funnel: { says: 'How many participants have come how far, by wave.', parameters: ['last day'] },
  'trial-balance': { says: 'Every account of the chart; all sum to zero.', parameters: ['last day'] },
  ageing: {
    says: 'What is in transit, by partner and age.',
    parameters: ['last day', 'instant'],
  },
  float: { says: 'The money at every partner.', parameters: ['last day'] },
  participant: {
    says: 'Where the payouts of one participant stand.',
    parameters: ['last day', 'participant'],
  },
} as const satisfies Readonly<
  Record<string, { readonly says: string; readonly parameters: readonly Parameter[] }>
>

export type Parameter = 'last day' | 'first day' | 'instant' | 'participant'
export type QuestionName = keyof typeof questions

const isQuestion = (name: string): name is QuestionName => Object.hasOwn(questions, name)
export const questionNames: readonly QuestionName[] = Object.keys(questions).filter(isQuestion)

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'sql', `${name}.sql`), 'utf8').trimEnd()

/**
 * The whole statement, over a table `movements`. Its parameters are texts, in their order. Each stands within a `where`,
 * and whoever asks Athena writes it in single quotes:
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
export const textOf = (name: QuestionName): string => `${read('movements')}\n${read(name)}\n`
