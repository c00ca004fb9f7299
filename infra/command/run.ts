import { randomUUID } from 'node:crypto'
import type { ParseArgsOptionsConfig } from 'node:util'
import * as z from 'zod'
import type { Role } from '../../shared/api/roles.ts'
import { type Given, isMistake, type Mistake, readCommand } from '../command-line.ts'
import { prepare } from './checking.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { helpOf, helpOfAll } from './help.ts'
import { keyOption, onThisMachine, roleOption } from './options.ts'
import { findVerb, type Program, verbsOf } from './program.ts'
import { type RemoteOptions, readAddress } from './remote.ts'
import { carryOut, type Voice } from './session.ts'
import type { Transport } from './transport.ts'
import type { Plan, View } from './verb.ts'

/** The command line as a whole: from arguments to an exit code. */

/** Which way a command goes to the API. */
export type Way =
  | RemoteOptions
  /** On this machine, on the data in this directory, as this person. */
  | { readonly data: string; readonly person: string; readonly role: Role }

export type Surroundings = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The person who is logged in, where the machine has a name for them. */
  readonly user: string | undefined
  /** `failure`: why this machine cannot go that way, in plain words. */
  open(way: Way): Promise<Transport | Mistake | { readonly failure: string }>
  voice(json: boolean): Voice
}

/** Every option of every verb; which of them a verb takes is seen when the verb is known. */
const allOptions = (program: Program): ParseArgsOptionsConfig =>
  Object.fromEntries(
    [program.everywhere, ...verbsOf(program).map(({ options = {} }) => options)]
      .flatMap((options) => Object.entries(options))
      .map(([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
  )

const keyForm = z.string().regex(/^[A-Za-z0-9-]{8,64}$/)
/** As a session's name in AWS. */
const personForm = z.string().regex(/^[\w+=,.@-]{2,64}$/)

const local = ['data', 'as', 'role'] as const

/** Where the request goes, and as whom. */
function readWay(
  { roles, addressVariable }: Program,
  { texts }: Given,
  plan: Plan,
  { environment, user }: Surroundings,
): Way | Mistake {
  const address = texts.url ?? environment[addressVariable]
  if (address !== undefined) {
    const stray = local.find((name) => texts[name] !== undefined)
    if (stray)
      return { mistake: `--${stray} is for this machine: leave it out, or --url and ${addressVariable}` }
    const url = readAddress(address)
    if (isMistake(url)) return url
    return {
      url,
      ...(texts.url === undefined && { variable: addressVariable }),
      ...(texts.profile !== undefined && { profile: texts.profile }),
    }
  }
  if (texts.profile !== undefined)
    return { mistake: '--profile goes with --url: this machine asks for no credentials' }
  const name = texts.as ?? user
  if (name === undefined)
    return { mistake: 'This machine has no name for who is logged in: say who you are by --as NAME' }
  const person = personForm.safeParse(name)
  if (!person.success) return { mistake: '--as takes a name of 2 to 64 letters, digits and + = , . @ - _' }
  const role = z.enum(roles).safeParse(texts.role ?? plan.route.role)
  if (!role.success) return { mistake: `--role takes ${roleOption(roles).role.takes}` }
  const { data = '.local' } = texts
  if (data === '') return { mistake: `--data takes ${onThisMachine.data.takes}` }
  return { data, person: person.data, role: role.data }
}

function readKey({ texts: { key } }: Given, { route }: Plan): string | Mistake {
  if (key === undefined) return randomUUID()
  if (route.method === 'GET') return { mistake: '--key is for commands that change something' }
  return keyForm.safeParse(key).success ? key : { mistake: `--key takes ${keyOption.key.takes}` }
}

/** What was asked for, ready to be sent. */
type Asked = Pick<View, 'command'> & {
  readonly plan: Plan
  readonly key: string
  readonly way: Way
  readonly stays: boolean
  readonly csv: boolean
}

/** Options that a following command needs as well, so as to reach the same data. */
const carriedOver = ['url', 'profile', 'data'] as const

function commandFor({ name: program }: Program, { texts }: Given): View['command'] {
  const same = carriedOver.flatMap((name) => (texts[name] === undefined ? [] : [` --${name} ${texts[name]}`]))
  return (line) => `npm run ${program} -- ${line}${same.join('')}`
}

function read(
  program: Program,
  given: Given,
  surroundings: Surroundings,
): Asked | { readonly help: string } | Mistake {
  const found = findVerb(program, given.words)
  if (given.switches.has('help')) return { help: found ? helpOf(program, found.verb) : helpOfAll(program) }
  const [word] = given.words
  if (!found)
    return {
      mistake: `${word === undefined ? 'Say what to do' : `There is no verb “${word}”`}; --help lists them`,
    }
  const plan = prepare(found.verb, { ...given, words: found.rest }, new Set(Object.keys(program.everywhere)))
  if (isMistake(plan)) return plan
  if (given.switches.has('json') && given.switches.has('csv'))
    return { mistake: '--json and --csv exclude each other: choose one' }
  const key = readKey(given, plan)
  if (typeof key !== 'string') return key
  const way = readWay(program, given, plan, surroundings)
  return isMistake(way)
    ? way
    : {
        plan,
        key,
        way,
        stays: given.switches.has('wait'),
        csv: given.switches.has('csv'),
        command: commandFor(program, given),
      }
}

/** Does what the arguments say; nothing is sent as long as anything about them is wrong. */
export async function runCommand(
  program: Program,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const given = readCommand(args, allOptions(program))
  const voice = surroundings.voice(!isMistake(given) && given.switches.has('json'))
  const refuse = ({ mistake }: Mistake) => {
    voice.err(mistake)
    return exitCodes.mistaken
  }
  if (isMistake(given)) return refuse(given)
  const asked = read(program, given, surroundings)
  if (isMistake(asked)) return refuse(asked)
  if ('help' in asked) {
    voice.out(asked.help.trimEnd())
    return exitCodes.done
  }
  voice.progress('url' in asked.way ? 'Asking' : 'Starting the local stack')
  const transport = await surroundings.open(asked.way)
  if (isMistake(transport)) return refuse(transport)
  if ('failure' in transport) {
    voice.err(transport.failure)
    return exitCodes.refused
  }
  // Whoever has typed no address may take a simulation for the programme, or the programme for a simulation.
  if (transport.where !== undefined) voice.err(transport.where)
  try {
    return await carryOut(asked.plan, { transport, voice }, asked)
  } finally {
    await transport.close()
  }
}
