import type * as z from 'zod'
import type { Route } from '../../shared/api/route.ts'
import type { Instant } from '../../shared/domain/instant.ts'
import type { Given, Mistake } from '../command-line.ts'
import type { CsvRow } from './csv.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Paint } from './paint.ts'
import type { Request } from './transport.ts'

/** One option of a verb. */
export type Option = {
  /** What stands for its value in the help; a switch has none. */
  readonly value?: string
  /** Its line in the help. */
  readonly says: string
  /** Continues `--name takes …`; an option with a value has it. */
  readonly takes?: string
  /** The field of the request that it fills, where that has another name. */
  readonly field?: string
}
export type Options = Readonly<Record<string, Option>>

/** What a verb takes besides options. */
export type Word = {
  /** As the help shows it, and the field of the request that it fills. */
  readonly name: string
  /** Continues `… cannot use “…”: it takes …`. */
  readonly takes: string
  /** Any number of them. */
  readonly many?: true
  readonly optional?: true
}

/** What a route of the API can be asked to do at the command line. */
export type Verb = {
  /** One word or two: `job`, `job stop`. */
  readonly name: string
  /** Another name for the same. */
  readonly alias?: string
  readonly summary: string
  readonly words?: readonly Word[]
  readonly options?: Options
  /** The routes that it may use, for the help: who may use them is who may use it. */
  readonly routes: readonly Route[]
  /** Whole command lines behind the verb's name, with what each does. */
  readonly examples: readonly (readonly [line: string, does: string])[]
  /** What somebody should know before using it. */
  readonly notes?: string
  plan(given: Given): Plan | Mistake
}

/** How an answer looks to people. */
export type Shown = {
  readonly lines: readonly string[]
  /** The same as a table for programs, its first row the columns' names; for verbs of programs that have --csv. */
  readonly csv?: readonly CsvRow[]
  /** What to do next; no part of the answer. */
  readonly hints?: readonly string[]
  /** (Default: done.) */
  readonly code?: ExitCode
}
export type View = {
  readonly now: Instant
  readonly paint: Paint
  /** The whole line to type for a verb with its arguments, from where this one was typed. */
  command(line: string): string
}

/** What a plan may do while it completes an answer. */
export type Session = {
  /** A further request: its answer, or what has come in between, which ends the command. */
  ask<Answer extends z.ZodType>(
    route: Route & { readonly answer: Answer },
    request: Request,
  ): Promise<z.output<Answer> | Stopped>
  /** Whether to stay until what was started is done. */
  readonly stays: boolean
  pass(): Promise<void>
  /** Puts a file where partners put their statements; what stands against that has been said. */
  deliver(key: string, path: string): Promise<Stopped | undefined>
  /** Says how far it has come, on a terminal. */
  progress(text: string): void
  /** Prints a part of the answer before the rest of it is there. */
  print(text: string): void
  /** Says something that is no part of the answer. */
  say(line: string): void
}
/** The command ends with this; why has been said. */
export type Stopped = { readonly stopped: ExitCode }

/** A request that has not been sent yet, and what is to be made of its answer. */
export type Plan = {
  readonly route: Route
  readonly request: Request
  /**
   * What the answer says, completed by further requests; `undefined` when it is not what the route promises.
   * `json` is the answer itself as long as nothing had to be added.
   */
  finish(body: unknown, session: Session): Promise<Finished | Stopped | undefined>
}
export type Finished = { readonly json: unknown; show(view: View): Shown }

/** Characters that would move the cursor or turn the text round, though people have typed them as a reason. */
const unprintable = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

export const printableText = (text: string): string => text.replace(unprintable, '\ufffd')

/** A value of JSON with nothing in its texts that a terminal obeys. */
export function printable(value: unknown): unknown {
  if (typeof value === 'string') return printableText(value)
  if (Array.isArray(value)) return value.map(printable)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map((parts) => parts.map(printable)))
}

/** A plan whose answer is read by the route's schema; `complete` may add to it what takes further requests. */
export function plan<Answer extends z.ZodType>(
  route: Route & { readonly answer: Answer },
  request: Request,
  show: (answer: z.output<Answer>, view: View) => Shown,
  complete?: (answer: z.output<Answer>, session: Session) => Promise<z.output<Answer> | Stopped>,
): Plan {
  return {
    route,
    request,
    async finish(body, session) {
      const read = route.answer.safeParse(body)
      if (!read.success) return undefined
      const completed = complete ? await complete(read.data, session) : read.data
      if (isStopped(completed)) return completed
      const json = completed === read.data ? body : completed
      return { json, show: (view) => show(route.answer.parse(printable(json)), view) }
    },
  }
}

export const isStopped = (value: unknown): value is Stopped =>
  typeof value === 'object' && value !== null && 'stopped' in value

/** The fields that are given. */
export const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** The same of a query's texts. */
export const given = (
  texts: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  )
