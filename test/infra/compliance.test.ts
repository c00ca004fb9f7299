import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag'
import { afterAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { acknowledgements, concerns, wildcards } from '../../infra/acknowledgements.ts'
import { demandCompliance } from '../../infra/compliance.ts'
import { stages } from '../../infra/stages.ts'
import { createApp } from '../../infra/synthesise.ts'

// The rules of CloudFormation take longest to check; synthesis.test.ts and `npm run check` do.
process.env.CDK_VALIDATION = 'false'

const outdir = mkdtempSync(join(tmpdir(), 'compliance-'))
afterAll(() => rmSync(outdir, { recursive: true }))

const report = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(
        z.object({
          ruleName: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
})

/** What the packs find in an app that acknowledges nothing: `rule path`. */
function findingsOf(
  app: App,
  directory: string,
): readonly { readonly rule: string; readonly path: string }[] {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new NIST80053R5Checks(app),
    new PCIDSS321Checks(app),
  )
  expect(() => app.synth()).toThrow()
  const { pluginReports } = report.parse(
    JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')),
  )
  return pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, path: constructPath })),
    ),
  )
}

/** An app of one stack that holds only what `plant` puts there. */
function planted(name: string, plant: (stack: Stack) => void): App {
  const app = new App({ outdir: join(outdir, name), analyticsReporting: false })
  plant(new Stack(app, 'planted', { env: { account: '111122223333', region: 'ap-southeast-3' } }))
  demandCompliance(app)
  return app
}

describe('a planted violation', () => {
  it.each([
    {
      name: 'a queue without a dead-letter queue',
      plant: (stack: Stack) => void new CfnQueue(stack, 'Queue', { kmsMasterKeyId: 'alias/mine' }),
    },
    {
      name: 'a policy with a wildcard that nobody has acknowledged',
      plant: (stack: Stack) =>
        void new CfnManagedPolicy(stack, 'Policy', {
          policyDocument: { Statement: [{ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' }] },
        }),
    },
  ])('fails the build: $name', ({ name, plant }) => {
    expect(() => planted(name, plant).synth()).toThrow(/[Vv]alidation/)
  })

  it('is what fails it: a stack with nothing wrong passes', () => {
    const app = planted(
      'sound',
      (stack) => new CfnResource(stack, 'Handle', { type: 'AWS::CloudFormation::WaitConditionHandle' }),
    )
    expect(() => app.synth()).not.toThrow()
  })
})

describe('production', () => {
  const directory = join(outdir, 'production')
  const app = createApp(stages.production, { bundles: false, outdir: directory })
  const resources = app.node.findAll().filter((part) => CfnResource.isCfnResource(part))
  const findings = findingsOf(app, directory)

  it('passes: every finding has been acknowledged', () => {
    const checked = createApp(stages.production, { bundles: false, outdir: join(outdir, 'checked') })
    demandCompliance(checked)
    expect(() => checked.synth()).not.toThrow()
  })

  it.each(acknowledgements.flatMap((each) => each.rules.map((rule) => ({ rule, each }))))(
    'nothing is acknowledged that is not found: $rule on $each.on',
    ({ rule, each }) => {
      const [pack, name] = rule.split('::')
      const paths = new Set(resources.filter((part) => concerns(each, part)).map(({ node }) => node.path))
      const found = findings.filter(
        (finding) => finding.rule === `${pack}-${name}` && paths.has(finding.path),
      )
      expect(found).not.toEqual([])
    },
  )

  it.each(wildcards)('no wildcard is acknowledged that is not there: $resource', ({ resource }) => {
    const found = findings.map(({ rule }) => /IAM5\[Resource::(.*)\]$/.exec(rule)?.[1] ?? '')
    expect(found.some((name) => resource.test(name))).toBe(true)
  })
})
