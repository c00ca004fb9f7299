import { userInfo } from 'node:os'
import type { ExitCode } from './exit-codes.ts'
import { openLocal } from './local.ts'
import type { Program } from './program.ts'
import { openRemote } from './remote.ts'
import { runCommand } from './run.ts'
import { createVoice } from './voice.ts'

/** Runs a program as this process: its arguments, its streams, its user. */
export const startCommand = (program: Program): Promise<ExitCode> =>
  runCommand(program, process.argv.slice(2), {
    environment: process.env,
    user: userInfo().username,
    open: async (way) => ('url' in way ? openRemote(way) : openLocal(way)),
    voice: (json) => createVoice({ out: process.stdout, err: process.stderr }, process.env, json),
  })
