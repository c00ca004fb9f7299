import { writeFileSync } from 'node:fs'
import { endWithReader, isMistake, type Mistake, readOptions } from './command-line.ts'
import { stageNamed, stages } from './stages.ts'
import { synthesise } from './synthesise.ts'

/**
 * Prints a stage's template, or writes it to a file. Synthesis takes hundreds of megabytes that its process never
 * gives back, so whoever needs a template while running asks this command for it.
 */

const help = `Usage: node infra/synth.ts [--stage ${Object.keys(stages).join('|')}] [--out FILE] [--compliance] [--quiet]`

const options = {
  stage: { type: 'string', default: 'local' },
  out: { type: 'string' },
  compliance: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
} as const

/** Exit code 2 is the caller's mistake, not the template's. */
function refuse({ mistake }: Mistake): number {
  console.error(mistake)
  return 2
}

async function main(): Promise<number> {
  const asked = readOptions(process.argv.slice(2), options)
  if (asked === 'help') {
    console.log(help)
    return 0
  }
  if ('mistake' in asked) return refuse(asked)
  const stage = stageNamed(asked.stage)
  if (isMistake(stage)) return refuse(stage)
  // Loaded where it is wanted only: the packs know every service, which takes longer than our own stack.
  const { demandCompliance } = asked.compliance ? await import('./compliance.ts') : {}
  const template = JSON.stringify(
    synthesise(stage, { bundles: false, checks: demandCompliance }),
    undefined,
    1,
  )
  if (asked.out !== undefined) writeFileSync(asked.out, template)
  else if (!asked.quiet) console.log(template)
  return 0
}

endWithReader()
process.exitCode = await main()
