import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { endWithReader } from '../../../infra/command-line.ts'
import { type Arguments, help, readArguments } from './arguments.ts'
import { type Hunted, huntAll } from './hunt.ts'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import { describeHunts, summaryOf } from './report.ts'
import { outdated } from './sources.ts'

/** `npm run chaos:mutants`: whether the simulator would notice if the code were wrong. */
const exitCodes = { noticed: 0, unnoticed: 1, mistaken: 2 } as const
const root = join(import.meta.dirname, '../../..')

const say = (text: string) => process.stdout.write(`${text}\n`)
const tell = (text: string) => process.stderr.write(`${text}\n`)

/** One line at the bottom of a terminal that shows how far it is. */
function createProgressLine(terminal: NodeJS.WriteStream, all: number) {
  let done = 0
  const draw = (text: string) => terminal.isTTY && terminal.write(`\r\x1b[K${text}`)
  return {
    note: ({ name }: Mutant, seed: number) => void draw(`${done} of ${all} defects · ${name}: seed ${seed}`),
    done: () => {
      done += 1
    },
    end: () => void draw(''),
  }
}

async function run(chosen: readonly Mutant[], asked: Arguments): Promise<readonly Hunted[]> {
  const line = createProgressLine(process.stderr, chosen.length)
  const width = Math.min(chosen.length, availableParallelism())
  try {
    return await huntAll(root, chosen, { ...asked, width, note: line.note, done: line.done })
  } finally {
    line.end()
  }
}

async function main(): Promise<number> {
  const asked = readArguments(
    process.argv.slice(2),
    mutants.map(({ name }) => name),
  )
  if (asked === 'help') {
    process.stdout.write(help)
    return exitCodes.noticed
  }
  if ('mistake' in asked) {
    tell(asked.mistake)
    return exitCodes.mistaken
  }
  const chosen = mutants.filter(({ name }) => asked.only.length === 0 || asked.only.includes(name))
  const gone = await outdated(root, chosen)
  for (const { name, file } of gone) tell(`${name}: what it replaces does not occur exactly once in ${file}`)
  if (gone.length > 0) return exitCodes.unnoticed
  const all = await run(chosen, asked)
  say(asked.json ? JSON.stringify(summaryOf(all)) : describeHunts(all))
  return all.every(({ caught }) => caught) ? exitCodes.noticed : exitCodes.unnoticed
}

endWithReader()
process.exitCode = await main()
