import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Stage, stages } from './stages.ts'
import { synthesise } from './synthesise.ts'

const usage = `usage: node infra/synth.ts [--stage ${Object.keys(stages).join('|')}] [--out FILE] [--quiet]`

/** Ends with code 2: the caller's mistake, not the template's. */
function refuse(reason: string): never {
  console.error(`${reason}\n${usage}`)
  process.exit(2)
}

function readOptions() {
  try {
    const options = {
      stage: { type: 'string', default: 'local' },
      out: { type: 'string' },
      quiet: { type: 'boolean', default: false },
    } as const
    return parseArgs({ options }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function stageNamed(wanted: string): Stage {
  const stage = Object.values(stages).find(({ name }) => name === wanted)
  return stage ?? refuse(`There is no stage ${wanted}.`)
}

// Prints a stage's template, or writes it to a file. Synthesis takes hundreds of megabytes that its process
// never gives back, so whoever needs a template while running asks this command for it.
const { stage, out, quiet } = readOptions()
const template = JSON.stringify(synthesise(stageNamed(stage), { bundles: false }), undefined, 1)
if (out !== undefined) writeFileSync(out, template)
else if (!quiet) console.log(template)
