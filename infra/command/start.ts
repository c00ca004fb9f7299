import { userInfo } from 'node:os'
import type { ExitCode } from './exit-codes.ts'
import { openLocal } from './local.ts'
import type { Program } from './program.ts'
import { openRemote } from './remote.ts'
import { runCommand } from './run.ts'
import { createVoice } from './voice.ts'

/** The name by which somebody is logged in; none where their id has no entry, as in many a container:
 *  https://nodejs.org/api/os.html#osuserinfooptions */
function nameOfUser(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** Runs a program as this process: its arguments, its streams, its user. */
export const startCommand = (program: Program): Promise<ExitCode> =>
  runCommand(program, process.argv.slice(2), {
    environment: process.env,
    user: nameOfUser(),
    open: async (way) => ('url' in way ? openRemote(way) : openLocal(way)),
    voice: (json) => createVoice({ out: process.stdout, err: process.stderr }, process.env, json),
  })
