import { userInfo } from 'node:os'
import { runCommand } from './command.ts'
import { openLocal } from './local.ts'
import { openRemote } from './remote.ts'
import { createVoice } from './voice.ts'

/** `npm run ops`: the operators' command line. */

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env,
  user: userInfo().username,
  open: async (way) => ('url' in way ? openRemote(way) : openLocal(way)),
  voice: (json) => createVoice({ out: process.stdout, err: process.stderr }, process.env, json),
})
