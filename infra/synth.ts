import { writeFileSync } from 'node:fs'
import { type Mistake, readOptions } from './command-line.ts'
import { type Stage, stages } from './stages.ts'
import { synthesise } from './synthesise.ts'

/**
 * Prints a stage's template, or writes it to a file. Synthesis takes hundreds of megabytes that its process never
 * gives back, so whoever needs a template while running asks this command for it.
 */

const help = `Usage: node infra/synth.ts [--stage ${Object.keys(stages).join('|')}] [--out FILE] [--quiet]`

const options = {
  stage: { type: 'string', default: 'local' },
  out: { type: 'string' },
  quiet: { type: 'boolean', default: false },
} as const

function stageNamed(wanted: string): Stage | Mistake {
  const stage = Object.values(stages).find(({ name }) => name === wanted)
  return stage ?? { mistake: `There is no stage ${wanted}; --help lists what there is` }
}

/** Exit code 2 is the caller's mistake, not the template's. */
function refuse({ mistake }: Mistake): number {
  console.error(mistake)
  return 2
}

function main(): number {
  const asked = readOptions(process.argv.slice(2), options)
  if (asked === 'help') {
    console.log(help)
    return 0
  }
  if ('mistake' in asked) return refuse(asked)
  const stage = stageNamed(asked.stage)
  if ('mistake' in stage) return refuse(stage)
  const template = JSON.stringify(synthesise(stage, { bundles: false }), undefined, 1)
  if (asked.out !== undefined) writeFileSync(asked.out, template)
  else if (!asked.quiet) console.log(template)
  return 0
}

process.exitCode = main()
