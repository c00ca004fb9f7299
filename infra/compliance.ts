import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam'
import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib/core'
import { AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag'
import * as z from 'zod'
import { acknowledgements, concerns, networkWildcard, wildcards } from './acknowledgements.ts'

/**
 * Has four rule packs look at every stack of the app, so that it no longer synthesises while they find something that
 * nobody has acknowledged: AWS Solutions, Serverless, NIST 800-53 r5 and PCI DSS 3.2.1.
 * https://github.com/cdklabs/cdk-nag/blob/main/RULES.md
 */
export function demandCompliance(app: App): void {
  for (const part of app.node.findAll()) if (CfnResource.isCfnResource(part)) acknowledge(part)
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new NIST80053R5Checks(app),
    new PCIDSS321Checks(app),
  )
}

function acknowledge(resource: CfnResource): void {
  for (const { rules, because } of acknowledgements.filter((each) => concerns(each, resource)))
    for (const rule of rules) Validations.of(resource).acknowledge({ id: idOf(rule), reason: because })
  if (!(resource instanceof CfnManagedPolicy)) return
  for (const [name, because] of wildcardsOf(resource))
    Validations.of(resource).acknowledge({
      id: `${idOf('AwsSolutions::IAM5')}[Resource::${name}]`,
      reason: because,
    })
}

/** `pack::rule` as the packs call it: `pack::pack-rule`. */
function idOf(rule: string): string {
  const [pack = '', name = ''] = rule.split('::')
  return `${pack}::${pack}-${name}`
}

const statements = z.object({ Statement: z.array(z.object({ Resource: z.unknown() })) })

/** The wildcards among a policy's resources that have a reason, as the packs write them. */
function wildcardsOf(policy: CfnManagedPolicy): readonly (readonly [name: string, because: string])[] {
  const { Statement } = statements.parse(Stack.of(policy).resolve(policy.policyDocument))
  const names = new Set(Statement.flatMap(({ Resource }) => [Resource].flat().map(written)))
  return [...names].flatMap((name) => {
    if (name === networkWildcard.resource && networkWildcard.at.test(`/${policy.node.path}`))
      return [[name, networkWildcard.because]]
    const reason = wildcards.find(({ resource }) => resource.test(name))
    return reason ? [[name, reason.because]] : []
  })
}

const reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => `<${Ref}>`),
  z
    .object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) })
    .transform((at) => `<${at['Fn::GetAtt'].join('.')}>`),
])
const joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })

/** A resource as the packs write it: references in angle brackets. */
function written(resource: unknown): string {
  if (typeof resource === 'string') return resource
  const parts = joined.safeParse(resource).data?.['Fn::Join'][1]
  return parts ? parts.map(written).join('') : reference.parse(resource)
}
