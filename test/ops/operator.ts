import type { Program } from '../../infra/command/program.ts'
import { runCommand, type Surroundings, type Way } from '../../infra/command/run.ts'
import type { Reply, Request, Transport } from '../../infra/command/transport.ts'
import { createVoice } from '../../infra/command/voice.ts'
import { operations } from '../../infra/ops/program.ts'
import type { Route } from '../../shared/api/route.ts'
import { instant } from '../../shared/domain/instant.ts'

/** An operator at a keyboard, with an API behind the command line that says what a test wants it to. */

export type Sent = Request & { readonly method: string; readonly path: string }
export type Outcome = {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly sent: readonly Sent[]
  readonly ways: readonly Way[]
  /** Files that were handed in, each under its key. */
  readonly delivered: readonly (readonly [key: string, path: string])[]
  /** Moments that were let pass. */
  readonly passed: number
}

/** Noon in Jakarta. */
export const now = instant(Date.parse('2020-10-12T05:00:00Z'))
export const ok = (body: unknown): Reply => ({ status: 200, body, at: now })

export type Setting = {
  readonly environment?: Surroundings['environment']
  readonly terminal?: boolean
  readonly whileOpen?: boolean
  /** Where the API says that it is. */
  readonly where?: string
  /** Nobody knows by which name the operator is logged in. */
  readonly nameless?: boolean
  /** (Default: the operators'.) */
  readonly program?: Program
}

/** Gives a command; the replies come in turn, and the last again and again. */
export async function operate(
  args: readonly string[],
  replies: readonly Reply[] = [],
  {
    environment = {},
    terminal = false,
    whileOpen = false,
    where,
    nameless = false,
    program = operations,
  }: Setting = {},
): Promise<Outcome> {
  const sent: Sent[] = []
  const ways: Way[] = []
  const written = { out: '', err: '' }
  const delivered: (readonly [key: string, path: string])[] = []
  let passed = 0
  const transport: Transport = {
    whileOpen,
    ...(where !== undefined && { where }),
    async send({ method, path }: Route, request) {
      sent.push({ method, path, ...request })
      return replies[sent.length - 1] ?? replies.at(-1) ?? { unsent: 'nothing is expected here' }
    },
    async deliver(key, path) {
      delivered.push([key, path])
      return 'delivered'
    },
    async pass() {
      passed += 1
    },
    async close() {},
  }
  const stream = (name: 'out' | 'err') => ({
    isTTY: terminal,
    write(text: string) {
      written[name] += text
    },
  })
  const code = await runCommand(program, args, {
    environment,
    user: nameless ? undefined : 'ani',
    async open(way) {
      ways.push(way)
      return transport
    },
    voice: (json) => createVoice({ out: stream('out'), err: stream('err') }, environment, json),
  })
  return { code, ...written, sent, ways, delivered, passed }
}

/** A line as a shell would take it apart. */
export const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

/** A set of payments to retry, and a proposal or job. */
export const set = '3f1c'.repeat(16)
export const id = '0198c0de-4a52-7cc1-b9a4-8f0d6c1a2b3c'

/** The answer as it is printed, without a terminal. */
export async function printed(args: readonly string[], body: unknown): Promise<string> {
  const { out, err, code } = await operate(args, [ok(body)])
  return [
    out.trimEnd(),
    ...err
      .trimEnd()
      .split('\n')
      .filter(Boolean)
      .map((line) => `! ${line}`),
    `= ${code}`,
  ].join('\n')
}
