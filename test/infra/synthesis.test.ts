import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Template } from 'aws-cdk-lib/assertions'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { Stack } from 'aws-cdk-lib/core'
import { afterAll, describe, expect, it } from 'vitest'
import { partnerNames, stages } from '../../infra/stages.ts'
import { createApp, synthesise } from '../../infra/synthesise.ts'
import { callDeadlineMaxSeconds } from '../../shared/domain/deadlines.ts'

const root = join(import.meta.dirname, '..', '..')
const outdir = mkdtempSync(join(tmpdir(), 'synthesis-test-'))
afterAll(() => rmSync(outdir, { recursive: true }))

const production = synthesise(stages.production, { bundles: false })

/** Runs a script with the repository's own Node, as npm's scripts do; offline, and without the check of
 *  CloudFormation's rules, which `production` above has passed already. */
function run(...command: string[]) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const env = {
    ...process.env,
    PATH: path,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_VALIDATION: 'false',
  }
  return spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8', timeout: 60_000 })
}

describe('synthesis', () => {
  it('gives the same template on the command line and in process', () => {
    // `list` is the command that synthesises without bundling.
    const list = run('node_modules/aws-cdk/bin/cdk', 'list', '--no-notices', '--output', outdir)
    expect(list.stdout.trim().split('\n').sort()).toEqual([
      'disbursement-production',
      'disbursement-production-bill',
    ])
    const written = readFileSync(join(outdir, 'disbursement-production.template.json'), 'utf8')
    expect(JSON.parse(written)).toEqual(production)
  }, 60_000)

  it('refuses a template that breaks the rules of CloudFormation', () => {
    const app = createApp(stages.local, { bundles: false, outdir: join(outdir, 'broken') })
    const stack = app.node.findChild('disbursement-local')
    if (!Stack.isStack(stack)) throw new Error('the app holds no stack')
    const queue = new CfnQueue(stack, 'Broken')
    queue.addPropertyOverride('VisibilityTimeout', 86_400)
    expect(() => app.synth()).toThrow('86400 is greater than the maximum of 43200')
  })

  it.each([
    { mistake: ['--stage', 'nowhere'], answer: 'There is no stage nowhere; --help lists what there is' },
    { mistake: ['--stgae', 'local'], answer: "Unknown option '--stgae'; --help lists what there is" },
  ])('answers $mistake with a sentence and code 2', ({ mistake, answer }) => {
    const { status, stderr } = run('infra/synth.ts', ...mistake)
    expect(status).toBe(2)
    expect(stderr).toBe(`${answer}\n`)
  })
})

describe('production', () => {
  it('keeps its data, whatever happens to the stack once it is there', () => {
    const template = Template.fromJSON({ ...production })
    for (const type of [
      'AWS::DynamoDB::Table',
      'AWS::EC2::EIP',
      'AWS::KMS::Key',
      'AWS::SQS::Queue',
      'AWS::SecretsManager::Secret',
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
    ]) {
      template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' })
    }
    template.allResourcesProperties('AWS::DynamoDB::Table', {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    })
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 })
  })

  it('is ready for the first wave before it comes', () => {
    const { AttributeDefinitions: _, ...payouts } = Object.values(
      Template.fromJSON({ ...production }).findResources('AWS::DynamoDB::Table', {
        Properties: { TableName: 'production-payouts' },
      }),
    ).map(({ Properties }) => Properties)[0]
    const ready = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 24_000 }
    expect(payouts).toMatchObject({
      WarmThroughput: ready,
      GlobalSecondaryIndexes: [{ WarmThroughput: ready }],
    })
  })

  it.each(partnerNames)('waits for %s no longer than a call may take', (partner) => {
    expect(stages.production.partners[partner].callDeadlineSeconds).toBeLessThanOrEqual(
      callDeadlineMaxSeconds,
    )
  })
})
