import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Role } from '../../shared/api/roles.ts'

/** What a command came to: its exit code and both outputs. */
export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string }

/** Somebody who gives commands to a running stack, each as a process of its own, signed as theirs. */
export type Operator = (...args: readonly string[]) => Promise<Outcome>

const programs = join(import.meta.dirname, '..', '..', 'infra')

/** `api` is where the stack's HTTP API answers; the access key says who it is, as the local stack understands it. */
export function createOperator(api: string, role: Role, name: string): Operator {
  const program = join(programs, role === 'finance' ? 'finance' : 'ops', 'main.ts')
  return async (...args) => {
    const { NODE_COMPILE_CACHE } = process.env
    const env = {
      ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
      AWS_ACCESS_KEY_ID: `${role}.${name}`,
      AWS_SECRET_ACCESS_KEY: 'local',
      NO_COLOR: '1',
    }
    const child = spawn(process.execPath, [program, ...args, '--url', api], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    })
    const code = new Promise<number | null>((resolve) => child.once('close', resolve))
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    return { code: await code, out, err }
  }
}
