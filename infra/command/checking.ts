import * as z from 'zod'
import { type Given, isMistake, type Mistake } from '../command-line.ts'
import type { Plan, Verb, Word } from './verb.ts'

/** Whether a verb was given what it takes, in the words of whoever typed it. */

type Issue = z.core.$ZodIssue

/** What is wrong, without the layers of alternatives around it. */
function* flat(issues: readonly Issue[]): Generator<Issue> {
  for (const issue of issues) {
    if (issue.code === 'invalid_union') for (const branch of issue.errors) yield* flat(branch)
    yield issue
  }
}

const dashed = (field: string): string => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The verb's words that are missing or too many. */
function checkWords({ name, words = [] }: Verb, given: Given): Mistake | undefined {
  const missing = words.find((word, index) => !word.optional && given.words[index] === undefined)
  if (missing) return { mistake: `${name} takes ${missing.takes}` }
  const extra = given.words[words.length]
  if (extra === undefined || words.at(-1)?.many) return undefined
  const takes = words.length === 0 ? 'nothing but options' : words.map((word) => word.takes).join(', ')
  return { mistake: `${name} takes ${takes}: “${extra}” is too many` }
}

function checkOptions({ name, options = {} }: Verb, given: Given, everywhere: ReadonlySet<string>) {
  const names = [...Object.keys(given.texts), ...given.switches]
  const stray = names.find((option) => !(option in options) && !everywhere.has(option))
  return stray === undefined
    ? undefined
    : { mistake: `${name} takes no --${stray}; ${name} --help lists what it takes` }
}

/** Says which option or word a field of the request was made from, and what that takes. */
function explain(verb: Verb, given: Given, field: string): string | undefined {
  const options = Object.entries(verb.options ?? {})
  const [name, option] =
    options.find(([key, each]) =>
      each.field === undefined ? key === dashed(field) : each.field === field,
    ) ?? []
  if (name !== undefined && option?.takes !== undefined) {
    const missing = given.texts[name] === undefined
    return missing ? `${verb.name} needs --${name}: ${option.takes}` : `--${name} takes ${option.takes}`
  }
  const words: readonly Word[] = verb.words ?? []
  const index = words.findIndex((word) => word.name === field)
  const word = words[index]
  const text = given.words[index]
  // A word that was left out is not what is wrong, though it would have been another way to say what is.
  return word && text !== undefined ? `${verb.name} cannot use “${text}”: it takes ${word.takes}` : undefined
}

function mistakeIn(verb: Verb, given: Given, issues: readonly Issue[]): Mistake {
  const all = [...flat(issues)]
  for (const { path } of all) {
    const sentence = explain(verb, given, String(path.findLast((part) => typeof part === 'string') ?? ''))
    if (sentence !== undefined) return { mistake: sentence }
  }
  const [{ path, message } = { path: [], message: 'cannot be read' }] = all
  return { mistake: `${verb.name}: ${path.map(String).join('.')} ${message}; ${verb.name} --help shows how` }
}

const texts = z.record(z.string(), z.coerce.string())

/** The plan with its request as the route's schemas read it, or what is wrong with it. */
function checkRequest(verb: Verb, given: Given, plan: Plan): Plan | Mistake {
  const { route, request } = plan
  const parameters = (route.parameters ?? z.object({})).safeParse(request.parameters ?? {})
  if (!parameters.success) return mistakeIn(verb, given, parameters.error.issues)
  const query = (route.query ?? z.object({})).safeParse(request.query ?? {})
  if (!query.success) return mistakeIn(verb, given, query.error.issues)
  const body = (route.body ?? z.undefined()).safeParse(request.body)
  if (!body.success) return mistakeIn(verb, given, body.error.issues)
  const read = { parameters: texts.parse(parameters.data), query: texts.parse(query.data) }
  return { ...plan, request: body.data === undefined ? read : { ...read, body: body.data } }
}

/** What the verb makes of its arguments, checked by the API's own schemas before anything is sent. */
export function prepare(verb: Verb, given: Given, everywhere: ReadonlySet<string>): Plan | Mistake {
  const mistake = checkWords(verb, given) ?? checkOptions(verb, given, everywhere)
  if (mistake) return mistake
  const plan = verb.plan(given)
  return isMistake(plan) ? plan : checkRequest(verb, given, plan)
}
