import type { Role } from '../../shared/api/roles.ts'
import type { Options, Verb } from './verb.ts'

/** One command line: what it is called, what it can do, and whom it asks. */
export type Program = {
  /** As in `npm run ops`. */
  readonly name: string
  /** The first line of its help. */
  readonly says: string
  /** Every verb, in the order of the help. */
  readonly groups: readonly { readonly title: string; readonly verbs: readonly Verb[] }[]
  /** What every verb takes. */
  readonly everywhere: Options
  /** An example of how one goes to work: lines behind the name, with what each does. */
  readonly day: { readonly title: string; readonly lines: readonly (readonly [string, string])[] }
  /** How a command ends. */
  readonly codes: string
  /** Whom its API knows, the one that may least first. */
  readonly roles: readonly Role[]
  /** The variable that names the API's address. */
  readonly addressVariable: string
}

export const verbsOf = ({ groups }: Program): readonly Verb[] => groups.flatMap(({ verbs }) => verbs)

/** The verb that the words begin with, the longest there is, and the words behind it. */
export function findVerb(
  program: Program,
  words: readonly string[],
): { readonly verb: Verb; readonly rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const verb = verbsOf(program).find((each) => each.name === name || each.alias === name)
    if (verb) return { verb, rest: words.slice(length) }
  }
  return undefined
}
