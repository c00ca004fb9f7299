import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { billRegion } from './bill.ts'
import { endWithReader, isMistake, type Mistake, readCommand } from './command-line.ts'
import { type Stage, stageNamed, stages } from './stages.ts'

/** What can be done with a stage, and how CDK's command line is asked to. */
const verbs: Readonly<Record<string, (stage: Stage) => readonly string[]>> = {
  bootstrap: ({ account, region }) => [
    'bootstrap',
    ...[region, billRegion].map((each) => `aws://${account}/${each}`),
  ],
  synth: () => ['synth', '--quiet'],
  diff: () => ['diff'],
  deploy: () => ['deploy', '--all', '--require-approval', 'any-change'],
}

const help = `Synthesises, compares or deploys a stage. What a stage is, says infra/stages.ts, and nothing else.

  npm run bootstrap -- --stage NAME [--profile PROFILE]  once for an account, before the first deployment
  npm run synth     -- [--stage NAME]                    its templates and bundles, in cdk.out; needs no network
  npm run diff      -- --stage NAME [--profile PROFILE]  what a deployment would change
  npm run deploy    -- --stage NAME [--profile PROFILE]  shows what would change, asks, and deploys

  --stage    ${Object.keys(stages).join(' or ')} (synth: production, unless another is named)
  --profile  of AWS' configuration; without it, the credentials of the environment
  --help     print this text

Each of the four synthesises first, and ends there if a rule pack finds something that nobody has acknowledged.

Exit code: CDK's own; 2 the command is wrong.`

const options = { stage: { type: 'string' }, profile: { type: 'string' } } as const

type Wanted = { readonly stage: Stage; readonly command: readonly string[] }

function read(args: readonly string[]): Wanted | 'help' | Mistake {
  const given = readCommand(args, options)
  if (isMistake(given)) return given
  if (given.switches.has('help')) return 'help'
  const [verb = '', ...more] = given.words
  const commandOf = verbs[verb]
  if (!commandOf || more.length > 0)
    return { mistake: `There is no ${given.words.join(' ') || 'verb'}; --help lists what there is` }
  const { stage: name, profile } = given.texts
  if (name === undefined && verb !== 'synth')
    return { mistake: `${verb} takes --stage NAME; --help lists what there is` }
  const stage = stageNamed(name ?? 'production')
  if (isMistake(stage)) return stage
  return { stage, command: [...commandOf(stage), ...(profile === undefined ? [] : ['--profile', profile])] }
}

function main(): number {
  const wanted = read(process.argv.slice(2))
  if (wanted === 'help') {
    console.log(help)
    return 0
  }
  if (isMistake(wanted)) {
    console.error(wanted.mistake)
    return 2
  }
  const cdk = join(import.meta.dirname, '..', 'node_modules', 'aws-cdk', 'bin', 'cdk')
  const env = { ...process.env, DISBURSEMENT_STAGE: wanted.stage.name }
  const { status } = spawnSync(process.execPath, [cdk, ...wanted.command, '--no-notices'], {
    env,
    stdio: 'inherit',
  })
  return status ?? 1
}

endWithReader()
process.exitCode = main()
